"""The tools at the edge of the labeling page, and the menu of all actions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QCursor, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from ui.kit.icon_button import IconButton
from ui.kit.keys import WINDOW_KEYS, WindowAction
from ui.kit.look.icons import Icon
from ui.kit.menus import MenuEntry, PageMenu
from ui.kit.theme import GRID
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction

_A = LabelAction
_TOOLS = (  # from above; where there is no room the last ones are in the menu alone
    (Icon.UNDO, _A.UNDO),
    (Icon.SKIP, _A.SKIP),
    (Icon.FLAG, _A.FLAG),
    (Icon.GRID, _A.GRID),
    (Icon.LARGE, _A.LARGE),
    (Icon.EXAMPLES, _A.EXAMPLES),
    (Icon.DETAILS, _A.PANEL),
    (Icon.DOUBTFUL, _A.LOOK_AGAIN),
    (Icon.CLASSES, _A.CLASSES),
    (Icon.SETTINGS, _A.SETTINGS),
    (Icon.SAVE, _A.EXPORT),
    (Icon.HOME, _A.HOME),
)
_GROUPS: Mapping[str, tuple[LabelAction, ...]] = {  # of the menu
    "Image": (_A.UNDO, _A.BACK, _A.FORWARD, _A.SKIP, _A.NONE, _A.SEVERAL, _A.FLAG, _A.PAUSE),
    "View": (_A.LARGE, _A.ZOOM_IN, _A.ZOOM_OUT, _A.ZOOM_RESET, _A.BRIGHTER, _A.DARKER, _A.EXAMPLES, _A.PANEL),
    "Labels": (_A.GRID, _A.LOOK_AGAIN, _A.SECOND_LOOK, _A.FINISH, _A.PLAN),
    "Project": (_A.CLASSES, _A.SETTINGS, _A.EXPORT, _A.REPORT, _A.ANOTHER, _A.HOME),
}


class ToolBar(QWidget):
    """Icons that never take the keyboard; nothing of it changes during a trial."""

    pressed = Signal(object)  # LabelAction
    help_wanted = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setAccessibleName("Tools")
        self.menu = QMenu(self)
        self._actions: dict[QAction, LabelAction] = {}
        for group in _GROUPS.values():
            if self._actions:
                self.menu.addSeparator()
            for action in group:
                key = LABEL_KEYS[action]
                self._actions[self.menu.addAction(f"{key.text}\t{key.hint}")] = action
        self.menu.triggered.connect(self._chosen)
        keys = WINDOW_KEYS[WindowAction.HELP]
        more = IconButton(Icon.MORE, "Menu", "", self, tip="All that can be done here, as by a right click")
        help_ = IconButton(Icon.KEYS, keys.label, keys.hint, self, tip=keys.text)
        more.clicked.connect(self._drop_down)
        help_.clicked.connect(self.help_wanted)
        self.buttons: dict[QAbstractButton, LabelAction] = {}
        for icon, action in _TOOLS:
            key = LABEL_KEYS[action]
            button = IconButton(icon, key.label or key.text, key.hint, self, tip=key.text)
            button.clicked.connect(self._clicked)
            self.buttons[button] = action
        self._column: tuple[QAbstractButton, ...] = (more, help_, *self.buttons)
        self._more = more
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        page.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        page.customContextMenuRequested.connect(self._pop_up)

    def menus(self) -> tuple[PageMenu, ...]:
        """The same in a menu bar."""
        return tuple(PageMenu(title, partial(self._entries, group)) for title, group in _GROUPS.items())

    def sizeHint(self) -> QSize:
        """As wide as a tool."""
        return self._more.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """The menu at least."""
        return self._more.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many tools as there is room for."""
        super().resizeEvent(event)
        size, top = self._more.sizeHint(), 0
        for button in self._column:
            button.setGeometry(0, top, self.width(), size.height())
            top += size.height()
            button.setVisible(top <= self.height() or button is self._more)
            top += GRID // 4

    def _entries(self, group: tuple[LabelAction, ...]) -> tuple[MenuEntry, ...]:
        keys = [LABEL_KEYS[action] for action in group]
        return tuple(MenuEntry(key.text, key.hint, partial(self.pressed.emit, key.action)) for key in keys)

    def _pop_up(self) -> None:
        self.menu.popup(QCursor.pos())

    def _drop_down(self) -> None:
        corner = self._more.rect().bottomLeft()
        self.menu.popup(self._more.mapToGlobal(corner))

    def _chosen(self, action: QAction) -> None:
        self.pressed.emit(self._actions[action])

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, IconButton):
            self.pressed.emit(self.buttons[sender])
