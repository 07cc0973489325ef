"""Whether another round is worth its time: said, never forced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studies.estimates import Share

_FEW = 30  # held-out labels below which accuracy is hardly known
_FLAT = 0.005  # gain of accuracy per round that is no gain


@dataclass(frozen=True)
class Measured:
    """A round's model on the held-out sample, and the minutes that its labels took."""

    accuracy: Share
    minutes: float


def advise(rounds: Sequence[Measured]) -> str:
    """One or two sentences about the accuracy so far and what the last rounds brought."""
    if not rounds:
        return (
            "After the first round, the accuracy on the held-out sample is shown here. Rounds begin once every class "
            "has an example, or when you say on the page of the round (Ctrl+P) that the first labels are enough."
        )
    last = rounds[-1].accuracy
    interval = last.wilson()
    if interval is None:
        return (
            "There is no held-out sample, so accuracy is not known: judge by how often suggestions are right."
        )
    text = f"Accuracy {interval.value:.0%} ({interval.low:.0%} to {interval.high:.0%}, {last.total} held-out images)."
    if last.total < _FEW:
        return f"{text} These are few: the estimate may be far off."
    if len(rounds) < 3:
        return text
    before = rounds[-3].accuracy.value
    minutes = sum(r.minutes for r in rounds[-2:])
    if before is None or minutes <= 0:
        return text
    gain = interval.value - before
    if round(gain, 9) <= _FLAT * 2:  # 0.81 - 0.8 is a little more than 0.01
        return f"{text} The last two rounds brought no measurable gain: this may be the time to stop."
    return f"{text} The last two rounds brought {gain / minutes * 100:.1f} points per minute."
