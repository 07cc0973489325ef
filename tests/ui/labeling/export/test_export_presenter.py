"""Labels, rounds, figures and models go out, and labels come back in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from clarifier_desktop.app import Program
from model import children
from model.port import Cancelled, NullPort
from studies.table_files import ExportError
from tests.studies.labeling import sample
from tests.ui.dialogs import Answers
from tests.ui.driving import unnamed
from tests.ui.labeling.live import project_of
from tests.ui.labeling.window import page_of, press, words
from ui.labeling.export.export_page import EXPORT_KEYS, Export, ExportPage
from ui.labeling.export.export_presenter import _model


def test_labels_go_out_by_one_key_each_and_come_back_into_another_project(
    labeled: Program, folder: Path, tmp_path: Path, qtbot, answers: Answers
) -> None:
    assert labeled.labeling is not None
    press(labeled, qtbot, Qt.Key.Key_E, control=True)
    page = page_of(labeled, ExportPage)
    assert unnamed(page) == []

    def save(what: Export, to: Path, said: str) -> None:
        answers.to = to
        qtbot.keyClick(page, EXPORT_KEYS[what].keys[0])
        qtbot.waitUntil(lambda: said in words(page), timeout=60_000)  # a child may load torch

    save(Export.CSV, tmp_path / "labels.csv", "8 rows are in")
    with (tmp_path / "labels.csv").open(newline="") as file:
        rows = {row["item"]: row["label"] for row in csv.DictReader(file)}
    assert len(rows) == 8
    assert all(item.split("/")[0] == label for item, label in rows.items())
    qtbot.keyClick(page, Qt.Key.Key_X)
    save(Export.CSV, tmp_path / "excel.csv", "8 rows are in")
    assert (tmp_path / "excel.csv").read_bytes().startswith(b"\xef\xbb\xbfitem")
    save(Export.JSONL, tmp_path / "labels.jsonl", "8 labels are in")
    save(Export.COPIES, tmp_path / "copies", "8 images of")
    assert len(list((tmp_path / "copies").glob("*/*.png"))) == 8
    save(Export.LINKS, tmp_path / "links", "links")
    assert len(list((tmp_path / "links").glob("*/*.png"))) == 8
    save(Export.IMAGES, tmp_path / "images.csv", "images are in")
    save(Export.ANSWERS, tmp_path / "answers.csv", "8 rows are in")
    save(Export.ROUNDS, tmp_path / "rounds.csv", "0 rows are in")
    save(Export.FIGURE, tmp_path / "accuracy.svg", "The figure is in")
    assert (tmp_path / "accuracy.numbers.csv").read_text().startswith("round,cost_s")
    save(Export.REPORT, tmp_path / "report.html", "The report is in")
    assert "8 of 60 labeled" in (tmp_path / "report.html").read_text(encoding="utf-8")
    save(Export.MODEL, tmp_path / "model.pt", "has no model yet")
    assert not page.with_onnx
    qtbot.keyClick(page, Qt.Key.Key_O)
    assert page.with_onnx
    save(Export.COPIES, folder, "holds other files")

    labeled.presenters.project.close_project()
    project_of(folder, tmp_path / "second.clarifier", seed_labels=100).close()
    labeled.open_project(tmp_path / "second.clarifier")
    press(labeled, qtbot, Qt.Key.Key_E, control=True)
    page = page_of(labeled, ExportPage)
    save(Export.IMPORT, tmp_path / "labels.csv", "8 labels read; 0 images keep")
    save(Export.IMPORT, tmp_path / "labels.csv", "0 labels read; 8 images keep")
    project = labeled.labeling.project
    given = {name: project.label_of(item) for item, name in enumerate(project.items)}
    assert {name: project.classes.name(c) for name, c in given.items() if c is not None} == rows


def test_a_folder_with_modules_in_it_runs_no_code(tmp_path: Path, hostile_folder) -> None:
    sample.create(tmp_path / "animals.clarifier").close()
    with pytest.raises(ExportError, match="has no model yet") as told:
        _model(tmp_path / "animals.clarifier", tmp_path / "animals.pt", NullPort())
    assert "Traceback" not in str(told.value)
    assert hostile_folder.imported() == []


@pytest.mark.parametrize("onnx", [False, True])
def test_onnx_is_asked_for_where_it_was_ticked(
    onnx: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    command = children.command

    def noted(module: str, *arguments: str) -> Sequence[str]:
        asked.extend(arguments)
        return command(module, *arguments)

    monkeypatch.setattr(children, "command", noted)
    sample.create(tmp_path / "animals.clarifier").close()
    with pytest.raises(ExportError, match=r"has no model yet|not installed"):
        _model(tmp_path / "animals.clarifier", tmp_path / "animals.pt", NullPort(), onnx=onnx)
    assert ("--onnx" in asked) is onnx


def test_the_models_export_can_be_cancelled(tmp_path: Path) -> None:
    class AtOnce(NullPort):
        def cancelled(self) -> bool:
            return True

    sample.create(tmp_path / "animals.clarifier").close()
    with pytest.raises(Cancelled):
        _model(tmp_path / "animals.clarifier", tmp_path / "animals.pt", AtOnce())
