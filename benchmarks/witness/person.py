"""A person outside the program: waits for each image on screen and presses Return after a while."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.witness.pictures import shown
from benchmarks.witness.screen import Eye, Screen, Seen
from studies.answers import SEEN_AFTER_NS

_WAIT_S = 15.0
_MARGIN_NS = 10_000_000  # an image is seen here a little before or after its onset


@dataclass(frozen=True)
class Pressed:
    """One trial from outside: when its image was seen, and when the key was sent."""

    seen: Seen
    at_ns: int
    waited: bool  # the page without an image was seen before it


def answer(
    screen: Screen,
    eye: Eye,
    first: Seen,
    count: int,
    delay_s: Callable[[], float],
    each: Callable[[int], None] = lambda _done: None,
    key: str = "Return",
) -> list[Pressed]:
    """Answer ``count`` images from ``first`` on, each by the same key.

    ``each`` is called after every key. Raises ``WitnessError`` where no image comes.
    """
    pressed: list[Pressed] = []
    seen, waited = first, False
    while True:
        _sleep_until(seen.at_ns + max(round(1e9 * delay_s()), SEEN_AFTER_NS + _MARGIN_NS))
        pressed.append(Pressed(seen, screen.key(key), waited))
        each(len(pressed))
        if len(pressed) == count:
            return pressed
        seen, waited = next_image(eye)


def key_to_pixels_ms(pressed: Sequence[Pressed]) -> list[float]:
    """From each key but the last to the image that followed, in ms."""
    return [(after.seen.at_ns - before.at_ns) / 1e6 for before, after in pairwise(pressed)]


def next_image(eye: Eye) -> tuple[Seen, bool]:
    """The next image seen, and whether the page without one was seen before it."""
    waited = False
    while True:
        seen = eye.next(_WAIT_S)
        if shown(seen.colour) is not None:
            return seen, waited
        waited = True


def between(chance: random.Random, low_s: float, high_s: float) -> Callable[[], float]:
    """Delays drawn evenly between two bounds in s."""
    return lambda: chance.uniform(low_s, high_s)


def _sleep_until(at_ns: int) -> None:
    while (left := at_ns - time.perf_counter_ns()) > 0:
        time.sleep(min(0.05, left / 1e9))
