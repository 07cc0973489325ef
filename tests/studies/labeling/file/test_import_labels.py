from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import UserError
from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Verb
from studies.labeling.file.export_labels import export_table
from studies.labeling.file.import_labels import Import, read_labels
from studies.labeling.project.project import Project
from studies.timing.results.export import harmless, plain
from tests.studies.labeling.sample import begin_round, chosen, conductor, create, open_project


@pytest.fixture
def project(tmp_path: Path):
    create(tmp_path / "p").close()
    opened = open_project(tmp_path / "p")
    yield opened
    opened.store.close()


def read(project: Project, file: Path) -> Import:
    known = {name: item for item, name in enumerate(project.items)}
    return read_labels(file, known, project.classes, project.ledger)


def take(project: Project, file: Path) -> Import:
    found = read(project, file)
    project.change_classes(found.changes)
    project.record(found.events)
    return found


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    file = tmp_path / "labels.csv"
    file.write_bytes(text.encode(encoding))
    return file


def said(project: Project) -> dict[str, tuple[str | None, str]]:
    return {
        item: (label, remark)
        for item, label, remark in project.store.query(
            "SELECT item, label, remark FROM labels WHERE origin = 'person'"
        )
    }


def test_what_is_exported_gives_the_same_labels_in_a_new_project(project, tmp_path):
    names = ["=1+1", "'tis", "''quoted", '"a, b"', "two\nlines", "Käuzchen", "-x", "@home"]
    project.change_classes(project.classes.additions(names))
    for item, class_id in enumerate(range(len(project.classes)), start=5):
        project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, class_id)])
    project.record([LabelEvent(0, 0, Verb.LABEL, Purpose.GRID, 0)])  # of the held-out sample
    project.record(
        [LabelEvent(0, 30, Verb.NONE, Purpose.GRID), LabelEvent(0, 31, Verb.SEVERAL, Purpose.GRID)]
    )
    project.record([LabelEvent(0, 32, Verb.SKIP, Purpose.GRID)])
    project.change_classes([ClassChange(1, Change.MERGED, "0"), ClassChange(2, Change.RENAMED, "eagle owl")])
    begin_round(project, conductor(project), [], auto=chosen(35))
    file = export_table(project.store, "labels", tmp_path / "labels.csv").csv

    create(tmp_path / "q").close()
    other = open_project(tmp_path / "q")
    found = take(other, file)
    assert (found.kept, found.problems) == (0, ())
    expected = {item: state for item, state in said(project).items() if state[1] != "skip"}
    assert said(other) == expected
    assert "035.png" not in said(other), "nobody has said so"
    assert {e.purpose for e in other.store.events()} == {Purpose.IMPORT}
    other.store.close()


def test_a_persons_label_is_never_written_over(project, tmp_path):
    project.record(
        [LabelEvent(0, 10, Verb.LABEL, Purpose.GRID, 0), LabelEvent(0, 11, Verb.NONE, Purpose.GRID)]
    )
    found = take(project, written(tmp_path, "item,label\n010.png,dog\n011.png,dog\n012.png,dog\n"))
    assert found.kept == 2
    assert said(project) == {"010.png": ("cat", ""), "011.png": (None, "none"), "012.png": ("dog", "")}


def test_a_label_takes_the_place_of_an_auto_label_and_of_waiting_tasks(project, tmp_path):
    project.record(
        [LabelEvent(0, 10, Verb.LABEL, Purpose.GRID, 0), LabelEvent(0, 11, Verb.LABEL, Purpose.GRID, 1)]
    )
    begin_round(project, conductor(project), [(20, 0, "hard")], auto=chosen(21))
    take(project, written(tmp_path, "item,label\n020.png,owl\n021.png,owl\n"))
    assert (project.desk.task, project.ledger.auto[21]) == (None, -1)
    assert said(project)["021.png"] == ("owl", "")
    assert project.undo() == (20, 21), "a file is one action"
    assert (project.desk.item, project.ledger.auto[21]) == (20, 1)


def test_classes_that_are_new_are_added_and_those_known_are_found_whatever_their_case(project, tmp_path):
    found = take(project, written(tmp_path, "path,label\n010.png,  CAT \n011.png,eel\n012.png,Eel\n"))
    assert [c.value for c in found.changes] == ["eel"]
    assert said(project) == {"010.png": ("cat", ""), "011.png": ("eel", ""), "012.png": ("eel", "")}


def test_lines_that_say_nothing_are_passed_over_and_those_of_no_image_named(project, tmp_path):
    text = (
        "item,label,remark,origin,more\n010.png,,,,\n011.png,dog,,program,\nnone.png,dog,,person,x\n"
        "012.png,,several,person,\n013.png,,skip,person,\n\n012.png,dog,,person\n"
    )
    found = take(project, written(tmp_path, text))
    assert found.problems == ("line 4: there is no image none.png in the project",)
    assert said(project) == {"012.png": ("dog", "")}, "the last line about an image holds"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_spreadsheets_are_read(project, tmp_path, encoding):
    take(project, written(tmp_path, "label, item \r\nKäuzchen,010.png\r\n", encoding))
    assert said(project) == {"010.png": ("Käuzchen", "")}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("image,class\na,b\n", "no columns item and label"),
        ("", "no columns item and label"),
        ("item;label\n010.png;cat\n", "no columns item and label"),
        ("item,label\n010.png,\u200b\n", "name that shows"),
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
