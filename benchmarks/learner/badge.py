"""BADGE, against the matrix arithmetic of its distances, a plain k-means++ and scikit-activeml's."""

from __future__ import annotations

import sys
import time
import warnings
from dataclasses import dataclass, replace
from importlib.util import find_spec

import numpy as np
import torch

from benchmarks.learner.matrix_rate import matrix_rate, settle
from benchmarks.learner.synthetic_pool import synthetic_pool
from benchmarks.report import Limit, Line, Peer, Report, Size
from model.selection import select
from model.selection.base import Snapshot
from model.selection.functions.gradients import gradient_factors

_GOAL_TIMES = 2.0  # of the arithmetic's own time
_GOAL_FASTER = 50.0
_GOAL_GPU_S = 0.3
_REPEATS = 3


@dataclass(frozen=True)
class _Case:
    n: int
    classes: int
    d: int
    budgets: tuple[int, ...]
    plain_picks: int  # that the plain one is timed for


@dataclass(frozen=True)
class _Peer:
    """A size at which scikit-activeml builds all gradients in some hundred MiB."""

    n: int
    classes: int
    d: int
    picks: int


_CASES = {
    Size.FULL: (_Case(40_000, 100, 512, (500, 2000), 40), _Peer(2000, 100, 128, 100)),
    Size.QUICK: (_Case(2000, 10, 32, (20, 60), 5), _Peer(200, 5, 8, 10)),
}


def measure(size: Size) -> Report:
    """Time ours and both peers in one run."""
    case, small = _CASES[size]
    _say(f"{case.n:,} items, {case.classes} classes")
    snapshot = synthetic_pool(case.n, case.classes, case.d, 0, seed=0)
    rate = matrix_rate()
    seconds = {budget: _best(snapshot, budget) for budget in case.budgets}
    rate = max(rate, matrix_rate())
    a_pick = _plain(snapshot, case.plain_picks)
    lines: list[Line] = []
    for budget, ours in seconds.items():
        arithmetic = 2 * budget * case.n * (case.classes + case.d)
        limit = arithmetic / rate
        lines += [
            Line(
                f"{budget:,} picks",
                ours,
                "s",
                high=_GOAL_TIMES * limit,
                peer=Peer("plain k-means++", round(budget * a_pick, 2)),
                limit=Limit(f"{arithmetic / 1e9:,.0f} GFLOP at {rate / 1e9:.0f} GFLOP/s", limit),
                digits=3,
            ),
            Line(f"{budget:,} picks: over the arithmetic's time", ours / limit, "times", high=_GOAL_TIMES),
            Line(
                f"{budget:,} picks: faster than the plain one",
                budget * a_pick / ours,
                "times",
                low=_GOAL_FASTER,
                digits=0,
            ),
        ]
    notes = [
        f"Ours: the fastest of {_REPEATS}. The limit is one distance for each item and pick; it can be passed, for "
        "picks are drawn by rejection, and most distances are never needed.",
        f"Plain: gradients by their factors, one matrix-vector product of each a pick; {case.plain_picks} picks were "
        f"timed, {1000 * a_pick:.1f} ms each, and scaled to the budget.",
    ]
    lines += _scikit_activeml(small, notes)
    lines += _gpu(snapshot, case.budgets[0], notes)
    title = f"n = {case.n:,}, C = {case.classes}, d = {case.d}"
    return Report("badge", title, size, tuple(lines), tuple(notes))


def _ours(snapshot: Snapshot, budget: int) -> None:
    assert len(select("badge", snapshot, budget)) == budget
    settle(snapshot.labels.device.type)


def _best(snapshot: Snapshot, budget: int) -> float:
    times = []
    for _ in range(_REPEATS):
        started = time.perf_counter()
        _ours(snapshot, budget)
        times.append(time.perf_counter() - started)
    return min(times)


def _plain(snapshot: Snapshot, picks: int) -> float:
    """Seconds a pick of k-means++ that updates all distances after each."""
    _say("plain k-means++")
    chance = np.random.default_rng(0)
    vectors = gradient_factors(snapshot.probabilities, snapshot.features, None, bias=False)
    lengths = vectors.squared_norms()
    nearest, pick = torch.full_like(lengths, torch.inf), int(lengths.argmax())
    started = time.perf_counter()
    for _ in range(picks):
        inner = vectors.inner(vectors.take(slice(pick, pick + 1))).flatten()
        squared = torch.add(lengths, inner, alpha=-2).add_(lengths[pick]).clamp_(min=0)
        nearest = torch.minimum(nearest, squared)
        nearest[pick] = 0
        sums = nearest.double().cumsum(dim=0).numpy()
        pick = int(np.searchsorted(sums, chance.random() * sums[-1], side="right"))
    return (time.perf_counter() - started) / picks


def _scikit_activeml(small: _Peer, notes: list[str]) -> list[Line]:
    """Both at a size that scikit-activeml can run."""
    if find_spec("skactiveml") is None:
        notes.append("scikit-activeml is not installed: its lines are left out.")
        return []
    _say("scikit-activeml")
    snapshot = synthetic_pool(small.n, small.classes, small.d, 0, seed=1)
    theirs = _their_seconds(snapshot, small.picks)
    ours = _best(snapshot, small.picks)
    what = f"{small.picks} picks, n = {small.n:,}, C = {small.classes}, d = {small.d}"
    notes.append(
        f"scikit-activeml builds gradients of C d float64 each: {8e-9 * 40_000 * 100 * 512:.0f} GB at n = 40,000, "
        "C = 100, d = 512. So both are timed at a smaller size; probabilities are given to it."
    )
    return [
        Line(what, ours, "s", peer=Peer("scikit-activeml", round(theirs, 2)), digits=3),
        Line(f"{what}: faster than scikit-activeml", theirs / ours, "times", low=_GOAL_FASTER, digits=0),
    ]


def _their_seconds(snapshot: Snapshot, picks: int) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from skactiveml.base import SkactivemlClassifier
        from skactiveml.pool import Badge

        class Given(SkactivemlClassifier):  # type: ignore[misc]
            """A classifier whose probabilities are known."""

            def fit(self, X: np.ndarray, y: np.ndarray, sample_weight: None = None) -> Given:  # noqa: N803, ARG002
                return self

            def predict_proba(self, X: np.ndarray) -> np.ndarray:  # noqa: N803, ARG002
                return probabilities

        probabilities = snapshot.probabilities.double().numpy()
        features, labels = snapshot.features.double().numpy(), np.full(len(snapshot), np.nan)
        classifier = Given(classes=list(range(snapshot.classes)))
        started = time.perf_counter()
        found = Badge(random_state=0).query(features, labels, classifier, fit_clf=False, batch_size=picks)
        seconds = time.perf_counter() - started
    assert len(set(found)) == picks
    return seconds


def _gpu(snapshot: Snapshot, budget: int, notes: list[str]) -> list[Line]:
    if not torch.cuda.is_available():
        notes.append(f"No CUDA device: {budget} picks on one (goal {_GOAL_GPU_S:g} s) are left out.")
        return []
    there = replace(
        snapshot,
        **{
            name: getattr(snapshot, name).cuda()
            for name in ("probabilities", "features", "labels", "auto", "audit")
        },
    )
    _ours(there, budget)  # loads the kernels
    rate = matrix_rate("cuda")
    limit = 2 * budget * len(there) * (there.classes + there.features.shape[1]) / rate
    ours = _best(there, budget)
    name = f"at {rate / 1e12:.0f} TFLOP/s"
    return [
        Line(f"{budget:,} picks on the GPU", ours, "s", high=_GOAL_GPU_S, limit=Limit(name, limit), digits=3)
    ]


def _say(text: str) -> None:
    print(f"badge: {text}", file=sys.stderr, flush=True)
