"""The images' folder is away for a while, as a stick that is pulled: no image is blamed, and no key is lost."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from studies.labeling.facts.settings import ProjectSettings
from studies.timing.facts.records import EventKind
from tests.e2e.annotator import Annotator, make_folder
from tests.e2e.participant import Participant
from tests.e2e.screen import Program, Screen
from tests.e2e.test_disks import SHADES, start, write_shades

pytestmark = pytest.mark.e2e
DECODED_AHEAD = 5


def test_labeling_waits_for_its_folder(screen: Screen, tmp_path: Path) -> None:
    folder = make_folder(tmp_path, 40, ProjectSettings(seed_labels=100, holdout=5))
    with Program(screen, tmp_path / "home", *folder.run()) as program:
        annotator = Annotator(screen, program, folder)
        try:
            image, _ = annotator.next_image(None)
            away = folder.images.with_name("away")
            folder.images.rename(away)
            answers = "SELECT count(*) FROM label_events WHERE verb = 'label'"
            for _ in range(DECODED_AHEAD + 6):
                screen.key("1")
                time.sleep(0.25)
            for _ in range(3):  # trying again helps nothing, and answers nothing
                screen.key("Return")
                time.sleep(0.3)
            given = annotator.number(answers)
            assert given <= DECODED_AHEAD + 1
            assert annotator.number("SELECT count(*) FROM label_events WHERE verb = 'unreadable'") == 0
            away.rename(folder.images)
            screen.key("Return")
            image, _ = annotator.next_image(image)
            assert annotator.number(answers) == given
            time.sleep(1.2)  # who was to try again answers nothing that has only just come back
            screen.key("1")
            annotator.next_image(image)
            assert annotator.number(answers) == given + 1
            assert program.close_window() == 0
        finally:
            annotator.close()


def test_labeling_goes_on_by_itself_once_its_folder_is_back(screen: Screen, tmp_path: Path) -> None:
    folder = make_folder(tmp_path, 40, ProjectSettings(seed_labels=100, holdout=5))
    with Program(screen, tmp_path / "home", *folder.run()) as program:
        annotator = Annotator(screen, program, folder)
        try:
            annotator.next_image(None)
            away = folder.images.with_name("away")
            folder.images.rename(away)
            folder.images.mkdir()  # as the place of a stick that was pulled
            answers = "SELECT count(*) FROM label_events WHERE verb = 'label'"
            for _ in range(DECODED_AHEAD + 6):
                screen.key("1")
                time.sleep(0.25)
            given = annotator.number(answers)
            assert given <= DECODED_AHEAD + 1
            folder.images.rmdir()
            away.rename(folder.images)
            annotator.next_image(None)
            time.sleep(1.2)  # nothing that has only just come back is answered
            screen.key("1")
            program.until(lambda: annotator.number(answers) == given + 1, "its answer")
            assert annotator.number("SELECT count(*) FROM label_events WHERE verb = 'unreadable'") == 0
            assert program.close_window() == 0
        finally:
            annotator.close()


@pytest.mark.parametrize("lost", ["renamed", "emptied"])
def test_a_study_waits_for_the_folder_of_one_class(screen: Screen, tmp_path: Path, lost: str) -> None:
    images = tmp_path / "images"
    write_shades(images)
    plan, store = tmp_path / "plan.toml", tmp_path / "study.sqlite"
    plan.write_text(SHADES)
    run = ("study", "run", "--plan", plan, "--participant", "P01", "--store", store)
    with Program(screen, tmp_path / "home", *run) as program:
        participant = Participant(screen, program, store)
        try:
            start(participant)
            participant.next_image()
            (images / "dark").rename(tmp_path / "away")
            if lost == "emptied":
                (images / "dark").mkdir()
            for _ in range(DECODED_AHEAD + 8):
                screen.key("1")
                time.sleep(0.3)
            for _ in range(4):
                screen.key("Return")
                time.sleep(0.5)
            assert len(participant.answers()) < 12
            assert participant.events(EventKind.IMAGE_FAILED) == []
            if lost == "emptied":
                (images / "dark").rmdir()
            (tmp_path / "away").rename(images / "dark")
            shown = len(participant.events(EventKind.PRESENTED))
            participant.press_until(
                "Return",
                lambda: len(participant.events(EventKind.PRESENTED)) > shown,
                "the image that had to wait",
            )
            while len(participant.answers()) < 12:
                time.sleep(0.3)
                screen.key("1")
            participant.wait_for(EventKind.FINISHED, 1)
            assert participant.events(EventKind.IMAGE_FAILED) == []
            assert program.close_window() == 0
        finally:
            participant.close()


def test_a_study_waits_for_its_folder(screen: Screen, tmp_path: Path) -> None:
    images = tmp_path / "images"
    write_shades(images)
    plan, store = tmp_path / "plan.toml", tmp_path / "study.sqlite"
    plan.write_text(SHADES)
    run = ("study", "run", "--plan", plan, "--participant", "P01", "--store", store)
    with Program(screen, tmp_path / "home", *run) as program:
        participant = Participant(screen, program, store)
        try:
            start(participant)
            participant.next_image()
            images.rename(tmp_path / "away")
            for _ in range(DECODED_AHEAD + 8):
                screen.key("1")
                time.sleep(0.3)
            given = len(participant.answers())
            assert given < 12
            (tmp_path / "away").rename(images)
            shown = len(participant.events(EventKind.PRESENTED))
            participant.press_until(
                "Return",
                lambda: len(participant.events(EventKind.PRESENTED)) > shown,
                "the image that had to wait",
            )
            while len(participant.answers()) < 12:
                time.sleep(0.3)
                screen.key("1")
            participant.wait_for(EventKind.FINISHED, 1)
            assert participant.events(EventKind.IMAGE_FAILED) == []
            assert program.close_window() == 0
        finally:
            participant.close()
        assert program.said == ""
