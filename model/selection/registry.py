"""The strategies of selection by name, and running one with the checks that all share."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from model.names import UNKNOWN
from model.port import NullPort, Port
from model.selection.base import Options, Picks, Select, SelectionError, Snapshot, Tier


@dataclass(frozen=True)
class Strategy:
    """A strategy, what people call it, and the tier that it selects for."""

    title: str
    tier: Tier
    select: Select


STRATEGIES: dict[str, Strategy] = {}


def register(name: str, entry: Strategy) -> None:
    """Add a strategy; raises ``ValueError`` if there is one of that name."""
    if name in STRATEGIES:
        raise ValueError(f"There is already a strategy named {name!r}.")
    STRATEGIES[name] = entry


def strategy(name: str, tier: Tier | None = None) -> Strategy:
    """Return a strategy; raises :class:`SelectionError`, listing the known ones (of ``tier``)."""
    known = {n: s for n, s in STRATEGIES.items() if tier in (None, s.tier)}
    if name not in known:
        of = f" of the {tier.value} tier" if tier else ""
        raise SelectionError(f"There is no strategy {name!r}{of}; choose one of {', '.join(known)}.")
    return known[name]


def select(
    name: str,
    snapshot: Snapshot,
    budget: int,
    *,
    pool: Tensor | None = None,
    options: Options | None = None,
    seed: int = 0,
    port: Port | None = None,
) -> Picks:
    """Choose up to ``budget`` items of ``pool``, positions of unlabeled items (default: all of them).

    The same arguments give the same picks. Where there are fewer items than asked for, all that the strategy
    would take are picked and ``note`` says so. Raises :class:`SelectionError` for an unknown strategy, a
    negative budget, and a pool with labeled items, doubles or positions that do not exist.
    """
    chosen = strategy(name)
    if budget < 0:
        raise SelectionError(f"The budget is {budget}; give 0 or more.")
    items = snapshot.unlabeled if pool is None else _validate_pool(pool, snapshot)
    asked, budget = budget, min(budget, len(items))
    if budget == 0:
        return Picks.none(asked, "" if asked == 0 else "No unlabeled item is left.")
    picks = chosen.select(snapshot, items, budget, options or Options(), seed, port or NullPort())
    note = picks.note
    if not note and len(picks) < asked and budget < asked:
        note = f"Only {len(items):,} unlabeled items were left."
    return Picks(picks.items, picks.suggestions, picks.scores, asked, note)


def _validate_pool(pool: Tensor, snapshot: Snapshot) -> Tensor:
    items: Tensor = torch.unique(pool.to(snapshot.labels.device, torch.int64))
    if len(items) != len(pool):
        raise SelectionError("The pool names an item twice; name each once.")
    if len(items) and not 0 <= int(items[0]) <= int(items[-1]) < len(snapshot):
        raise SelectionError(f"The pool names items beyond the {len(snapshot):,} of the snapshot.")
    if bool((snapshot.labels[items] != UNKNOWN).any()):
        raise SelectionError("The pool names items that have a label; leave them out.")
    return items
