"""The graph of nearest neighbours and k-means of a large folder, beside their matrix arithmetic and two libraries."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.learner.matrix_rate import matrix_rate
from benchmarks.learner.peak_memory import PeakMemory
from benchmarks.learner.synthetic_pool import synthetic_pool
from benchmarks.report import Limit, Line, Peer, Report, Size
from model.learning.neighbours import NEAREST, neighbours
from model.port import NullPort
from model.selection.functions.clusters import cluster_features

_LOOKED_AT = 300  # items whose neighbours by another library are compared with the true ones
_LINKS, _BUILT_BY, _SEARCHED_BY = 16, 60, 48  # of the graph that faiss searches by
_STEPS = 20  # of k-means, at most


@dataclass(frozen=True)
class _Case:
    n: int
    d: int
    clusters: int


_CASES = {Size.FULL: _Case(100_000, 512, 400), Size.QUICK: _Case(2000, 32, 20)}


def measure(size: Size) -> Report:
    """Time ours, and faiss and scikit-learn where they are installed, in one run."""
    case = _CASES[size]
    features = synthetic_pool(case.n, 100, case.d, 0, seed=0).features
    rate = matrix_rate()
    notes: list[str] = []
    memory = PeakMemory()
    graph_s = _seconds("ours, neighbours", lambda: neighbours(features, NullPort()))
    graph_mib = memory.grown_mib()
    memory = PeakMemory()
    clusters_s = _seconds("ours, k-means", lambda: cluster_features(features, case.clusters, 1, NullPort()))
    clusters_mib = memory.grown_mib()
    rate = max(rate, matrix_rate())
    unit = _as_the_graph_sees(features)
    compared = 2.0 * case.n**2 * case.d
    grouped = 2.0 * case.n * case.clusters * case.d * (_STEPS + 1)
    peer = _scan_by_faiss(unit, notes)
    lines = [
        Line("the graph of neighbours", graph_s, "s", peer=peer, limit=_limit(compared, rate)),
        *_search_by_faiss(unit, graph_s, notes),
        Line(
            "k-means", clusters_s, "s", peer=_scikit_learn(unit, case.clusters), limit=_limit(grouped, rate)
        ),
    ]
    for what, mib in (("the graph: memory", graph_mib), ("k-means: memory", clusters_mib)):
        if mib is not None:
            lines.append(Line(what, mib, "MiB", digits=0))
    notes.append("Memory is what the process grew by, beside the features. k-means has 20 steps at most.")
    title = f"n = {case.n:,}, d = {case.d}, {NEAREST} neighbours, {case.clusters} clusters"
    return Report("neighbours", title, size, tuple(lines), tuple(notes))


def _limit(operations: float, rate: float) -> Limit:
    return Limit(f"{operations / 1e9:,.0f} GFLOP at {rate / 1e9:.0f} GFLOP/s", operations / rate)


def _seconds(what: str, work: Callable[[], object]) -> float:
    print(f"neighbours: {what}", file=sys.stderr, flush=True)
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _as_the_graph_sees(features: Tensor) -> NDArray[np.float32]:
    """Centred features of length 1, (n, d)."""
    found: NDArray[np.float32] = torch.nn.functional.normalize(features - features.mean(dim=0)).numpy()
    return found


def _scan_by_faiss(unit: NDArray[np.float32], notes: list[str]) -> Peer | None:
    """Every pair compared, as ours does."""
    if find_spec("faiss") is None:
        notes.append("faiss is not installed (pip install faiss-cpu): its numbers are left out.")
        return None
    import faiss

    def scan() -> None:
        index = faiss.IndexFlatIP(unit.shape[1])
        index.add(unit)
        index.search(unit, NEAREST + 1)

    return Peer("faiss, all pairs", _seconds("faiss, all pairs", scan))


def _search_by_faiss(unit: NDArray[np.float32], ours_s: float, notes: list[str]) -> list[Line]:
    """Nearly the nearest ones, by a graph that is searched (HNSW, Malkov and Yashunin 2020)."""
    if find_spec("faiss") is None:
        return []
    import faiss

    index = faiss.IndexHNSWFlat(unit.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction, index.hnsw.efSearch = _BUILT_BY, _SEARCHED_BY
    found: list[NDArray[np.int64]] = []

    def search() -> None:
        index.add(unit)
        found.append(index.search(unit, NEAREST + 1)[1])

    theirs_s = _seconds("faiss, HNSW", search)
    looked_at = np.random.default_rng(0).choice(len(unit), min(_LOOKED_AT, len(unit)), replace=False)
    cosines = unit[looked_at] @ unit.T
    true = np.argpartition(-cosines, NEAREST + 1, axis=1)[:, : NEAREST + 1]
    shares = [len(set(a) & set(b)) / len(a) for a, b in zip(true, found[0][looked_at], strict=True)]
    notes.append(f"HNSW: {_LINKS} links, built by {_BUILT_BY}, searched by {_SEARCHED_BY}.")
    return [
        Line("the same beside nearly the nearest", ours_s, "s", peer=Peer("faiss, HNSW", theirs_s)),
        Line("of which HNSW finds", 100 * float(np.mean(shares)), "%", digits=0),
    ]


def _scikit_learn(unit: NDArray[np.float32], clusters: int) -> Peer | None:
    if find_spec("sklearn") is None:
        return None
    from sklearn.cluster import KMeans

    grouping = KMeans(clusters, n_init=1, max_iter=_STEPS, tol=0, random_state=1)
    return Peer("scikit-learn", _seconds("scikit-learn, k-means", lambda: grouping.fit(unit)))
