"""The same runs on a cluster of two worker processes, one of which is killed in the middle."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studies.simulation.file.store import ExperimentStore
from tests.studies.simulation.sample import CLARIFIER, DATA, HEAD, SUGGEST, draw_squares

ROOT = Path(__file__).parents[4]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def started(*words: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, *words], stdout=out, stderr=out, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def rounds_of(store: Path) -> list[tuple[object, ...]]:
    with ExperimentStore.open(store, writable=False) as opened:
        return opened.query(
            "SELECT data, method, seed, round, n_hard_right, n_verified, n_corrected, accuracy FROM results "
            "ORDER BY 1, 2, 3, 4"
        )


def wait_for(condition, seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come to this"
        time.sleep(0.1)


def worker_words(address: str, folder: Path) -> tuple[str, ...]:
    words = ("-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    return (*words, "--local-directory", str(folder))


def scheduler_words(port: int) -> tuple[str, ...]:
    words = ("-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port))
    return (*words, "--no-dashboard")


def test_a_killed_worker_loses_no_run(tmp_path: Path):
    draw_squares(tmp_path)
    plan = tmp_path / "squares.toml"
    plan.write_text(HEAD.replace("rounds = 2", "rounds = 6") + DATA + SUGGEST + CLARIFIER)
    simulate = ("-m", "clarifier_desktop", "simulate", str(plan), "--data", str(tmp_path), "--store")
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    worker, scheduler = worker_words(address, tmp_path), scheduler_words(port)
    many, one = tmp_path / "many.sqlite", tmp_path / "one.sqlite"
    with (
        started(*scheduler, log=tmp_path / "scheduler.log"),
        started(*worker, log=tmp_path / "a.log"),
        started(*worker, log=tmp_path / "b.log") as victim,
        started(*simulate, str(many), "--dask", address, log=tmp_path / "client.log") as client,
    ):
        wait_for(lambda: client.poll() is not None or (many.exists() and len(rounds_of(many)) >= 3))
        assert client.poll() is None, (tmp_path / "client.log").read_text()
        victim.send_signal(signal.SIGKILL)
        wait_for(lambda: client.poll() is not None)
        assert client.returncode == 0, (tmp_path / "client.log").read_text()
    with started(*simulate, str(one), "--workers", "1", log=tmp_path / "local.log") as local:
        wait_for(lambda: local.poll() is not None)
    found = rounds_of(many)
    assert len(found) == len({row[:4] for row in found}) == 4 * 7
    assert found == rounds_of(one), "a cluster computes what one process computes"


def test_where_no_scheduler_answers(tmp_path: Path):
    store, address = tmp_path / "x.sqlite", f"tcp://127.0.0.1:{free_port()}"
    # In a process of its own: a client that found nobody leaves a thread behind.
    code = (
        "import sys; from studies.simulation.crews import cluster; cluster._CONNECT_S = 0.5; "
        "from clarifier_desktop.cli import main; "
        f"sys.exit(main(['simulate', 'digits', '--store', {str(store)!r}, '--dask', {address!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 2, done.stderr
    assert "No Dask scheduler answers" in done.stderr


def test_a_scheduler_that_goes_is_told_and_no_round_is_lost(tmp_path: Path):
    draw_squares(tmp_path)
    plan, store, log = tmp_path / "squares.toml", tmp_path / "x.sqlite", tmp_path / "client.log"
    plan.write_text(HEAD.replace("rounds = 2", "rounds = 60") + DATA + SUGGEST + CLARIFIER)
    simulate = (
        "-m",
        "clarifier_desktop",
        "simulate",
        str(plan),
        "--data",
        str(tmp_path),
        "--store",
        str(store),
    )
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    with (
        started(*scheduler_words(port), log=tmp_path / "scheduler.log") as scheduler,
        started(*worker_words(address, tmp_path), log=tmp_path / "a.log"),
        started(*simulate, "--dask", address, log=log) as client,
    ):
        wait_for(lambda: client.poll() is not None or (store.exists() and len(rounds_of(store)) >= 2))
        assert client.poll() is None, log.read_text()
        scheduler.send_signal(signal.SIGKILL)
        wait_for(lambda: client.poll() is not None)
    assert client.returncode == 2, log.read_text()
    assert f"The Dask scheduler at {address} is gone" in log.read_text()
    assert "Error" not in log.read_text().split("is gone")[1], "nothing behind the sentence"
    found = rounds_of(store)
    assert len(found) == len({row[:4] for row in found}) >= 2
