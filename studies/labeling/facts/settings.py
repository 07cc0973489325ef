"""What an annotator can choose for a project; every choice may change between two rounds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from model.datasets.pixels.deep import Ranges
from model.errors import UserError
from model.names import AUTO, POOL_PRESET, Engine
from model.rounds.live_values import LearnerSettings
from model.tiers import PerTier, Tier, budgets_of, strategies_for, strategies_of
from studies.labeling.facts.class_texts import ClassTexts
from studies.labeling.facts.goal import NO_GOAL, Goal

Budget = Annotated[int, Field(ge=0, le=1_000_000)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


class SettingsError(UserError):
    """A choice that cannot be; ``where`` is the way to it, such as ("budgets", "minutes")."""

    def __init__(self, where: tuple[str, ...], what: str) -> None:
        super().__init__(f"{'.'.join(where) or 'settings'}: {what}")
        self.where, self.what = where, what


class BudgetMode(str, Enum):
    """Who chooses the budgets of a round."""

    PLANNED = "planned"  # the program, from this person's times and the suggestions' accuracy
    FIXED = "fixed"  # the paper
    RAMPED = "ramped"  # the authors' code


class CostOrigin(str, Enum):
    """Where c_a and c_v come from."""

    PROJECT = "project"  # this person's times in this project; until there are enough, the paper's ratio
    STUDY = "study"  # this person's times in a timing study
    PAPER = "paper"  # units: c_a = 4, c_v = 1
    GIVEN = "given"


class FirstLabels(str, Enum):
    """What is asked about before there is a model, beside images drawn at random."""

    TYPICAL = "typical"  # single images, each typical of a group that looks alike
    CLUSTERS = "clusters"  # pages of such groups, which the person names; only where there are pages


_STRATEGIES = strategies_of(intermediate=AUTO)
# Which strategies stand for AUTO, where they are not the tiers' usual ones. docs/tiers.md compares them.
_USUAL: Mapping[BudgetMode, Mapping[Tier, str]] = {
    BudgetMode.PLANNED: {Tier.INTERMEDIATE: "sample"},
    BudgetMode.FIXED: {},
    BudgetMode.RAMPED: {},
}


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _nest_by_tier(values: Any, key: str) -> Any:
    """Values with those that stand under a tier's name, as they did in earlier versions, under ``key`` by tier."""
    if not isinstance(values, dict):
        return values
    names = [tier.value for tier in Tier if tier.value in values]
    rest = {name: value for name, value in values.items() if name not in names}
    given = rest.pop(key, {})
    by_tier = {**given, **{name: values[name] for name in names}} if isinstance(given, Mapping) else given
    return {**rest, key: by_tier}


def _fill(usual: PerTier[Any], given: object) -> object:
    """What is given by tiers or by their names, and what is usual of the other tiers."""
    return (
        usual.by_name | {getattr(key, "value", key): value for key, value in given.items()}
        if isinstance(given, Mapping)
        else given
    )


def _by_name(values: Mapping[Tier, Any]) -> dict[str, Any]:
    return {tier.value: value for tier, value in values.items()}


_IMAGES = budgets_of(hard=30, intermediate=60, easy=60)
_Counts = Annotated[
    Mapping[Tier, Budget], AfterValidator(lambda given: PerTier(given, 0)), PlainSerializer(_by_name)
]
_Images = Annotated[_Counts, BeforeValidator(partial(_fill, _IMAGES))]
_Strategies = Annotated[
    Mapping[Tier, str],
    BeforeValidator(partial(_fill, _STRATEGIES)),
    AfterValidator(lambda given: PerTier(given, "")),
    PlainSerializer(_by_name),
]


class RoundImages(_Model):
    """Numbers that the annotator gave for one round alone."""

    round: Annotated[int, Field(ge=1)]
    images: _Counts

    @model_validator(mode="before")
    @classmethod
    def _read_earlier(cls, values: Any) -> Any:
        return _nest_by_tier(values, "images")


class Budgets(_Model):
    """How many images each tier takes in a round, or how many minutes a round may take."""

    mode: BudgetMode = BudgetMode.PLANNED
    images: _Images = _IMAGES
    minutes: Annotated[float, Field(gt=0, le=600)] | None = 5.0  # of a planned round
    chosen: RoundImages | None = None

    def of_round(self, round_: int) -> Budgets:
        """What holds in a round: the numbers that were given for it, if any were."""
        if self.chosen is None or self.chosen.round != round_:
            return self
        return Budgets(mode=BudgetMode.FIXED, images=self.chosen.images)

    @model_validator(mode="before")
    @classmethod
    def _read_earlier(cls, values: Any) -> Any:
        return _nest_by_tier(values, "images")


class Costs(_Model):
    """c_v, c_a and c_0 in seconds, or in units where they come from the paper."""

    origin: CostOrigin = CostOrigin.PROJECT
    verify: Seconds = 1.0
    correct: Seconds = 4.0
    unaided: Seconds | None = None  # None: c_a, as in the paper

    @model_validator(mode="after")
    def _refuse_cheaper_corrections(self) -> Costs:
        if self.correct < self.verify:
            raise ValueError("c_a (correcting) is less than c_v (verifying); give a larger c_a")
        return self


class Learner(_Model):
    """The network and the strategies; see :class:`model.rounds.live_values.LearnerSettings`."""

    network: str = AUTO
    weights: Path | None = None
    preset: str = POOL_PRESET
    strategies: _Strategies = _STRATEGIES  # AUTO: by the mode of the budgets
    published: bool = False
    engine: Engine = Engine.OWN
    max_error: Annotated[float, Field(gt=0, lt=1)] = 0.03

    def settings(self, mode: BudgetMode) -> LearnerSettings:
        """The same as the learner takes it, for budgets of a mode."""
        usual = strategies_for(_USUAL[mode])
        strategies = PerTier.of(
            lambda tier: usual[tier] if self.strategies[tier] == AUTO else self.strategies[tier]
        )
        return LearnerSettings(**{**dict(self), "strategies": strategies})

    @model_validator(mode="before")
    @classmethod
    def _read_earlier(cls, values: Any) -> Any:
        return _nest_by_tier(values, "strategies")


class ProjectSettings(_Model):
    """All choices of a project but its images and classes."""

    annotator: Annotated[str, Field(max_length=80)] = ""
    goal: Goal = Goal()
    budgets: Budgets = Budgets()
    costs: Costs = Costs()
    learner: Learner = Learner()
    names: ClassTexts = ClassTexts()
    holdout: Annotated[int, Field(ge=0, le=100_000)] = 100  # images to measure accuracy with; 0: none
    seed_labels: Annotated[int, Field(ge=2, le=1_000_000)] = 20  # before the first model, at least
    first_labels: FirstLabels = FirstLabels.TYPICAL
    plant_rate: Annotated[float, Field(ge=0, le=0.5)] = 0.03  # catch trials, as a share of the queue; 0: none
    pages: bool = True  # of many images, in planned rounds, where they cost this person less
    second_look: bool = False  # at what pages confirmed: when nothing is left it begins by itself
    show_tier: bool = False
    display_ranges: Ranges | None = None  # of images with more than 8 bits; None: not measured yet
    seed: Annotated[int, Field(ge=0, le=2**53)] = 1


def settings_from(values: dict[str, Any]) -> ProjectSettings:
    """Read settings; raises :class:`SettingsError` that names what is wrong."""
    try:
        return ProjectSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        what = first["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
        raise SettingsError(tuple(map(str, first["loc"])), f"{what}.") from None


def stored_settings(text: str) -> ProjectSettings:
    """Read the settings (JSON) of a project's file; raises :class:`SettingsError`.

    Files of before there were goals have none: what such a project asks stays as it was until a goal is chosen.
    """
    return settings_from({"goal": NO_GOAL.model_dump(), **json.loads(text)})
