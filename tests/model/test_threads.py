"""A thread for one call after the other: what it returns, and that its end waits for no read that hangs."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from model import children
from model.threads import Worker

SOON_S = 2.0
END_OF_A_PROGRAM = """
import time
from model.threads import Worker

worker = Worker("reads")
worker.submit(open, {pipe!r})
time.sleep(0.2)
worker.close()
print("closed", flush=True)
"""


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker("calls")
    yield made
    made.close(5)


@pytest.fixture
def hang(worker: Worker) -> Iterator[Callable[[], None]]:
    """A call that comes back when the test is over."""
    go_on = threading.Event()

    def wait() -> None:
        go_on.wait(60)

    yield wait
    go_on.set()


def test_calls_are_made_in_order_in_one_thread(worker: Worker) -> None:
    assert not worker.is_running(), "it begins with the first call"
    futures = [worker.submit(lambda n: (n, threading.get_ident()), n) for n in range(5)]
    results = [future.result(5) for future in futures]
    assert [n for n, _ in results] == list(range(5))
    assert {thread for _, thread in results} == {worker._thread.ident}


def test_what_a_call_raises_is_its_results(worker: Worker) -> None:
    with pytest.raises(ZeroDivisionError):
        worker.submit(lambda: 1 // 0).result(5)
    assert worker.submit(int).result(5) == 0


def test_the_end_waits_for_no_call_that_hangs(worker: Worker, hang: Callable[[], None]) -> None:
    under_way, waiting = worker.submit(hang), worker.submit(int)
    while not under_way.running():
        time.sleep(0.001)
    began = time.monotonic()
    worker.close()
    assert time.monotonic() - began < SOON_S
    assert worker.is_running()
    with pytest.raises(RuntimeError, match="has ended"):
        worker.submit(int)
    assert not waiting.done()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders")
def test_a_program_ends_while_a_read_hangs(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    code = END_OF_A_PROGRAM.format(pipe=str(tmp_path / "pipe"))
    with subprocess.Popen(
        [sys.executable, "-c", code], env=children.environment(), stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "closed\n"
        began = time.monotonic()
        assert program.wait(20) == 0
        assert time.monotonic() - began < SOON_S


def test_a_call_that_nobody_waits_for_keeps_it_busy() -> None:
    worker, begun, go_on = Worker("test"), threading.Event(), threading.Event()
    assert not worker.is_busy()

    def hang() -> None:
        begun.set()
        go_on.wait(10)

    hung = worker.submit(hang)
    assert begun.wait(10)
    hung.cancel()
    assert worker.is_busy()
    go_on.set()
    worker.close(10)
    assert not worker.is_busy()
