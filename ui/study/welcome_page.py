"""Where a participant begins: the participant code."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.kit import theme
from ui.kit.key_page import KeyPage
from ui.kit.keys import ENTER, WINDOW_KEYS, Key, KeyTable, WindowAction
from ui.kit.menus import PageMenu
from ui.kit.progress_panel import ProgressPanel
from ui.kit.theme import GRID

_WIDTH = 560


class WelcomeAction(Enum):
    """What can be done before a session."""

    BEGIN = "begin"
    BACK = "back"


_A = WelcomeAction
WELCOME_KEYS = KeyTable(
    "Welcome",
    (
        Key(_A.BEGIN, ENTER, "Begin with the participant code that is typed", "Begin"),
        Key(_A.BACK, ("Esc",), "Cancel the preparation, or go back to the home page"),
    ),
)


class WelcomePage(KeyPage):
    """Asks for the code, says what is wrong with it, and shows how far the preparation is."""

    begin_wanted = Signal(str)  # participant code
    back_wanted = Signal()
    full_screen_wanted = Signal(bool)

    def menus(self) -> tuple[PageMenu, ...]:
        """None: participants see the task alone."""
        return ()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(WELCOME_KEYS, parent)
        self._title = theme.title_label("Welcome")
        self._title.setWordWrap(True)
        self._code = QLineEdit()
        self._code.setMaxLength(80)
        self._code.setAccessibleName("Participant code")
        full_screen = WINDOW_KEYS[WindowAction.FULL_SCREEN]
        self._full = QCheckBox(f"{full_screen.label} ({full_screen.hint})")
        self._full.setToolTip(full_screen.text)
        self._full.toggled.connect(self.full_screen_wanted)
        self._message = QLabel()
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = ProgressPanel()
        self.cancels_first(self.progress)
        begin = self.button(_A.BEGIN, self._begin, primary=True)
        self.on(_A.BACK, self.back_wanted.emit)
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.addRow("Your participant code", self._code)
        column = QWidget()
        column.setFixedWidth(_WIDTH)
        words = QVBoxLayout(column)
        words.setSpacing(3 * GRID)
        words.addWidget(self._title)
        words.addWidget(
            theme.hint_label(
                "The code was given to you; please do not use your name. After an interruption, the same "
                "code resumes the session."
            )
        )
        words.addLayout(form)
        words.addWidget(self._full)
        words.addWidget(self._message)
        words.addWidget(begin, 0, Qt.AlignmentFlag.AlignRight)
        words.addWidget(self.progress)
        words.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 8 * GRID, 3 * GRID, 3 * GRID)
        layout.addWidget(column, 1, Qt.AlignmentFlag.AlignHCenter)
        self.setFocusProxy(self._code)

    def showEvent(self, event: QShowEvent) -> None:
        """From now on the box follows the window, whatever makes it full."""
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._full.setChecked(self.window().isFullScreen())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take over the window's state."""
        if event.type() is QEvent.Type.WindowStateChange and watched is self.window():
            self._full.setChecked(self.window().isFullScreen())
        return super().eventFilter(watched, event)

    def welcome(self, title: str) -> None:
        """Make ready for the next participant."""
        self._title.setText(title)
        self._code.clear()
        self._message.clear()

    def show_message(self, text: str) -> None:
        """Say what is wrong and what to do."""
        self._message.setText(text)

    def _begin(self) -> None:
        self._message.clear()
        self.begin_wanted.emit(self._code.text().strip())
