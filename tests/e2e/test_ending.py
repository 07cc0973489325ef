"""Ended from outside, or its file taken away, in mid-study: what was acknowledged is in the one file."""

from __future__ import annotations

import shutil
import signal
import time
from pathlib import Path

import pytest

from studies.timing.file.store import Store
from tests.e2e.participant import Participant
from tests.e2e.screen import PATIENCE_S, Program, Screen
from tests.e2e.test_disks import DIGITS, start

pytestmark = pytest.mark.e2e


def answer(participant: Participant, number: int) -> None:
    trial, _ = participant.next_image()
    time.sleep(0.2)
    participant.screen.key(str(number))
    participant.wait_for_answer(trial.position)


def answers(file: Path) -> int:
    with Store.open(file, writable=False) as found:
        return int(found.query("SELECT count(*) FROM responses")[0][0])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_log_out_closes_the_file(screen: Screen, tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "plan.toml").write_text(DIGITS)
    store = tmp_path / "study.sqlite"
    run = ("study", "run", "--plan", tmp_path / "plan.toml", "--participant", "P01", "--store", store)
    with Program(screen, tmp_path / "home", *run) as program:
        participant = Participant(screen, program, store)
        start(participant)
        answer(participant, 1)
        answer(participant, 2)
        participant.close()
        program.signal(number)
        assert program.wait(PATIENCE_S) == 0
    shutil.copy(store, tmp_path / "copy.sqlite")
    assert answers(tmp_path / "copy.sqlite") == 2


def test_a_file_that_is_taken_away_holds_the_session_until_it_is_back(screen: Screen, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(DIGITS)
    store, away = tmp_path / "study.sqlite", tmp_path / "away.sqlite"
    run = ("study", "run", "--plan", tmp_path / "plan.toml", "--participant", "P01", "--store", store)
    with Program(screen, tmp_path / "home", *run) as program:
        participant = Participant(screen, program, store)
        try:
            start(participant)
            answer(participant, 1)
            trial, _ = participant.next_image()
            store.rename(away)
            time.sleep(0.2)
            for key in ("7", "Return", "3", "Return"):
                screen.key(key)
                time.sleep(0.7)
            assert trial.position not in participant.answers()
            assert answers(tmp_path / "study saved 1.sqlite") == 1
            away.rename(store)
            participant.press_until(
                "Return", lambda: trial.position in participant.answers(), "the answer that had to wait"
            )
            assert participant.answers()[trial.position] == "7"
            assert program.close_window() == 0
        finally:
            participant.close()
