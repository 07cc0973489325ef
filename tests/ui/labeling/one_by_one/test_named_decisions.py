"""What was decided about an image is named beside the next one, with the key that takes it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.driving import key_event
from tests.ui.sittings import make_sitting
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (LabelAction.SKIP, "Skipped"),
        (LabelAction.NONE, "Not any of the classes"),
        (LabelAction.SEVERAL, "Several classes"),
    ],
)
@pytest.mark.parametrize("by_key", [True, False], ids=["key", "mouse"])
def test_a_remark_is_named_as_a_label_is(
    qtbot, tmp_path: Path, action: LabelAction, said: str, by_key: bool
) -> None:
    sitting = make_sitting(qtbot, tmp_path)
    sitting.controller.begin()
    last, tools = sitting.page.last, sitting.page.tools
    if by_key:
        sitting.answer(qtbot, Qt.Key[f"Key_{LABEL_KEYS[action].hint}"], "")
    else:
        sitting.to_image(qtbot)
        tools.pressed.emit(action)
    assert last.note == f"{said}. Undo: Ctrl+Z"
    assert last.texts == (said,)
    sitting.to_image(qtbot)
    key_event(sitting.page, Qt.Key.Key_Z, "", held=Qt.KeyboardModifier.ControlModifier)
    assert last.note == f"Undone: {said}"
    assert not last.texts
    sitting.close()
