"""How often a folder's certificate is broken, given, and after how long; and whether the rest told is the true rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.finish.project import Kind, Others, Outcome, Told, run_project
from benchmarks.finish.sets import Set, digits_set, made_set, real_sets
from benchmarks.progress import TerminalPort
from benchmarks.report import Line, Report, Size, aligned
from studies.estimates import Interval, Share
from studies.finish.looks import CHANCE

_MADE = {Size.FULL: 2400, Size.QUICK: 12}  # projects on made sets; on each real one a sixth
_SHARES = (0.01, 0.03)
_SPREADS = (1.0, 1.3, 1.6, 2.0)  # a linear layer is right on about 99, 95, 88 and 78 %
_MISSES = (0.0, 0.05, 0.1, 0.2)
_DRIFTS = (0.0, 0.2)
_ITEMS = 1200  # of a real set in a project, drawn anew for each
_SEED = 20_261_129
_FROM = 0.1  # of the work on, the rest told is judged
_COVERED = 0.90


@dataclass(frozen=True)
class Finished:
    """A project and how it ended."""

    images: str
    kind: Kind
    outcome: Outcome

    @property
    def broken(self) -> bool:
        """Whether more are wrong than was promised."""
        return self.outcome.given and self.outcome.wrong > self.outcome.allowed


def measure(size: Size, data: Path | None) -> Report:
    """Run all projects and count."""
    port = TerminalPort()
    planned = list(_planned(size, data, port))
    finished = []
    for number, (make, kind, seed) in enumerate(planned):
        images = make()
        finished.append(Finished(images.name, kind, run_project(images, kind, seed)))
        port.progress(number, len(planned), "Finishing folders")
    return Report(
        "certificate",
        f"{len(finished):,} simulated projects, labeled until at most a share of the folder is wrong",
        size,
        tuple(_lines(finished)),
        (
            f"Broken: of the certificates given; at most {CHANCE:.0%} may be. In brackets: Wilson's 95 % limits.",
            "Projects on made sets, on the built-in digits, and with --data on features of real images.",
            "Over: minutes if the person labeled what the program did too, on pages if that is cheaper, over minutes.",
            f"Covered: moments from {_FROM:.0%} of the work on whose limits hold the true rest, by project.",
        ),
        "\n".join(aligned(list(_rows(finished)))),
    )


Planned = tuple[Callable[[], Set], Kind, int]


def _planned(size: Size, data: Path | None, port: TerminalPort) -> Iterator[Planned]:
    count = _MADE[size]
    chance = np.random.default_rng(_SEED)
    for number, kind in enumerate(_kinds(count)):
        spread, uneven = float(chance.choice(_SPREADS)), bool(chance.integers(2))
        items, classes = int(chance.choice((600, 1200, 2000))), int(chance.choice((5, 10, 20)))
        name = f"made, {('even', 'uneven')[uneven]}, spread {spread}"
        make = partial(made_set, name, items, classes, spread, uneven, _SEED + number)
        yield make, kind, _SEED + number
    real = [digits_set(), *(real_sets(data, port) if data is not None and size is Size.FULL else ())]
    for images in real:
        for number, kind in enumerate(_kinds(count // 6)):
            yield partial(part_of, images, _SEED - number), kind, _SEED - number


def _kinds(count: int) -> Iterator[Kind]:
    """Kinds of projects by chance, so that nothing goes with anything else."""
    chance = np.random.default_rng(count)
    others = list(Others)
    for number in range(count):
        other = others[int(chance.integers(3))]
        miss = float(chance.choice(_MISSES)) if other is Others.SURE else 0.0
        drift, spends = float(chance.choice(_DRIFTS)), float(chance.choice((0.5, 1.0)))
        yield Kind(_SHARES[number % 2], other, miss, drift, spends)


def part_of(images: Set, seed: int) -> Set:
    """Some of a real set, chosen by ``seed``."""
    chosen = np.random.default_rng(seed).permutation(len(images.labels))[:_ITEMS]
    return replace(images, features=images.features[chosen], labels=images.labels[chosen])


def _lines(finished: Sequence[Finished]) -> Iterator[Line]:
    for share in _SHARES:
        mine = [one for one in finished if one.kind.share == share]
        given = [one for one in mine if one.outcome.given]
        broken = _broken(given)
        yield Line(f"broken at {share:.0%}", 100 * broken.value, "%", high=100 * CHANCE)
        yield Line(f"broken at {share:.0%}, upper limit", 100 * broken.high, "%")
        of_all = sum(one.broken for one in given) / len(mine)
        yield Line(f"broken at {share:.0%}, of all projects", 100 * of_all, "%", high=100 * CHANCE)
        yield Line(f"given at {share:.0%}", 100 * len(given) / len(mine), "%", digits=1)
    moments = [covers for one in finished if (covers := _covered(one.outcome)) is not None]
    yield Line("rest told: covered", 100 * float(np.mean(moments)), "%", low=100 * _COVERED, digits=1)
    half = [
        50 * (told.rest.high - told.rest.low) / one.outcome.seconds
        for one in finished
        for told in _judged(one.outcome)
    ]
    yield Line("rest told: plus or minus, of the whole work, median", float(np.median(half)), "%")


def _broken(given: Sequence[Finished]) -> Interval:
    return Share(sum(one.broken for one in given), len(given)).wilson() or Interval(0.0, 0.0, 1.0)


def _judged(outcome: Outcome) -> list[Told]:
    return [told for told in outcome.told if told.done_s >= _FROM * outcome.seconds]


def _covered(outcome: Outcome) -> float | None:
    judged = _judged(outcome)
    held = [told.rest.low <= outcome.seconds - told.done_s <= told.rest.high for told in judged]
    return float(np.mean(held)) if held else None


def _rows(finished: Sequence[Finished]) -> Iterator[tuple[str, ...]]:
    yield "projects", "count", "given", "broken", "wrong", "by program", "minutes", "over", "covered"
    for share in _SHARES:
        mine = [one for one in finished if one.kind.share == share]
        for what, group in _groups(mine):
            yield _row(f"{share:.0%}: {what}", group)


def _groups(mine: Sequence[Finished]) -> Iterator[tuple[str, list[Finished]]]:
    yield "all", list(mine)
    for name in dict.fromkeys(one.images.partition(", spread")[0] for one in mine):
        yield name, [one for one in mine if one.images.partition(", spread")[0] == name]
    for spread in _SPREADS:
        yield f"made, spread {spread}", [one for one in mine if one.images.endswith(f"spread {spread}")]
    for others in Others:
        yield others.value, [one for one in mine if one.kind.others is others]
    for miss in _MISSES:
        named = [one for one in mine if one.kind.others is Others.SURE and one.kind.miss == miss]
        yield f"pages, {miss:.0%} missed", named
    for drift in _DRIFTS:
        yield f"drift {drift:g}", [one for one in mine if one.kind.drift == drift]
    for spends, name in ((1.0, "one look"), (0.5, "looks at 1/2, 1/4 ...")):
        yield name, [one for one in mine if one.kind.spends == spends]


def _row(what: str, group: Sequence[Finished]) -> tuple[str, ...]:
    given = [one for one in group if one.outcome.given]
    if not given:
        return (what, str(len(group)), "0 %", *([""] * 6))
    broken = _broken(given)
    outcomes = [one.outcome for one in given]
    covered = [value for one in group if (value := _covered(one.outcome)) is not None]
    return (
        what,
        f"{len(group):,}",
        f"{len(given) / len(group):.0%}",
        f"{broken.value:.1%} ({broken.low:.1%} to {broken.high:.1%})",
        f"{np.mean([o.wrong / o.items for o in outcomes]):.2%}",
        f"{np.mean([o.by_program / o.items for o in outcomes]):.0%}",
        f"{np.median([o.seconds for o in outcomes]) / 60:.1f}",
        f"{np.mean([o.all_by_person_s for o in outcomes]) / np.mean([o.seconds for o in outcomes]):.2f}",
        f"{np.mean(covered):.0%}" if covered else "",
    )
