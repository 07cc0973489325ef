"""Study kits open by a double click: the system is told so, for this user alone.

On macOS a program says itself, in its bundle, what it opens.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from model.disk import replacing
from model.errors import UserError
from studies.timing import KIT_SUFFIX

MIME = "application/x-clarifier-study"
_NAME = "clarifier-study"
_TITLE = "CLARIFIER study kit"


class AssociationError(UserError):
    """The system could not be told."""


def associate() -> str:
    """Have kits opened by this program; returns a sentence about what was done. Raises :class:`AssociationError`."""
    try:
        if sys.platform == "darwin":
            raise AssociationError(
                "On macOS the bundle opens kits by itself, once it lies among the applications (docs/bundle.md)."
            )
        if sys.platform == "win32":
            _tell_windows(program())
        else:
            _tell_desktop(program(), _data_home())
    except OSError as error:
        raise AssociationError(
            f"{error.filename or 'The system'} could not be written: {error.strerror}."
        ) from None
    return f"Files that end in {KIT_SUFFIX} now open by a double click."


def program() -> list[str]:
    """The words that start this program."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "clarifier_desktop"]


def desktop_entry(words: Sequence[str]) -> str:
    """The entry of freedesktop.org's desktops for a program that opens kits."""
    return (
        "[Desktop Entry]\nType=Application\nName=CLARIFIER Desktop\nComment=Timing studies\n"
        f"Exec={' '.join(map(_quoted, words))} %f\nMimeType={MIME};\nTerminal=false\nNoDisplay=true\n"
    )


def mime_type() -> str:
    """The description of the kind of file, as freedesktop.org has it."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">\n'
        f'  <mime-type type="{MIME}">\n    <comment>{_TITLE}</comment>\n'
        f'    <glob pattern="*{KIT_SUFFIX}" weight="80"/>\n  </mime-type>\n</mime-info>\n'
    )


def _quoted(word: str) -> str:
    """A word in the entry's own quoting; the second layer is that of its strings."""
    for sign in '\\"`$':
        word = word.replace(sign, f"\\{sign}")
    return '"' + word.replace("\\", "\\\\").replace("%", "%%") + '"'


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _tell_desktop(words: Sequence[str], data: Path) -> None:
    _write(data / "mime" / "packages" / f"{_NAME}.xml", mime_type())
    _write(data / "applications" / f"{_NAME}.desktop", desktop_entry(words))
    for command in (
        ["update-mime-database", str(data / "mime")],
        ["update-desktop-database", str(data / "applications")],
        ["xdg-mime", "default", f"{_NAME}.desktop", MIME],
    ):
        if shutil.which(command[0]):
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _write(file: Path, text: str) -> None:
    with replacing(file) as stream:
        stream.write(text.encode("utf-8"))
    file.chmod(0o644)


def _tell_windows(words: Sequence[str]) -> None:
    if sys.platform != "win32":
        return
    import winreg

    kind = "ClarifierDesktop.Study"
    values = {
        KIT_SUFFIX: kind,
        kind: _TITLE,
        rf"{kind}\shell\open\command": " ".join(f'"{word}"' for word in words) + ' "%1"',
    }
    for key, value in values.items():
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, rf"Software\Classes\{key}") as opened:
            winreg.SetValueEx(opened, "", 0, winreg.REG_SZ, value)
