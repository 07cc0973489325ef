"""The stamp of a finished virtual environment: what it was made from and for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PINS = ("pyproject.toml", "constraints.txt")

# What a .venv holds, each with all that stands before it.
STUDY_ALONE, WHOLE_PROGRAM, FOR_TESTS = "study", "program", "tests"
_MORE = (STUDY_ALONE, WHOLE_PROGRAM, FOR_TESTS)

STAMP_NAME = ".bootstrap.json"


class Stamp(NamedTuple):
    """What a finished .venv was made from and for."""

    pins: str  # SHA-256 over the files that name the packages
    python: str  # "3.11"
    root: str  # a moved folder needs a new .venv: its scripts hold absolute paths
    parts: str


def wanted_stamp(root: Path, version: Sequence[int], parts: str) -> Stamp:
    """The stamp a .venv must bear to be used as it is."""
    digest = hashlib.sha256()
    for name in PINS:
        digest.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
    return Stamp(digest.hexdigest(), "{}.{}".format(*version[:2]), str(root), parts)


def read_stamp(file: Path) -> Stamp | None:
    """The stamp in a file; ``None`` where there is none or it cannot be understood."""
    try:
        return Stamp(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def stamp_is_right(found: Stamp | None, wanted: Stamp) -> bool:
    """Whether a .venv with this stamp has all that is wanted; one made for more serves for less."""
    return found is not None and found == wanted._replace(parts=_more_of(found, wanted))


def keep_parts(found: Stamp | None, wanted: Stamp) -> Stamp:
    """What to install: new pins must not take the learner or the test tools from a .venv that has them."""
    return wanted if found is None else wanted._replace(parts=_more_of(found, wanted))


def _more_of(found: Stamp, wanted: Stamp) -> str:
    return max(wanted.parts, found.parts, key=lambda parts: _MORE.index(parts) if parts in _MORE else -1)


def write_stamp(file: Path, stamp: Stamp) -> None:
    """Write the stamp whole or not at all."""
    temporary = file.with_name(file.name + ".new")
    temporary.write_text(json.dumps(stamp._asdict(), indent=1) + "\n", encoding="utf-8")
    temporary.replace(file)
