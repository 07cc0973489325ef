"""The response times that the program stores, against keys and onsets known from outside."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass

from benchmarks import peers
from benchmarks.places import scratch
from benchmarks.report import Limit, Line, Report, Size
from benchmarks.spread import Spread, spread
from benchmarks.witness import tools
from benchmarks.witness.person import Pressed, answer, between
from benchmarks.witness.pictures import Kind, make_study
from benchmarks.witness.program import Program, Recorded, looks_ms
from benchmarks.witness.screen import Screen, WitnessError

_TRIALS = {Size.FULL: 200, Size.QUICK: 12}
_FIXATION_MS = 200
_DELAY_S = (0.2, 1.5)
_NEAREST_NS = 500_000_000
_WARM_UP = 5  # trials; the first have the fonts and the code of their path still to load


@dataclass(frozen=True)
class Condition:
    """What runs beside the program, and the goals in ms."""

    name: str
    load: str | None
    mean_ms: float
    sd_ms: float


CONDITIONS = (
    Condition("idle", None, 0.3, 0.4),
    Condition("two busy threads", "threads", 1.5, 1.5),
    Condition("torch trains", "torch", 1.5, 1.5),
)


@dataclass(frozen=True)
class Errors:
    """In ms, for each trial: the stored response time, onset and key against those known from outside."""

    response_time: list[float]
    onset: list[float]
    key: list[float]
    looks: str
    unmatched: int


def measure(size: Size) -> Report:
    """Run a session in each condition."""
    tools.require()
    lines: list[Line] = []
    notes: list[str] = []
    for number, condition in enumerate(CONDITIONS):
        errors = run(condition, _TRIALS[size], random.Random(number))
        lines += _lines(condition, errors)
        lost = f"; {errors.unmatched} keys found no answer" if errors.unmatched else ""
        notes.append(f"{condition.name}: the witness knew each onset to {errors.looks}{lost}.")
    notes += [
        "The onset's stamp is the program's part; the key's stamp is made by the X server, on the way from xdotool.",
        "Error: stored response time minus (key sent - image first seen), the rule by which the peers were measured.",
        "A key sent takes about 0.3 ms to the X server, and X stamps it in whole ms: SD 0.29.",
        peers.SOURCE,
    ]
    return Report("response-time", f"{_TRIALS[size]} trials a condition", size, tuple(lines), tuple(notes))


def run(condition: Condition, trials: int, chance: random.Random) -> Errors:
    """Run one session and compare."""
    print(f"response-time: {condition.name}, {trials} trials", file=sys.stderr, flush=True)
    count = trials + _WARM_UP
    with scratch() as folder:
        make_study(folder, Kind(320, 240, grain=False), count + 1, count, _FIXATION_MS)
        with Screen(folder) as screen:
            program = Program(screen, folder, condition.load)
            eye, first = program.begin()
            with screen.hurried():
                pressed = answer(screen, eye, first, count, between(chance, *_DELAY_S))
            time.sleep(0.5)
            recorded = program.recorded(1)
            program.stop()
            ahead = screen.ahead
    if not ahead:
        print("response-time: the witness may not run ahead of others (needs root)", file=sys.stderr)
    return compare(pressed[_WARM_UP:], recorded)


def compare(pressed: list[Pressed], recorded: list[Recorded]) -> Errors:
    """Match each key to the answer stamped nearest to it. Raises ``WitnessError`` where hardly any is found."""
    response_time, onset, key = [], [], []
    for one in pressed:
        stored = min(recorded, key=lambda r: abs(r.response_ns - one.at_ns))
        if abs(stored.response_ns - one.at_ns) > _NEAREST_NS or stored.onset_ns > one.at_ns:
            continue
        onset.append((stored.onset_ns - one.seen.at_ns) / 1e6)
        key.append((stored.response_ns - one.at_ns) / 1e6)
        response_time.append(key[-1] - onset[-1])
    unmatched = len(pressed) - len(key)
    if unmatched > len(pressed) // 10:
        raise WitnessError(f"{unmatched} of {len(pressed)} keys found no answer in the program's file.")
    return Errors(response_time, onset, key, looks_ms([one.seen for one in pressed]), unmatched)


def _lines(condition: Condition, errors: Errors) -> list[Line]:
    name = condition.name
    error, onset, key = (spread(values) for values in (errors.response_time, errors.onset, errors.key))
    idle = condition.load is None
    bound = condition.mean_ms
    return [
        Line(
            f"{name}: error, mean",
            error.mean,
            "ms",
            low=-bound,
            high=bound,
            peer=peers.RESPONSE_TIME_MEAN_MS if idle else None,
            limit=Limit("the key's way alone", key.mean),
        ),
        Line(f"{name}: error, median", error.median, "ms"),
        Line(
            f"{name}: error, SD",
            error.sd,
            "ms",
            high=condition.sd_ms,
            peer=peers.RESPONSE_TIME_SD_MS if idle else None,
            limit=Limit("the key's way alone", key.sd),
        ),
        Line(f"{name}: error, 95 %", error.p95, "ms", peer=peers.RESPONSE_TIME_P95_MS if idle else None),
        *_part(f"{name}: onset's stamp - image seen", onset),
        *_part(f"{name}: key's stamp - key sent", key),
    ]


def _part(what: str, values: Spread) -> list[Line]:
    return [Line(f"{what}, mean", values.mean, "ms"), Line(f"{what}, SD", values.sd, "ms")]
