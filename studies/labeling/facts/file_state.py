"""What is known of an image's file."""

from __future__ import annotations

from typing import NamedTuple

NOT_NOTED = -1


class FileState(NamedTuple):
    """What a file held when it was looked at, and by what a later look sees cheaply that it may hold something else."""

    hash: str  # of its content
    size: int = NOT_NOTED  # bytes; NOT_NOTED of files looked at by older versions
    mtime_ns: int = NOT_NOTED

    def matches(self, size: int, mtime_ns: int) -> bool:
        """Whether a file of that size and time of change need not be read again."""
        return (self.size, self.mtime_ns) == (size, mtime_ns)
