"""How far, how long and how good, above every page of a project: one line, and a bar below it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studies.labeling.rounds.finish_words import FinishStatus
from ui.kit import theme
from ui.kit.theme import GRID, FontRole
from ui.labeling.elided_label import ElidedLabel
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, LabelAction

_BAR = 4  # px
_LINE = 24  # px, as high as its buttons
_FINISH = LABEL_KEYS[LabelAction.FINISH].hint


class FinishBar(QWidget):
    """Images labeled by the person, by the program, without a label on purpose, and left, from left to right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts: tuple[int, int, int, int] = (0, 0, 0, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("How far the project is")

    def sizeHint(self) -> QSize:
        """As high as a bar is; it takes the width that there is."""
        return QSize(20 * GRID, _BAR)

    def show_parts(self, parts: tuple[int, int, int, int]) -> None:
        """Draw these numbers of images from now on."""
        if parts != self.parts:
            self.parts = parts
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Each part as long as its share."""
        painter = QPainter(self)
        room, total, x = self.rect(), max(1, sum(self.parts)), 0.0
        look = theme.look()
        person = QColor(look.accent.fill if self.parts[3] else look.done.fill)
        program, without = QColor(person), QColor(look.greys.line)
        program.setAlpha(150)
        brushes = (person, program, without, QColor(look.greys.grid))
        for count, colour in zip(self.parts, brushes, strict=True):
            width = room.width() * count / total
            painter.fillRect(QRectF(x, 0, width, room.height()), colour)
            x += width


class FinishStrip(QWidget):
    """It never takes the keyboard, and its height never changes; pointing at it tells more."""

    download_wanted = Signal()  # of weights that are missing
    weights_wanted = Signal()  # a file of them is to be chosen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count, self.words, self.work = QLabel(), ElidedLabel(), ElidedLabel()
        self.bar = FinishBar()
        self.offers = False  # there is an offer to end
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setFont(theme.font(FontRole.BODY, bold=True))
        for label in (self.words, self.work):
            label.fix_height()
        self.work.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.work.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line = QHBoxLayout()
        line.setSpacing(2 * GRID)
        line.addWidget(self.count)
        line.addWidget(self.words, 3)
        line.addWidget(self.work, 2)
        line.addStrut(_LINE)
        self._notice = QLabel()
        self._weights = (self._notice, *self._make_weights_buttons())
        for widget in self._weights:
            line.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 6, 2 * GRID, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.bar)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_status(self, status: FinishStatus) -> None:
        """Tell where the project stands; what did not change is not painted again."""
        progress = status.progress
        rest, self.offers = list(status.rest), status.offer is not None
        if status.offer is not None:
            rest.append(f"the program can label {status.offer.count:,} of them ({_FINISH}: see)")
        if status.count != self.count.text():
            self.count.setText(status.count)
        if (line := "   ·   ".join(rest)) != self.words.text():
            self.words.setText(line)
        without = sum(progress.without_label.values())
        self.bar.show_parts((progress.by_person, progress.by_program, without, progress.left))
        if status.detail != self.toolTip():
            self.setToolTip(status.detail)
            for label in (self.count, self.words):
                label.setToolTip(status.detail)
            self.bar.setAccessibleDescription(status.detail)

    def show_work(self, text: str) -> None:
        """Tell what the program does meanwhile."""
        if text != self.work.text():
            self.work.setText(text)

    def offer_weights(self, notice: str) -> None:
        """Say that weights are missing, with the two ways to them; nothing of it where the notice is empty."""
        self._notice.setText(notice)
        for widget in self._weights:
            widget.setVisible(bool(notice))

    def _make_weights_buttons(self) -> tuple[QPushButton, QPushButton]:
        download, choose = theme.plain_button("Download weights"), theme.plain_button("Choose a file ...")
        download.clicked.connect(self.download_wanted)
        choose.clicked.connect(self.weights_wanted)
        download.setToolTip(
            "A small network learns from nothing without them. You label on during the download."
        )
        choose.setToolTip("Choose a file of a network's pretrained weights")
        self._notice.hide()
        for button in (download, choose):
            button.setFixedHeight(_LINE)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.hide()
        return download, choose
