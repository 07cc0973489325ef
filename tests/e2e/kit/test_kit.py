"""A study kit opened by its name alone, in the real window: consent, instructions, and answers by real keys."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from studies.timing.facts.records import EventKind
from studies.timing.file.store import Store
from tests.e2e.participant import Participant, keys_of
from tests.e2e.screen import REPO, GoneError, Program, Screen, command
from tests.studies.timing.session.class_folders import draw_images
from ui.answering.type_ahead import digit_keys

pytestmark = pytest.mark.e2e

PLAN = """\
name = "from a kit"
[trials]
practice = 0
fixation_ms = 150
[[blocks]]
dataset = "folder"
path = "pets"
images = 6
"""


KEYS = dict(zip(("cat", "dog"), digit_keys(("cat", "dog")), strict=True))


def type_code(screen: Screen, participant: Participant, code: str) -> None:
    """On the welcome page, once it takes keys: until the session of this code is there."""
    for _ in range(6):
        screen.key("ctrl+a", *keys_of(code), "Return")
        with suppress(GoneError):
            participant.until(participant.has_session, "a session", patience_s=5)
            return
    participant.wait_for_session()


def test_three_trials_are_answered_from_a_kit(screen: Screen, tmp_path: Path) -> None:
    draw_images(tmp_path / "there" / "pets", {"cat": 4, "dog": 4})
    (tmp_path / "there" / "plan.toml").write_text(PLAN)
    kit = tmp_path / "here" / "pets.clarifier-study"
    plan = tmp_path / "there" / "plan.toml"
    done = subprocess.run(
        command("study", "pack", "--plan", plan, "--to", kit), cwd=REPO, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (tmp_path / "there").rename(tmp_path / "away")

    answers = tmp_path / "here" / "pets-answers.sqlite"
    with Program(screen, tmp_path / "home", kit) as program:
        participant = Participant(screen, program, answers)
        try:
            program.until(answers.exists, "the file of answers")
            type_code(screen, participant, "p07")
            participant.turn_page(EventKind.CONSENTED)
            participant.turn_page(EventKind.INSTRUCTED)
            participant.turn_page(EventKind.BLOCK_STARTED)
            given = {}
            for _ in range(3):
                trial, _onset = participant.next_image()
                screen.key(KEYS[trial.true_class])
                participant.wait_for_answer(trial.position)
                given[trial.position] = trial.true_class
            assert program.close_window() == 0
        finally:
            participant.close()
    with Store.open(answers, writable=False) as store:
        session = store.sessions()[0]
        assert (session.participant, session.study) == ("p07", "from a kit")
        assert dict(store.query("SELECT position, answer FROM responses")) == given
    merged = tmp_path / "all.sqlite"
    done = subprocess.run(
        command("merge", answers, "--into", merged), cwd=REPO, capture_output=True, text=True
    )
    assert "1 sessions added" in done.stdout
