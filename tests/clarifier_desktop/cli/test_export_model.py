"""The command ``export model``: the model with its description, its card, and as ONNX."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from clarifier_desktop.cli import main
from model.rounds import onnx_file
from model.rounds.model_file import keep_model
from studies.labeling.facts.records import BegunWith, LabelEvent, Purpose, Verb
from studies.labeling.file.store import ProjectStore
from tests.model.coloured import TRANSFORM
from tests.model.rounds.test_model_file import small
from tests.model.rounds.test_predicting import fill
from tests.studies.labeling.sample import MODEL, NAMES, conductor, create, open_project, result
from ui.labeling.project.files import work_folder
from ui.preferences import Paths


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose last model is there."""
    create(tmp_path / "p.clarifier").close()
    project = open_project(tmp_path / "p.clarifier")
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, item % 2) for item in range(8)])
    work = work_folder(Paths.of_user(), project.head.uuid)
    sha256, file = keep_model(work, small(), TRANSFORM, NAMES, 8)
    leads = conductor(project)
    request = leads.request(leads.propose())
    trained = replace(result(project, 1, []), model=replace(MODEL, sha256=sha256, file=file.name))
    leads.begin_round(request, trained)
    project.store.close()
    return tmp_path / "p.clarifier"


def export(project: Path, to: Path, *more: str) -> int:
    return main(["export", "model", "--project", str(project), "--to", str(to), *more])


def test_a_card_lies_beside_the_model(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(project, tmp_path / "birds.pt") == 0
    said = capsys.readouterr().out
    assert "birds.card.md" in said
    text = (tmp_path / "birds.card.md").read_text(encoding="utf-8")
    assert "# Model card: animals" in text
    assert "| cat | 4 | 0 | 0 |" in text
    assert not (tmp_path / "birds.onnx").exists()
    to = tmp_path / "labels.csv"
    assert main(["predict", str(tmp_path / "birds.pt"), str(fill(tmp_path / "new")), "--to", str(to)]) == 0
    assert "4 images in" in capsys.readouterr().out


def test_onnx_is_written_beside_it(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxscript")
    with suppress(ImportError):
        monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)
    assert export(project, tmp_path / "birds.pt", "--onnx") == 0
    assert "birds.onnx" in capsys.readouterr().out
    assert (tmp_path / "birds.onnx").stat().st_size > 100_000


def test_without_the_extra_nothing_is_written(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_file, "_NEEDED", ("no_such_package",))
    assert export(project, tmp_path / "birds.pt", "--onnx") == 2
    said = capsys.readouterr().err
    assert "pip install 'clarifier-desktop[onnx]'" in said
    assert said.count("\n") == 1
    assert not list(tmp_path.glob("birds*"))


def test_what_the_project_was_begun_with_is_said(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = BegunWith("ab" * 32, "gulls.pt", "", "small-cnn", 1, (0, 1, 2))
    monkeypatch.setattr(ProjectStore, "begun_with", lambda _store: begun)
    assert export(project, tmp_path / "birds.pt") == 0
    assert (
        "Begun with gulls.pt: a model of another project, trained on 1 label there."
        in capsys.readouterr().out
    )
    card = (tmp_path / "birds.card.md").read_text(encoding="utf-8")
    assert "begun with: gulls.pt, trained on 1 label elsewhere, SHA-256 `abab" in card
