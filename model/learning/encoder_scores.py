"""The encoder that was chosen by measuring, and the numbers of the choice: values, without torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

JOINED = "joined"
"""Two encoders' features side by side, each scaled to the same length."""

FIRST_LABELS = 30
"""Labels before the first comparison; the next ones are at twice as many each."""


@dataclass(frozen=True)
class Score:
    """How well a last layer on one candidate's features predicted the labels, out of fold."""

    accuracy: float  # 0 to 1
    log_loss: float  # nats a label, at the temperature that fits best

    def __str__(self) -> str:
        return f"{self.accuracy:.0%} right, log loss {self.log_loss:.2f}"


@dataclass(frozen=True)
class EncoderChoice:
    """The candidate that was chosen, and what it was compared with."""

    chosen: str
    labels: int  # that were compared on
    scores: Mapping[str, Score]  # by candidate, the cheapest first

    def sentence(self) -> str:
        """One line: what was chosen, and the numbers of all."""
        numbers = "; ".join(f"{name} {score}" for name, score in self.scores.items())
        return f"{self.chosen}, chosen at {self.labels:,} labels ({numbers})"

    def as_dict(self) -> dict[str, Any]:
        """Plain values; see :func:`read_choice`."""
        scores = {name: [score.accuracy, score.log_loss] for name, score in self.scores.items()}
        return {"chosen": self.chosen, "labels": self.labels, "scores": scores}


def read_choice(values: Mapping[str, Any] | None) -> EncoderChoice | None:
    """Return the choice that :meth:`EncoderChoice.as_dict` wrote; ``None`` where there is none."""
    if values is None:
        return None
    scores = {name: Score(*numbers) for name, numbers in values["scores"].items()}
    return EncoderChoice(values["chosen"], values["labels"], scores)


def is_due(labels: int, before: EncoderChoice | None) -> bool:
    """Whether so many labels are worth a comparison after the one ``before``."""
    return labels >= (2 * before.labels if before else FIRST_LABELS)
