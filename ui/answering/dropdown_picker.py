"""The authors' interface: a searchable list preset to the suggestion, and Next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QCompleter, QHBoxLayout, QWidget

from ui.answering.answer_keys import DROPDOWN_KEYS, SEARCH_KEYS, DropdownAction, SearchAction
from ui.answering.choosing import NOTHING, TAKEN_BACK, TOUCHED, PickerOutcome, answer_with
from ui.answering.type_ahead import matches
from ui.kit.key_page import key_button
from ui.kit.layouts import ChoiceBox
from ui.kit.theme import GRID

_LEAVE = SEARCH_KEYS[SearchAction.LEAVE].hint
_OPENING = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_F4)
_FOCUS_COMES_BACK = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class _SearchBox(ChoiceBox):
    """A click opens the list that the keys open, not one of its own that letters do not search."""

    opened = Signal()

    def showPopup(self) -> None:
        """Ask for the list."""
        self.opened.emit()


class DropdownPicker(QWidget):
    """Letters search only while the list has the focus; elsewhere D answers."""

    clicked = Signal(object, object)  # PickerOutcome, None: a button does not tell its event
    said = Signal(str)  # what there is to say of the search; empty: nothing
    changed = Signal(object)  # PickerOutcome: the choice changed without a key of the page

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = _SearchBox()
        self._box.setEditable(True)
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._box.setMinimumContentsLength(28)
        self._box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._box.setAccessibleName("Class")
        self._next = key_button(DROPDOWN_KEYS[DropdownAction.NEXT], primary=True)
        self._next.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addStretch()
        layout.addWidget(self._box)
        layout.addWidget(self._next)
        layout.addStretch()
        self._classes: tuple[str, ...] = ()
        self._found = QStringListModel()  # the classes that the search text may mean, best first
        self._completer = QCompleter()
        self._changes = 0
        self._box.opened.connect(self._clicked_open)
        self._next.clicked.connect(lambda: self.clicked.emit(self._answer(), None))
        line = self._box.lineEdit()
        assert line is not None  # an editable box has one
        self._line = line
        line.installEventFilter(self)
        line.textEdited.connect(self._search)
        self._box.installEventFilter(self)  # it has the focus when the list is searched

    @property
    def _matches(self) -> QAbstractItemView:
        """The list of classes that match the search text; it pops up while one types."""
        popup = self._completer.popup()
        assert popup is not None  # Qt makes it when it is asked for
        return popup

    @property
    def typed(self) -> str:
        """What is being searched for; empty outside a search."""
        return self._line.text() if self._line.hasFocus() else ""

    def set_classes(self, classes: tuple[str, ...]) -> None:
        """The classes of a block, in the data set's order."""
        self._classes = classes
        self._box.clear()
        self._box.addItems(list(classes))
        self._found = QStringListModel(list(classes))
        self._completer = QCompleter(self._found, self._box)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.activated.connect(self._completed)
        self._box.setCompleter(self._completer)
        self._matches.installEventFilter(self)  # while it is open, keys go to it and not to the box

    def reset(self, suggestion: str | None) -> None:
        """Preset the list to the suggestion, or to nothing."""
        self._changes = 0
        self._matches.hide()
        self._box.setCurrentIndex(-1 if suggestion is None else self._classes.index(suggestion))
        if suggestion is None:
            self._line.clear()

    def press(self, key: int, _text: str, _digit: str = "", _latin: str = "") -> PickerOutcome:
        """Take a key that the page got: Next, or opening the list."""
        action = DROPDOWN_KEYS.action_of(key)
        if action is DropdownAction.NEXT:
            return self._answer()
        if action is DropdownAction.OPEN_LIST:
            self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._open_list()
            return TOUCHED
        return NOTHING

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Escape end a search, and so does whatever takes the focus or closes a list not searched yet."""
        if watched in (self._line, self._box) and isinstance(event, QFocusEvent) and event.lostFocus():
            if event.reason() not in _FOCUS_COMES_BACK:
                self._show_choice()
            return False
        if watched is self._line and event.type() is QEvent.Type.MouseButtonRelease:
            if not self._line.isModified() and not self._matches.isVisible():
                self._clicked_open()
            return False
        if watched is self._matches and event.type() is QEvent.Type.Hide and not self._line.isModified():
            self._leave_search()
            return False
        search = watched in (self._line, self._box, self._matches)
        if search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._search_key(event)
        if search and event.type() is QEvent.Type.InputMethod:
            self._begin_search()  # a dead key's letter
        return super().eventFilter(watched, event)

    def _search_key(self, event: QKeyEvent) -> bool:
        action = SEARCH_KEYS.action_of(event.key())
        if action is SearchAction.CHOOSE:
            name = self._searched()
            if name is not None:
                self._completed(name)
            return True
        if action is SearchAction.LEAVE:
            self._leave_search()
            self.changed.emit(TAKEN_BACK)
            return True
        self.changed.emit(TAKEN_BACK if event.key() == Qt.Key.Key_Backspace else TOUCHED)
        if event.key() in _OPENING and not self._matches.isVisible():
            self._open_list()
            return True
        if event.text().isprintable():
            self._begin_search()
        return event.key() == Qt.Key.Key_F4  # which would choose, where the list is open

    def _begin_search(self) -> None:
        """Let the first sign typed replace the class that stands there: it is no part of a search."""
        if not self._line.isModified():
            self._line.selectAll()

    def _clicked_open(self) -> None:
        self.changed.emit(TOUCHED)
        self._open_list()

    def _open_list(self) -> None:
        """Open the list at the class chosen, or of what the text may mean. A closed list is never stepped through."""
        text = self._line.text() if self._line.isModified() else ""
        self._search(text)
        self._completer.complete()
        at = self._box.currentIndex()
        if not text and at >= 0:
            self._matches.setCurrentIndex(self._completer.completionModel().index(at, 0))

    def _search(self, text: str) -> None:
        """List what the text may mean, before the list of matches opens."""
        names = [self._classes[index] for index in matches(self._classes, text)]
        self._found.setStringList(names or ([] if text else list(self._classes)))
        self.said.emit(
            f'No class is called "{text}". {_LEAVE}: leave the list as it was' if text and not names else ""
        )

    def _searched(self) -> str | None:
        """The class chosen in the list of matches, else the best match of the text."""
        chosen = self._matches.currentIndex()
        if self._matches.isVisible() and chosen.isValid():
            return str(chosen.data())
        found = matches(self._classes, self._line.text())
        return self._classes[found[0]] if found else None

    def _completed(self, name: str) -> None:
        self._box.setCurrentIndex(self._classes.index(name))
        self._changes += 1
        self._leave_search()
        self.changed.emit(TAKEN_BACK if self._changes > 1 else TOUCHED)

    def _leave_search(self) -> None:
        self._matches.hide()
        self._show_choice()
        page = self.parentWidget()
        if page is not None:
            page.setFocus()

    def _show_choice(self) -> None:
        """No text of a search stays when it is over."""
        self._line.setText(self._box.itemText(self._box.currentIndex()))
        self.said.emit("")

    def _answer(self) -> PickerOutcome:
        index = self._box.currentIndex()
        if index < 0 or self._line.text() != self._classes[index]:
            return NOTHING
        return answer_with(self._classes[index])
