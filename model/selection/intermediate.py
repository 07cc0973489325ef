"""The intermediate tier: for each class, what has most mutual information with its labeled items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from model.port import Cancelled, Port
from model.selection.base import (
    Conflicts,
    Embedding,
    Engine,
    Options,
    Partitions,
    Picks,
    Select,
    SelectionError,
    Snapshot,
    Tier,
    shares,
)
from model.selection.functions import smi
from model.selection.functions.gradients import Factors, gradient_factors
from model.selection.functions.logdet import Chain, LogDetMI
from model.selection.functions.logdet_lazy import LazyLogDetMI
from model.selection.functions.submodlib_engine import Submodlib
from model.selection.matching import Award, settle
from model.selection.registry import Strategy, register

_TITLES = {
    "logdetmi": "LogDetMI",
    "flqmi": "FLQMI",
    "flvmi": "FLVMI",
    "gcmi": "GCMI",
    "com": "COM",
}
_DOUBLE_BELOW = 0.1  # a ridge at which rounding in single precision would show in the gains' fifth digit
_NAMED = 8


def strategy(function: str) -> Select:
    """Return the strategy that maximises a function.

    Class c of C may pick floor(b (c + 1) / C) - floor(b c / C) of a budget b (the authors' code). Classes
    without a query set pick nothing: their share goes to the others, unless losers of conflicts go without
    too (``drop``), when the budget is not spent either. A pick's suggestion is the class, its score the
    marginal gain. Conflicts are settled by :func:`model.selection.matching.settle`, inside a partition only.
    """

    def select(
        snapshot: Snapshot, pool: Tensor, budget: int, options: Options, seed: int, port: Port
    ) -> Picks:
        labels = [c for c in range(snapshot.classes) if len(snapshot.query_set(c, options.auto_in_queries))]
        if not labels:
            return Picks.none(
                budget,
                "No class has a labeled item to compare with." + _explain_exclusions(snapshot, options),
            )
        quotas = _quotas(snapshot.classes, labels, budget, options.conflicts)
        awards: list[Award] = []
        parts = _parts(pool, options, seed)
        for number, (part, dealt) in enumerate(zip(parts, _dealt(quotas, len(parts)), strict=True)):
            watch = _Watch(port, len(labels), number, len(parts))
            found = _in_part(function, snapshot, part, dealt, options, watch)
            awards += [replace(award, item=int(part[award.item])) for award in found]
        return _picks(awards, budget, _note(snapshot, labels, options, len(awards) < sum(quotas.values())))

    return select


class _Watch:
    """Reports finished classes to the port, and raises when it is cancelled."""

    def __init__(self, port: Port, classes: int, part: int, parts: int) -> None:
        self._port, self._classes, self._parts = port, classes, parts
        self._before = part * classes
        self._done = 0

    @property
    def port(self) -> Port:
        """The port itself, for an engine that polls it."""
        return self._port

    def poll(self) -> None:
        """Raise :class:`Cancelled` where the port says so."""
        if self._port.cancelled():
            raise Cancelled

    def a_class(self) -> None:
        """Say that one more class is done; a class that goes on further says nothing."""
        self._done = min(self._done + 1, self._classes)
        text = f"Selecting the intermediate tier: class {self._done} of {self._classes}"
        self._port.progress(self._before + self._done, self._parts * self._classes, text)
        self.poll()


def _in_part(
    function: str, snapshot: Snapshot, part: Tensor, quotas: dict[int, int], options: Options, watch: _Watch
) -> list[Award]:
    """Awards whose items are places in the part."""
    labels = [label for label, share in quotas.items() if share]
    if not labels:
        return []
    watch.poll()
    pool = _embed(snapshot, part, None, options)
    with _Engine(function, snapshot, pool, options, watch) as engine:
        most = max(quotas.values())
        if options.conflicts is Conflicts.DROP:
            first = engine.chains(labels, most)
            cut = {c: Chain(chain.items[: quotas[c]], chain.gains[: quotas[c]]) for c, chain in first.items()}
            return settle(cut, quotas)
        slack = (
            most // 4 + 2
        )  # what conflicts usually take; asking again costs a class as much as the first time
        chains = engine.chains(labels, most + slack)

        def longer(short: list[int]) -> dict[int, Chain]:
            short = [label for label in short if len(chains[label].items) < len(part)]
            if short:
                chains.update(engine.chains(short, 2 * max(len(chains[label].items) for label in short)))
            return {label: chains[label] for label in short}

        return settle(chains, quotas, longer)


class _Engine:
    """Who maximises the function in one part of the pool."""

    def __init__(
        self, function: str, snapshot: Snapshot, pool: Factors, options: Options, watch: _Watch
    ) -> None:
        self._function, self._snapshot, self._pool = function, snapshot, pool
        self._options, self._watch = options, watch
        kind = LazyLogDetMI if options.lazy else LogDetMI
        own = options.engine is Engine.OWN
        self._logdet = kind(pool, options.eta, options.ridge) if own and function == "logdetmi" else None
        self._submodlib = None if own else Submodlib(options.engine_seconds, options.engine_gib)

    def __enter__(self) -> _Engine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._submodlib is not None:
            self._submodlib.close()

    def chains(self, labels: list[int], length: int) -> dict[int, Chain]:
        """The first picks of each class."""
        queries = [self._queries(label) for label in labels]
        chains: dict[int, Chain] = {}
        for label, chain in zip(labels, self._maximise(queries, length), strict=True):
            chains[label] = chain
            self._watch.a_class()
        return chains

    def _maximise(self, queries: Sequence[Factors], length: int) -> Iterator[Chain]:
        if self._submodlib is not None:
            return self._by_submodlib(self._submodlib, queries, length)
        if self._logdet is not None:
            return self._logdet.chains(queries, length, self._watch.poll)
        function = smi.Function(self._function)
        return smi.chains(function, self._pool, queries, length, self._options.eta, self._watch.poll)

    def _by_submodlib(self, engine: Submodlib, queries: Sequence[Factors], length: int) -> Iterator[Chain]:
        options, pool = self._options, self._pool
        largest = max(map(len, queries))
        engine.refuse_large(self._function, len(pool), largest, length)
        square = pool.inner(pool).cpu().numpy() if self._function in ("logdetmi", "flvmi") else None
        for query in queries:
            inner, cross = query.inner(query).cpu().numpy(), pool.inner(query).cpu().numpy()
            eta, ridge, lazy, port = options.eta, options.ridge, options.lazy, self._watch.port
            items, gains = engine.chain(self._function, square, inner, cross, length, eta, ridge, lazy, port)
            yield Chain(items, gains)

    def _queries(self, label: int) -> Factors:
        index = self._snapshot.query_set(label, self._options.auto_in_queries)
        return _embed(self._snapshot, index, self._snapshot.labels[index], self._options)


def _embed(snapshot: Snapshot, index: Tensor, labels: Tensor | None, options: Options) -> Factors:
    """Vectors of length 1; items without labels have the gradient of their predicted class."""
    double = options.ridge < _DOUBLE_BELOW and index.device.type != "mps"
    kind = torch.promote_types(snapshot.features.dtype, torch.float64 if double else torch.float32)
    features = snapshot.features[index].to(kind)
    if options.embedding is Embedding.FEATURES:
        return Factors(None, features).normalized()
    probabilities = snapshot.probabilities[index].to(kind)
    return gradient_factors(probabilities, features, labels, bias=True, saturated=True).normalized()


def _quotas(classes: int, labels: list[int], budget: int, conflicts: Conflicts) -> dict[int, int]:
    sharing = list(range(classes)) if conflicts is Conflicts.DROP else labels
    quotas = dict(zip(sharing, shares(budget, len(sharing)), strict=True))
    return {label: quotas[label] for label in labels}


def _dealt(quotas: dict[int, int], parts: int) -> list[dict[int, int]]:
    """Shares of each part: picks are dealt out one by one, so that parts and classes both come out even."""
    dealt: list[dict[int, int]] = [dict.fromkeys(quotas, 0) for _ in range(parts)]
    turn = 0
    for label, quota in quotas.items():
        for _ in range(quota):
            dealt[turn % parts][label] += 1
            turn += 1
    return dealt


def _parts(pool: Tensor, options: Options, seed: int) -> list[Tensor]:
    if options.partitions is Partitions.NONE:
        return [pool]
    if options.n_partitions < 1:
        raise SelectionError(f"There are {options.n_partitions} partitions; give 1 or more.")
    if options.partitions is Partitions.RANDOM:
        order = torch.randperm(len(pool), generator=torch.Generator().manual_seed(seed))
        return [pool[part.sort().values.to(pool.device)] for part in order.tensor_split(options.n_partitions)]
    return list(pool.tensor_split(options.n_partitions))


def _picks(awards: list[Award], budget: int, note: str) -> Picks:
    order = sorted(awards, key=lambda award: (-award.gain, award.item))
    return Picks(
        np.array([award.item for award in order], np.int64),
        np.array([award.label for award in order], np.int64),
        np.array([award.gain for award in order], np.float64),
        budget,
        note,
    )


def _note(snapshot: Snapshot, labels: list[int], options: Options, lost: bool) -> str:
    without = sorted(set(range(snapshot.classes)) - set(labels))
    said = []
    if without:
        names = ", ".join(map(str, without[:_NAMED])) + (", ..." if len(without) > _NAMED else "")
        drop = options.conflicts is Conflicts.DROP
        fate = "nothing was picked for them" if drop else "their share went to the others"
        said.append(
            f"Classes without a labeled item ({len(without)}: {names}): {fate}.{_explain_exclusions(snapshot, options)}"
        )
    if lost:
        said.append("Picks that another class wanted more were dropped.")
    return " ".join(said)


def _explain_exclusions(snapshot: Snapshot, options: Options) -> str:
    there = bool(snapshot.auto.any()) and not options.auto_in_queries
    return " Auto-labeled items do not count." if there else ""


for _name, _title in _TITLES.items():
    register(_name, Strategy(_title, Tier.INTERMEDIATE, strategy(_name)))
