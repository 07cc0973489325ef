"""What stands above the image: a note that passes, and a menu of all that has no button."""

from __future__ import annotations

from tests.ui.on_screen import open_on_screen
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction
from ui.labeling.one_by_one.label_card import LabelStatus
from ui.labeling.one_by_one.label_header import LabelHeader


def test_every_action_can_be_done_by_mouse(qapp, qtbot) -> None:
    header = LabelHeader()
    open_on_screen(qtbot, header, 900, 90)
    done: list[LabelAction] = []
    header.pressed.connect(done.append)
    for button in header._buttons:
        button.click()
    for action in header.menu.actions():
        action.trigger()
    assert set(done) == {key.action for key in LABEL_KEYS.keys}
    assert len(done) == len(LABEL_KEYS.keys)


def test_a_note_moves_nothing_and_passes(qapp, qtbot) -> None:
    header = LabelHeader()
    open_on_screen(qtbot, header, 900, 90)
    header._note_over.setInterval(1)
    before = [button.geometry() for button in header._buttons]
    with qtbot.waitSignal(header._note_over.timeout):
        header.note("Forest - Undo: Ctrl+Z " * 20)
        qapp.processEvents()
        assert [button.geometry() for button in header._buttons] == before
    assert header._note.text() == ""


def test_how_far_the_first_labels_are_is_read_whole_in_a_window_of_the_usual_size(qapp, qtbot) -> None:
    header = LabelHeader()
    open_on_screen(qtbot, header, 1_068, 90)
    progress = "First labels to learn from: 10 of 10 classes"
    header.draw(LabelStatus(progress, "Training"))
    for label in (header._progress, header._learner):
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()


def test_a_text_that_is_cut_can_be_read_whole(qapp, qtbot) -> None:
    header = LabelHeader()
    open_on_screen(qtbot, header, 400, 90)
    texts = "First labels to learn from: 98 of 100 classes", "Training, 3 s left"
    header.draw(LabelStatus(*texts))
    assert tuple(label.toolTip() for label in (header._progress, header._learner)) == texts
