"""History: from one answer to the one before or after it."""

from __future__ import annotations

from collections.abc import Iterable

from studies.labeling.state.desk import Review
from studies.labeling.state.ledger import Ledger


def older(ledger: Ledger, review: Review | None) -> Review | None:
    """The answer before the one under review, or the last one; ``None`` at the beginning."""
    earlier = ledger.before(ledger.actions if review is None else review.action)
    return _first_answer(ledger, earlier, 1 if review is None else review.depth + 1)


def newer(ledger: Ledger, review: Review) -> Review | None:
    """The answer after the one under review; ``None``: the present comes next."""
    return None if review.depth == 1 else _first_answer(ledger, ledger.after(review.action), review.depth - 1)


def _first_answer(ledger: Ledger, actions: Iterable[int], depth: int) -> Review | None:
    """The first of some actions that was an answer to one image; it lies ``depth`` answers back."""
    for action in actions:
        fact = ledger.only_fact(action)
        if fact is not None and fact.verb.meaning.reviewed:
            return Review(depth, fact.item, action)
    return None
