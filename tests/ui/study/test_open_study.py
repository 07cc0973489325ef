"""At most one study is open: another one closes it, a refused one leaves none, and leaving it leads home."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clarifier_desktop.app import Program
from studies.files.store_errors import StoreError
from studies.timing.facts.plan import parse_plan
from studies.timing.file.store import Store
from studies.timing.session.opening import Opening
from studies.timing.session.session import Participant

PLAN = """
name = "short"
[[blocks]]
dataset = "digits"
images = 3
"""


def opening(file: Path, code: str = "") -> Opening:
    made = Opening(parse_plan(PLAN), file, {})
    return replace(made, participant=Participant(code)) if code else made


def test_another_study_closes_the_one_before(program: Program, tmp_path: Path) -> None:
    first = program.open_study(opening(tmp_path / "a.sqlite"))
    second = program.open_study(opening(tmp_path / "b.sqlite"))
    assert program.flow is second
    assert program.pages.currentWidget() is second.welcome
    assert program.pages.indexOf(first.welcome) == -1
    Store.open(tmp_path / "a.sqlite").close()  # nobody else has it open
    assert program.preferences.last_store == tmp_path / "b.sqlite"
    assert program.preferences.recent_files == (tmp_path / "b.sqlite", tmp_path / "a.sqlite")


def test_a_file_in_use_is_refused_and_no_study_is_open(program: Program, tmp_path: Path) -> None:
    program.open_study(opening(tmp_path / "a.sqlite"))
    with Store.open(tmp_path / "b.sqlite"), pytest.raises(StoreError):
        program.open_study(opening(tmp_path / "b.sqlite"))
    assert program.flow is None
    assert program.preferences.last_store == tmp_path / "a.sqlite"


def test_a_participant_who_is_known_already_begins_at_once(program: Program, tmp_path: Path, qtbot) -> None:
    flow = program.open_study(opening(tmp_path / "a.sqlite", "P01"))
    qtbot.waitUntil(lambda: flow.controller is not None, timeout=10_000)


def test_leaving_leads_home_and_closes_the_file(program: Program, tmp_path: Path) -> None:
    flow = program.open_study(opening(tmp_path / "a.sqlite"))
    flow.left.emit()
    assert program.flow is None
    assert program.pages.currentWidget() is program.home
    Store.open(tmp_path / "a.sqlite").close()


def test_the_participants_box_fills_the_screen(program: Program, tmp_path: Path) -> None:
    flow = program.open_study(opening(tmp_path / "a.sqlite"))
    flow.welcome.full_screen_wanted.emit(True)
    assert program.window.isFullScreen()
    flow.welcome.full_screen_wanted.emit(True)
    assert program.window.isFullScreen()
    flow.welcome.full_screen_wanted.emit(False)
    assert not program.window.isFullScreen()
