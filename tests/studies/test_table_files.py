from __future__ import annotations

import csv
import io
import re
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.datasets.lists.cells import harmless, plain
from studies.table_files import Column, ExportError, TableStyle, write_table, write_whole

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


COLUMNS = {"item": Column("text", "", "An image."), "time_s": Column("number", "s", "A time.")}
ROWS = [("a;=1+1", 0.5), ("Bär\t=2", None), ("-1/0.png", 1e-7), ("x,y", 3)]


def test_a_table_for_programs_is_plain_csv(tmp_path: Path) -> None:
    result = write_table(tmp_path / "t.csv", "t", COLUMNS, ROWS)
    assert result.csv.read_bytes().decode() == (
        'item,time_s\r\n"a;\'=1+1",0.5\r\n"Bär\t\'=2",\r\n-1/0.png,1e-07\r\n"x,y",3\r\n'
    )


@pytest.mark.parametrize(("decimal", "separator"), [(",", ";"), (".", ","), ("٫", ",")])
def test_a_table_for_excel_has_a_mark_and_the_separators_of_its_country(
    tmp_path: Path, decimal: str, separator: str
) -> None:
    result = write_table(tmp_path / "t.csv", "t", COLUMNS, ROWS, TableStyle.excel(decimal))
    raw = result.csv.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=separator))
    half = "0,5" if decimal == "," else "0.5"
    assert rows[:2] == [["item", "time_s"], ["a;'=1+1", half]]
    assert rows[3][0] == "'-1/0.png"
    assert "byte order mark" in result.dictionary.read_text(encoding="utf-8")


def test_what_is_split_by_another_separator_begins_no_formula(tmp_path: Path) -> None:
    result = write_table(tmp_path / "t.csv", "t", COLUMNS, [("a;=1\t=2,=3", 1.0), ("\t@x", 2.0)])
    text = result.csv.read_bytes().decode()
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=csv.QUOTE_NONE):
            assert not any(cell.lstrip('" ').startswith(tuple("=+-@")) for cell in row), (separator, row)


def test_a_name_of_255_bytes_can_be_written(tmp_path: Path) -> None:
    name = f"{'ü' * 125}.csv.x"[:-2]
    write_whole(tmp_path / name, lambda file: print("x", file=file))
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["", "..", "there"])
def test_a_folder_is_no_file_to_write(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there").mkdir()
    for write in (
        partial(write_table, table="t", columns={}, rows=[]),
        partial(write_whole, fill=lambda file: None),
    ):
        with pytest.raises(ExportError, match="is a folder: name a file in it"):
            write(Path(name))
    assert [path.name for path in Path().iterdir()] == ["there"]
