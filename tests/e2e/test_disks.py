"""A disk that fills up in mid-session, and an image that vanishes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PIL import Image

from studies.timing.facts.records import EventKind
from studies.timing.file.store import Store
from tests.e2e.participant import Participant
from tests.e2e.screen import Program, Screen
from tests.studies.timing.disks import mounted

pytestmark = pytest.mark.e2e

PLAN = """\
name = "disks"
seed = 3

[trials]
practice = 0
fixation_ms = 100
break_every = 0

[[blocks]]
"""
DIGITS = PLAN + 'dataset = "digits"\nimages = 8\n'
SHADES = PLAN + 'dataset = "folder"\npath = "images"\nimages = 12\n'


def fill(disk: Path) -> Path:
    """A file that takes all that is free."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return filler


def write_shades(folder: Path) -> None:
    """Sixteen images of two classes, dark and light."""
    for name, shade in (("dark", 40), ("light", 220)):
        (folder / name).mkdir(parents=True)
        for number in range(8):
            Image.new("RGB", (32, 32), (shade, number * 10, shade)).save(folder / name / f"{number}.png")


def start(participant: Participant) -> None:
    participant.wait_for_session()
    for kind in (EventKind.CONSENTED, EventKind.INSTRUCTED, EventKind.BLOCK_STARTED):
        participant.turn_page(kind)


def test_a_full_disk_holds_the_session_until_there_is_room(screen: Screen, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(DIGITS)
    with mounted(tmp_path / "disk", "1m") as disk:
        store = disk / "study.sqlite"
        run = ("study", "run", "--plan", plan, "--participant", "P01", "--store", store)
        with Program(screen, tmp_path / "home", *run) as program:
            participant = Participant(screen, program, store)
            try:
                start(participant)
                given: dict[int, str] = {}
                for number in range(3):
                    trial, _ = participant.next_image()
                    given[trial.position] = str(number)
                    time.sleep(0.1)
                    screen.key(str(number))
                trial, _ = participant.next_image()
                filler = fill(disk)
                pressed_ns = screen.key("7")
                time.sleep(0.7)
                facts = len(participant.events()), len(participant.answers())
                for key in ("Return", "3", "Return"):  # trying again helps nothing, and answers nothing
                    screen.key(key)
                    time.sleep(0.3)
                assert (len(participant.events()), len(participant.answers())) == facts
                assert program.running
                stored = trial.position in participant.answers()
                assert len(participant.answers()) == 3 + stored

                filler.unlink()
                given[trial.position] = "7"
                participant.press_until(
                    "Return", lambda: trial.position in participant.answers(), "the answer that had to wait"
                )
                # Where it was the next onset that could not be stored, its trial is void and comes again.
                participant.until(
                    lambda: (
                        participant.events(EventKind.PAUSED)
                        or len(participant.events(EventKind.PRESENTED)) >= 5
                    ),
                    "the session going on",
                )
                if participant.events(EventKind.PAUSED):
                    participant.turn_page(EventKind.RESUMED)
                    participant.skip_seen()
                while len(participant.answers()) < 8:
                    trial, _ = participant.next_image()
                    assert trial.position not in given
                    given[trial.position] = "1"
                    time.sleep(0.1)
                    screen.key("1")
                    participant.wait_for_answer(trial.position)
                participant.wait_for(EventKind.FINISHED, 1)
                assert participant.answers() == given
                assert program.close_window() == 0
            finally:
                participant.close()
            assert program.said == ""
        with Store.open(store, writable=False) as opened:
            assert opened.query("PRAGMA integrity_check") == [("ok",)]
            ((response_ns,),) = opened.query("SELECT response_ns FROM responses WHERE answer = '7'")
            assert response_ns == pytest.approx(pressed_ns, abs=100_000_000), (
                "the time of the key, not of saving"
            )


def test_an_image_that_vanishes_is_left_out(screen: Screen, tmp_path: Path) -> None:
    write_shades(tmp_path / "images")
    plan, store = tmp_path / "plan.toml", tmp_path / "study.sqlite"
    plan.write_text(SHADES)
    run = ("study", "run", "--plan", plan, "--participant", "P01", "--store", store)
    with Program(screen, tmp_path / "home", *run) as program:
        participant = Participant(screen, program, store)
        try:
            start(participant)
            for place in range(10):
                trial, _ = participant.next_image()
                if place == 0:
                    # One in the middle and the last: both are further off than what is decoded ahead.
                    gone = {participant.trials[6], participant.trials[11]}
                    for lost in gone:
                        (tmp_path / "images" / lost.item).unlink()
                time.sleep(0.05)
                screen.key("1" if trial.true_class == "dark" else "2")
            participant.wait_for(EventKind.FINISHED, 1)
            failed = participant.events(EventKind.IMAGE_FAILED)
            assert {event.position for event in failed} == {trial.position for trial in gone}
            assert all(event.detail for event in failed)
            right = {t.position: t.true_class for t in participant.trials if t not in gone}
            assert participant.answers() == right
            assert program.close_window() == 0
        finally:
            participant.close()
        assert program.said == ""
