"""The lock that lets one set-up at a time work in a folder."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bootstrapping.terminal import say

LOCK_NAME = ".bootstrap.lock"


def try_lock(descriptor: int) -> bool:
    """Take the operating system's lock on an open file; it falls with the process, however that ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def only_one(venv: Path, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Hold the set-up's lock; wait while another bootstrap has it."""
    venv.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(str(venv / LOCK_NAME), os.O_RDWR | os.O_CREAT, 0o666)
    # A pip that outlives a killed bootstrap keeps the lock until it is done.
    os.set_inheritable(descriptor, True)
    try:
        if not try_lock(descriptor):
            say("Another bootstrap is setting up in this folder; waiting for it to end ...")
            while not try_lock(descriptor):
                sleep(0.5)
        yield
    finally:
        os.close(descriptor)
