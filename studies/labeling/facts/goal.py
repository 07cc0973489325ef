"""What a project is labeled for."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class GoalKind(str, Enum):
    """What a person wants of a project in the end."""

    LABELED = "labeled"  # all images labeled, at most a share of them wrong
    MODEL = "model"  # a model of an accuracy
    NONE = "none"  # nothing is aimed at, as in files of before there were goals


class Goal(BaseModel):
    """A project's goal; it may change at any time."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: GoalKind = GoalKind.LABELED
    share: Annotated[float, Field(ge=0, lt=1)] = (
        0.01  # of the folder that may be wrong; 0: a person sees each
    )
    accuracy: Annotated[float, Field(gt=0, le=1)] = 0.95  # of the model, on the held-out sample

    @property
    def wants_certificate(self) -> bool:
        """Whether the program may label images, with the promise that only so many are wrong."""
        return self.kind is GoalKind.LABELED and self.share > 0


NO_GOAL = Goal(kind=GoalKind.NONE)
