"""BADGE (Ash et al. 2020): k-means++ sampling of the instances' gradients, exact and without a pass a pick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.port import Cancelled, Port
from model.selection.base import Options, Picks, SelectionError, Snapshot, Tier
from model.selection.functions.gradients import Factors, gradient_factors
from model.selection.hard import predictions
from model.selection.registry import Strategy, register

_CANDIDATES = 256  # drawn and compared at once
_ROWS = 8192  # of the pool, brought up to date at once
_PRODUCTS = 2**20  # inner products at once, which a cache holds
_HELD = 4096  # picks at most between two updates, so that their copies stay small
_HOPED = _CANDIDATES // 2  # of them are accepted after an update
_OWN = 512  # comparisons' worth of work in a candidate, beside those with the picks
_PASS = 32  # an update for few picks takes as long as one for this many: it waits for memory
_ROUNDING = 4  # rounding errors of a distance, in units of eps sqrt(C + d)

Floats = NDArray[np.float64]


def select(snapshot: Snapshot, pool: Tensor, budget: int, options: Options, seed: int, port: Port) -> Picks:
    """Choose ``budget`` items: first the largest gradient, then each with a chance as its squared distance.

    The gradient is the cross-entropy's by the last layer's weights (with ``options.bias`` by the bias too), for
    the predicted class as the label (Ash et al. 2020, algorithm 1). The distance is that to the nearest pick
    before, and its square is the score; the first's score is its squared length. Squared distances that rounding
    cannot tell from 0 are 0. Where all are 0, as when the rest are copies of picks, the rest of the budget is
    drawn uniformly.
    """
    sampler = _Sampler(_Gradients(snapshot, pool, options.bias), budget, np.random.default_rng(seed), port)
    places, scores = sampler.run()
    items = pool[torch.tensor(places, dtype=torch.int64, device=pool.device)]
    return Picks.of(items, predictions(snapshot, items), torch.tensor(scores, dtype=torch.float64), budget)


@dataclass(frozen=True)
class _Gradients:
    """The gradients of a pool's m items, made as they are asked for, so that no copy of the pool is."""

    snapshot: Snapshot
    pool: Tensor
    bias: bool

    def __len__(self) -> int:
        return len(self.pool)

    @property
    def rounding(self) -> float:
        """How far a squared distance may be off, as a share of the squared length."""
        size = self.snapshot.probabilities.shape[1] + self.snapshot.features.shape[1]
        return float(_ROUNDING * torch.finfo(self._dtype).eps * size**0.5)

    def rows(self, places: Tensor | slice) -> Factors:
        items = self.pool[places]
        probabilities = self.snapshot.probabilities[items].to(self._dtype)
        return gradient_factors(probabilities, self.snapshot.features[items].to(self._dtype), None, self.bias)

    @property
    def _dtype(self) -> torch.dtype:
        given = torch.promote_types(self.snapshot.probabilities.dtype, self.snapshot.features.dtype)
        return torch.promote_types(given, torch.float32)


class _Held:
    """The gradients of the picks since the last update, side by side for one matrix product."""

    def __init__(self, like: Factors, size: int) -> None:
        assert like.delta is not None
        self._delta = like.delta.new_empty(size, like.delta.shape[1])
        self._features = like.features.new_empty(size, like.features.shape[1])
        self._lengths = like.features.new_empty(size)
        self._bias = like.bias
        self.count = 0

    def __len__(self) -> int:
        return self.count

    @property
    def room(self) -> int:
        return len(self._lengths) - self.count

    def add(self, rows: Factors, lengths: Tensor) -> None:
        place = slice(self.count, self.count + len(rows))
        assert rows.delta is not None
        self._delta[place], self._features[place], self._lengths[place] = rows.delta, rows.features, lengths
        self.count = place.stop

    def parts(self, columns: int) -> list[tuple[Factors, Tensor]]:
        """Gradients and squared lengths, ``columns`` at a time."""
        edges = [slice(i, min(i + columns, self.count)) for i in range(0, self.count, columns)]
        return [(Factors(self._delta[e], self._features[e], self._bias), self._lengths[e]) for e in edges]


class _Sampler:
    """k-means++ by rejection.

    Squared distances only fall as picks are added, so those of the last update are upper bounds. A candidate is
    drawn by its bound, and accepted with the chance of its true squared distance over the bound: the accepted
    ones are then drawn by the true ones, whatever the bounds (von Neumann). Candidates do not depend on each
    other: a batch of them is compared with the picks and with one another in one matrix product. The whole pool is
    brought up to date only where that costs less than the candidates that it saves.
    """

    def __init__(self, pool: _Gradients, budget: int, chance: np.random.Generator, port: Port) -> None:
        self._pool, self._budget, self._chance, self._port = pool, budget, chance, port
        self._lengths = self._over_pool(lambda rows, _: rows.squared_norms())
        self._bounds = self._lengths.cpu().numpy().astype(np.float64)
        self._sums = np.cumsum(self._bounds)
        if not np.isfinite(self._sums[-1]):
            raise SelectionError("The model gave features too large to be compared; train it again.")
        self._picked = np.zeros(len(pool), dtype=bool)
        self._held = _Held(pool.rows(slice(0, 0)), min(budget, _HELD))
        self._accepted = 0
        self.places: list[int] = []
        self.scores: list[float] = []

    def run(self) -> tuple[list[int], list[float]]:
        first = int(self._bounds.argmax())
        if self._bounds[first] > 0:
            self._take([first], [float(self._bounds[first])])
            self._held.add(self._pool.rows(slice(first, first + 1)), self._lengths[first : first + 1])
            self._update(np.full(len(self._pool), np.inf))
        while len(self.places) < self._budget and self._sums[-1] > 0:
            self._draw()
            if self._held.room == 0 or self._worth_an_update():
                self._update(self._bounds)
        self._fill()
        return self.places, self.scores

    def _worth_an_update(self) -> bool:
        """Whether, at the last rate of acceptance, candidates for the rest of the budget would cost more."""
        if self._accepted == 0:
            return True
        draws = (self._budget - len(self.places)) * (1 / self._accepted - 1 / _HOPED)
        return draws * _CANDIDATES * (_OWN + len(self._held)) > len(self._pool) * max(_PASS, len(self._held))

    def _draw(self) -> None:
        """Draw candidates and take those that are accepted."""
        at = self._chance.random(_CANDIDATES) * self._sums[-1]
        places = np.searchsorted(self._sums, at, side="right")
        bounds = self._bounds[places]
        thresholds = self._chance.random(_CANDIDATES) * bounds
        index = torch.from_numpy(places).to(self._lengths.device)
        rows, lengths = self._pool.rows(index), self._lengths[index]
        true, between = self._compare(rows, lengths)
        true = np.minimum(true, bounds)
        true[self._picked[places]] = 0
        between[places[:, None] == places] = 0
        room = min(self._budget - len(self.places), self._held.room)
        accepted, scores = _accept(thresholds, true, between, room)
        self._take(places[accepted].tolist(), scores)
        kept = torch.tensor(accepted, dtype=torch.int64, device=index.device)
        self._accepted = len(accepted)
        self._held.add(rows.take(kept), lengths[kept])

    def _compare(self, rows: Factors, lengths: Tensor) -> tuple[Floats, Floats]:
        """Squared distances of candidates to the nearest pick since the update, (m,), and to each other, (m, m)."""
        nearest = self._nearest(rows, lengths)
        between = self._squared_distances(rows, lengths, rows, lengths)
        both = torch.cat([nearest.unsqueeze(1), between], dim=1).cpu().numpy().astype(np.float64)
        return both[:, 0], both[:, 1:]

    def _update(self, bounds: Floats) -> None:
        """Bring all squared distances up to date."""
        found = self._over_pool(lambda rows, part: self._nearest(rows, self._lengths[part]))
        self._bounds = np.minimum(bounds, found.cpu().numpy())
        self._bounds[self._picked] = 0
        self._sums = np.cumsum(self._bounds)
        self._held.count = 0

    def _nearest(self, rows: Factors, lengths: Tensor) -> Tensor:
        nearest = torch.full_like(lengths, torch.inf)
        for picks, their_lengths in self._held.parts(max(1, _PRODUCTS // len(rows))):
            nearest = torch.minimum(
                nearest, self._squared_distances(rows, lengths, picks, their_lengths).amin(dim=1)
            )
        return nearest

    def _squared_distances(
        self, rows: Factors, lengths: Tensor, others: Factors, their_lengths: Tensor
    ) -> Tensor:
        squared = torch.add(their_lengths, rows.inner(others), alpha=-2).add_(lengths.unsqueeze(1))
        return squared.masked_fill_(squared <= self._pool.rounding * lengths.unsqueeze(1), 0)

    def _over_pool(self, of: Callable[[Factors, slice], Tensor]) -> Tensor:
        """One number for each item, (m,)."""
        found = []
        for start in range(0, len(self._pool), _ROWS):
            if self._port.cancelled():
                raise Cancelled
            part = slice(start, start + _ROWS)
            found.append(of(self._pool.rows(part), part))
        return torch.cat(found)

    def _take(self, places: list[int], scores: list[float]) -> None:
        if self._port.cancelled():
            raise Cancelled
        self._picked[places] = True
        self.places += places
        self.scores += scores
        self._port.progress(len(self.places), self._budget, "choosing items")

    def _fill(self) -> None:
        """Draw what is left of the budget uniformly, all that remains being at distance 0."""
        left = self._budget - len(self.places)
        rest = self._chance.choice(np.flatnonzero(~self._picked), left, replace=False)
        self._take(rest.tolist(), [0.0] * left)


def _accept(thresholds: Floats, true: Floats, between: Floats, room: int) -> tuple[list[int], list[float]]:
    """Go through candidates in their order; ``true`` falls with each that is accepted."""
    accepted: list[int] = []
    scores: list[float] = []
    for candidate, threshold in enumerate(thresholds.tolist()):
        if len(accepted) < room and threshold < true[candidate]:
            accepted.append(candidate)
            scores.append(float(true[candidate]))
            np.minimum(true, between[candidate], out=true)
    return accepted, scores


register("badge", Strategy("BADGE", Tier.HARD, select))
