"""The learner in its own process, as the program starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from model.children import Child
from model.datasets.base import Source
from model.errors import UserError
from model.port import Cancelled, NullPort
from model.rounds.live_values import LearnerSettings, LearnRequest, LearnResult
from model.tiers import budgets_of
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.project.creation import Draft, create
from studies.labeling.rounds import learner_process
from studies.labeling.rounds.learner_process import LearnerError, LearnerProcess

PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> LearnRequest:
    """A round over 40 images of two colours, half of which have labels: an image costs next to nothing."""
    folder = tmp_path_factory.mktemp("learner")
    n = 40
    for number in range(n):
        pixels = np.full((8, 8, 3), 40 + number, np.uint8)
        pixels[..., number % 2] += 100
        Image.fromarray(pixels).save(folder / f"{number:02d}.png")
    source, classes = Source("folder", folder), ("red", "green")
    create(folder / "p", Draft(source, classes, ProjectSettings(holdout=0)), folder, "0", NullPort()).close()
    nothing = np.zeros(n, np.bool_)
    labels = np.where(np.arange(n) < 20, np.arange(n) % 2, -1).astype(np.int32)
    return LearnRequest(
        project=folder / "p", work=folder / "work", shared=folder / "shared", source=source, classes=classes,
        labels=labels, auto=nothing, holdout=nothing, random=nothing, excluded=nothing,
        order=np.arange(n),
        settings=LearnerSettings(network="small-cnn"), budgets=budgets_of(hard=2, intermediate=2),
        spare=2, round=1, seed=1, threads=1,
    )  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, asked: LearnRequest) -> Iterator[LearnerProcess]:
    """One child for the tests that leave it alive, for it costs seconds; it has done its first round."""
    learner = LearnerProcess(tmp_path_factory.mktemp("cache"))
    learner.run(asked, NullPort())
    yield learner
    learner.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[LearnerProcess]:
    learner = LearnerProcess(tmp_path)
    yield learner
    learner.close()
    learner.close()  # may be called twice


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A busy machine is no child that does not listen."""
    monkeypatch.setattr("studies.labeling.rounds.learner_process._GRACE_S", PATIENCE_S)


def child(learner: LearnerProcess) -> psutil.Process:
    assert learner._child is not None
    return psutil.Process(learner._child.pid)


class At(NullPort):
    """Does something once the child tells of its training."""

    def __init__(self, do: Callable[[], None] = lambda: None, stop: bool = False) -> None:
        self.texts: list[str] = []
        self.do, self.stop, self.met = do, stop, False

    def progress(self, done: int, total: int, text: str) -> None:
        self.texts.append(text)
        if text.startswith("Training") and not self.met:
            self.met = True
            self.do()

    def cancelled(self) -> bool:
        return self.stop and self.met


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > deadline:
            pytest.fail("nothing happened")
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform == "win32", reason="niceness is a number elsewhere")
def test_a_round_from_end_to_end(shared, asked):
    port = At()
    result = shared.run(replace(asked, seed=7), port)
    assert isinstance(result, LearnResult)
    assert (result.model.trained_on, len(result.queue), len(result.spare)) == (20, 4, 2)
    assert (asked.work / result.model.file).exists()
    assert any(text.startswith("Training") for text in port.texts)
    assert any(text.startswith("Predicting") for text in port.texts)
    assert child(shared).nice() >= 10, "the window comes first"


def test_cancelling_leaves_the_child_usable(shared, asked):
    before = child(shared).pid
    with pytest.raises(Cancelled):
        shared.run(replace(asked, seed=2), At(stop=True))
    assert child(shared).pid == before
    assert shared.run(replace(asked, seed=1), NullPort()).seed == 1


def test_what_a_person_can_mend_passes_through_and_a_bug_is_none(shared, asked):
    one_class = np.where(asked.labels >= 0, 0, -1).astype(np.int32)
    with pytest.raises(UserError, match="two classes at least") as told:
        shared.run(replace(asked, labels=one_class), NullPort())
    assert not isinstance(told.value, LearnerError)
    with pytest.raises(RuntimeError, match="Traceback"):
        shared.run(replace(asked, labels=asked.labels[:5]), NullPort())
    assert shared.run(replace(asked, round=7), NullPort()).round == 7


def test_a_child_that_dies_ends_in_a_sentence_and_is_replaced(own, asked, monkeypatch):
    with pytest.raises(LearnerError, match="Nothing is lost"):
        own.run(replace(asked, seed=3), At(do=lambda: child(own).kill()))
    assert own._child is None
    assert own.run(asked, NullPort()).round == 1

    def dies(self, message):
        if message == "cancel":
            child(own).kill()
            wait_until(lambda: not self.is_running())
        send(self, message)

    send = Child.send
    monkeypatch.setattr(Child, "send", dies)
    with pytest.raises(Cancelled):
        own.run(replace(asked, seed=4), At(stop=True))


def test_a_cancellation_before_the_child_is_ready_is_not_forgotten(own, asked):
    """Request and cancellation lie in the pipe together while the child is only starting."""

    class AtOnce(NullPort):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        own.run(asked, AtOnce())
    assert own._child is not None, "it heard of it, and was not killed"


@pytest.mark.skipif(os.name != "posix", reason="by a signal")
def test_a_child_that_hangs_holds_up_no_closing(own, asked):
    """It is stopped as by a read that never returns."""
    hangs = threading.Event()
    ends: list[BaseException] = []

    def stop() -> None:
        child(own).suspend()
        hangs.set()

    def ask() -> None:
        try:
            own.run(replace(asked, seed=8), At(do=stop, stop=True))
        except Cancelled as error:
            ends.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert hangs.wait(PATIENCE_S)
    began = time.monotonic()
    own.close()
    thread.join(5)
    assert time.monotonic() - began < 2
    assert len(ends) == 1
    assert own._child is None


PARENT = """
import pickle, sys
from pathlib import Path
from model.port import NullPort
from studies.labeling.rounds.learner_process import LearnerProcess

class Says(NullPort):
    def progress(self, done, total, text):
        print(learner._child.pid, text, flush=True)

learner = LearnerProcess(Path(sys.argv[2]))
learner.run(pickle.loads(Path(sys.argv[1]).read_bytes()), Says())
"""


@pytest.mark.skipif(os.name != "posix", reason="by a signal")
def test_a_parent_that_dies_takes_its_child_with_it(tmp_path, asked):
    import pickle

    (tmp_path / "request").write_bytes(pickle.dumps(replace(asked, seed=6)))
    command = [sys.executable, "-c", PARENT, str(tmp_path / "request"), str(tmp_path / "cache")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        line = next(line for line in parent.stdout if "Training" in line)
        orphan = psutil.Process(int(line.split()[0]))
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    wait_until(lambda: not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE)


def test_the_learners_threads_sleep_while_they_wait_unless_a_person_said_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    assert learner_process._wait_policy() == "passive"
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    assert learner_process._wait_policy() == "active"


def test_a_folder_with_modules_in_it_runs_no_code(own, asked, hostile_folder):
    assert own.run(asked, NullPort()).round == 1
    assert hostile_folder.imported() == []


def test_without_a_temporary_folder_a_sentence_says_what_to_mend(own, asked, tmp_path, monkeypatch):
    """Torch needs one as soon as it is imported."""
    none_is_left = "import tempfile\ntempfile._candidate_tempdir_list = list\n"
    (tmp_path / "sitecustomize.py").write_text(none_is_left)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(UserError, match="temporary files"):
        own.run(asked, NullPort())
