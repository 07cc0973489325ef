"""BAIT (Ash et al. 2021): the items whose Fisher information leaves the least variance over the pool."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from model.names import UNKNOWN
from model.port import Cancelled, Port
from model.selection.base import Options, Picks, Snapshot, Tier
from model.selection.hard import predictions
from model.selection.registry import Strategy, register

_RIDGE = 1.0  # lambda
_RIDGE_LEAST = 1e-8  # of F's trace: below that, M could not be inverted
_OVER = 2  # times the budget are chosen before the backward pass, as in the paper
_EXACT_SIDE = 1024  # C d at most: the side of the information's matrix
_EXACT_WORK = 2**25  # and m C^2 d at most: the work of a pick
_DOUBLE = 2**22  # numbers; features of at most this many are kept in float64, of more as they are
_BLOCK = 2**21  # numbers in a block of rows
_RENEW = 256  # picks, after which what each of them changes is computed afresh
_RENEW_EARLY = (1, 4, 16, 64)  # in float32 already then: the first picks change most
_SINGULAR = 1e-12  # of a matrix's trace, added to its diagonal


def select(snapshot: Snapshot, pool: Tensor, budget: int, options: Options, seed: int, port: Port) -> Picks:
    """Choose ``budget`` items that make tr(M^-1 F) small; the seed is not used.

    F is the mean Fisher information of the last layer's weights over the pool, and M the sum of it over labeled
    items and picks plus the identity (a larger multiple where features are so large that it would be lost).
    Twice the budget is chosen greedily; then, one by one, what is missed least is removed (Ash et al. 2021,
    "Gone Fishing", algorithm 1). The score is by how much tr(M^-1 F) fell when the item was chosen.

    An item's information is (diag(p) - p p^T) (x) h h^T, of side C d. It is used as it is where C d <= 1,024 and
    m C^2 d <= 2^25. Beyond, diag(p) - p p^T is replaced by the nearest multiple of the identity,
    (1 - |p|^2) / C: all classes' weights then share one matrix of side d, and a pick takes 4 m d operations.
    """
    source = _Source(snapshot, _is_exact(snapshot, len(pool)), port)
    fisher = source.sum_information(pool) / len(pool)
    information = source.sum_information(torch.nonzero(snapshot.labels != UNKNOWN).flatten())
    information.diagonal().add_(max(_RIDGE, _RIDGE_LEAST * float(fisher.trace())))
    design = _Design(source.items(pool), fisher, information, port)
    chosen, scores = _forward(design, min(_OVER * budget, len(pool)), budget)
    kept = _backward(design.of(chosen), budget)
    items = pool[[chosen[place] for place in kept]]
    found = torch.tensor([scores[place] for place in kept], dtype=torch.float64)
    return Picks.of(items, predictions(snapshot, items), found, budget)


def _forward(design: _Design, count: int, budget: int) -> tuple[list[int], list[float]]:
    """Add greedily; returns places and the values at the time."""
    places: list[int] = []
    scores: list[float] = []
    while len(places) < count:
        values = design.values(+1)
        values[places] = -torch.inf
        best = int(values.argmax())
        places.append(best)
        scores.append(float(values[best]))
        design.change(best, +1)
        design.port.progress(len(places), 2 * count - budget, "choosing items")
    return places, scores


def _backward(design: _Design, budget: int) -> list[int]:
    """Remove greedily; returns the places that are left, in their order."""
    count = len(design.items)
    removed: list[int] = []
    while count - len(removed) > budget:
        values = design.values(-1)
        values[removed] = torch.inf
        removed.append(int(values.argmin()))
        design.change(removed[-1], -1)
        design.port.progress(count + len(removed), 2 * count - budget, "choosing items")
    return sorted(set(range(count)) - set(removed))


def _is_exact(snapshot: Snapshot, m: int) -> bool:
    side = snapshot.classes * snapshot.features.shape[1]
    return side <= _EXACT_SIDE and m * side * snapshot.classes <= _EXACT_WORK


@dataclass(frozen=True)
class _Items:
    """m items, each with the information ``curvature`` (x) h h^T, of side k d; k is C where exact and else 1."""

    features: Tensor  # (m, d)
    curvature: Tensor  # (m, k, k), float64

    def __len__(self) -> int:
        return len(self.features)

    def take(self, places: list[int] | slice) -> _Items:
        return _Items(self.features[places], self.curvature[places])

    def by_feature(self, matrix: Tensor) -> Tensor:
        """Bring ``matrix``, (k d, c), to the form that :meth:`contract` takes, (d, k c)."""
        k, d = self.curvature.shape[1], self.features.shape[1]
        return matrix.view(k, d, -1).transpose(0, 1).reshape(d, -1).to(self.features.dtype)

    def contract(self, by_feature: Tensor) -> Tensor:
        """Sum a matrix (k d, c) over each item's features: (m, k, c)."""
        return (self.features @ by_feature).view(len(self), self.curvature.shape[1], -1)

    def sum_information(self) -> Tensor:
        """The information of all together, (k d, k d)."""
        rows = [self.features.T @ self._weight_features(one) for one in range(self.curvature.shape[1])]
        return torch.cat(rows)

    def _weight_features(self, one: int) -> Tensor:
        weights = self.curvature[:, one, :, None].to(self.features.dtype)
        return (weights * self.features[:, None, :]).flatten(start_dim=1)


@dataclass(frozen=True)
class _Source:
    """A snapshot's items as they are needed."""

    snapshot: Snapshot
    exact: bool
    port: Port

    def items(self, index: Tensor) -> _Items:
        device = "cpu" if index.device.type == "mps" else index.device  # which has no float64
        p = self.snapshot.probabilities[index].to(device)
        features = self.snapshot.features[index].to(device)
        double = features.numel() <= _DOUBLE or self.exact
        dtype = torch.float64 if double else torch.promote_types(features.dtype, torch.float32)
        return _Items(features.to(dtype), self._curvature(p))

    def sum_information(self, index: Tensor) -> Tensor:
        """The sum of the items' information, (k d, k d)."""
        size = max(
            1, _BLOCK // self.snapshot.features.shape[1] // (self.snapshot.classes if self.exact else 1)
        )
        total = self.items(index[:0]).sum_information()
        for block in torch.split(index, size):
            if self.port.cancelled():
                raise Cancelled
            total += self.items(block).sum_information()
        return total

    def _curvature(self, p: Tensor) -> Tensor:
        p = p.double() / p.double().sum(dim=1, keepdim=True)  # else rounding makes it indefinite
        if self.exact:
            return torch.diag_embed(p) - p[:, :, None] * p[:, None, :]
        return ((1 - p.square().sum(dim=1)).clamp_(min=0) / p.shape[1])[:, None, None]


class _Design:
    """tr(M^-1 F) and by how much each item would change it, kept up to date as items are added and removed.

    An item with features h and curvature S adds H S H^T to M, H = I (x) h. By Woodbury's identity the trace
    falls by tr((I + S G)^-1 S P), where G = H^T M^-1 H and P = H^T M^-1 F M^-1 H are k x k, and one more item
    changes G and P of all by products of H with k d x k matrices.
    """

    def __init__(self, items: _Items, fisher: Tensor, information: Tensor, port: Port) -> None:
        self.items, self.port = items, port
        self._fisher, self._information = fisher, information
        self._changes = 0
        self._renew()

    def of(self, places: list[int]) -> _Design:
        """The same state with some items alone, in float64."""
        items = self.items.take(places)
        items = _Items(items.features.double(), items.curvature)
        return _Design(items, self._fisher, self._information, self.port)

    def values(self, sign: int) -> Tensor:
        """By how much the trace falls when an item is added (``sign`` 1) or rises when it is removed (-1), (m,)."""
        s = self.items.curvature
        if s.shape[1] == 1:
            return (s * self._p / (1 + sign * s * self._g)).flatten()
        identity = torch.eye(s.shape[1], dtype=s.dtype, device=s.device)
        solved = torch.linalg.solve(identity + sign * (s @ self._g), s @ self._p)
        return torch.einsum("mkk->m", solved)

    def change(self, place: int, sign: int) -> None:
        """Add or remove an item."""
        if self.port.cancelled():
            raise Cancelled
        s, h = self.items.curvature[place], self.items.features[place].double()
        spread = torch.kron(torch.eye(len(s), dtype=h.dtype, device=h.device), h[:, None])
        self._information += sign * spread @ s @ spread.T
        self._changes += 1
        if self._is_due():
            self._renew()
            return
        a = self._inverse @ spread
        n = torch.linalg.solve(
            torch.eye(len(s), dtype=s.dtype, device=s.device) + sign * s @ (spread.T @ a), s
        )
        n = (n + n.T) / 2
        t = self._fisher @ a
        z = self._inverse @ t - sign / 2 * a @ (n @ (a.T @ t))
        self._inverse -= sign * a @ n @ a.T
        both = self.items.contract(self.items.by_feature(torch.cat([a, z], dim=1)))
        y, x = both.double().tensor_split(2, dim=2)
        yn = y @ n
        half = yn @ x.mT
        self._g -= sign * (yn @ y.mT)
        self._p -= sign * (half + half.mT)

    def _is_due(self) -> bool:
        early = self._changes in _RENEW_EARLY and self.items.features.dtype != torch.float64
        return early or self._changes % _RENEW == 0

    def _renew(self) -> None:
        root = _root(self._information)
        identity = torch.eye(len(root), dtype=root.dtype, device=root.device)
        root = torch.linalg.solve_triangular(root, identity, upper=False).T
        self._inverse = root @ root.T
        self._g = self._squared_projections(root)
        self._p = self._squared_projections(self._inverse @ _root(self._fisher))

    def _squared_projections(self, root: Tensor) -> Tensor:
        """H^T R R^T H of each item, (m, k, k)."""
        size = max(1, _BLOCK // (len(root) * self.items.curvature.shape[1]))
        by_feature = self.items.by_feature(root)
        found = []
        for start in range(0, len(self.items), size):
            if self.port.cancelled():
                raise Cancelled
            rows = self.items.take(slice(start, start + size)).contract(by_feature)
            found.append((rows @ rows.mT).double())
        return torch.cat(found)


def _root(matrix: Tensor) -> Tensor:
    """The lower Cholesky factor of a matrix without negative eigenvalues."""
    more = _SINGULAR * matrix.trace() + torch.finfo(matrix.dtype).tiny
    root: Tensor = torch.linalg.cholesky(matrix + torch.diag_embed(more.expand(len(matrix))))
    return root


register("bait", Strategy("BAIT", Tier.HARD, select))
