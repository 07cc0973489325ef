"""The base install: the timing study runs without the learner, and what needs it says so in a sentence."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from clarifier_desktop.app import Program
from clarifier_desktop.cli.commands import main
from model import parts
from model.datasets.base import DataError
from model.datasets.registry import download
from model.errors import UserError
from model.parts import MissingPartError, has_learner, need_learner
from tests.files_made_before.opened import unpack
from ui.labeling.project.files import PROJECT_SUFFIX
from ui.preferences import Paths

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]

# Raises for each package of the extra "learn", and then imports what the study is made of, every file of it.
STUDY = """
import sys

class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        others = {"torch", "torchvision", "scipy", "pooch", "submodlib", "timm", "open_clip", "tokenizers"}
        if name.split(".")[0] in others:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NotInstalled())
import importlib
import pkgutil

def load(name):
    package = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(package, "__path__", []), name + "."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)

for name in sys.argv[1:]:
    load(name)
print(len([name for name in sys.modules if name.split(".")[0] in ("clarifier_desktop", "ui", "studies", "model")]))
"""
PARTS_OF_THE_STUDY = (
    "clarifier_desktop",
    "model.datasets",
    "studies.charts",
    "studies.files",
    "studies.pages",
    "studies.plans",
    "studies.timing",
    "ui",
)
NEED_THE_LEARNER = (
    ["label", "shapes"],
    ["check", "shapes"],
    ["simulate", "digits", "--store", "s.sqlite"],
    ["predict", "m.pt", ".", "--to", "p.csv"],
    ["export", "model", "--project", "p.clarifier", "--to", "m.pt"],
    ["export", "model", "--project", "p.clarifier", "--to", "m.pt", "--onnx"],
    ["download", "cifar10"],
)


@pytest.fixture
def without_learner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_LEARNER", ("what_nobody_has",))


def test_every_file_of_the_study_loads_without_the_learner() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STUDY, *PARTS_OF_THE_STUDY],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 200


@pytest.mark.parametrize("arguments", NEED_THE_LEARNER, ids=lambda arguments: " ".join(arguments[:2]))
def test_a_command_that_needs_the_learner_says_how_to_add_it(
    arguments: list[str],
    without_learner: None,
    own_folders: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert "needs the learner, which is not installed: add it with " in said
    assert len(said.splitlines()) == 1
    assert not list(tmp_path.glob("*.*"))


def test_an_experiments_plan_is_checked_without_the_learner(
    without_learner: None, own_folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "digits", "--check"]) == 0
    assert "can be run" in capsys.readouterr().out


def test_the_window_says_it_and_stays_where_it_is(
    without_learner: None, qapp, qtbot, own_folders: Path, tmp_path: Path
) -> None:
    project = unpack(f"planned{PROJECT_SUFFIX}", tmp_path)
    before = project.read_bytes()
    program = Program(qapp, Paths.of_user())
    qtbot.addWidget(program.window)
    try:
        program.show()
        said: list[str] = []
        program.window.notice.show_text = said.append  # type: ignore[assignment]
        program.home.project_wanted.emit()
        program.home.recent_wanted.emit(project)
        assert len(said) == 2
        assert all(text.startswith("Labeling needs the learner") for text in said)
        assert program.window.pages.currentWidget() is program.home
        assert program.labeling is None
        assert project.read_bytes() == before
    finally:
        program.close()


def test_a_data_set_that_would_be_downloaded_says_it(without_learner: None, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Downloading CIFAR-10 needs the learner"):
        download("cifar10", tmp_path, lambda *_: None, lambda: False)
    assert not issubclass(MissingPartError, DataError)


def test_the_sentence_fits_how_the_program_was_installed(
    without_learner: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sentence() -> str:
        with pytest.raises(MissingPartError) as caught:
            need_learner("Labeling")
        return str(caught.value)

    monkeypatch.setattr(sys, "prefix", "/usr")
    assert sentence().endswith("add it with pip install 'clarifier-desktop[learn]'")
    monkeypatch.setattr(sys, "prefix", str(ROOT / ".venv"))
    assert sentence().endswith("bootstrap.py setup")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "timing study alone" in sentence()


def test_the_base_install_asks_for_nothing_of_the_learner() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[^\w-]", line)[0].lower() for line in project["dependencies"]]
    learner = [re.split(r"[^\w-]", line)[0].lower() for line in project["optional-dependencies"]["learn"]]
    assert {"torch", "torchvision", "scipy"} <= set(learner)
    assert not set(names) & set(learner)


def test_a_module_that_is_held_back_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert has_learner()
    monkeypatch.setitem(sys.modules, "torch", None)
    assert not has_learner()
