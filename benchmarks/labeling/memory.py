"""The memory of a labeling window over thousands of labels, with rounds trained for behind it."""

from __future__ import annotations

import statistics
import sys
import time

from benchmarks.labeling.labeler import Labeler
from benchmarks.labeling.projects import Past, make_images, make_project
from benchmarks.places import scratch
from benchmarks.report import Line, Report, Size
from benchmarks.spread import slope
from benchmarks.witness import tools
from benchmarks.witness.pictures import Kind
from benchmarks.witness.program import has_torch
from benchmarks.witness.screen import Screen, WitnessError

_LABELS = {Size.FULL: 10_000, Size.QUICK: 120}
_SETTLED = 0.1  # the share of labels by which caches are full
_FLAT_MIB = 10.0
_PAST = 100
_SPEED = 200.0
_LOOK_S = 1.0
_LIMIT_S = 420.0
_STORED = """
    SELECT count(*) FROM label_events
    WHERE sitting > 1 AND onset_ns IS NOT NULL"""  # the first one is the past
_LAST = 0.05  # the end's memory is the median of the looks at the last labels


def measure(size: Size) -> Report:
    """Let the robot label as fast as images come, and look at the memory now and then."""
    tools.require()
    labels = _LABELS[size]
    print(f"label-memory: {labels} labels", file=sys.stderr, flush=True)
    images = _PAST + labels + labels // 5
    with scratch() as folder:
        file = folder / "project.clarifier"
        make_project(file, Past(images, _PAST, waiting=40))
        make_images(file, Kind(32, 32), range(images))
        with Screen(folder) as screen:
            screen.environment["CUDA_VISIBLE_DEVICES"] = ""
            labeler = Labeler(screen, file, "--robot", "--labels", str(labels), "--speed", str(_SPEED))
            looks, torch = _look(labeler, labels)
            rounds = labeler.ask("SELECT count(*) FROM rounds")[0][0]
            stored = labeler.ask(_STORED)[0][0]
    return _report(size, labels, looks, torch, rounds, stored)


def _look(labeler: Labeler, labels: int) -> tuple[list[tuple[int, float]], bool]:
    """Labels stored and memory in MiB, once a second, until the robot is done; and whether torch was loaded."""
    looks: list[tuple[int, float]] = []
    torch = False
    deadline = time.monotonic() + _LIMIT_S
    while labeler.process.poll() is None:
        done = labeler.ask(_STORED)[0][0]
        try:
            memory = labeler.resident_mib()
            torch = torch or has_torch(labeler.process.pid)
        except (OSError, IndexError):
            break  # it ended meanwhile
        if 0 < done < labels:  # else it is starting or closing
            looks.append((done, memory))
        if time.monotonic() > deadline:
            raise WitnessError(f"{done} of {labels} labels within {_LIMIT_S:g} s.")
        time.sleep(_LOOK_S if labels > 1000 else _LOOK_S / 10)
    if labeler.process.returncode:
        labeler.check()
    return looks, torch


def _report(
    size: Size, labels: int, looks: list[tuple[int, float]], torch: bool, rounds: int, stored: int
) -> Report:
    settled = [look for look in looks if look[0] >= _SETTLED * labels]
    if len(settled) < 3:
        raise WitnessError(f"The robot was too fast to be looked at: {len(looks)} looks.")
    first = settled[0]
    memory = [mib for _, mib in settled]
    tail = [mib for done, mib in settled if done >= (1 - _LAST) * labels] or memory[-1:]
    end = statistics.median(tail)
    growth = slope([done / 1000 for done, _ in settled], memory)
    lines = (
        Line(f"after {_SETTLED * labels:,.0f} labels", first[1], "MiB", digits=1),
        Line(f"after {labels:,} labels", end, "MiB", digits=1),
        Line("more than after the first tenth", end - first[1], "MiB", high=_FLAT_MIB, digits=1),
        Line("most at any time", max(memory), "MiB", digits=1),
        Line("growth per 1,000 labels", growth.slope, "MiB"),
        Line("noise of the growth (two standard errors)", 2 * growth.error, "MiB"),
        Line("torch loaded", int(torch), "", high=0, digits=0),
        Line("rounds begun meanwhile", rounds - 1, "", low=1 if size is Size.FULL else None, digits=0),
        Line("answers stored", stored, f"of {labels}", low=labels, digits=0),
    )
    notes = (
        "Resident memory of the window's process; the learner has its own. The robot runs in the window's process and "
        "remembers each key it pressed (0.2 MiB per 1,000).",
        f"Images of 32x32, answered as fast as they come ({_SPEED:g} times a person's pace).",
    )
    return Report("label-memory", f"{labels:,} labels by the robot", size, lines, notes)
