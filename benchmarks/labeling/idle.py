"""The share of a sitting in which a simulated annotator, who never rests, has nothing to do."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

from benchmarks.labeling.labeler import Labeler
from benchmarks.places import scratch
from benchmarks.report import Line, Report, Size
from benchmarks.witness import tools
from benchmarks.witness.screen import Screen, WitnessError
from clarifier_desktop import __version__
from model.datasets import Source, open_set
from model.port import NullPort
from studies.labeling.facts.settings import Budgets, ProjectSettings
from studies.labeling.project.creation import Draft, create

_CLOSING_S = 20.0
_GOAL = 2.0  # % of the time after the seed round


@dataclass(frozen=True)
class _Sitting:
    rounds: int  # that are labeled
    speed: float
    limit_s: float
    settings: ProjectSettings


_SITTINGS = {
    Size.FULL: _Sitting(3, 1.0, 330.0, ProjectSettings(budgets=Budgets(minutes=1.0))),
    # Ends as soon as the first round is there.
    Size.QUICK: _Sitting(0, 8.0, 240.0, ProjectSettings(seed_labels=4, holdout=0)),
}
# The seed round ends with the last label that the first model has seen: from then on the program may be waited for.
_TIMES = """
    SELECT (SELECT min(onset_ns) FROM label_events),
        (SELECT max(e.response_ns) FROM label_events AS e, models AS m
         WHERE m.model_id = 0 AND e.action < m.upto_action),
        (SELECT max(response_ns) FROM label_events)"""

_LEARNER_S = """
    SELECT max(total) FROM (
        SELECT sum(s.value) AS total FROM rounds, json_each(rounds.seconds) AS s GROUP BY rounds.round)"""

_GAPS = """
    SELECT coalesce(sum(gap), 0), coalesce(max(gap), 0) FROM (
        SELECT onset_ns - lag(response_ns) OVER (ORDER BY seq) AS gap FROM label_events
        WHERE onset_ns IS NOT NULL)"""


def measure(size: Size) -> Report:
    """Let the robot label the built-in digits in the real window, at a person's pace."""
    tools.require()
    sitting = _SITTINGS[size]
    print(f"label-idle: {sitting.rounds} rounds", file=sys.stderr, flush=True)
    with scratch() as folder:
        file = folder / "digits.clarifier"
        source = Source("digits")
        classes = open_set(source, folder).classes
        create(file, Draft(source, classes, sitting.settings), folder, __version__, NullPort()).close()
        with Screen(folder) as screen:
            screen.environment["CUDA_VISIBLE_DEVICES"] = ""
            arguments = ("--robot", "--rounds", str(sitting.rounds), "--speed", str(sitting.speed))
            labeler = Labeler(screen, file, *arguments)
            _wait(screen, labeler, sitting.limit_s)
            lines = _lines(labeler, sitting.rounds)
    pace = f"{sitting.rounds} rounds planned for {sitting.settings.budgets.minutes} min each"
    notes = (
        "A robot that knows the truth presses real keys in the real window: 0.85 s to accept a suggestion, 2.15 s to "
        "correct one, on average, 1 % errors. Learner on the CPU, by the program's own choice of network.",
        "Nothing to do: no image on the desk while the learner works, as the program stores it (table idle).",
    )
    return Report("label-idle", f"built-in digits, {pace}", size, lines, notes)


def _wait(screen: Screen, labeler: Labeler, limit_s: float) -> None:
    """Wait until the robot is done; where that takes too long, close the window."""
    deadline = time.monotonic() + limit_s
    while labeler.process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.5)
    if labeler.process.poll() is None:
        screen.key("alt+F4")
        with suppress(subprocess.TimeoutExpired):
            labeler.process.wait(_CLOSING_S)
    if labeler.process.returncode != 0:
        labeler.check()


def _lines(labeler: Labeler, wanted: int) -> tuple[Line, ...]:
    first, seeded, last = labeler.ask(_TIMES)[0]
    if seeded is None:
        raise WitnessError("The sitting had no round.")
    answers, seconds = labeler.ask(
        "SELECT count(*), avg(response_ns - onset_ns) / 1e9 FROM label_events WHERE onset_ns IS NOT NULL"
    )[0]
    idle = labeler.ask("SELECT from_ns, to_ns FROM idle")
    rounds = labeler.ask("SELECT count(*) FROM rounds")[0][0]
    learner_s = labeler.ask(_LEARNER_S)[0][0]
    gaps, longest = labeler.ask(_GAPS)[0]
    after = sum(max(0, to - max(begun, seeded)) for begun, to in idle) / (last - seeded)
    whole = sum(to - begun for begun, to in idle) / (last - first)
    return (
        Line("nothing to do, after the seed round", 100 * after, "%", high=_GOAL),
        Line("nothing to do, of all", 100 * whole, "%"),
        Line("longest span of it", max((to - begun for begun, to in idle), default=0) / 1e9, "s"),
        Line("from an answer to the next image, of all", 100 * gaps / (last - first), "%"),
        Line("the longest of these", longest / 1e9, "s"),
        Line("time after the seed round", (last - seeded) / 1e9, "s", digits=0),
        Line("rounds begun", rounds, "", low=wanted, digits=0),
        Line("answers", answers, "", digits=0),
        Line("seconds a label", seconds, "s"),
        Line("longest work of the learner for a round", learner_s, "s", digits=1),
    )
