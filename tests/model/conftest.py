"""The learner's tests compute on one thread: their matrices are small, and a busy machine must not slow them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(scope="package", autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def someone_draws() -> Iterator[None]:
    """Another thread draws from torch's own generator all the while."""
    stop = threading.Event()

    def draw() -> None:
        while not stop.wait(0.0002):
            torch.rand(10)

    thread = threading.Thread(target=draw)
    thread.start()
    yield
    stop.set()
    thread.join()
