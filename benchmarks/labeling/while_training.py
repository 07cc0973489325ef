"""A person who labels in the real window while the learner trains in the background, and the proof that it did."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.labeling.labeler import Labeler, LearnerWatch
from benchmarks.labeling.projects import Past, make_images, make_project
from benchmarks.places import scratch, sync_ms
from benchmarks.report import Line
from benchmarks.spread import percentile
from benchmarks.witness.person import Pressed, answer, between
from benchmarks.witness.pictures import Kind
from benchmarks.witness.program import Recorded
from benchmarks.witness.screen import Screen
from studies.labeling.facts.settings import Learner, ProjectSettings

WARM_UP = 5  # answers; the first have the fonts and the code of their path still to load
LABELS = 6000  # of the past, to train on: minutes, also where processors are fast
_FREE = 600  # images left for the round that is trained for
_NETWORK = "resnet18"
_AT_WORK = 0.2  # of one core, between two keys
_LEAST_SHARE = 95.0
_SYNCS = 100


@dataclass(frozen=True)
class Sat:
    """What was seen from outside, what the program stored, and what the learner did meanwhile."""

    pressed: list[Pressed]  # after the warm-up
    recorded: list[Recorded]
    stalls_ms: list[float]  # the event loop's longest, by answer
    trained: list[float]  # cores that the learner used up to each key but the first
    ran_ms: list[float]  # the window's thread from one key to the next, on a processor
    waited_ms: list[float]  # the same, for a processor
    resident_mib: float
    sync_ms: float  # 99 % of the disk's own syncs, before

    def lines(self) -> tuple[Line, ...]:
        """How much the learner was at work."""
        at_work = 100 * sum(cores >= _AT_WORK for cores in self.trained) / len(self.trained)
        return (
            Line("keys pressed while it trained", at_work, "%", low=_LEAST_SHARE, digits=1),
            Line("processors that training had", sum(self.trained) / len(self.trained), ""),
            Line("longest stall of the event loop, 99 %", percentile(self.stalls_ms, 0.99), "ms"),
            Line("processor time of the window, key to key, median", percentile(self.ran_ms, 0.5), "ms"),
            Line(
                "waiting of the window for a processor, key to key, median",
                percentile(self.waited_ms, 0.5),
                "ms",
            ),
            Line(
                "waiting of the window for a processor, key to key, 99 %",
                percentile(self.waited_ms, 0.99),
                "ms",
            ),
        )


@dataclass(frozen=True)
class _Look:
    at_s: float
    worked_s: float  # the learner
    ran_ms: float
    waited_ms: float


NOTE = (
    f"The learner trains {_NETWORK} on {LABELS:,} labeled images of 64 x 64 px in a process of its own. It was at work "
    f"for a key where it used at least {_AT_WORK:.0%} of a core since the key before. A window that waits for a "
    "processor waits for others' work, the learner's too."
)


def sit(name: str, keys: int, delay_s: tuple[float, float], seed: int) -> Sat:
    """Label ``keys`` images of 640x480 by Return, each after a delay drawn evenly between two bounds."""
    print(f"{name}: {keys} keys", file=sys.stderr, flush=True)
    count = keys + WARM_UP
    # Nothing is held out: an image that is has no suggestion, and Return does not answer it.
    settings = ProjectSettings(learner=Learner(network=_NETWORK), holdout=0)
    past = Past(LABELS + count + 1 + _FREE, LABELS, count + 1, settings=settings)
    with scratch() as folder:
        file = folder / "project.clarifier"
        make_project(file, past)
        make_images(file, Kind(640, 480), range(past.images))
        sync = percentile(sync_ms(folder, _SYNCS), 0.99)
        with Screen(folder) as screen:
            labeler = Labeler(screen, file)
            eye, first = labeler.begin()
            learner = LearnerWatch(labeler.process.pid)
            learner.wait_until_at_work()
            looks: list[_Look] = []

            def look(_done: int) -> None:
                looks.append(_Look(time.monotonic(), learner.worked_s(), *labeler.scheduled_ms()))

            with screen.hurried():
                pressed = answer(screen, eye, first, count, between(random.Random(seed), *delay_s), look)
            labeler.wait_for_answers(count)
            sat = Sat(
                pressed[WARM_UP:],
                labeler.recorded(),
                labeler.stalls_ms(keys),
                [(b.worked_s - a.worked_s) / (b.at_s - a.at_s) for a, b in pairwise(looks[WARM_UP:])],
                [b.ran_ms - a.ran_ms for a, b in pairwise(looks[WARM_UP:])],
                [b.waited_ms - a.waited_ms for a, b in pairwise(looks[WARM_UP:])],
                labeler.resident_mib(),
                sync,
            )
            labeler.stop()
    return sat
