"""What the bundle is called, and where it is made."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from clarifier_desktop import __version__

VERSION = __version__
PROGRAM = "clarifier-study"
ROOT = Path(__file__).resolve().parents[1]

_SYSTEMS = {"win32": "windows", "darwin": "macos"}


def archive_name() -> str:
    """The name, without an ending, of the archive for this system."""
    return f"{PROGRAM}-{VERSION}-{_SYSTEMS.get(sys.platform, sys.platform)}-{platform.machine().lower()}"


def program_in(folder: Path) -> Path:
    """The program that a person starts, in the folder where the bundle was made."""
    if sys.platform == "darwin":
        return folder / f"{PROGRAM}.app" / "Contents" / "MacOS" / PROGRAM
    return folder / PROGRAM / (f"{PROGRAM}.exe" if sys.platform == "win32" else PROGRAM)
