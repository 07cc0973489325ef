from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.datasets.lists.cells import harmless, plain
from model.errors import UserError
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.file.export_labels import export_table
from studies.labeling.file.import_labels import Import, read_labels
from studies.labeling.project.project import Project
from studies.labeling.state.classes import ClassList
from studies.table_files import PLAIN, TableStyle
from tests.studies.labeling.sample import create, open_project


@pytest.fixture
def project(tmp_path: Path):
    create(tmp_path / "p").close()
    opened = open_project(tmp_path / "p")
    yield opened
    opened.store.close()


def read(project: Project, file: Path) -> Import:
    known = {name: item for item, name in enumerate(project.items)}
    return read_labels(file, known, project.classes, project.ledger)


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    file = tmp_path / "labels.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("image,class\na,b\n", "must name the columns item and label; it names 'image', 'class'"),
        ("", "must name the columns item and label; it names none"),
        ("item,label,label\n010.png,a,b\n", "names the column label twice"),
        (
            'item,label\n010.png,cat\n011.png,"dog\n012.png,cat\n',
            "Line 3 of .*a quote is opened and not closed",
        ),
        ('item,label\n010.png,"cat\n011.png,dog"\n', "Line 2 of labels.csv has a label of several lines"),
        ("item,label\n010.png,\u200b\n", "visible characters"),
        (f"item,label\n010.png,{'x' * 140_000}\n", "Line 2 of labels.csv cannot be read"),
    ],
)
def test_files_that_cannot_be_used_get_a_sentence(project, tmp_path, text, sentence):
    with pytest.raises(UserError, match=sentence):
        read(project, written(tmp_path, text))


def test_a_missing_file_gets_a_sentence(project, tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read(project, tmp_path / "none.csv")


@given(st.text(alphabet="'=+-@ \t\r\nab"))
@settings(max_examples=300)
def test_the_apostrophe_against_spreadsheets_comes_off_again(text):
    kept = harmless(text)
    assert isinstance(kept, str)
    assert plain(kept) == text


def test_reading_changes_nothing_and_says_what_would_be_added(project, tmp_path):
    labels = read(project, written(tmp_path, "item,label\n010.png,Eel\n011.png,CAT\n"))
    assert [c.value for c in labels.changes] == ["Eel"]
    assert [(e.item, e.class_id) for e in labels.events] == [(10, 3), (11, 0)]
    assert (project.ledger.actions, len(project.classes)) == (0, 3)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("above", ["", "sep=;\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_what_a_german_spreadsheet_saves_is_read(project, tmp_path, encoding, above, newline):
    text = f"{above}Item;LABEL ;remark\n010.png;Bär;\n011.png ;;several\n".replace("\n", newline)
    labels = read(project, written(tmp_path, text, encoding))
    assert [c.value for c in labels.changes] == ["Bär"]
    assert [(e.item, e.class_id) for e in labels.events] == [(10, 3), (11, None)]
    assert [("Windows-1252" in note) for note in labels.notes] == [True] * (encoding == "cp1252")


@pytest.mark.parametrize("way", ["./{}", " {} ", ".\\{}", "'{}", "/pictures/of/{}", "/pictures/of/../of/{}"])
def test_a_path_is_found_however_it_is_written(project, tmp_path, way):
    items = {"box/=1.png": 4}
    file = written(tmp_path, f"path\tlabel\n{way.format('box/=1.png')}\tcat\n")
    if way.startswith("'"):
        items = {"=1.png": 4}
        file = written(tmp_path, "path\tlabel\n'=1.png\tcat\n")
    labels = read_labels(file, items, project.classes, project.ledger, Path("/pictures/of"))
    assert [e.item for e in labels.events] == [4]
    assert labels.problems == ()


@pytest.mark.parametrize("style", [PLAIN, TableStyle.excel(","), TableStyle.excel(".")])
def test_an_own_export_is_read_back_whatever_it_was_written_for(project, tmp_path, style):
    names = ["=1+1", "-1", "a;=b", "Bär, braun", "'x"]
    project.record(
        [LabelEvent(0, n, Verb.LABEL, Purpose.GRID, 3 + n) for n in range(5)],
        changes=project.classes.additions(names),
    )
    result = export_table(project.store, "labels", tmp_path / "labels.csv", style=style)
    create(tmp_path / "q").close()
    other = open_project(tmp_path / "q")
    labels = read(other, result.csv)
    assert labels.problems == ()
    assert [change.value for change in labels.changes] == names
    assert [(event.item, event.class_id) for event in labels.events] == [(n, 3 + n) for n in range(5)]
    other.store.close()


def test_two_labels_for_one_image_are_named_and_neither_is_read(project, tmp_path):
    text = "item,label\n010.png,cat\n011.png,dog\n.\\010.png,dog\n011.png,dog\n"
    labels = read(project, written(tmp_path, text))
    assert [e.item for e in labels.events] == [11]
    assert labels.problems == ("line 4: .\\010.png is dog here and cat on line 2; neither was read",)


@pytest.mark.parametrize(
    ("names", "cell", "meant"),
    [
        (("007", "8"), "7", "007"),
        (("-1", "+1"), "1", "+1"),
        (("-1", "+1"), "-1", "-1"),
        (("3.5", "4"), "3,5", "3.5"),
        (("1-2", "3-4"), "02. Jan", None),
        (("1/2", "3/4"), "01.02.2026", None),
        (("1.5", "2"), "01. Mai", None),
        (("SEPT2", "MARCH1"), "02. Sep", None),
        (("TRUE", "FALSE"), "WAHR", None),
        (("12345678901234567890", "a"), "1,23457E+19", None),
        (("10:30", "a"), "10:30:00", None),
        (("=1+1", "a"), "#NAME?", None),
        (("cat", "dog"), "02. Jan", "02. Jan"),
        (("cat", "dog"), "7", "7"),
        (("007", "07"), "7", None),
        (("1-2", "a"), "three", "three"),
        (("1-2", "a"), "3-4", "3-4"),
        (("2026-01-02", "a"), "2026-01-03", "2026-01-03"),
        (("TRUE", "a"), "FALSE", "FALSE"),
        (("10:30", "a"), "11:45", "11:45"),
        (("1", "2"), "1,000", "1,000"),
        (("3.141", "2"), "3,141", "3.141"),
    ],
)
def test_what_a_spreadsheet_made_of_a_class_is_read_as_it_or_named(tmp_path, project, names, cell, meant):
    classes = ClassList().after(ClassList().additions(names))
    file = written(tmp_path, f'item,label\n010.png,"{cell}"\n')
    labels = read_labels(file, {"010.png": 10}, classes, project.ledger)
    after = classes.after(labels.changes)
    assert [after.name(event.class_id) for event in labels.events if event.class_id is not None] == [
        meant
    ] * (meant is not None)
    assert (len(labels.problems), "line 2" in str(labels.problems)) == (meant is None, meant is None)
    assert bool(labels.notes) == (meant is not None and meant != cell)
    assert len(labels.changes) == (meant is not None and meant not in names)


def test_classes_that_spreadsheets_write_alike_are_told_of(tmp_path, project):
    classes = ClassList().after(ClassList().additions(("007", "7", "a")))
    file = written(tmp_path, "item\tlabel\n010.png\t7\n011.png\t007\n012.png\ta\n", "utf-16")
    labels = read_labels(file, {f"0{n}.png": n for n in (10, 11, 12)}, classes, project.ledger)
    assert [event.class_id for event in labels.events] == [1, 0, 2]
    assert all("007 and 7 are different classes" in note for note in labels.notes)
    assert labels.notes
