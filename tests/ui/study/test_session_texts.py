"""The words between images: each page counts the same images."""

from __future__ import annotations

from dataclasses import replace

from studies.timing.session.state import Rules
from studies.timing.session.trial import begin
from tests.ui.driving import planned
from ui.study.session_texts import confirm_withdrawal, short_break


def test_the_question_before_a_deletion_counts_as_the_break_did() -> None:
    units = planned(9, practice=3)
    state = replace(begin(units, Rules(True, 0)), queue=(7, 8))
    assert short_break(state).body.startswith("4 images are done, 2 still to come.")
    assert "your answers to 4 images and to 3 for practice will be deleted" in confirm_withdrawal(state).body
    state = replace(begin(units[3:], Rules(True, 0)), units=planned(2), queue=(1,))
    assert "your answers to 1 image will be deleted" in confirm_withdrawal(state).body
