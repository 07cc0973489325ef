"""How often a certificate is broken whose draws come with suggestions, by what share of wrong ones a person accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.finish.aided_project import Draws, Ended, Person, run_aided
from benchmarks.finish.certificate import part_of
from benchmarks.finish.sets import Set, digits_set, made_set, real_sets
from benchmarks.progress import TerminalPort
from benchmarks.report import Line, Report, Size, aligned
from studies.estimates import Interval, Share
from studies.finish.looks import CHANCE

_MADE = {Size.FULL: 1600, Size.QUICK: 8}  # projects on made sets; on each real one a quarter
_SHARES = (0.01, 0.03)
_SPREADS = (1.0, 1.3, 1.6, 2.0)
_OVERLOOKED = (0.0, 0.05, 0.1, 0.2)
_EASIER = (1.0, 1.0, 0.5)  # planted ones are accepted so many times as often as the model's own
_DRIFTS = (0.0, 0.2)
_SEED = 20_261_130


@dataclass(frozen=True)
class _Project:
    make: Callable[[], Set]
    name: str
    share: float
    person: Person
    drift: float
    draws: Draws
    seed: int

    @property
    def easier(self) -> bool:
        """Planted suggestions are easier to see through than the model's own."""
        return self.person.planted < self.person.overlooks


Finished = tuple[_Project, Ended]


def measure(size: Size, data: Path | None) -> Report:
    """Run all projects, on all processors, and count."""
    port = TerminalPort()
    planned = list(_planned(size, data, port))
    finished = []
    with ProcessPoolExecutor() as pool:
        for number, ended in enumerate(pool.map(_run, planned, chunksize=4)):
            finished.append((planned[number], ended))
            port.progress(number, len(planned), "Finishing folders")
    return Report(
        "certificate-suggested",
        f"{len(finished):,} simulated projects whose draws come with suggestions where that is cheaper",
        size,
        tuple(_lines(finished)),
        (
            "Broken: of the certificates given, by the program's labels and those on pages. Wilson's 95 % limits.",
            "With the sample's, with all: if wrong suggestions that were accepted in it, and of all images, counted.",
        ),
        "\n".join(aligned(list(_rows(finished)))),
    )


def _run(project: _Project) -> Ended:
    return run_aided(
        project.make(), project.share, project.person, project.drift, project.draws, project.seed
    )


def _planned(size: Size, data: Path | None, port: TerminalPort) -> Iterator[_Project]:
    count = _MADE[size]
    chance = np.random.default_rng(_SEED)
    for number in range(count):
        spread, uneven = float(chance.choice(_SPREADS)), bool(chance.integers(2))
        items, classes = int(chance.choice((600, 1200, 2000))), int(chance.choice((2, 5, 10, 20)))
        seed = _SEED + number
        make = partial(made_set, "made", items, classes, spread, uneven, seed)
        yield _of_kind(make, "made", number, seed, chance)
    real = [digits_set(), *(real_sets(data, port) if data is not None and size is Size.FULL else ())]
    for images in real:
        for number in range(count // 4):
            seed = _SEED - number
            yield _of_kind(partial(part_of, images, seed), images.name, number, seed, chance)


def _of_kind(
    make: Callable[[], Set], name: str, number: int, seed: int, chance: np.random.Generator
) -> _Project:
    """Kinds by chance, so that nothing goes with anything else; a quarter draws without suggestions."""
    overlooks = float(chance.choice(_OVERLOOKED))
    person = Person(overlooks, overlooks * float(chance.choice(_EASIER)), float(chance.choice(_OVERLOOKED)))
    draws = Draws.UNAIDED if chance.random() < 0.25 else Draws.CHEAPER
    return _Project(make, name, _SHARES[number % 2], person, float(chance.choice(_DRIFTS)), draws, seed)


def _lines(finished: Sequence[Finished]) -> Iterator[Line]:
    for share in _SHARES:
        mine = _chosen(finished, share)
        broken = _count(mine, lambda ended: ended.broken)
        yield Line(f"broken at {share:.0%}", 100 * broken.value, "%", high=100 * CHANCE)
        yield Line(f"broken at {share:.0%}, upper limit", 100 * broken.high, "%")
        given = sum(ended.given for _, ended in mine)
        yield Line(f"given at {share:.0%}", 100 * given / len(mine), "%", digits=1)


def _chosen(finished: Sequence[Finished], share: float) -> list[Finished]:
    """Those that may draw with suggestions, and whose planted ones are as hard to see as the model's own."""
    return [
        (project, ended)
        for project, ended in finished
        if project.share == share and project.draws is Draws.CHEAPER and not project.easier
    ]


def _count(group: Sequence[Finished], is_broken: Callable[[Ended], bool]) -> Interval:
    given = [ended for _, ended in group if ended.given]
    return Share(sum(map(is_broken, given)), len(given)).wilson() or Interval(0.0, 0.0, 1.0)


def _rows(finished: Sequence[Finished]) -> Iterator[tuple[str, ...]]:
    yield (
        *("projects", "count", "given", "suggested", "broken", "with the sample's", "with all"),
        *("wrong", "by program", "planted", "minutes"),
    )
    for share in _SHARES:
        for what, group in _groups(finished, share):
            yield _row(f"{share:.0%}: {what}", group)


def _groups(finished: Sequence[Finished], share: float) -> Iterator[tuple[str, list[Finished]]]:
    mine = _chosen(finished, share)
    others = [one for one in finished if one[0].share == share and one[0].draws is Draws.UNAIDED]
    yield "all", mine
    yield "draws without suggestions", others
    for name in dict.fromkeys(project.name for project, _ in mine):
        yield name, [one for one in mine if one[0].name == name]
    for overlooks in _OVERLOOKED:
        yield f"{overlooks:.0%} accepted", [one for one in mine if one[0].person.overlooks == overlooks]
        alone = [one for one in others if one[0].person.overlooks == overlooks]
        yield f"{overlooks:.0%} accepted, draws without", alone
    for overlooks in _OVERLOOKED[1:]:
        easier = [
            one
            for one in finished
            if one[0].share == share
            and one[0].draws is Draws.CHEAPER
            and one[0].easier
            and one[0].person.overlooks == overlooks
        ]
        yield f"{overlooks:.0%} accepted, of planted ones {overlooks / 2:.1%}", easier
    for drift in _DRIFTS:
        yield f"drift {drift:g}", [one for one in mine if one[0].drift == drift]
    yield "some of the sample with suggestions", [one for one in mine if one[1].suggested]


def _row(what: str, group: Sequence[Finished]) -> tuple[str, ...]:
    given = [ended for _, ended in group if ended.given]
    if not given:
        return (what, str(len(group)), "0 %", *([""] * 8))
    broken, sample, whole = (
        _count(group, one)
        for one in (lambda e: e.broken, lambda e: e.broken_with_sample, lambda e: e.broken_with_all)
    )
    return (
        what,
        f"{len(group):,}",
        f"{len(given) / len(group):.0%}",
        f"{np.mean([e.suggested for e in given]):.0%}",
        f"{broken.value:.1%} ({broken.low:.1%} to {broken.high:.1%})",
        f"{sample.value:.1%}",
        f"{whole.value:.1%}",
        f"{np.mean([(e.program_wrong + e.paged_wrong) / e.items for e in given]):.2%}",
        f"{np.mean([e.by_program / e.items for e in given]):.0%}",
        f"{np.median([e.planted for e in given]):.0f}",
        f"{np.median([e.seconds for _, e in group]) / 60:.1f}",
    )
