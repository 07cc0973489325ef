"""By how much a process grows while it does something."""

from __future__ import annotations

import ctypes
import ctypes.util
from pathlib import Path

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class PeakMemory:
    """The growth of this process's memory from now on; Linux alone tells it."""

    def __init__(self) -> None:
        self._known = _RESET.exists()
        if self._known:
            _give_back()
            _RESET.write_text("5", encoding="ascii")  # the peak is from here on
            self._before = _mib("VmRSS")

    def grown_mib(self) -> float | None:
        """The peak beyond what was held at the start, in MiB; ``None`` where it is not known."""
        return _mib("VmHWM") - self._before if self._known else None


def peak_mib() -> float | None:
    """The most memory that this process ever held, in MiB; ``None`` where it is not known."""
    return _mib("VmHWM") if _STATUS.exists() else None


def _give_back() -> None:
    """Return to the system what was freed, which would else be used again and not seen."""
    library = ctypes.CDLL(ctypes.util.find_library("c"))
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)


def _mib(name: str) -> float:
    (line,) = (line for line in _STATUS.read_text("ascii").splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024
