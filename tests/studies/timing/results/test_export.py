from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from model.datasets.lists.cells import harmless
from studies.table_files import ExportError
from studies.timing.facts.records import PlannedTrial
from studies.timing.file.store import Store
from studies.timing.results.dictionary import DICTIONARY
from studies.timing.results.export import COMPUTED, VIEW_NAMES, WHAT, export, rows_in_words
from tests.studies.timing.page_sample import PAGES, sit_pages
from tests.studies.timing.person_sample import say
from tests.studies.timing.sample import FULL, SHORT, add_study, record, response, two_participants

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", '=HYPERLINK("http://a.b")']
VIEWS = [what for what in WHAT if what not in COMPUTED]


def written(store: Store) -> None:
    two_participants(store)
    sit_pages(store, "pages", PAGES, "P3")
    say(store, "pages")


@pytest.mark.parametrize("what", VIEWS)
def test_every_view_column_is_described_in_order(store: Store, what: str) -> None:
    columns = [row[1] for row in store.query(f"PRAGMA table_info({VIEW_NAMES.get(what, what)})")]
    assert list(DICTIONARY[what]) == columns
    for name, column in DICTIONARY[what].items():
        assert column.meaning.endswith((".", "does.")), name
        for suffix, unit in (("_s", "s"), ("_ns", "ns")):
            assert not name.endswith(suffix) or column.unit == unit, name


@pytest.mark.parametrize("what", VIEWS)
def test_every_described_type_is_the_stored_one(store: Store, what: str) -> None:
    written(store)
    allowed: dict[str, type | tuple[type, ...]] = {
        "text": str,
        "integer": int,
        "boolean": int,
        "number": (int, float),
    }
    for row in store.query(f"SELECT {', '.join(DICTIONARY[what])} FROM {VIEW_NAMES.get(what, what)}"):
        for (name, column), value in zip(DICTIONARY[what].items(), row, strict=True):
            assert value is None or isinstance(value, allowed[column.type]), name
            assert column.type != "boolean" or value in (None, 0, 1), name


@pytest.mark.parametrize("what", VIEWS)
def test_a_csv_reads_back_in_full(store: Store, tmp_path: Path, what: str) -> None:
    written(store)
    result = export(store, what, tmp_path / f"{what}.csv")
    with result.csv.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    columns = list(DICTIONARY[what])
    assert header == columns
    assert len(rows) == result.rows > 0
    stored = store.query(f"SELECT {', '.join(columns)} FROM {VIEW_NAMES.get(what, what)}")
    expected = [
        ["" if v is None else repr(v) if isinstance(v, float) else str(v) for v in row] for row in stored
    ]
    assert sorted(rows) == sorted(expected)  # repr is a float's full precision
    described = json.loads(result.dictionary.read_text(encoding="utf-8"))
    assert result.dictionary == tmp_path / f"{what}.dictionary.json"
    assert list(described["columns"]) == columns
    assert set(described["columns"][columns[0]]) == {"type", "unit", "meaning"}


def test_rows_of_practice_are_told_apart(store: Store, tmp_path: Path) -> None:
    two_participants(store)
    practice = sum(trial.practice for trial in (*FULL, *SHORT))
    result = export(store, "trials", tmp_path / "t.csv")
    assert rows_in_words(result) == f"{len(FULL) + len(SHORT)} rows ({practice} of them practice)"
    assert rows_in_words(export(store, "ratios", tmp_path / "r.csv")) == "2 rows"


def test_rows_end_as_rfc_4180_says_and_undefined_cells_are_empty(store: Store, tmp_path: Path) -> None:
    two_participants(store)
    content = export(store, "summary", tmp_path / "s.csv").csv.read_bytes()
    assert content.count(b"\r\n") == 2
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b",," not in content
    export(store, "scratch", tmp_path / "s.csv")
    assert [file.name for file in tmp_path.glob("*.part")] == []


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_in_text_are_made_harmless_and_numbers_are_not_touched(
    store: Store, tmp_path: Path, formula: str
) -> None:
    trial = PlannedTrial(0, 0, "d", False, formula, formula, formula)
    store.start_session(add_study(store, formula), record("s", participant=formula), (trial,))
    store.append_response("s", response(0, answer=formula, handler_ns=0))
    result = export(store, "trials", tmp_path / "trials.csv")
    with result.csv.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    texts = ("study", "participant", "item", "true_class", "suggestion", "answer")
    assert {row[name] for name in texts} == {harmless(formula)}
    assert float(row["handler_delay_s"]) == pytest.approx(-101.0)
    assert row["handler_delay_s"].startswith("-")


def test_what_cannot_be_written_gets_a_sentence(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="choose one of trials, ratios"):
        export(store, "everything", tmp_path / "a.csv")
    with pytest.raises(ExportError, match="choose another place"):
        export(store, "ratios", tmp_path / "none" / "a.csv")
    with pytest.raises(ExportError, match="study's own file"):
        export(store, "ratios", tmp_path / "study.sqlite")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ExportError, match="name a file in it"):
        export(store, "ratios", tmp_path / "folder.csv")
    assert store.query("PRAGMA integrity_check") == [("ok",)]
    assert not list(tmp_path.glob(".*"))
