"""An answer is about what the file held when it was shown, whatever it held before or holds by now."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from clarifier_desktop.app import Program
from studies.labeling.facts.file_state import FileState
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.project.contents import Looked
from studies.labeling.state.desk import Phase
from tests.ui.labeling.live import CLASSES, project_of
from tests.ui.labeling.window import page_of, press, words
from ui.labeling.one_by_one.label_page import LabelPage
from ui.labeling.project.changed_page import ChangedPage
from ui.labeling.sitting import Labeling


@pytest.fixture
def noted(program: Program, folder: Path, tmp_path: Path, qtbot) -> Program:
    """The program with an open project; what all files hold is noted, and nothing is labeled."""
    project_of(folder, tmp_path / "animals.clarifier", seed_labels=100, holdout=0).close()
    program.open_project(tmp_path / "animals.clarifier", "A1")
    sitting = sitting_of(program)
    sitting._contents.begin()
    qtbot.waitUntil(lambda: len(sitting.project.store.hashes()) == 60)
    return program


def sitting_of(program: Program) -> Labeling:
    assert program.labeling is not None
    return program.labeling


def class_in(folder: Path, name: str) -> str:
    """The class of the picture that a file holds."""
    pixel = Image.open(folder / name).getpixel((3, 3))
    assert isinstance(pixel, tuple)
    return CLASSES[int(pixel[0]) // 80]


def swap(folder: Path, one: str, other: str) -> None:
    (folder / one).rename(folder / "x")
    (folder / other).rename(folder / one)
    (folder / "x").rename(folder / other)


def two_of_other_classes(names: list[str]) -> tuple[str, str]:
    other = next(name for name in names if name.split("/")[0] != names[0].split("/")[0])
    return names[0], other


def label_what_is_shown(program: Program, folder: Path, qtbot, until: set[str]) -> None:
    """Answer one image after the other with the class of its picture until those named have labels."""
    sitting = sitting_of(program)
    project = sitting.project
    left = set(until)
    while left:
        qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
        item = project.desk.item
        assert item is not None
        name = project.items[item]
        qtbot.keyClick(sitting.page, str(1 + CLASSES.index(class_in(folder, name))))
        left.discard(name)


def reopen(program: Program, file: Path) -> None:
    program.presenters.project.close_project()
    program.open_project(file)


def waits_until_looked(program: Program, qtbot) -> None:
    """Until the files that were noted are looked at."""
    sitting_of(program)._contents.begin()
    qtbot.waitUntil(lambda: program.labeling is None or not program.labeling._contents._known_only)


def check_labels(program: Program, folder: Path, names: tuple[str, ...]) -> None:
    found = dict(sitting_of(program).project.store.query("SELECT item, label FROM labels"))
    assert {name: found[name] for name in names} == {name: class_in(folder, name) for name in names}


def test_files_swapped_before_they_were_shown_are_what_they_were_labeled_as(
    noted: Program, folder: Path, tmp_path: Path, qtbot
) -> None:
    project = sitting_of(noted).project
    coming = [project.items[item] for item in project.upcoming(20)[8:]]  # none of these is decoded yet
    one, other = two_of_other_classes(coming)
    swap(folder, one, other)
    label_what_is_shown(noted, folder, qtbot, {one, other})
    reopen(noted, tmp_path / "animals.clarifier")
    waits_until_looked(noted, qtbot)
    page_of(noted, LabelPage)
    check_labels(noted, folder, (one, other))
    swap(folder, one, other)  # after the answers
    reopen(noted, tmp_path / "animals.clarifier")
    qtbot.waitUntil(lambda: isinstance(noted.window.pages.currentWidget(), ChangedPage))
    assert "2 images hold something else than when labeled" in words(page_of(noted, ChangedPage))


def test_files_swapped_after_they_were_shown_are_found_while_the_project_is_open(
    noted: Program, folder: Path, qtbot
) -> None:
    """Also those that were labeled in this sitting."""
    project = sitting_of(noted).project
    one, other = two_of_other_classes([project.items[item] for item in project.upcoming(20)])
    label_what_is_shown(noted, folder, qtbot, {one, other})
    swap(folder, one, other)
    sitting_of(noted).learner.found_changed.emit()
    qtbot.waitUntil(lambda: isinstance(noted.window.pages.currentWidget(), ChangedPage))
    page = page_of(noted, ChangedPage)
    qtbot.waitUntil(lambda: "2 pictures are under other names" in words(page))

    def follows() -> bool:
        qtbot.keyClick(page, Qt.Key.Key_Return)
        return noted.labeling is not None

    qtbot.waitUntil(follows)
    check_labels(noted, folder, (one, other))


def test_what_a_file_held_before_an_answer_holds_again_when_that_is_taken_back(
    noted: Program, folder: Path, tmp_path: Path, qtbot
) -> None:
    sitting = sitting_of(noted)
    project = sitting.project
    first = project.items[project.upcoming(1)[0]]
    label_what_is_shown(noted, folder, qtbot, {first})
    item = project.items.index(first)
    before, label = project.store.file_states_of([item])[item], project.label_of(item)
    other = next(n for n in reversed(project.items) if n.split("/")[0] != first.split("/")[0])
    swap(folder, first, other)
    sitting.controller._decoder.forget()
    qtbot.keyClick(sitting.page, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: project.desk.item == item and project.desk.phase is Phase.SHOWN)
    qtbot.keyClick(sitting.page, str(1 + CLASSES.index(class_in(folder, first))))
    assert project.label_of(item) != label
    assert project.store.file_states_of([item])[item].hash != before.hash
    reopen(noted, tmp_path / "animals.clarifier")
    project = sitting_of(noted).project
    project.undo()
    assert project.label_of(item) == label
    assert project.store.file_states_of([item])[item] == before, "it is a label of another picture"


def test_on_a_page_too_it_counts_what_was_shown(noted: Program, folder: Path, tmp_path: Path, qtbot) -> None:
    sitting = sitting_of(noted)
    lists = sitting.grid_presenter._lists
    item = next(int(lists.items(section)[0]) for section in lists.sections() if lists.size(section))
    names = list(sitting.project.items)
    one, other = two_of_other_classes([names[item], *names])
    swap(folder, one, other)
    press(noted, qtbot, Qt.Key.Key_F5)
    view = sitting.grid.view
    qtbot.waitUntil(lambda: view.page is not None)
    assert view.cells[0].key == item, "the cursor is on it"
    qtbot.keyClick(view, Qt.Key.Key_A)
    line = sitting.grid._finder._line
    qtbot.keyClicks(line, class_in(folder, one))
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert sitting.project.label_of(item) is not None
    reopen(noted, tmp_path / "animals.clarifier")
    waits_until_looked(noted, qtbot)
    page_of(noted, LabelPage)
    check_labels(noted, folder, (one,))


def test_what_the_background_finds_later_does_not_count(noted: Program, folder: Path, qtbot) -> None:
    sitting = sitting_of(noted)
    before = sitting.project.store.file_states()
    later = FileState("another", 1, 1)
    sitting._contents._note(Looked(fresh={0: later, 1: before[1]}))
    assert sitting.project.store.file_states_of([0, 1]) == {0: before[0], 1: before[1]}


def test_a_damaged_file_that_was_replaced_is_asked_about_again_without_a_question(
    noted: Program, folder: Path, tmp_path: Path, qtbot
) -> None:
    project = sitting_of(noted).project
    item = next(iter(project.upcoming(20)[8:]))
    damaged = "The image is damaged or cut short and cannot be read; replace it, or take it out."
    project.record([LabelEvent(0, item, Verb.UNREADABLE, Purpose.SEED, detail=damaged)])
    Image.new("RGB", (40, 40), (9, 9, 9)).save(folder / project.items[item])
    reopen(noted, tmp_path / "animals.clarifier")
    waits_until_looked(noted, qtbot)
    page_of(noted, LabelPage)
    project = sitting_of(noted).project
    assert project.ledger.with_state(Verb.UNREADABLE).tolist() == []
    assert not project.ledger.settled[item]
    sitting_of(noted)._contents.look_again()
    waits_until_looked(noted, qtbot)
    page_of(noted, LabelPage)
