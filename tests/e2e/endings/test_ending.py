"""Ended from outside, or its file taken away, in mid-study: what was acknowledged is in the one file."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from studies.timing.facts.records import EventKind, PlannedTrial
from studies.timing.file.store import Store
from tests.e2e.participant import Participant
from tests.e2e.screen import PATIENCE_S, Program, Screen
from tests.e2e.test_disks import DIGITS, start

pytestmark = pytest.mark.e2e


def answer(participant: Participant, number: int) -> PlannedTrial:
    trial, _ = participant.next_image()
    time.sleep(0.2)
    participant.screen.key(str(number))
    participant.wait_for_answer(trial.position)
    return trial


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


def move(store: Path) -> Callable[[], object]:
    away = store.with_name("away.sqlite")
    store.rename(away)
    return lambda: away.rename(store)


def delete(store: Path) -> Callable[[], object]:
    store.unlink()
    return lambda: store.with_name("study saved 1.sqlite").rename(store)


def rename_another_over(store: Path) -> Callable[[], object]:
    other = store.with_name("other.sqlite")
    Store.open(other).close()
    kept = store.with_name("kept.sqlite")
    kept.hardlink_to(store)
    other.replace(store)

    def put_back() -> None:
        with closing(sqlite3.connect(store)) as beside:  # the other file is whole, and took nothing
            assert beside.execute("SELECT count(*) FROM responses").fetchone() == (0,)
        kept.replace(store)

    return put_back


def move_folder(store: Path) -> Callable[[], object]:
    away = store.parent.with_name("away")
    store.parent.rename(away)
    store.parent.mkdir()  # as the place of a stick that was pulled

    def put_back() -> None:
        shutil.rmtree(store.parent)
        away.rename(store.parent)

    return put_back


def forbid_writing(store: Path) -> Callable[[], object]:
    files = [str(store), f"{store}-wal", f"{store}-shm"]

    def set_attribute(change: str) -> int:
        return subprocess.run(["chattr", change, *files], capture_output=True, check=False).returncode

    if shutil.which("chattr") is None or set_attribute("+i"):
        pytest.skip("only root may forbid writing to an open file, and not on every disk")
    return lambda: set_attribute("-i")


@pytest.mark.parametrize("take", [move, delete, rename_another_over, move_folder, forbid_writing])
def test_a_file_that_is_taken_away_holds_the_session_until_it_is_back(
    screen: Screen, tmp_path: Path, take: Callable[[Path], Callable[[], object]]
) -> None:
    (tmp_path / "plan.toml").write_text(DIGITS)
    (tmp_path / "data").mkdir()
    store = tmp_path / "data" / "study.sqlite"
    run = ("study", "run", "--plan", tmp_path / "plan.toml", "--participant", "P01", "--store", store)
    with Program(screen, tmp_path / "home", *run) as program:
        participant = Participant(screen, program, store)
        put_back = None
        try:
            start(participant)
            given: dict[int, str] = {}
            for number in (1, 2):
                trial = answer(participant, number)
                given[trial.position] = str(number)
            trial, _ = participant.next_image()
            participant.close()
            put_back = take(store)
            time.sleep(0.2)
            for key in ("7", "Return", "3", "Return"):
                screen.key(key)
                time.sleep(0.7)
            assert program.running
            put_back()
            put_back = None
            screen.key("Return")
            time.sleep(0.5)  # until then the newest records are the program's alone
            participant.wait_for_session()
            participant.press_until(
                "Return", lambda: trial.position in participant.answers(), "the answer that had to wait"
            )
            given[trial.position] = "7"
            assert participant.answers() == given
            assert participant.events(EventKind.IMAGE_FAILED) == []
            trial = answer(participant, 4)
            given[trial.position] = "4"
            participant.close()
            assert program.close_window() == 0
            assert program.said == ""
        finally:
            if put_back is not None:
                put_back()
            participant.close()
    assert answers(store) == len(given)
