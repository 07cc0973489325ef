"""Other settings while the learner rests: what failed with the old ones is tried again with the new ones."""

from __future__ import annotations

from model.errors import UserError
from studies.labeling.rounds.request import request_weights
from tests.ui.labeling.rounds.test_background_learner import Behind, behind

__all__ = ["behind"]


def test_what_failed_is_tried_again_with_other_settings(behind: Behind, qtbot) -> None:
    behind.seed()
    behind.learner.error = UserError("The file holds another network.")
    behind.rounds.consider()
    with qtbot.waitSignal(behind.rounds.failed):
        behind.learner.go.set()
    assert "not being prepared" in behind.rounds.line
    behind.learner.error = None
    behind.rounds.follow_settings()
    assert behind.rounds.line == ""
    with qtbot.waitSignal(behind.rounds.begun):
        behind.rounds.consider()


def test_what_the_annotator_stopped_stays_stopped(behind: Behind, qtbot) -> None:
    behind.seed()
    behind.rounds.consider()
    qtbot.waitUntil(lambda: len(behind.learner.requests) == 1)
    behind.rounds.cancel()
    qtbot.waitUntil(lambda: not behind.rounds.working)
    behind.rounds.follow_settings()
    behind.rounds.consider()
    assert not behind.rounds.working


def test_weights_that_were_missing_are_looked_for_again(behind: Behind, qtbot) -> None:
    behind.learner.note = "Pretrained weights could not be loaded."
    behind.learner.prepare_go.set()
    qtbot.waitUntil(lambda: len(behind.learner.prepared) == 2 and not behind.rounds.working, timeout=8000)
    assert "Pretrained weights are missing" in behind.rounds.notice
    behind.learner.note = ""
    behind.rounds.follow_settings()
    assert behind.rounds.line == ""
    qtbot.waitUntil(lambda: len(behind.learner.prepared) == 3 and not behind.rounds.working, timeout=8000)
    assert behind.learner.prepared[-1].clusters == 0, (
        "all images are looked at, none is asked about once more"
    )
    assert behind.rounds.line == ""


def test_weights_are_looked_for_again_in_any_round_when_it_is_wanted(behind: Behind, qtbot) -> None:
    behind.seed()
    behind.rounds.consider()
    with qtbot.waitSignal(behind.rounds.begun):
        behind.learner.go.set()
    behind.rounds.notice = "Weights are missing."
    before = len(behind.learner.prepared)
    behind.learner.note = "Pretrained weights could not be loaded. The server cannot be reached."
    behind.learner.prepare_go.set()
    behind.rounds.follow_settings(request_weights)
    assert behind.rounds.notice == ""
    qtbot.waitUntil(lambda: len(behind.learner.prepared) > before and not behind.rounds.working, timeout=8000)
    assert behind.learner.prepared[-1].look_again
    assert "Pretrained weights are missing" in behind.rounds.notice
    assert behind.rounds.reason.endswith("The server cannot be reached.")
