"""A page that does what its table of keys says, and the buttons that do the same by mouse."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QWidget

from model.disk import is_folder
from ui.kit import theme
from ui.kit.keys import Key, KeyTable, Tables, comes_first, key_name
from ui.kit.menus import MenuEntry, PageMenu
from ui.kit.progress_panel import ProgressPanel
from ui.kit.seen import Seen
from ui.kit.theme import KeyButton

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DROPPED = (".csv", ".clarifier")


def key_button(key: Key[Any], label: str = "", primary: bool = False) -> KeyButton:
    """Make a button that shows an action's key; what it does is connected by the page."""
    make = theme.primary_button if primary else theme.plain_button
    button = make(label or key.label, key.hint)
    button.setToolTip(key.text)
    return button


class KeyPage(QWidget):
    """Keys and buttons of one table. Enter presses the button that has the focus; Esc first ends work under way.

    An action whose button is hidden or disabled does not hold: its key does nothing. Nor does any but Esc before a
    person can have seen the page.
    """

    def __init__(self, table: KeyTable[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key_table = table
        self._seen = Seen(self)
        self._does: dict[Enum, Callable[[], object]] = {}
        self._does_each: dict[Enum, Callable[[int], object]] = {}
        self._key_buttons: dict[Enum, KeyButton] = {}
        self._clicked_actions: dict[QWidget, Enum] = {}
        self._shortcuts: dict[QShortcut, tuple[Key[Any], int]] = {}
        self._cancels: ProgressPanel | None = None
        for key in table.keys:
            for place, name in enumerate(key.keys):
                if comes_first(name):
                    self._add_shortcut(key, place)

    def key_tables(self) -> Tables:
        """The keys that hold here, but for those of the window."""
        return (self._key_table,)

    def menus(self) -> tuple[PageMenu, ...]:
        """All actions of its keys; a page for participants has none."""
        return (PageMenu(self._key_table.title, self._menu_entries),)

    def each_text(self, _action: Enum, _place: int) -> str:
        """What the menu says of one key of an action whose keys each mean something else; empty: nothing."""
        return ""

    def on(self, action: Enum, does: Callable[[], object]) -> None:
        """What an action does that has no button."""
        self._does[action] = does

    def on_each(self, action: Enum, does: Callable[[int], object]) -> None:
        """What an action does whose keys each mean something else; it gets the key's place."""
        self._does_each[action] = does

    def button(
        self, action: Enum, does: Callable[[], object], label: str = "", primary: bool = False
    ) -> KeyButton:
        """Make the button of an action and bind its keys to the same; hidden or disabled, it takes them with it."""
        self._does[action] = does
        button = self._key_buttons[action] = self.other_button(action, label, primary)
        return button

    def other_button(self, action: Enum, label: str = "", primary: bool = False) -> KeyButton:
        """Make a button that does what the action does, but does not decide whether it holds."""
        button = key_button(self._key_table[action], label, primary)
        self._clicked_actions[button] = action
        button.clicked.connect(self._key_button_clicked)
        return button

    def tick_box(self, action: Enum) -> QCheckBox:
        """Make a box to tick, which the action's key ticks too."""
        key = self._key_table[action]
        box = QCheckBox(f"{key.label} ({key.hint})")
        box.setToolTip(key.text)
        self._does[action] = box.toggle
        return box

    def cancels_first(self, panel: ProgressPanel) -> None:
        """Let Esc cancel the work that a panel shows, before it means anything else."""
        self._cancels = panel

    def holds(self, action: Enum) -> bool:
        """Whether an action can be done now."""
        button = self._key_buttons.get(action)
        if button is None:
            return True
        taken_away = button.isHidden() and button.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
        return button.isEnabled() and not taken_away

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key stands for that no box or list took; what has no entry goes on to the window."""
        if event.key() in _ENTER and self._press_focused(event):
            return
        entry = self._key_table.find(event)
        if entry is None or not self.holds(entry[0].action):
            event.ignore()
        elif entry[0].repeats or not event.isAutoRepeat():
            self._do_key(*entry)

    def _menu_entries(self) -> tuple[MenuEntry, ...]:
        entries: list[MenuEntry] = []
        for key in self._key_table.keys:
            if key.action in self._does_each:
                texts = ((place, self.each_text(key.action, place)) for place in range(len(key.keys)))
                entries += [
                    MenuEntry(text, key_name(key.keys[place]), partial(self._do_key, key, place))
                    for place, text in texts
                    if text
                ]
            elif key.action in self._does:
                button = self._key_buttons.get(key.action)
                text = (button.text() if button is not None else key.label) or key.text
                entries.append(
                    MenuEntry(text, key.hint, partial(self._do_key, key, 0), self.holds(key.action))
                )
        return tuple(entries)

    def _press_focused(self, event: QKeyEvent) -> bool:
        focused = self.focusWidget()
        if not isinstance(focused, QPushButton):
            return False
        if not event.isAutoRepeat() and self._seen.takes():
            focused.click()
        return True

    def _do_key(self, key: Key[Any], place: int) -> None:
        if key.keys[place] == "Esc" and self._cancels is not None and self._cancels.cancel_shown():
            return
        if key.keys[place] != "Esc" and not self._seen.takes():
            return
        if key.action in self._does_each:
            self._does_each[key.action](place)
        else:
            self._does[key.action]()

    def _add_shortcut(self, key: Key[Any], place: int) -> None:
        shortcut = QShortcut(QKeySequence(key.keys[place]), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(key.repeats)
        shortcut.activated.connect(self._shortcut_pressed)
        self._shortcuts[shortcut] = (key, place)

    def _shortcut_pressed(self) -> None:
        key, place = self._shortcuts[self.sender()]  # type: ignore[index] # nothing else is connected
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()  # an open list takes the key, whichever it is
        elif self.holds(key.action):
            self._do_key(key, place)

    def _key_button_clicked(self) -> None:
        action = self._clicked_actions[self.sender()]  # type: ignore[index] # nothing else is connected
        if self._seen.takes():
            self._does[action]()


class TakesDrops(KeyPage):
    """A page on which one folder, list or project may be dropped."""

    dropped = Signal(object)  # its Path

    def __init__(self, table: KeyTable[Any], parent: QWidget | None = None) -> None:
        super().__init__(table, parent)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what can be opened."""
        if _dropped_path(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell of it."""
        path = _dropped_path(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)


def _dropped_path(dropped: QMimeData) -> Path | None:
    """The one folder, list or project that is dropped on a page; ``None`` for anything else."""
    paths = [Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile()]
    if len(paths) == 1 and (is_folder(paths[0]) or paths[0].suffix.lower() in _DROPPED):
        return paths[0]
    return None
