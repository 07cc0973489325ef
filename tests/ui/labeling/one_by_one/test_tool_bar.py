"""The tools at the edge: every action by mouse, and only as many as there is room for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.ui.on_screen import open_on_screen
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction
from ui.labeling.one_by_one.tool_bar import ToolBar


@pytest.fixture
def tools(qapp, qtbot) -> Callable[[int], ToolBar]:
    pages: list[QWidget] = []  # which nothing else holds

    def make(height: int) -> ToolBar:
        page = QWidget()
        made = ToolBar(page)
        made.setGeometry(0, 0, made.sizeHint().width(), height)
        open_on_screen(qtbot, page, 200, height)
        pages.append(page)
        return made

    return make


def test_the_menu_reaches_every_action(tools: Callable[[int], ToolBar]) -> None:
    bar = tools(800)
    done: list[LabelAction] = []
    bar.pressed.connect(done.append)
    for action in (one for one in bar.menu.actions() if not one.isSeparator()):
        action.trigger()
    assert sorted(done, key=str) == sorted((key.action for key in LABEL_KEYS.keys), key=str)


def test_a_tool_does_what_its_tip_and_its_key_say(tools: Callable[[int], ToolBar], qtbot) -> None:
    bar = tools(800)
    done: list[LabelAction] = []
    bar.pressed.connect(done.append)
    for button, action in bar.buttons.items():
        assert button.isVisible()
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert done.pop() is action
        assert button.toolTip() == f"{LABEL_KEYS[action].text} ({LABEL_KEYS[action].hint})"
        assert button.accessibleName() == (LABEL_KEYS[action].label or LABEL_KEYS[action].text)
        assert button.focusPolicy() is Qt.FocusPolicy.NoFocus, "Space and Enter belong to the answer"


def test_where_there_is_little_room_the_menu_stays(tools: Callable[[int], ToolBar]) -> None:
    bar = tools(200)
    shown = [button.isVisible() for button in bar._column]
    assert shown[0]
    assert shown == sorted(shown, reverse=True), "none is left out in the middle"
    assert all(b.geometry().bottom() <= 200 for b, there in zip(bar._column, shown, strict=True) if there)
    assert not all(shown)
