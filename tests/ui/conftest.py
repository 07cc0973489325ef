from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from clarifier_desktop.app import Program
from studies.pages import marking
from tests.ui.dialogs import Answers
from ui.answering.answer_inputs import AnswerInputs
from ui.kit.seen import Seen
from ui.preferences import Paths


@pytest.fixture(autouse=True)
def sees_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests press sooner than persons see; those of the guards set the times again."""
    monkeypatch.setattr(AnswerInputs, "seen_after_ns", 0)
    monkeypatch.setattr(AnswerInputs, "noticed_after_ns", 0)
    monkeypatch.setattr(Seen, "after_ns", 0)
    monkeypatch.setattr(marking, "LOOKED_AFTER_NS", 0)


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def program(qapp: QApplication, qtbot, own_folders: Path, answers: Answers):
    made = Program(qapp, Paths.of_user())
    made.dialogs = answers
    qtbot.addWidget(made.window)
    made.show()
    made.window.resize(1024, 640)
    qtbot.waitExposed(made.window)
    yield made
    made.close()
