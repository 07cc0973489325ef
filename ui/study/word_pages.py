"""The pages of a session that show no images: words with buttons, and the plan's questions."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from studies.timing.facts.questions import Question
from ui.answering.stamps import EventClock, HeldKeys
from ui.study.questions_page import QuestionsPage
from ui.study.text_page import PageButton, PageText, TextPage


class WordPages(QObject):
    """Puts one of them on screen, and hands on what was chosen or answered there."""

    chosen = Signal(object, object)  # PageButton, at_ns
    answered = Signal(object)  # AnswerQuestions

    def __init__(
        self, stack: QStackedWidget, questions: Sequence[Question], clock: EventClock, held: HeldKeys
    ) -> None:
        super().__init__(stack)
        self._stack = stack
        self._text = TextPage(clock, held)
        self._questions = QuestionsPage(questions, held)
        for page in (self._text, self._questions):
            stack.addWidget(page)
        self._text.chosen.connect(self.chosen)
        self._questions.answered.connect(self.answered)
        self._questions.withdraw_wanted.connect(self._withdraw)

    def say(self, text: PageText) -> None:
        """Show words."""
        self._text.show_text(text)
        self._bring(self._text)

    def ask(self) -> None:
        """Show the questions, with what was typed so far."""
        self._bring(self._questions)

    def close(self) -> None:
        """Let go of the pages."""
        for page in (self._text, self._questions):
            self._stack.removeWidget(page)
            page.deleteLater()

    def _bring(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)
        page.setFocus()

    def _withdraw(self) -> None:
        self.chosen.emit(PageButton.WITHDRAW, time.perf_counter_ns())
