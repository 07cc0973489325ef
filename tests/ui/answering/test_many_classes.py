"""More classes than there is room for: they stand closer, and typing lists those that match and scrolls nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QScrollArea

from ui.answering.choosing import NOTHING, TAKEN_BACK, TOUCHED, PickerOutcome, answer_with
from ui.answering.class_cells import ClassCells
from ui.answering.class_picker import ClassPicker
from ui.kit import theme

SIXTY = tuple(f"Great crested {number:02d} bird" for number in range(60))
MANY = tuple(f"{kind} species {number:03d}" for kind in ("bee", "wasp") for number in range(100))
ROWS = 7  # at most, of the usual height
WIDTHS = (1068, 1334, 688)  # px of a trial in windows of 1100 x 800 and 1366 x 768, and at 200 %


@pytest.fixture
def picker(qapp: QApplication, qtbot) -> ClassPicker:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = ClassPicker()
    qtbot.addWidget(made)
    made.resize(WIDTHS[0], 300)
    made.show()
    return made


def bar(picker: ClassPicker) -> int:
    """How far the classes can be scrolled, in px."""
    return area_of(picker).verticalScrollBar().maximum()


def scrolled(picker: ClassPicker) -> int:
    return area_of(picker).verticalScrollBar().value()


def area_of(picker: ClassPicker) -> QScrollArea:
    area = picker.findChild(QScrollArea)
    assert area is not None
    return area


def in_sight(picker: ClassPicker) -> list[str]:
    """The classes that a click on the picker's face can hit, by place."""
    cells = picker.childAt(picker.rect().center())
    assert isinstance(cells, ClassCells)
    face = QRect(cells.mapFrom(picker, QPoint()), picker.size())
    return [cells.classes[index] for index in cells._shown if face.contains(cells.place(index))]


def write(picker: ClassPicker, text: str) -> list[PickerOutcome]:
    keys = (Qt.Key.Key_Space if sign == " " else Qt.Key(ord(sign.upper())) for sign in text)
    return [
        picker.press(key, sign, sign if sign.isdigit() else "") for key, sign in zip(keys, text, strict=True)
    ]


@pytest.mark.parametrize("width", WIDTHS[:2])
def test_sixty_classes_are_all_in_sight_in_usual_windows(picker: ClassPicker, width: int) -> None:
    usual = ROWS * picker._cells.row_height()
    picker.resize(width, 300)
    picker.set_classes(SIXTY)
    QApplication.processEvents()
    assert not picker.scrolls
    assert bar(picker) == 0
    assert in_sight(picker) == list(SIXTY)
    assert picker.height() <= usual + 2
    before = picker.grab().toImage()
    write(picker, "great")
    assert in_sight(picker) == list(SIXTY), "they stay in their places, those that match with a frame"
    picker.reset(None)
    assert picker.grab().toImage() == before


def test_few_classes_keep_their_usual_size(picker: ClassPicker) -> None:
    usual = picker._cells.row_height()
    picker.set_classes(SIXTY)
    assert picker._cells.row_height() < usual
    picker.set_classes(SIXTY[:12])
    assert picker._cells.row_height() == usual


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("rows", [2, 5, 7])
def test_typing_lists_what_matches_and_scrolls_nothing(picker: ClassPicker, width: int, rows: int) -> None:
    picker.resize(width, 300)
    picker.take_height(rows * picker._usual_row)
    picker.set_classes(MANY)
    picker.reset("bee species 003")
    assert picker.scrolls
    area_of(picker).verticalScrollBar().setValue(20)
    before, height = picker.grab().toImage(), picker.height()
    assert write(picker, "87") == [TOUCHED, TOUCHED]
    assert in_sight(picker) == ["bee species 087", "wasp species 087"]
    assert picker.finding.endswith("bee species 087")
    picker.press(Qt.Key.Key_Right, "")
    assert picker.finding.endswith("wasp species 087"), "arrows go along the list"
    assert picker.press(Qt.Key.Key_Return, "\r") == answer_with("wasp species 087")
    assert (scrolled(picker), picker.height()) == (20, height)
    picker.reset("bee species 003")
    assert picker.grab().toImage() == before


def test_a_click_in_the_list_answers(picker: ClassPicker, qtbot) -> None:
    picker.set_classes(MANY)
    picker.reset(None)
    got: list[PickerOutcome] = []
    picker.clicked.connect(lambda outcome, _event: got.append(outcome))
    write(picker, "042")
    cells = picker._found
    qtbot.mouseClick(cells, Qt.MouseButton.LeftButton, pos=cells.place(142).center())
    assert got == [answer_with("wasp species 042")]


def test_what_the_list_has_no_room_for_is_said(picker: ClassPicker) -> None:
    picker.set_classes(MANY)
    picker.reset(None)
    write(picker, "species")
    shown = len(in_sight(picker))
    assert 0 < shown < 200
    assert f"and {200 - shown} more" in picker.finding


def test_letters_without_a_class_are_said_and_can_be_erased(picker: ClassPicker) -> None:
    for classes in (MANY, SIXTY):
        picker.set_classes(classes)
        picker.reset(classes[3])
        write(picker, "xyz")
        assert 'No class matches "xyz"' in picker.finding
        assert picker.press(Qt.Key.Key_Return, "\r") == NOTHING
        assert [picker.press(Qt.Key.Key_Backspace, "") for _ in "xyz"] == [TAKEN_BACK] * 3
        assert picker.finding == ""
        assert picker.press(Qt.Key.Key_Return, "\r") == answer_with(classes[3])


def test_all_classes_can_be_reached_by_mouse_and_arrows(picker: ClassPicker) -> None:
    picker.set_classes(MANY)
    picker.reset(None)
    assert bar(picker) > 0
    for _ in range(MANY.index("wasp species 099") + 1):
        picker.press(Qt.Key.Key_Right, "")
    assert in_sight(picker)[-1] == "wasp species 099", "the cursor is always in sight"


def cursor(picker: ClassPicker) -> QPoint:
    """Where the class that Enter would answer stands."""
    cells = picker._shown_cells
    assert cells.candidate is not None
    return cells.place(cells.candidate).center()


@pytest.mark.parametrize(("classes", "typed"), [(SIXTY, ""), (SIXTY, "great"), (MANY, ""), (MANY, "species")])
def test_arrows_go_to_what_stands_there(picker: ClassPicker, classes: tuple[str, ...], typed: str) -> None:
    picker.set_classes(classes)
    picker.reset(classes[0])
    write(picker, typed)
    if not typed:
        picker.press(Qt.Key.Key_Down, "")  # the first
    first = cursor(picker)
    picker.press(Qt.Key.Key_Down, "")
    below = cursor(picker)
    assert below.x() == first.x()
    assert below.y() - first.y() == picker._shown_cells.row_height()
    picker.press(Qt.Key.Key_Right, "")
    assert (cursor(picker).y(), cursor(picker).x() > below.x()) == (below.y(), True)
    picker.press(Qt.Key.Key_Left, "")
    picker.press(Qt.Key.Key_Up, "")
    assert cursor(picker) == first
    assert picker.press(Qt.Key.Key_Up, "") == NOTHING, "there is nothing above"


def test_arrows_go_over_rows_without_a_match_and_to_the_left_where_reading_goes_there(
    picker: ClassPicker,
) -> None:
    picker.set_classes(SIXTY)
    picker.reset(SIXTY[0])
    columns = picker._cells.columns(picker.width())
    write(picker, "9 b")  # 09, 19 to 59: fewer than one in each row
    assert picker._cells.candidate == 9
    picker.press(Qt.Key.Key_Down, "")
    assert (picker._cells.candidate or 0) // columns > 9 // columns
    picker.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    picker.reset(None)
    picker.press(Qt.Key.Key_Down, "")
    picker.press(Qt.Key.Key_Left, "")
    assert picker._cells.candidate == 1
