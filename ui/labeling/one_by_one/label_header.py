"""The line above the image: where the round stands, what the program does meanwhile, and buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCursor, QHideEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from ui.kit import theme
from ui.kit.key_page import key_button
from ui.kit.keys import WINDOW_KEYS, WindowAction
from ui.kit.theme import GRID, KeyButton
from ui.labeling.elided_label import ElidedLabel
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction
from ui.labeling.one_by_one.label_card import LabelStatus

_BUTTONS = (LabelAction.UNDO, LabelAction.SKIP, LabelAction.GRID, LabelAction.PLAN, LabelAction.PANEL)
_NOTE_MS = 2_000  # a note stays this long


class LabelHeader(QWidget):
    """Texts that never move anything, and buttons that never take the keyboard; a menu has all other actions."""

    pressed = Signal(object)  # LabelAction
    help_wanted = Signal()
    download_wanted = Signal()  # of weights that are missing
    weights_wanted = Signal()  # a file of them is to be chosen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress, self._learner, self._note = (ElidedLabel() for _ in range(3))
        for label in (self._learner, self._note):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._buttons: dict[KeyButton, LabelAction] = {}
        words = QHBoxLayout()
        words.setSpacing(2 * GRID)
        for label in (self._progress, self._learner):
            label.fix_height()
            words.addWidget(label, 1)
        self._weights = self._make_weights_buttons()
        for way in self._weights:
            words.addWidget(way)
        keys = QHBoxLayout()
        keys.setSpacing(GRID)
        for action in _BUTTONS:
            button = key_button(LABEL_KEYS[action])
            button.clicked.connect(self._clicked)
            self._buttons[button] = action
            keys.addWidget(button)
        help_ = key_button(WINDOW_KEYS[WindowAction.HELP])
        help_.clicked.connect(self.help_wanted)
        keys.addWidget(help_)
        self.menu = QMenu(self)
        self._actions: dict[QAction, LabelAction] = {}
        for key in LABEL_KEYS.keys:
            if key.action not in _BUTTONS:
                self._actions[self.menu.addAction(f"{key.text}\t{key.hint}")] = key.action
        self.menu.triggered.connect(self._chosen)
        more = theme.plain_button("More")
        more.setToolTip("All other actions, as by a right click")
        more.setMenu(self.menu)
        keys.addWidget(more)
        self._note_over = QTimer(self)
        self._note_over.setSingleShot(True)
        self._note_over.setInterval(_NOTE_MS)
        self._note_over.timeout.connect(self._note.clear)
        if parent is not None:
            parent.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            parent.customContextMenuRequested.connect(self._pop_up)
        for folding in (*self._buttons, help_):
            folding.let_fold()
        for taken in (*self._buttons, help_, more):
            taken.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space and Enter belong to the answer
        keys.addWidget(self._note, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(words)
        layout.addLayout(keys)

    def offer_weights(self, missing: bool) -> None:
        """Show the two ways to weights that are missing; they stand beside what the learner says, and nothing moves."""
        for button in self._weights:
            button.setVisible(missing)

    def _make_weights_buttons(self) -> tuple[QPushButton, QPushButton]:
        download, choose = theme.plain_button("Download weights"), theme.plain_button("Choose a file ...")
        download.clicked.connect(self.download_wanted)
        choose.clicked.connect(self.weights_wanted)
        download.setToolTip("Download the pretrained weights of the usual network; you label on meanwhile")
        choose.setToolTip("Choose a file of a network's pretrained weights")
        for button in (download, choose):
            button.setFixedHeight(self._learner.height())
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.hide()
        return download, choose

    def draw(self, status: LabelStatus) -> None:
        """Show where things stand."""
        for label, text in ((self._progress, status.progress), (self._learner, status.learner)):
            label.setText(text)

    def note(self, text: str) -> None:
        """Say for a moment what was answered or taken back; nothing moves."""
        self._note.setText(text)
        self._note_over.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """What was said is over."""
        super().hideEvent(event)
        self._note_over.stop()
        self._note.clear()

    def _pop_up(self) -> None:
        self.menu.popup(QCursor.pos())

    def _chosen(self, action: QAction) -> None:
        self.pressed.emit(self._actions[action])

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, KeyButton):
            self.pressed.emit(self._buttons[sender])
