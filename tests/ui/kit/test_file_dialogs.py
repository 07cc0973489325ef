"""The system's dialogs: what they are asked for, and one place that asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.kit.file_dialogs import FileDialogs, FileKind, _SaveDialog

UI = Path(__file__).parents[3] / "ui"
PNG, SVG = FileKind("Picture", "png"), FileKind("Drawing", "svg")


@pytest.fixture
def parent(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_what_is_left_without_a_choice_is_none(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    monkeypatch.setattr(QFileDialog, "exec", lambda _: 0)
    dialogs = FileDialogs()
    assert dialogs.open(parent, "Open", Path(), PNG) is None
    assert dialogs.folder(parent, "Folder") is None
    assert dialogs.save(parent, "Save", Path("a.png"), (PNG,)) is None


def test_a_kind_may_let_others_be_opened(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    filters: list[str] = []

    def choose(_parent: QWidget, _title: str, _folder: str, name_filter: str) -> tuple[str, str]:
        filters.append(name_filter)
        return "/a/b.txt", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    assert FileDialogs().open(parent, "Open", Path(), PNG) == Path("/a/b.txt")
    FileDialogs().open(parent, "Open", Path(), FileKind("Text", "txt", or_any=True))
    assert filters == ["Picture (*.png)", "Text (*.txt);;All (*)"]


def test_dialogs_begin_where_a_person_finds_files_again(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own, elsewhere = tmp_path / "own", tmp_path / "elsewhere"
    begun: list[Path] = []

    def choose(_parent: QWidget, _title: str, folder: str, *_: str) -> tuple[str, str]:
        begun.append(Path(folder))
        return str(elsewhere / "a.png"), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path / "documents"))
    dialogs = FileDialogs(own)
    dialogs.open(parent, "Open", tmp_path, PNG)
    assert begun[-1] == tmp_path
    dialogs = FileDialogs(own)
    for wanted in (own / "projects", Path()):
        dialogs.open(parent, "Open", wanted, PNG)
    assert begun[1:] == [tmp_path / "documents", elsewhere]


@pytest.mark.parametrize("overwrites", [True, False])
def test_a_file_that_is_added_to_needs_no_confirmation(parent: QWidget, overwrites: bool) -> None:
    dialog = _SaveDialog(parent, "Save", Path("/a/b.png"), (PNG,), overwrites)
    assert dialog.testOption(QFileDialog.Option.DontConfirmOverwrite) is not overwrites


def test_the_ending_follows_the_kind(parent: QWidget) -> None:
    dialog = _SaveDialog(parent, "Save", Path("/a/b.png"), (PNG, SVG), True)
    assert dialog.defaultSuffix() == "png"
    dialog.filterSelected.emit(SVG.name_filter)
    assert dialog.defaultSuffix() == "svg"


def test_no_other_file_of_the_window_opens_a_file_dialog() -> None:
    bare = [path.name for path in UI.rglob("*.py") if "QFileDialog" in path.read_text(encoding="utf-8")]
    assert bare == ["file_dialogs.py"]
