"""The commands ``study pack`` and ``study open``, and a kit as the program's argument."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from clarifier_desktop import app
from clarifier_desktop.cli import main
from clarifier_desktop.cli.kits import answers_of
from studies.timing.session.opening import Opening
from ui.preferences import Paths


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the window was opened with."""
    seen: list[object] = []

    def run(opening: Opening | None = None, started: object = None, full_screen: bool = False) -> int:
        seen.append(opening if opening is not None else started)
        return 0

    monkeypatch.setattr(app, "run", run)
    return seen


def test_a_kit_is_packed_and_opened_by_its_name_alone(
    tmp_path: Path, own_folders: Path, opened: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    kit = tmp_path / "My Study.clarifier-study"
    assert main(["study", "pack", "--plan", "demo", "--to", str(kit)]) == 0
    assert "My Study.clarifier-study: the plan and 0 files of images" in capsys.readouterr().out
    assert main([str(kit)]) == 0
    assert main(["study", "open", str(kit), "--store", str(tmp_path / "b.sqlite")]) == 0
    stores = [opening.store for opening in opened if isinstance(opening, Opening)]
    assert stores == [tmp_path / "My Study-answers.sqlite", tmp_path / "b.sqlite"]


def test_a_kit_opens_where_there_is_neither_output_nor_error_stream(
    tmp_path: Path, own_folders: Path, opened: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = tmp_path / "k.clarifier-study"
    assert main(["study", "pack", "--plan", "demo", "--to", str(kit)]) == 0
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main([str(kit)]) == 0
    kit.write_bytes(b"nothing")
    assert main([str(kit)]) == 0
    assert len(opened) == 2


def test_answers_go_elsewhere_where_nothing_can_be_written_beside_the_kit(
    tmp_path: Path, own_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    paths = Paths.of_user()
    assert answers_of(tmp_path / "a.clarifier-study", paths) == paths.data / "a-answers.sqlite"


def test_a_broken_kit_is_a_sentence_in_the_terminal_and_after_a_double_click_in_the_window(
    tmp_path: Path,
    own_folders: Path,
    opened: list[object],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kit = tmp_path / "k.clarifier-study"
    kit.write_bytes(b"nothing")
    assert main([str(kit)]) == 2
    assert "is no study kit, or is damaged" in capsys.readouterr().err
    assert opened == []
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert main([str(kit)]) == 0
    assert len(opened) == 1
