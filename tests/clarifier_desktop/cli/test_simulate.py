"""The command simulate as it is used: killed and gone on with, a run that fails, and what it refuses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from clarifier_desktop.cli import main
from studies.simulation.file.store import ExperimentStore
from tests.studies.simulation.sample import CLARIFIER, DATA, HEAD, PLAN, SUGGEST, draw_squares

ROOT = Path(__file__).parents[3]
_ROUNDS = "SELECT method, seed, round, cost, n_hard_right, n_intermediate_right, n_easy_right, accuracy FROM results"


def plan_in(folder: Path, toml: str = PLAN) -> Path:
    path = folder / "squares.toml"
    path.write_text(toml)
    return path


def command(folder: Path, store: str, *more: str) -> list[str]:
    words = ["simulate", str(folder / "squares.toml"), "--data", str(folder), "--store", str(folder / store)]
    return [*words, *more]


def rounds_of(store: Path) -> list[tuple[object, ...]]:
    with ExperimentStore.open(store, writable=False) as opened:
        return opened.query(f"{_ROUNDS} ORDER BY method, seed, round")


def started(words: list[str], log: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "clarifier_desktop", *words],
            stdout=out,
            stderr=out,
            env=environment,
            start_new_session=True,
            preexec_fn=_hear_interrupts if sys.platform != "win32" else None,
        )


def _hear_interrupts() -> None:
    """A shell lets what it starts in the background, as this suite perhaps, ignore SIGINT; children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for_rounds(store: Path, count: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 120
    while not (store.exists() and len(rounds_of(store)) >= count):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, "it did not come so far"
        time.sleep(0.05)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_an_experiment_that_was_broken_off_goes_on(sign: signal.Signals, tmp_path: Path):
    draw_squares(tmp_path)
    plan_in(tmp_path, HEAD.replace("rounds = 2", "rounds = 4") + DATA + SUGGEST + CLARIFIER)
    log = tmp_path / "log"
    process = started(command(tmp_path, "broken.sqlite", "--workers", "2"), log)
    try:
        wait_for_rounds(tmp_path / "broken.sqlite", 1, process, log)
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(sign)
        code = process.wait(60)
    finally:
        process.kill()
    if sign == signal.SIGINT:
        assert code == 130
        assert "Stopped. The same command goes on" in log.read_text()
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive, "its processes end with it"
    before = rounds_of(tmp_path / "broken.sqlite")
    assert 1 <= len(before) < 4 * 5

    assert main(command(tmp_path, "broken.sqlite", "--workers", "2")) == 0
    assert main(command(tmp_path, "whole.sqlite", "--workers", "1")) == 0
    after = rounds_of(tmp_path / "broken.sqlite")
    assert after == rounds_of(tmp_path / "whole.sqlite"), "what was broken off ends as what was not"
    assert len(after) == 4 * 5
    assert set(before) <= set(after)


def test_runs_that_are_done_are_not_run_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    draw_squares(tmp_path)
    plan_in(tmp_path, HEAD.replace("rounds = 2", "rounds = 1").replace("[1, 2]", "[1]") + DATA + SUGGEST)
    assert main(command(tmp_path, "a.sqlite")) == 0
    with ExperimentStore.open(tmp_path / "a.sqlite", writable=False) as store:
        stamps = store.query("SELECT utc FROM rounds")
    # Nothing is computed: the images are not even needed any more, but for being there.
    for image in (tmp_path / "squares").rglob("*.png"):
        image.write_bytes(b"")
    assert main(command(tmp_path, "a.sqlite")) == 0
    assert "1 run is done" in capsys.readouterr().out
    with ExperimentStore.open(tmp_path / "a.sqlite", writable=False) as store:
        assert store.query("SELECT utc FROM rounds") == stamps


def test_a_run_that_fails_is_recorded_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    draw_squares(tmp_path)
    draw_squares(tmp_path / "other")
    broken = tmp_path / "other" / "squares" / "red" / "03.png"
    whole = broken.read_bytes()
    broken.write_bytes(b"no image")
    other = DATA.replace('path = "squares"', 'path = "other/squares"').replace('"Squares"', '"Other"')
    plan_in(
        tmp_path, HEAD.replace("rounds = 2", "rounds = 1").replace("[1, 2]", "[1]") + DATA + other + SUGGEST
    )
    assert main(command(tmp_path, "a.sqlite", "--workers", "1")) == 1
    said = capsys.readouterr()
    assert "failed: Other, SUGGEST, seed 1" in said.err
    assert "03.png" in said.err
    assert "1 run is done" in said.out
    with ExperimentStore.open(tmp_path / "a.sqlite", writable=False) as store:
        assert store.query("SELECT data, round FROM results ORDER BY 2") == [("Squares", 0), ("Squares", 1)]
        ((error, finished),) = store.query(
            "SELECT last_error, finished FROM progress WHERE last_error IS NOT NULL"
        )
        assert "03.png" in error
        assert not finished
    broken.write_bytes(whole)
    assert main(command(tmp_path, "a.sqlite", "--workers", "1")) == 0
    assert len(rounds_of(tmp_path / "a.sqlite")) == 4


def test_a_plan_can_be_checked_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["simulate", "figure-4-cub", "--check"]) == 0
    said = capsys.readouterr().out
    assert "12 runs, 72 rounds, 1 cost." in said
    assert "CLARIFIER ENTROPY (60, 300, 240)" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["simulate", "birds", "--store", "x"], "There is no experiment"),
        (["simulate", "digits"], "--store is missing"),
        (["simulate", "digits", "--store", "x", "--workers", "0"], "0 is not in the range"),
        (["simulate", "digits", "--store", "x", "--workers", "1", "--dask", "a"], "leave one of the two out"),
        (["simulate", "digits", "--store", "x", "--data", "nowhere"], "there is no such folder"),
        (["simulate", "cub100-frozen", "--store", "x"], "name their folder with --data FOLDER"),
        (["simulate", "cub100-frozen", "--store", "x", "--data", "."], "there is no"),
        (["simulate", "figure-3", "--store", "x"], "clarifier-desktop download cifar10"),
    ],
)
def test_what_cannot_be_run_is_refused_with_nothing_written(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
