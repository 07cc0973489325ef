"""The set-up's lock, between real processes."""

from __future__ import annotations

import multiprocessing.synchronize
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrapping.lock import LOCK_NAME, only_one, try_lock
from bootstrapping.places import ROOT


def hold_lock(
    venv: Path, held: multiprocessing.synchronize.Event, release: multiprocessing.synchronize.Event
):
    with only_one(venv):
        held.set()
        release.wait(30)


def test_two_bootstraps_take_turns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=hold_lock, args=(tmp_path / ".venv", held, release))
    other.start()
    assert held.wait(30)
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        release.set()
        other.join(30)

    with only_one(tmp_path / ".venv", sleep):
        assert waits
    assert other.exitcode == 0
    assert "Another bootstrap" in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="Windows ties the lock to the process")
def test_a_pip_that_outlives_its_bootstrap_keeps_the_lock(tmp_path: Path) -> None:
    code = (
        f"import os, sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path\n"
        "from bootstrapping import lock, machine\n"
        f"with lock.only_one(Path({str(tmp_path)!r})):\n"
        "    pip = 'import os, sys; os.kill(os.getppid(), 9); print(1, flush=True); sys.stdin.read()'\n"
        "    machine.subprocess.DEVNULL = None  # it shall wait on our pipe\n"
        "    machine.Machine().run_pip([sys.executable, '-c', pip])\n"
    )
    bootstrap_process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert bootstrap_process.stdin is not None
    assert bootstrap_process.stdout is not None
    assert bootstrap_process.stdout.readline() == b"1\n"
    bootstrap_process.wait()
    descriptor = os.open(tmp_path / LOCK_NAME, os.O_RDWR)
    try:
        assert not try_lock(descriptor)
        bootstrap_process.stdin.close()  # ends the one that was left
        bootstrap_process.stdout.read()
    finally:
        os.close(descriptor)
        bootstrap_process.stdout.close()
