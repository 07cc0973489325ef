"""The stamp of a finished virtual environment: what it was made from and for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PINS = ("pyproject.toml", "constraints.txt")

STAMP_NAME = ".bootstrap.json"


class Stamp(NamedTuple):
    """What a finished .venv was made from and for."""

    pins: str  # SHA-256 over the files that name the packages
    python: str  # "3.11"
    root: str  # a moved folder needs a new .venv: its scripts hold absolute paths
    dev: bool


def wanted_stamp(root: Path, version: Sequence[int], dev: bool) -> Stamp:
    """The stamp a .venv must bear to be used as it is."""
    digest = hashlib.sha256()
    for name in PINS:
        digest.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
    return Stamp(digest.hexdigest(), "{}.{}".format(*version[:2]), str(root), dev)


def read_stamp(file: Path) -> Stamp | None:
    """The stamp in a file; ``None`` where there is none or it cannot be understood."""
    try:
        return Stamp(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def stamp_is_right(found: Stamp | None, wanted: Stamp) -> bool:
    """Whether a .venv with this stamp has all that is wanted; one made for tests serves for all else."""
    if found is None or (wanted.dev and not found.dev):
        return False
    return found._replace(dev=wanted.dev) == wanted


def keep_dev(found: Stamp | None, wanted: Stamp) -> Stamp:
    """What to install: new pins must not take the test tools from a .venv that has them."""
    return wanted._replace(dev=True) if found is not None and found.dev else wanted


def write_stamp(file: Path, stamp: Stamp) -> None:
    """Write the stamp whole or not at all."""
    temporary = file.with_name(file.name + ".new")
    temporary.write_text(json.dumps(stamp._asdict(), indent=1) + "\n", encoding="utf-8")
    temporary.replace(file)
