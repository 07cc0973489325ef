"""Labels of a file taken into a project, all or none, and what is said of it."""

from __future__ import annotations

import pytest

from studies.files.store_errors import StoreFull
from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Verb
from studies.labeling.file.export_labels import export_table
from studies.labeling.project.importing import Imported, import_labels
from studies.labeling.project.project import Project
from tests.studies.labeling.file.test_import_labels import project as project
from tests.studies.labeling.file.test_import_labels import written
from tests.studies.labeling.sample import begin_round, chosen, conductor, create, open_project


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
    imported = import_labels(other, file)
    assert (imported.kept, imported.problems) == (0, ())
    expected = {item: state for item, state in said(project).items() if state[1] != "skip"}
    assert said(other) == expected
    assert "035.png" not in said(other), "nobody has said so"
    assert {e.purpose for e in other.store.events()} == {Purpose.IMPORT}
    other.store.close()


def test_a_persons_label_is_never_written_over(project, tmp_path):
    project.record(
        [LabelEvent(0, 10, Verb.LABEL, Purpose.GRID, 0), LabelEvent(0, 11, Verb.NONE, Purpose.GRID)]
    )
    imported = import_labels(
        project, written(tmp_path, "item,label\n010.png,dog\n011.png,dog\n012.png,dog\n")
    )
    assert imported.kept == 2
    assert said(project) == {"010.png": ("cat", ""), "011.png": (None, "none"), "012.png": ("dog", "")}


def test_a_label_takes_the_place_of_an_auto_label_and_of_waiting_tasks(project, tmp_path):
    project.record(
        [LabelEvent(0, 10, Verb.LABEL, Purpose.GRID, 0), LabelEvent(0, 11, Verb.LABEL, Purpose.GRID, 1)]
    )
    begin_round(project, conductor(project), [(20, 0, "hard")], auto=chosen(21))
    import_labels(project, written(tmp_path, "item,label\n020.png,owl\n021.png,owl\n"))
    assert (project.desk.task, project.ledger.auto[21]) == (None, -1)
    assert said(project)["021.png"] == ("owl", "")
    assert project.undo() == (20, 21), "a file is one action"
    assert (project.desk.item, project.ledger.auto[21]) == (20, 1)


def test_classes_that_are_new_are_added_and_those_known_are_found_whatever_their_case(project, tmp_path):
    imported = import_labels(
        project, written(tmp_path, "path,label\n010.png,  CAT \n011.png,eel\n012.png, eel\n")
    )
    assert imported.classes == 1
    assert [c.name for c in project.classes.standing] == ["cat", "dog", "owl", "eel"]
    assert said(project) == {"010.png": ("cat", ""), "011.png": ("eel", ""), "012.png": ("eel", "")}


def test_labels_that_differ_only_in_case_are_kept_apart_and_told(project, tmp_path):
    imported = import_labels(project, written(tmp_path, "item,label\n010.png,A\n011.png,a\n"))
    assert said(project) == {"010.png": ("A", ""), "011.png": ("a", "")}
    assert imported.notes == ("A, a: These names differ only in case, and are kept as different classes.",)


def test_lines_that_say_nothing_are_passed_over_and_those_of_no_image_named(project, tmp_path):
    text = (
        "item,label,remark,origin,more\n010.png,,,,\n011.png,dog,,program,\nnone.png,dog,,person,x\n"
        "012.png,,several,person,\n013.png,,skip,person,\n\n014.png,dog,,person\n014.png,cat,,person\n"
    )
    imported = import_labels(project, written(tmp_path, text))
    assert imported.problems == (
        "line 4: there is no image none.png in the project",
        "line 9: 014.png is cat here and dog on line 8; neither was read",
    )
    assert said(project) == {"012.png": (None, "several")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_spreadsheets_are_read(project, tmp_path, encoding):
    import_labels(project, written(tmp_path, "label, item \r\nKäuzchen,010.png\r\n", encoding))
    assert said(project) == {"010.png": ("Käuzchen", "")}


def test_what_happened_is_counted(project, tmp_path):
    project.record([LabelEvent(0, 10, Verb.LABEL, Purpose.GRID, 0)])
    text = "item,label,remark\n010.png,dog,\n011.png,eel,\n012.png,eel,\n013.png,,none\nx.png,dog,\n"
    imported = import_labels(project, written(tmp_path, text))
    assert imported == Imported(3, 1, 1, ("line 6: there is no image x.png in the project",))
    assert project.undo() == (11, 12, 13), "a file is one action"


def test_a_file_without_anything_new_stores_nothing(project, tmp_path):
    assert import_labels(project, written(tmp_path, "item,label\n")) == Imported(0, 0, 0, ())
    assert project.ledger.actions == 0


def test_a_full_disk_adds_neither_labels_nor_classes(project, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise StoreFull("The disk is full: make room.")

    file = written(tmp_path, "item,label\n010.png,eel\n")
    with monkeypatch.context() as disk:
        disk.setattr("studies.labeling.file.rows.event_row", full)
        with pytest.raises(StoreFull):
            import_labels(project, file)
    assert (project.classes.id_of("eel"), project.ledger.actions) == (None, 0)
    assert project.store.query("SELECT count(*) FROM class_changes") == [(3,)]
    assert import_labels(project, file) == Imported(1, 1, 0, ())
    assert said(project) == {"010.png": ("eel", "")}
