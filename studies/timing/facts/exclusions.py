"""Which trials a plan leaves out of the results, beside those that every plan does."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from studies.plans.fields import PlanPart, number, one_of, share, whole


class Stalls(str, Enum):
    """Which stalls of the program leave a trial out."""

    ANYWHERE = "anywhere"  # while the image was on screen
    ONSET_OR_ANSWER = "onset_or_answer"  # only those that falsify the time, and sleep of the machine


class Exclusions(PlanPart):
    """The rules of a plan's own; each is off where its number is 0."""

    too_slow_ms: Annotated[int, whole(0, 3_600_000)] = 0
    mad: Annotated[float, number(0, 100)] = 0.0
    min_answers: Annotated[float, share()] = 0.0
    skip_first: Annotated[int, whole(0, 1_000)] = 0
    stalled: Annotated[Stalls, Field(description=one_of(Stalls))] = Stalls.ANYWHERE

    def limits(self) -> Mapping[str, float]:
        """The rules that are on, by name, with their limits."""
        at_ends = float(self.stalled is Stalls.ONSET_OR_ANSWER)
        all_ = (self.too_slow_ms, self.mad, self.min_answers, self.skip_first, at_ends)
        return {rule: float(limit) for rule, limit in zip(USUAL_LIMITS, all_, strict=True) if limit}


USUAL_LIMITS: Mapping[str, float] = MappingProxyType(
    {"too_slow": 10_000.0, "outlier": 3.0, "incomplete": 0.9, "first_trials": 5.0, "stalled_at_ends": 1.0}
)
"""The rules that a plan may turn on, with the limits by which trials are flagged where it has not.

In ms, median absolute deviations, a share of the answers, trials of a block; 1 for a rule without a limit.
"""
