"""A page of words with buttons: consent, instructions, breaks, pauses, errors and the end."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ui.answering.stamps import EventClock, HeldKeys
from ui.kit import theme
from ui.kit.help_sheet import KeyList
from ui.kit.key_page import key_button
from ui.kit.keys import ENTER, Key, KeyTable, Tables
from ui.kit.layouts import empty, scrolling
from ui.kit.seen import Seen
from ui.kit.theme import GRID

_WIDTH = 600  # px, of tables of keys
_LETTERS = 72  # of a line that reads well
_STEPS = 1000  # of the bar
FOOT_WIDTH = 840  # px, of the buttons: room enough that one can stand where none was
_TO_THE_MIDDLE = 100  # the button that deletes is not where the one was that asked for it


class PageButton(Enum):
    """What a button of a page of words stands for."""

    CONTINUE = "continue"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


TEXT_KEYS = KeyTable(
    "On this page",
    (
        Key(PageButton.CONTINUE, (*ENTER, "Space"), "Go on", names="Enter or Space"),
        Key(PageButton.DECLINE, ("Esc",), "Do not agree, or go back"),
        Key(PageButton.WITHDRAW, ("F9",), "Stop taking part and delete my data", "Stop and delete my data"),
    ),
)


@dataclass(frozen=True)
class PageText:
    """The words of a page; ``keys``: tables of keys to show.

    ``asks_to_withdraw``: its one question is whether to delete the data, which is not what Enter does.
    ``finished``: there is nothing more to stop.
    """

    title: str
    body: str
    primary: str = "Go on"
    decline: str = ""
    withdraw: bool = False
    asks_to_withdraw: bool = False
    finished: bool = False
    keys: Tables = ()
    done: float | None = None  # of the session, 0 to 1, where it is told


class TextPage(QWidget):
    """Shows a ``PageText`` and tells which button or key was pressed, with its stamp."""

    chosen = Signal(object, object)  # Choice, at_ns

    def __init__(self, clock: EventClock, held: HeldKeys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._held = held
        self._seen = Seen(self)
        self._asks = False  # whether to delete the data
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = theme.title_label("")
        self._title.setWordWrap(True)
        self._body = QLabel()
        self._body.setTextFormat(Qt.TextFormat.PlainText)
        self._body.setWordWrap(True)
        self._body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._done = QProgressBar()
        self._done.setRange(0, _STEPS)
        self._done.setTextVisible(False)
        self._done.setAccessibleName("How far you are")
        self._keys = QVBoxLayout()
        self._primary = key_button(TEXT_KEYS[PageButton.CONTINUE], primary=True)
        self._decline = key_button(TEXT_KEYS[PageButton.DECLINE])
        self._withdraw = key_button(TEXT_KEYS[PageButton.WITHDRAW])
        self._choices: dict[QPushButton, PageButton] = {
            self._primary: PageButton.CONTINUE,
            self._decline: PageButton.DECLINE,
            self._withdraw: PageButton.WITHDRAW,
        }
        self._build()

    def show_text(self, text: PageText) -> None:
        """Replace the page's words."""
        self.setAccessibleName(text.title)  # the page has the focus: this is what a screen reader says
        self.setAccessibleDescription(text.body)
        self._title.setText(text.title)
        self._body.setText(text.body)
        self._done.setVisible(text.done is not None)
        self._done.setValue(round(_STEPS * (text.done or 0.0)))
        self._primary.setText(text.primary)
        self._primary.setAccessibleName(text.primary)
        self._decline.setText(text.decline)
        self._decline.setAccessibleName(text.decline)
        self._decline.setVisible(bool(text.decline))
        self._asks = text.asks_to_withdraw
        self._withdraw.setVisible(text.withdraw or text.asks_to_withdraw)
        words = _withdraw_words(text)
        self._withdraw.setText(words)
        self._withdraw.setAccessibleName(words)
        empty(self._keys)
        if text.keys:
            self._keys.addWidget(KeyList(text.keys))
        self._buttons.setStretch(0, _TO_THE_MIDDLE if text.asks_to_withdraw else 0)
        self._seen.begin()

    def key_tables(self) -> Tables:
        """The keys of the buttons that are shown, in the buttons' words."""
        shown = tuple(
            replace(TEXT_KEYS[choice], text=button.text())
            for button, choice in self._choices.items()
            if not button.isHidden()
        )
        return (KeyTable(TEXT_KEYS.title, shown),)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Space, Escape and F9 press the buttons."""
        stamp = self._clock.stamp(event.timestamp(), time.perf_counter_ns())
        fresh = self._held.is_fresh(event.key(), event.timestamp(), event.isAutoRepeat())
        if not fresh or not self._seen.takes(stamp.at_ns):
            return
        choice = TEXT_KEYS.action_of(event.key())
        if choice is None:
            event.ignore()
            return
        if choice is PageButton.DECLINE and self._asks:
            choice = PageButton.CONTINUE  # Esc never deletes
        button = next(button for button, of in self._choices.items() if of is choice)
        focused = self.focusWidget()
        if choice is PageButton.CONTINUE and isinstance(focused, QPushButton) and focused in self._choices:
            button = focused
        if button.isVisible():
            self.chosen.emit(self._choices[button], stamp.at_ns)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Releases tell what is held."""
        self._held.release(event.key(), event.timestamp())

    def _build(self) -> None:
        column = QWidget()
        column.setFixedWidth(_WIDTH)
        words = QVBoxLayout(column)
        words.setSpacing(2 * GRID)
        words.addWidget(self._title)
        words.addWidget(self._body)
        words.addWidget(self._done)
        self._body.setMaximumWidth(_LETTERS * self._body.fontMetrics().averageCharWidth())
        self._done.setMaximumWidth(self._body.maximumWidth())
        words.addLayout(self._keys)
        words.addStretch()
        area = scrolling(column)
        area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QWidget()
        row.setMaximumWidth(FOOT_WIDTH)
        buttons = self._buttons = QHBoxLayout(row)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(GRID)
        buttons.addStretch(0)
        for button in (self._withdraw, self._decline, self._primary):
            button.clicked.connect(self._clicked)
        buttons.addWidget(self._withdraw)
        buttons.addWidget(self._decline)
        buttons.addStretch(1)
        buttons.addWidget(self._primary)  # at one end on every page; what stops or deletes is at the other
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(row, 1000)
        foot.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 4 * GRID, 3 * GRID, 3 * GRID)
        layout.addWidget(area, 1)
        layout.addLayout(foot)

    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton) and self._seen.takes():
            self.chosen.emit(self._choices[button], time.perf_counter_ns())


def _withdraw_words(text: PageText) -> str:
    if text.asks_to_withdraw:
        return "Delete" if text.finished else "Delete and stop"
    return "Delete my data" if text.finished else TEXT_KEYS[PageButton.WITHDRAW].label
