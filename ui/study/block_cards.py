"""A plan's blocks as cards, in the plan's order: what is shown, how it is answered, how much and how long."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.kit import theme
from ui.kit.layouts import FlowLayout, empty
from ui.kit.theme import GRID, FontRole
from ui.study.setup_data import PlanBlock

_MOST = 12  # cards
_WIDTH = 21 * GRID  # px


class BlockCards(QWidget):
    """Cards of one size beside each other, and below each other where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Parts of the study")

    def show_blocks(self, blocks: Sequence[PlanBlock]) -> None:
        """Show these blocks; of very many the first ones, and how many there are beside."""
        empty(self._flow)
        for number, block in enumerate(blocks[:_MOST], start=1):
            self._flow.addWidget(_card(number, block))
        if len(blocks) > _MOST:
            self._flow.addWidget(theme.hint_label(f"and {len(blocks) - _MOST} more"))
        self.setAccessibleDescription("; ".join(f"{one.name}, {one.amount}, {one.pace}" for one in blocks))
        self.updateGeometry()


def _card(number: int, block: PlanBlock) -> QFrame:
    card = QFrame()
    card.setProperty("card", True)
    card.setFixedWidth(_WIDTH)
    lines = QVBoxLayout(card)
    lines.setContentsMargins(GRID + GRID // 2, GRID, GRID, GRID)
    lines.setSpacing(2)
    part = theme.hint_label(f"Part {number}")
    part.setFont(theme.font(FontRole.SMALL))
    name = theme.section_label(block.name)
    name.setToolTip(block.name)
    name.setText(name.fontMetrics().elidedText(block.name, Qt.TextElideMode.ElideMiddle, _WIDTH - 3 * GRID))
    lines.addWidget(part)
    lines.addWidget(name)
    for text in (block.amount, block.way, block.pace):
        lines.addWidget(QLabel(text))
    after = QLabel(f"+ {block.practice} for practice" if block.practice else "")
    after.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    after.setFont(theme.font(FontRole.SMALL))
    lines.addWidget(after)
    return card
