"""The programs that the witness is made of."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.places import cache
from benchmarks.report import SkippedError

PROGRAMS = ("Xvfb", "openbox", "xdotool", "gcc")
_SOURCE = Path(__file__).with_name("sampler.c")


def require() -> None:
    """Raise ``SkippedError`` where the witness cannot work."""
    if not sys.platform.startswith("linux"):
        raise SkippedError("The witness watches an X screen and works on Linux only.")
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        raise SkippedError(
            f"{', '.join(missing)} not found: on Debian, apt-get install xvfb openbox xdotool gcc libx11-dev."
        )


def sampler() -> Path:
    """The compiled sampler, built where the source has changed. Raises ``SkippedError`` without X's headers."""
    source = _SOURCE.read_bytes()
    program = cache() / f"sampler-{hashlib.sha256(source).hexdigest()[:12]}"
    if program.exists():
        return program
    building = program.with_suffix(".new")
    built = subprocess.run(
        ["gcc", "-O2", "-o", building, _SOURCE, "-lX11"], capture_output=True, text=True, check=False
    )
    if built.returncode != 0:
        first = next((line for line in built.stderr.splitlines() if "error" in line), "unknown error")
        raise SkippedError(
            f"The sampler does not compile ({first.strip()}): on Debian, apt-get install libx11-dev."
        )
    building.replace(program)
    return program
