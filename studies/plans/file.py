"""Reading a plan's TOML file, shipped with the program or a person's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from model.disk import is_file, is_there
from model.errors import UserError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


_MOST_BYTES = 1_000_000
_MOST_DOTS = 200  # on a line: the reader's time grows with the square of a key's parts


class PlanFileError(UserError):
    """A file that cannot be read as TOML."""


def list_shipped(folder: Path) -> tuple[str, ...]:
    """The names of the plans in a folder of the program."""
    return tuple(sorted(p.stem for p in folder.glob("*.toml")))


def read_toml(name_or_path: str, folder: Path, kind: str) -> tuple[Path, str]:
    """The path and the text, with LF line ends, of a shipped plan by name or of a file; ``kind`` says what it is.

    Raises :class:`PlanFileError`.
    """
    known = list_shipped(folder)
    path = folder / f"{name_or_path}.toml" if name_or_path in known else Path(name_or_path)
    try:
        if is_there(path) and not is_file(path):
            raise PlanFileError(f"The {kind} file {path} cannot be read: it is no file.")
        if is_there(path) and path.stat().st_size > _MOST_BYTES:
            raise PlanFileError(f"{path} is no {kind} file: it has more than {_MOST_BYTES:,} bytes.")
        return path, path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise PlanFileError(
            f"There is no {kind} or {kind} file {name_or_path!r}. {kind.capitalize()}s that come with the program: "
            f"{', '.join(known)}."
        ) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise PlanFileError(f"{path.name} is not UTF-8 text (line {line}): save it again as UTF-8.") from None
    except OSError as error:
        raise PlanFileError(f"The {kind} file {path} cannot be read: {error.strerror}.") from None


def toml_values(toml: str, origin: str) -> dict[str, Any]:
    """The values of a plan's text; raises :class:`PlanFileError`, which names it by ``origin``."""
    if len(toml) > _MOST_BYTES:
        raise PlanFileError(f"{origin} cannot be read: it has more than {_MOST_BYTES:,} characters.")
    for number, line in enumerate(toml.split("\n"), 1):
        if line.count(".") > _MOST_DOTS:
            raise PlanFileError(f"{origin} cannot be read: line {number} has more than {_MOST_DOTS} dots.")
    try:
        return tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise PlanFileError(f"{origin} is not valid TOML: {error}.") from None
    except (ValueError, RecursionError):
        raise PlanFileError(
            f"{origin} cannot be read: a number in it is too long, or a list too deep."
        ) from None
