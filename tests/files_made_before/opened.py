"""Copies of the files made before, and comparison with what was exported of them then."""

from __future__ import annotations

import csv
import gzip
import zipfile
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
EXPORTS = FOLDER / "exports"


def unpack(name: str, to: Path) -> Path:
    """A copy of a packed file, to be written on."""
    copy = to / name
    copy.write_bytes(gzip.decompress((FOLDER / f"{name}.gz").read_bytes()))
    return copy


def unpack_pictures(to: Path) -> Path:
    """The images, in a folder of their own."""
    with zipfile.ZipFile(FOLDER / "pictures.zip") as packed:
        packed.extractall(to)
    return to


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def differences(file: Path, before: str) -> set[tuple[str, str, str]]:
    """Cells that differ from the export of then, as (column, then, now); numbers to nine digits.

    Columns that came later are passed over; rows and the columns of then must all be there.
    """
    now, then = rows_of(file), rows_of(EXPORTS / before)
    assert len(now) == len(then)
    assert then, "an empty file shows nothing"
    return {
        (column, old[column], new[column])
        for old, new in zip(then, now, strict=True)
        for column in old
        if not same(old[column], new[column])
    }


def same(old: str, new: str) -> bool:
    if old == new:
        return True
    try:
        return float(old) == pytest.approx(float(new), rel=1e-9)
    except ValueError:
        return False
