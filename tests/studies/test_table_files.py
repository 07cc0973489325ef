from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.datasets.lists.cells import harmless, plain

CALLS = re.compile(r"\s*('|[^=+@＝＋－＠-]|$)|[+-][\w., /-]+$|[+-]?[\d.,]+([eE][+-]?\d+)?$")


@given(st.text() | st.text(alphabet="=+-@'\"();,|\t\r\n a1."), st.booleans())
def test_harmless_text_never_runs_wherever_it_is_split_and_can_be_undone(text: str, for_excel: bool) -> None:
    cell = harmless(text, for_excel)
    assert isinstance(cell, str)
    assert not cell.startswith(("\t", "\r", "\n"))
    assert [part for part in re.split(r"[,;|\t\r\n]", cell) if not CALLS.match(part)] == []
    assert plain(cell) == text
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([cell, ""])
    assert next(csv.reader(io.StringIO(buffer.getvalue(), newline="")))[0] == cell


@pytest.mark.parametrize("text", ["-1", "+1", "-0,5", "+1e-9", "-1.5"])
def test_a_plain_number_is_no_formula(text: str) -> None:
    assert harmless(text) == harmless(text, for_excel=True) == text


@pytest.mark.parametrize("name", ["-1/0.png", "+1/IMG 01.jpg", "-dash.jpg"])
def test_a_name_that_begins_with_a_sign_is_found_by_other_programs(name: str) -> None:
    assert harmless(name) == name
    assert harmless(name, for_excel=True) == f"'{name}"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a\t=1+1", "a\t'=1+1"),
        ("a, @b", "a,' @b"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("+HYPERLINK(1)", "'+HYPERLINK(1)"),
    ],
)
def test_what_could_be_called_gets_an_apostrophe(text: str, cell: str) -> None:
    assert harmless(text) == cell


@pytest.mark.parametrize(("cell", "text"), [("'-1", "-1"), ("'-1/0.png", "-1/0.png"), ("'\t=1", "\t=1")])
def test_cells_of_earlier_exports_are_read(cell: str, text: str) -> None:
    assert plain(cell) == text


@pytest.mark.parametrize("number", [-1, -0.5, 3, None])
def test_numbers_pass_as_they_are(number: object) -> None:
    assert harmless(number) is number
