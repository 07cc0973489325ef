from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.table_files import harmless


def undo(cell: str) -> str:
    """What a reader does to get the text back."""
    hidden = cell.lstrip("'")
    runs = hidden[:1] in tuple("\t\r\n") or hidden.lstrip()[:1] in tuple("=+-@＝＋－＠")
    return cell[1:] if cell.startswith("'") and runs else cell


@given(st.text())
def test_harmless_text_never_runs_and_can_be_undone(text: str) -> None:
    cell = harmless(text)
    assert isinstance(cell, str)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not cell.startswith(("\t", "\r", "\n"))
    assert undo(cell) == text
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([cell, ""])
    assert next(csv.reader(io.StringIO(buffer.getvalue(), newline="")))[0] == cell


@pytest.mark.parametrize("number", [-1, -0.5, 3, None])
def test_numbers_pass_as_they_are(number: object) -> None:
    assert harmless(number) is number
