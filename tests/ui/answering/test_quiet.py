"""What the interpreter does while answers are timed, and that it is as before afterwards."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterator

import pytest

from ui.answering.quiet import QuietInterpreter


class Cycle:
    """Garbage that only a collection finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def quiet() -> Iterator[QuietInterpreter]:
    made = QuietInterpreter()
    made.begin()
    yield made
    made.end()


def test_threads_take_short_turns_until_the_end() -> None:
    usual = sys.getswitchinterval()
    quiet = QuietInterpreter()
    assert sys.getswitchinterval() == usual
    quiet.begin()
    assert sys.getswitchinterval() == pytest.approx(0.0001)
    quiet.end()
    assert sys.getswitchinterval() == usual


def test_what_is_settled_is_spared_until_the_end(quiet: QuietInterpreter) -> None:
    quiet.settle()
    settled = gc.get_freeze_count()
    assert settled > 0
    kept = [Cycle() for _ in range(1_000)]
    quiet.settle()
    assert gc.get_freeze_count() > settled + len(kept) / 2
    quiet.end()
    assert gc.get_freeze_count() == 0


def test_garbage_goes_when_things_settle_and_later_too(quiet: QuietInterpreter) -> None:
    early, late = Cycle(), Cycle()
    gone_early, gone_late = weakref.ref(early), weakref.ref(late)
    del early
    quiet.settle()
    assert gone_early() is None
    del late  # garbage since it was settled
    gc.collect()
    assert gone_late() is not None, "it is spared until things settle anew"
    quiet.settle()
    assert gone_late() is None
