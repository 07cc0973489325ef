"""Reading an experiment's plan, and what is wrong with keys that are each allowed by themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pydantic import ValidationError

from model.datasets.splits import PACKED, has_test_part, split_names, takes_path
from model.errors import UserError
from model.learning.config import PRESETS, ConfigError, Solver, TrainingConfig
from model.names import AUTO, TRAINED_NETWORKS
from model.tiers import Tier, asked_total
from studies.plans.file import PlanFileError, list_shipped, read_toml, toml_values
from studies.plans.messages import hint, sentences, table_key
from studies.simulation.plan.budgets import PLANNERS
from studies.simulation.plan.plan import Cost, Data, Experiment, Kind, Method, by_position

_CHOSEN_BY_AUTO = {"frozen", "stored", "same_padding", "size", "resize", "padding", "flip", "scale"}
PRESET_FOLDER = Path(__file__).parent / "presets"


class ExperimentError(UserError):
    """A plan that cannot be used; the text names the key and what is allowed."""


@dataclass(frozen=True)
class LoadedExperiment:
    """A plan with the exact text it came from; ``sha256`` is the hash of that text (UTF-8)."""

    plan: Experiment
    toml: str
    sha256: str
    folder: Path  # paths of studies start here


def presets() -> tuple[str, ...]:
    """Names of the experiments that come with the program."""
    return list_shipped(PRESET_FOLDER)


def load_experiment(name_or_path: str) -> LoadedExperiment:
    """Read a preset by name or a file by path; raises :class:`ExperimentError` with one line for each mistake."""
    try:
        path, toml = read_toml(name_or_path, PRESET_FOLDER, "experiment")
    except PlanFileError as error:
        raise ExperimentError(str(error)) from None
    return parse_experiment(toml, path.name, path.resolve().parent)


def parse_experiment(toml: str, origin: str = "experiment", folder: Path | None = None) -> LoadedExperiment:
    """Check a plan's text; ``origin`` names it in messages. Raises :class:`ExperimentError`."""
    try:
        plan = Experiment.model_validate(toml_values(toml, origin))
    except PlanFileError as error:
        raise ExperimentError(str(error)) from None
    except ValidationError as error:
        raise _refuse(origin, sentences(error, Experiment)) from None
    mistakes = [*_check_all(plan), *_check_data(plan), *_check_methods(plan), *_check_costs(plan)]
    if mistakes:
        raise _refuse(origin, mistakes)
    digest = hashlib.sha256(toml.encode()).hexdigest()
    return LoadedExperiment(plan, toml, digest, folder or Path())


def training_of(data: Data, name: str = "") -> TrainingConfig:
    """The settings that are trained with on a data set, with ``name`` a method's own, the data set's changes included.

    Raises :class:`model.learning.config.ConfigError`.
    """
    base = PRESETS[name or data.training]
    changes = dict(data.changes)
    if "solver" in changes:
        changes["solver"] = Solver(changes["solver"])
    return TrainingConfig(**{**asdict(base), **changes})


def _refuse(origin: str, mistakes: list[str]) -> ExperimentError:
    return ExperimentError(f"{origin} cannot be used:\n" + "\n".join(f"- {line}" for line in mistakes))


def _check_all(plan: Experiment) -> Iterator[str]:
    seeds = plan.seed_labels
    if (seeds.per_class is None) == (seeds.total is None):
        yield "seed_labels needs either per_class or total, and not both."
    if len(set(plan.seeds)) < len(plan.seeds):
        yield "seeds names a number twice; each is a run of its own."
    yield from _find_doubles("data", [data.label for data in plan.data], "title")
    yield from _find_doubles("methods", [method.name for method in plan.methods], "name")
    yield from _find_doubles("costs", [cost.label for cost in plan.costs], "name")


def _find_doubles(table: str, labels: list[str], key: str) -> Iterator[str]:
    first: dict[str, int] = {}
    for number, label in enumerate(labels):
        if label in first:
            before = table_key(table, first[label]).rstrip(":")
            yield (
                f'{table_key(table, number)} it has the name "{label}", as {before} has; give it a {key} of its own, '
                "so that results can tell them apart."
            )
        first.setdefault(label, number)


def _check_data(plan: Experiment) -> Iterator[str]:
    for number, data in enumerate(plan.data):
        key = table_key("data", number)
        yield from (f"{key} {line}" for line in (*_check_images(data), *_check_network(data)))


def _check_images(data: Data) -> Iterator[str]:
    known = split_names()
    if data.dataset not in known:
        names = ", ".join(f'"{name}"' for name in known)
        yield f'dataset is "{data.dataset}"{hint(data.dataset, known)}; allowed is one of {names}.'
        return
    if takes_path(data.dataset) and not data.path:
        yield f'path is missing; it must say where "{data.dataset}" lies in the folder of --data.'
    if data.path and not takes_path(data.dataset):
        yield f'path is "{data.path}", but "{data.dataset}" is found by itself; leave path out.'
    if has_test_part(data.dataset) and data.test_per_class:
        yield f'test_per_class is {data.test_per_class}, but "{data.dataset}" has a test part; leave it out.'
    if not has_test_part(data.dataset) and data.dataset != PACKED and not data.test_per_class:
        yield f'test_per_class is missing; "{data.dataset}" has no test part, so say how many images are kept for it.'


def _check_network(data: Data) -> Iterator[str]:
    if data.network == AUTO:
        for name in sorted(data.model_fields_set & _CHOSEN_BY_AUTO):
            yield f'{name} is given, but network is "{AUTO}", which chooses it; leave it out.'
        yield from _check_training(data)
        return
    if data.resize is not None and data.resize < data.size:
        yield f"resize is {data.resize}; it must be at least size, {data.size}."
    if not data.frozen:
        for name in ("weights", "stored", "same_padding"):
            if getattr(data, name):
                yield f"{name} is for frozen networks; leave it out, or say frozen = true."
        if data.network not in TRAINED_NETWORKS:
            names = ", ".join(f'"{name}"' for name in TRAINED_NETWORKS)
            close = hint(data.network, TRAINED_NETWORKS)
            yield f'network is "{data.network}"{close}; trained in full can be {names}, others with frozen = true.'
    yield from _check_training(data)


def _check_training(data: Data) -> Iterator[str]:
    if data.training not in PRESETS:
        yield _refuse_training(data.training)
        return
    known = [field.name for field in fields(TrainingConfig)]
    unknown = [name for name in data.changes if name not in known]
    for name in unknown:
        yield f"changes {name} is not a known key{hint(name, known)}; allowed here: {', '.join(known)}."
    if not unknown:
        try:
            training_of(data)
        except (ConfigError, ValueError, TypeError) as error:
            yield f"changes: {error}"


def _refuse_training(name: str) -> str:
    names = ", ".join(f'"{known}"' for known in PRESETS)
    return f'training is "{name}"{hint(name, PRESETS)}; allowed is one of {names}.'


def _check_methods(plan: Experiment) -> Iterator[str]:
    for number, method in enumerate(plan.methods):
        key = table_key("methods", number)
        yield from (f"{key} {line}" for line in _check_method(method))
        if method.nearest and plan.seed_labels.total is None:
            yield f"{key} nearest is given, but seed_labels counts by class; say total there."


def _check_method(method: Method) -> Iterator[str]:
    one_tier = method.kind in (Kind.AL, Kind.SUGGEST, Kind.RANDOM)
    for budgets in method.budgets if not method.kind.whole_folder else ():
        if one_tier and any(budgets[1:]):
            kind = method.kind.value
            yield f'budgets is {list(budgets)}, but a method of kind "{kind}" has one tier; give one number.'
        if not asked_total(by_position(budgets)):
            tiers = " or the ".join(tier.value for tier in Tier if tier.asked)
            yield f"budgets is {list(budgets)}: nobody is asked; give the {tiers} tier some."
    yield from _check_whole_folder(method)
    first = Tier.HARD  # the one tier of methods that have one
    given = first.value in method.model_fields_set and method.strategies[first] != ("random",)
    if method.kind is Kind.RANDOM and given:
        yield f'{first.value} is for other kinds: "{Kind.RANDOM.value}" draws at random; leave it out.'
    if method.planner not in PLANNERS:
        names = ", ".join(f'"{name}"' for name in PLANNERS)
        yield f'planner is "{method.planner}"{hint(method.planner, PLANNERS)}; allowed is one of {names}.'
    if method.training and method.training not in PRESETS:
        yield _refuse_training(method.training)
    if method.kind is Kind.PLANNED and method.published:
        yield "published goes with fixed budgets; leave it out of a planned method."


def _check_whole_folder(method: Method) -> Iterator[str]:
    of_pages = {"lead", "page_size", "nearest", "second_look"} & method.model_fields_set
    whole = " and ".join(f'"{kind.value}"' for kind in Kind if kind.whole_folder)
    if of_pages and not method.kind.whole_folder:
        yield f"{min(of_pages)} is for methods of the kinds {whole}; leave it out."
    if "goal" in method.model_fields_set and not method.kind.has_goal:
        having = " and ".join(f'"{kind.value}"' for kind in Kind if kind.has_goal)
        yield f"goal is for methods of the kinds {having}; leave it out."
    if method.second_look and method.kind is Kind.ONE_BY_ONE:
        yield f'second_look is for methods with pages; leave it out of one of kind "{method.kind.value}".'
    if method.kind.whole_folder and "budgets" in method.model_fields_set:
        yield f'budgets is given, but a method of kind "{method.kind.value}" asks about every image; leave it out.'


def _check_costs(plan: Experiment) -> Iterator[str]:
    for number, cost in enumerate(plan.costs):
        key = table_key("costs", number)
        yield from (f"{key} {line}" for line in _check_cost(cost))


def _check_cost(cost: Cost) -> Iterator[str]:
    given = {"verify", "correct", "unaided"} & cost.model_fields_set
    if cost.study and given:
        yield f"{min(given)} is given, but times are drawn from {cost.study}; leave one of the two out."
    if not cost.study and (cost.participant or cost.dataset):
        yield "participant and dataset choose among the times of a study; say which with study."
    ranks = [rank for rank, _ in cost.near]
    if ranks != sorted(set(ranks)):
        yield f"near names the ranks {ranks}; give each once, the smallest first."
    if not cost.study and cost.correct < cost.verify:
        yield f"correct is {cost.correct:g}, less than verify, {cost.verify:g}; correcting includes looking."
