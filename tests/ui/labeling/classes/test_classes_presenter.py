"""Classes are changed, and the labels stay."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from clarifier_desktop.app import Program
from studies.labeling.facts.class_texts import ClassTexts
from studies.labeling.state.desk import Phase
from tests.ui.driving import unnamed
from tests.ui.labeling.window import page_of, press, words
from ui.answering.class_picker import ClassPicker
from ui.labeling.classes.classes_page import ClassesAction, ClassesPage
from ui.labeling.one_by_one.label_page import LabelPage


def test_the_classes_are_changed_and_the_labels_stay(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    project = labeled.labeling.project
    before = project.labels_by_class
    press(labeled, qtbot, Qt.Key.Key_K, control=True)
    page = page_of(labeled, ClassesPage)
    text = page.findChild(QLineEdit)
    assert unnamed(page) == []

    def typed(what: str, key: Qt.Key) -> None:
        text.setText(what)
        qtbot.keyClick(page, key)

    typed("fox", Qt.Key.Key_Return)
    assert project.classes.id_of("fox") == 3
    typed("hound", Qt.Key.Key_F2)  # the first class is chosen
    assert project.classes.name(0) == "hound"
    typed(" owl", Qt.Key.Key_F2)
    assert 'There is a class "owl" already' in words(page)
    typed("x", Qt.Key.Key_F3)
    assert project.classes.infos[0].key == "x"
    qtbot.keyClick(page, Qt.Key.Key_F6)
    assert project.classes.infos[0].example == project.desk.item
    qtbot.keyClick(page, Qt.Key.Key_Down)
    into = page.findChild(QComboBox)
    into.setCurrentIndex(into.findText("hound"))
    qtbot.keyClick(page, Qt.Key.Key_F8)
    assert [c.name for c in project.classes.standing] == ["hound", "owl", "fox"]
    assert project.labels_by_class[0] == before[0] + before[1]
    qtbot.keyClick(page, Qt.Key.Key_F8)
    assert project.labels_by_class == before
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    shown = page_of(labeled, LabelPage)
    assert shown.findChild(ClassPicker)._cells.classes == ("hound", "dog", "owl", "fox")
    qtbot.waitUntil(lambda: project.desk.phase is Phase.SHOWN)
    actions = project.ledger.actions
    qtbot.keyClick(shown, Qt.Key.Key_X)  # the class's own key answers
    assert project.ledger.actions == actions + 1
    assert project.ledger.undoing(actions)[0].class_id == 0


def test_what_is_typed_after_a_click_on_a_class_is_its_new_name(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    project = labeled.labeling.project
    press(labeled, qtbot, Qt.Key.Key_K, control=True)
    page = page_of(labeled, ClassesPage)
    table = page._table
    place = table.visualRect(table.model().index(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    for letter in "new fox":
        qtbot.keyClicks(page.focusWidget(), letter)
    qtbot.keyClick(page, Qt.Key.Key_F2)
    assert project.classes.name(1) == "new fox"


def test_no_class_is_merged_into_itself_or_into_one_that_nobody_chose(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    project = labeled.labeling.project
    names = [one.name for one in project.classes.standing]
    press(labeled, qtbot, Qt.Key.Key_K, control=True)
    page = page_of(labeled, ClassesPage)
    into = page.findChild(QComboBox)
    for name in names:
        assert into.currentIndex() == -1
        assert {into.itemText(i) for i in range(into.count())} == set(names) - {name}
        qtbot.keyClick(page, Qt.Key.Key_F8)
        assert f"Choose the class that {name} is merged into" in words(page)
        qtbot.keyClick(page, Qt.Key.Key_Down)
    assert [one.name for one in project.classes.standing] == names
    into.setCurrentIndex(into.findText(names[0]))
    qtbot.keyClick(page, Qt.Key.Key_Up)
    assert into.currentText() == names[0], "several may be merged into one"


def test_texts_are_given_where_the_network_reads_names(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    project = labeled.labeling.project
    press(labeled, qtbot, Qt.Key.Key_K, control=True)
    page = page_of(labeled, ClassesPage)
    assert not page.holds(ClassesAction.TEXT)
    page.findChild(QLineEdit).setText("as dogs are")
    qtbot.keyClick(page, Qt.Key.Key_F7)
    assert project.settings.names == ClassTexts()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    learner = project.settings.learner.model_copy(update={"network": "ViT-B-16-SigLIP2.webli"})
    project.change_settings(project.settings.model_copy(update={"learner": learner}))
    press(labeled, qtbot, Qt.Key.Key_K, control=True)
    text = page.findChild(QLineEdit)
    for typed, read in (("ein Hund", "ein Hund"), ("", "a photo of a cat")):
        text.setText(typed)
        qtbot.keyClick(page, Qt.Key.Key_F7)  # of the first class
        assert f'The network reads "{read}" from the next round' in words(page)
        assert project.settings.names.of(0, "cat") == read
    text.setText("x" * 201)
    qtbot.keyClick(page, Qt.Key.Key_F7)
    assert "longer than the network reads" in words(page)
    assert project.settings.names == ClassTexts()
