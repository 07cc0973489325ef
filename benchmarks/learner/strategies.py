"""Time and memory of every strategy as the pool and its classes grow."""

from __future__ import annotations

import math
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from statistics import linear_regression

import torch

from benchmarks.learner.peak_memory import PeakMemory
from benchmarks.learner.synthetic_pool import synthetic_pool
from benchmarks.report import Line, Report, Size, aligned
from model.selection import STRATEGIES, select
from model.selection.base import Snapshot, Tier

_START_S = 300.0  # for a process to load torch and make its pool
_SHORT_S, _REPEATS = 1.0, 5
_LEAST_S, _LEAST_MIB = 1e-3, 4.0  # what less is cannot be told from noise


@dataclass(frozen=True)
class _Cell:
    n: int
    classes: int

    def __str__(self) -> str:
        return f"n = {self.n:,}, C = {self.classes}"


@dataclass(frozen=True)
class _Plan:
    """Pools that grow in n and in C from one where both series meet."""

    items: tuple[int, ...]
    classes: tuple[int, ...]
    meet: _Cell
    d: int
    labeled: int  # of each class
    budget: int  # of the hard and the easy tier
    a_class: int  # budget of the intermediate tier for each class
    limit_s: float

    @property
    def by_items(self) -> list[_Cell]:
        return [_Cell(n, self.meet.classes) for n in self.items]

    @property
    def by_classes(self) -> list[_Cell]:
        return [_Cell(self.meet.n, classes) for classes in self.classes]

    @property
    def cells(self) -> list[_Cell]:
        return sorted({*self.by_items, *self.by_classes}, key=lambda cell: (cell.n, cell.classes))


@dataclass(frozen=True)
class _Used:
    """What one selection took; ``mib`` is ``None`` where the system does not tell."""

    seconds: float
    mib: float | None


Found = dict[tuple[str, _Cell], _Used | str]  # or why there is nothing

_PLANS = {
    Size.FULL: _Plan(
        (10_000, 40_000, 160_000), (10, 100, 200), _Cell(40_000, 100), 512, 100, 500, 25, limit_s=60
    ),
    Size.QUICK: _Plan((200, 400), (3, 6), _Cell(400, 6), 8, 5, 20, 2, limit_s=20),
}


def measure(size: Size) -> Report:
    """Run each strategy on each pool, in a process for each pool that is stopped where one takes too long."""
    plan = _PLANS[size]
    found: Found = {}
    for cell in plan.cells:
        names = [name for name in STRATEGIES if not _hopeless(name, cell, found)]
        found |= {(name, cell): "skipped" for name in STRATEGIES if name not in names}
        while names:
            done = _run(plan, cell, names)
            found |= {(name, cell): used for name, used in done.items()}
            names = names[len(done) :]
    notes = (
        f"Seconds and MiB beyond those of the pool itself; 'n^' and 'C^' are the fitted exponents of growth, of pools "
        f"that took more than {_LEAST_S:g} s or {_LEAST_MIB:g} MiB.",
        f"Budget: {plan.budget}; of the intermediate tier {plan.a_class} a class, so that it grows with C. "
        f"{plan.labeled} labeled items a class, half of them an audit sample; d = {plan.d}.",
        f"Times below {_SHORT_S:g} s are the fastest of up to {_REPEATS}.",
        f"A strategy is stopped after {plan.limit_s:g} s and then skipped for larger pools.",
    )
    title = f"{len(STRATEGIES)} strategies on {len(plan.cells)} pools"
    return Report(
        "strategies", title, size, tuple(_lines(plan, found)), notes, "\n".join(aligned(_table(plan, found)))
    )


def _hopeless(name: str, cell: _Cell, found: Found) -> bool:
    return any(
        isinstance(used, str) and one == name and smaller.n <= cell.n and smaller.classes <= cell.classes
        for (one, smaller), used in found.items()
    )


def _run(plan: _Plan, cell: _Cell, names: list[str]) -> dict[str, _Used | str]:
    """Run strategies in one process, until one takes too long."""
    done: dict[str, _Used | str] = {}
    with _process(plan, cell, names) as replies:
        if not replies.poll(_START_S):
            raise TimeoutError(f"The pool was not made within {_START_S:g} s.")
        replies.recv()
        for name in names:
            print(f"strategies: {cell}, {name}", file=sys.stderr, flush=True)
            if not replies.poll(plan.limit_s):
                return {**done, name: f"> {plan.limit_s:g} s"}
            done[name] = replies.recv()
    return done


@contextmanager
def _process(plan: _Plan, cell: _Cell, names: list[str]) -> Iterator[Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, plan, cell, names), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.kill()
        process.join()
        ours.close()


def _work(replies: Connection, plan: _Plan, cell: _Cell, names: list[str]) -> None:
    """Say that the pool is there, and then what each strategy took."""
    small = _pool(replace(plan, labeled=2, d=4), _Cell(100, 3))
    for name in names:
        select(name, small, 3)  # what loads at the first use is no part of a strategy
    snapshot = _pool(plan, cell)
    replies.send(None)
    for name in names:
        intermediate_tier = STRATEGIES[name].tier is Tier.INTERMEDIATE
        budget = plan.a_class * cell.classes if intermediate_tier else plan.budget
        memory = PeakMemory()
        seconds = _fastest(partial(select, name, snapshot, budget))
        replies.send(_Used(seconds, memory.grown_mib()))


def _fastest(work: Callable[[], object]) -> float:
    """Seconds; what is short is done a few times, for the first finds cold caches."""
    times: list[float] = []
    while not times or (sum(times) < _SHORT_S and len(times) < _REPEATS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def _pool(plan: _Plan, cell: _Cell) -> Snapshot:
    snapshot = synthetic_pool(cell.n, cell.classes, plan.d, plan.labeled, seed=0)
    audit = (snapshot.labels >= 0) & (torch.arange(len(snapshot)) % 2 == 0)
    return replace(snapshot, audit=audit)


def _lines(plan: _Plan, found: Found) -> Iterator[Line]:
    for name in STRATEGIES:
        used = found[name, plan.meet]
        if isinstance(used, _Used):
            yield Line(f"{name}: time, {plan.meet}", used.seconds, "s", digits=3)
            if used.mib is not None:
                yield Line(f"{name}: memory, {plan.meet}", used.mib, "MiB", digits=0)


def _table(plan: _Plan, found: Found) -> list[tuple[str, ...]]:
    head = ("strategy", *map(str, plan.cells), "time", "memory")
    rows = []
    for name in STRATEGIES:
        cells = [_cell(found[name, cell]) for cell in plan.cells]
        growth = [_growth(plan, name, found, of_time) for of_time in (True, False)]
        rows.append((name, *cells, *growth))
    return [head, *rows]


def _cell(used: _Used | str) -> str:
    if isinstance(used, str):
        return used
    return f"{used.seconds:.3f} s" + ("" if used.mib is None else f", {used.mib:.0f} MiB")


def _growth(plan: _Plan, name: str, found: Found, of_time: bool) -> str:
    in_items = _exponent([(c.n, _number(found[name, c], of_time)) for c in plan.by_items])
    in_classes = _exponent([(c.classes, _number(found[name, c], of_time)) for c in plan.by_classes])
    return f"n^{in_items} C^{in_classes}"


def _number(used: _Used | str, of_time: bool) -> float | None:
    """Seconds or MiB, where they can be told from noise."""
    if isinstance(used, str):
        return None
    number, least = (used.seconds, _LEAST_S) if of_time else (used.mib, _LEAST_MIB)
    return number if number is not None and number > least else None


def _exponent(points: Sequence[tuple[int, float | None]]) -> str:
    """The slope of the logarithms."""
    known = [(math.log(size), math.log(number)) for size, number in points if number is not None]
    return f"{linear_regression(*zip(*known, strict=True)).slope:.1f}" if len(known) > 1 else "?"
