"""Where pretrained weights are missing the labeling page offers a download and a file; nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from clarifier_desktop.app import Program
from studies.labeling.rounds.request import request_weights
from tests.ui.labeling.test_notice import places
from ui.labeling.choices import network_check
from ui.labeling.choices.network_check import CheckedNetwork

REASON = "Pretrained weights could not be loaded: the server cannot be reached."


@pytest.fixture
def asked(labeled: Program, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The program while weights are missing, and what the learner is asked from then on."""
    assert labeled.labeling is not None
    learner = labeled.labeling.learner
    wanted: list[object] = []
    monkeypatch.setattr(learner, "follow_settings", wanted.append)
    learner.notice, learner.reason = "Pretrained weights are missing", REASON
    learner.progressed.emit(learner.notice)
    return wanted


def button(program: Program, words: str) -> QPushButton:
    assert program.labeling is not None
    return next(b for b in program.labeling.strip.findChildren(QPushButton) if b.text().startswith(words))


def test_nothing_moves_when_the_buttons_come_and_go(labeled: Program) -> None:
    assert labeled.labeling is not None
    learner, page = labeled.labeling.learner, labeled.labeling.page
    before, focus = places(page), QApplication.focusWidget()
    assert not button(labeled, "Download weights").isVisible()
    learner.notice = "Pretrained weights are missing"
    learner.progressed.emit(learner.notice)
    assert button(labeled, "Download weights").isVisible()
    assert button(labeled, "Choose a file").isVisible()
    assert places(page) == before
    assert QApplication.focusWidget() is focus
    learner.notice = ""
    learner.progressed.emit("")
    assert not button(labeled, "Choose a file").isVisible()


def test_a_download_is_asked_for_and_its_failure_told_in_words(
    labeled: Program, asked: list[object], qtbot
) -> None:
    assert labeled.labeling is not None
    qtbot.mouseClick(button(labeled, "Download weights"), Qt.MouseButton.LeftButton)
    assert asked == [request_weights]
    labeled.labeling.learner.progressed.emit("")
    assert labeled.window.notice.text == REASON


def test_a_file_is_chosen_looked_at_and_kept(
    labeled: Program, asked: list[object], tmp_path: Path, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert labeled.labeling is not None
    file = tmp_path / "lite.safetensors"
    monkeypatch.setattr(labeled.dialogs, "open", lambda *_: file)
    found = CheckedNetwork("tf_efficientnet_lite2.in1k", "Apache-2.0", True)
    monkeypatch.setattr(network_check, "check_network", lambda *_: found)
    qtbot.mouseClick(button(labeled, "Choose a file"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: asked == [request_weights])
    learner = labeled.labeling.project.settings.learner
    assert (learner.network, learner.weights) == (found.name, file)
