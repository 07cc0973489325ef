"""Where benchmarks put their files: on the disk that a user's own files lie on, never in memory."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def cache() -> Path:
    """The folder that is kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME")
    folder = (Path(base) if base else Path.home() / ".cache") / "clarifier-desktop-benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is deleted afterwards."""
    with tempfile.TemporaryDirectory(dir=cache(), prefix="run-") as folder:
        yield Path(folder)


def sync_ms(folder: Path, count: int) -> list[float]:
    """How long the disk below a folder takes, in ms, to keep 4 KiB more of a file; ``count`` times."""
    times = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(count):
            began_ns = time.perf_counter_ns()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            times.append((time.perf_counter_ns() - began_ns) / 1e6)
    return times
