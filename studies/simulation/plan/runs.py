"""The runs of an experiment: independent jobs, each with a key that says all it depends on."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from model.datasets.pixels import PIXEL_RULES
from model.learning.config import TrainingConfig
from model.rounds.simulated_values import ImagesSpec, LearnerSpec, SelectionSettings
from model.tiers import PerTier, Tier, strategies_for
from studies.simulation.plan.checks import LoadedExperiment, training_of
from studies.simulation.plan.plan import AutoLabels, Data, Kind, Method, SeedLabels, by_position
from studies.simulation.plan.times import CostSetting, setting_of

_FIRST_TIERS = (Tier.HARD, Tier.INTERMEDIATE, Tier.EASY)
_FIRST_OPTIONS = ("published", "partitions", "n_partitions", "eta", "ridge", "max_error")
_OPTIONS = {
    option.name: option.default for option in fields(SelectionSettings) if option.name != "strategies"
}
STEP_VERSION = 3
"""Version of what a round computes, part of a run's key: runs of another version are computed anew."""

FOLDER_STEP_VERSION = 1
"""The same, of what rounds of whole folders compute beside that."""

FINISH_STEP_VERSION = 3
"""The same, of what rounds toward a goal compute beside that."""


@dataclass(frozen=True)
class MethodCell:
    """A method with one strategy a tier and one list of budgets."""

    label: str
    kind: Kind
    budgets: PerTier[int]
    choice: SelectionSettings
    auto_labels: AutoLabels
    planner: str
    training: str  # the name of settings; empty: the data set's
    lead: int = 0  # this and what follows: of whole folders
    page_size: int = 24
    nearest: float = 0.0
    second_look: bool = False
    goal: float = 0.0  # the share of the folder that may be wrong, where the program labels images too

    @property
    def suggests(self) -> bool:
        """Whether annotators see a suggestion."""
        return self.kind not in (Kind.AL, Kind.NO_HELP)

    @property
    def audited(self) -> bool:
        """Whether rounds may have an easy tier, so that the random sample is to judge models."""
        return self.kind in (Kind.PLANNED, Kind.CERTIFIED) or any(
            self.budgets[tier] for tier in Tier if not tier.asked
        )


@dataclass(frozen=True)
class Run:
    """A job: one method on one data set from one seed. ``cost`` is there where it changes what happens."""

    key: str
    data: str
    images: ImagesSpec
    learner: LearnerSpec
    method: MethodCell
    seed: int
    rounds: int
    seed_labels: SeedLabels
    error_rate: float
    cost: CostSetting | None
    threads: int
    step_version: int = STEP_VERSION
    accepts: float = 0.0  # of wrong suggestions to an image by itself


@dataclass(frozen=True)
class Cell:
    """A run at one of the costs."""

    run: Run
    cost: str


@dataclass(frozen=True)
class Grid:
    """All of an experiment."""

    cells: tuple[Cell, ...]
    costs: tuple[CostSetting, ...]

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs, each once, seed by seed."""
        return tuple({cell.run.key: cell.run for cell in self.cells}.values())


def grid(loaded: LoadedExperiment, data_folder: Path | None) -> Grid:
    """Lay out an experiment; paths of data and weights start at ``data_folder``.

    Raises :class:`model.errors.UserError` for a study whose times cannot be drawn.
    """
    plan = loaded.plan
    whole_folder = any(method.kind.whole_folder for method in plan.methods)
    costs = tuple(setting_of(cost, loaded.folder, whole_folder) for cost in plan.costs)
    cells = tuple(
        Cell(_make_run(loaded, data, method, seed, cost, data_folder), cost.label)
        for seed in plan.seeds
        for data in plan.data
        for table in plan.methods
        for method in cells_of(table)
        for cost in costs
    )
    return Grid(cells, costs)


def cells_of(method: Method) -> Iterator[MethodCell]:
    """A method of every strategy and every list of budgets; names say what differs."""
    names = dict(method.strategies)
    if method.kind is Kind.RANDOM:
        names[Tier.HARD] = ("random",)
    goals = method.goal if method.kind.has_goal else (0.0,)
    choices = itertools.product(itertools.product(*names.values()), method.budgets, goals)
    for chosen, numbers, goal in choices:
        strategies = dict(zip(names, chosen, strict=True))
        words = [_name_strategy(tier, name) for tier, name in strategies.items() if len(names[tier]) > 1]
        words += [f"({', '.join(map(str, numbers))})"] if len(method.budgets) > 1 else []
        words += [f"at {goal:.3g}"] if len(goals) > 1 else []
        options = {name: getattr(method, name) for name in _OPTIONS}
        if method.kind is Kind.CERTIFIED:
            options["max_error"] = goal
        choice = SelectionSettings(strategies_for(strategies), **options)
        label = " ".join([method.name, *words])
        yield MethodCell(
            label,
            method.kind,
            by_position(numbers),
            choice,
            method.auto_labels,
            method.planner,
            method.training,
            method.lead,
            method.page_size,
            method.nearest,
            method.second_look,
            goal,
        )


def _name_strategy(tier: Tier, strategy: str) -> str:
    return strategy.upper() if tier is Tier.HARD else strategy


def _make_run(
    loaded: LoadedExperiment,
    data: Data,
    method: MethodCell,
    seed: int,
    cost: CostSetting,
    folder: Path | None,
) -> Run:
    plan = loaded.plan
    matters = method.kind is Kind.PLANNED or method.kind.whole_folder or cost.times is not None
    config = training_of(data, method.training)
    return Run(
        key=_make_key(loaded, data, config, method, seed, cost if matters else None),
        data=data.label,
        images=ImagesSpec(
            data.dataset,
            _locate(folder, data.path),
            data.test_per_class,
            data.pool_images,
            data.test_images,
            tuple((name, tuple(of)) for name, of in data.groups.items()),
            _locate(folder, data.answers),
            data.answers_key,
            _locate(folder, data.answers_places),
        ),
        learner=LearnerSpec(
            network=data.network,
            config=config,
            frozen=data.frozen,
            weights=_locate(folder, data.weights),
            same_padding=data.same_padding,
            stored=data.stored,
            size=data.size,
            resize=data.resize or data.size,
            padding=data.padding,
            flip=data.flip,
            scale=data.scale,
        ),
        method=method,
        seed=seed,
        rounds=plan.rounds,
        seed_labels=plan.seed_labels,
        error_rate=plan.oracle.error_rate,
        accepts=plan.oracle.accepts,
        cost=cost if matters else None,
        threads=plan.threads,
    )


def _locate(folder: Path | None, path: str) -> Path | None:
    return (folder or Path()).absolute() / Path(path).expanduser() if path else None


def _make_key(
    loaded: LoadedExperiment,
    data: Data,
    config: TrainingConfig,
    method: MethodCell,
    seed: int,
    cost: CostSetting | None,
) -> str:
    """A hash of what a run's numbers depend on: names do not enter, nor where on this machine files lie."""
    plan = loaded.plan
    # What seed labels cost is added up later, unless their times are drawn.
    accounted = {"cost"} if cost is None or cost.times is None else set()
    costs: object = None
    if cost is not None:
        costs = [cost.verify, cost.correct, cost.unaided, cost.times and cost.times.sha256]
    if cost is not None and method.kind.whole_folder:
        accounted, costs = set(), asdict(cost.asking)
        if method.kind is Kind.ONE_BY_ONE:  # no page is looked at
            costs = [cost.verify, cost.correct, cost.unaided, cost.near]
    facts = {
        "step": STEP_VERSION,
        "data": _describe_data(data),
        "training": {k: v for k, v in asdict(config).items() if k != "checkpoint_seconds"},
        "method": _describe_choice(method, cost),
        "seed": seed,
        "rounds": plan.rounds,
        "seed_labels": plan.seed_labels.model_dump(mode="json", exclude=accounted),
        "oracle": plan.oracle.model_dump(mode="json", exclude=None if plan.oracle.accepts else {"accepts"}),
        "cost": costs,
    }
    if data.path:
        facts["pixels"] = PIXEL_RULES
    text = json.dumps(facts, sort_keys=True, default=lambda value: value.value)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _describe_data(data: Data) -> dict[str, object]:
    """What of a data set changes a run; options that came later are named where they are given."""
    later = {
        name for name in ("answers", "answers_key", "answers_places", "groups") if not getattr(data, name)
    }
    return data.model_dump(mode="json", exclude={"title", "published", "training", "changes", *later})


def _describe_choice(method: MethodCell, cost: CostSetting | None) -> dict[str, object]:
    """What of a method changes a run: whether suggestions are shown only changes what it costs.

    A tier that came after the first three is named where it takes something, and an option that came after the first
    ones where it differs from its default, so that keys from before stay.
    """
    named = [tier for tier in Tier if tier in _FIRST_TIERS or method.budgets[tier]]
    options = {name: getattr(method.choice, name) for name in _OPTIONS}
    choice = {
        name: value for name, value in options.items() if name in _FIRST_OPTIONS or value != _OPTIONS[name]
    }
    choice |= {tier.value: method.choice.strategies[tier] for tier in named}
    facts: dict[str, object] = {"budgets": [method.budgets[tier] for tier in _FIRST_TIERS], "choice": choice}
    if later := [(tier.value, method.budgets[tier]) for tier in named if tier not in _FIRST_TIERS]:
        facts["later_budgets"] = later
    if any(method.budgets[tier] for tier in Tier if not tier.asked):
        facts["auto_labels"] = method.auto_labels.value
    if method.kind is Kind.PLANNED:
        facts |= {"planner": method.planner, "auto_labels": method.auto_labels.value}
    if method.kind.whole_folder:
        facts |= {"kind": method.kind.value, "page_size": method.page_size, "nearest": method.nearest}
        facts |= {"lead": method.lead, "folder_step": FOLDER_STEP_VERSION}
        if method.second_look:
            facts["second_look"] = True
        if method.kind.has_goal:
            facts |= {"goal": method.goal, "finish_step": FINISH_STEP_VERSION}
    elif cost is not None and cost.times is not None:
        facts["suggests"] = method.suggests
    return facts
