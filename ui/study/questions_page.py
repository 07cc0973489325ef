"""The page on which a participant answers the plan's questions."""

from __future__ import annotations

import time
from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from studies.timing.facts.inputs import AnswerQuestions
from studies.timing.facts.questions import Question, QuestionKind, fault_of, reply_to
from ui.answering.stamps import HeldKeys
from ui.kit import theme
from ui.kit.key_page import KeyPage
from ui.kit.keys import ENTER, Key, KeyTable
from ui.kit.layouts import ChoiceBox, scrolling
from ui.kit.menus import PageMenu
from ui.kit.theme import GRID
from ui.study.text_page import FOOT_WIDTH, TEXT_KEYS, PageButton

_WIDTH = 640  # px: as wide as reads well
_NUMBER_WIDTH = 160
_BY_DIGIT = 9  # questions that Alt and a digit lead to
_TITLE = "Questions about you"


class QuestionsAction(Enum):
    """What can be done on the page of questions."""

    NEXT = "next"
    JUMP = "jump"
    WITHDRAW = "withdraw"


_A = QuestionsAction
_WITHDRAW = TEXT_KEYS[PageButton.WITHDRAW]
QUESTIONS_KEYS = KeyTable(
    "Questions",
    (
        Key(_A.NEXT, ENTER, "Go on, once what must be answered is", "Go on"),
        Key(
            _A.JUMP, (), "To the question of that number", names="Alt+1 to Alt+9"
        ),  # by the labels themselves
        Key(_A.WITHDRAW, ("F9", "Esc"), _WITHDRAW.text, _WITHDRAW.label),  # it asks first
    ),
)


class QuestionField(QWidget):
    """One question: its words, a box to answer in, and below it what is wrong with the answer."""

    def __init__(self, question: Question, number: int) -> None:
        super().__init__()
        self.question = question
        self.box = _box_of(question)
        self.fault = theme.message_label()
        self.fault.hide()
        mnemonic = "&" if number <= _BY_DIGIT else ""
        words = f"{question.text.strip()}{'' if question.required else ' (may be left out)'}"
        label = QLabel(f"{mnemonic}{number}. {words.replace('&', '&&')}")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setBuddy(self.box)
        self.box.setAccessibleName(words)
        answer = QHBoxLayout()
        answer.setSpacing(GRID)
        answer.addWidget(self.box)
        if question.unit:
            unit = QLabel(question.unit)
            unit.setTextFormat(Qt.TextFormat.PlainText)
            answer.addWidget(unit)
        if question.kind is QuestionKind.NUMBER:
            answer.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(label)
        layout.addLayout(answer)
        layout.addWidget(self.fault)
        self.setFocusProxy(self.box)
        changed = self.box.currentIndexChanged if isinstance(self.box, ChoiceBox) else self.box.textEdited
        changed.connect(self._unsay)

    @property
    def typed(self) -> str:
        """The answer so far."""
        if isinstance(self.box, ChoiceBox):
            return self.box.currentText() if self.box.currentIndex() > 0 else ""
        return self.box.text()

    def check(self) -> bool:
        """Whether the answer may be stored; what is wrong with it is said below it."""
        sentence = fault_of(self.question, self.typed)
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        self.box.setAccessibleDescription(sentence)
        return not sentence

    def _unsay(self) -> None:
        self.fault.hide()
        self.box.setAccessibleDescription("")


class QuestionsPage(KeyPage):
    """Asks all questions at once; ``answered`` once each has an answer that may be stored."""

    answered = Signal(object)  # AnswerQuestions
    withdraw_wanted = Signal()

    def __init__(self, questions: Sequence[Question], held: HeldKeys, parent: QWidget | None = None) -> None:
        super().__init__(QUESTIONS_KEYS, parent)
        self._held = held
        self.setAccessibleName(_TITLE)
        self.fields = [QuestionField(question, number) for number, question in enumerate(questions, start=1)]
        column = QWidget()
        column.setMaximumWidth(_WIDTH)
        words = QVBoxLayout(column)
        words.setSpacing(2 * GRID)
        title = theme.title_label(_TITLE)
        title.setWordWrap(True)
        words.addWidget(title)
        for field in self.fields:
            words.addWidget(field)
        words.addStretch()
        self._area = _wide(scrolling(column))
        row = QWidget()  # buttons stand where those of the pages of words do
        row.setMaximumWidth(FOOT_WIDTH)
        buttons = QHBoxLayout(row)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.addWidget(self.button(_A.WITHDRAW, self.withdraw_wanted.emit))
        buttons.addStretch()
        buttons.addWidget(self.button(_A.NEXT, self._go_on, primary=True))
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(row, 1000)
        foot.addStretch()
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 4 * GRID, 3 * GRID, 3 * GRID)
        layout.addWidget(self._area, 1)
        layout.addLayout(foot)
        if self.fields:
            self.setFocusProxy(self.fields[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key that is held since the page before does nothing."""
        if self._held.is_fresh(event.key(), event.timestamp(), event.isAutoRepeat()):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Releases tell what is held."""
        self._held.release(event.key(), event.timestamp())

    def menus(self) -> tuple[PageMenu, ...]:
        """None: participants see the task alone."""
        return ()

    def _go_on(self) -> None:
        wrong = [field for field in self.fields if not field.check()]
        if wrong:
            wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
            self._layout.activate()  # the sentences need their room first
            self._area.ensureWidgetVisible(wrong[0])
            return
        replies = tuple(reply_to(field.question, field.typed) for field in self.fields)
        self.answered.emit(AnswerQuestions(time.perf_counter_ns(), replies))


def _box_of(question: Question) -> ChoiceBox | QLineEdit:
    if question.kind is QuestionKind.CHOICE:
        choice = ChoiceBox()
        choice.addItems(["Please choose" if question.required else "No answer", *question.choices])
        choice.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        choice.setMinimumContentsLength(20)
        return choice
    box = QLineEdit()
    if question.kind is QuestionKind.NUMBER:
        box.setFixedWidth(_NUMBER_WIDTH)
    else:
        box.setMaxLength(question.longest)
    return box


def _wide(area: QScrollArea) -> QScrollArea:
    area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
