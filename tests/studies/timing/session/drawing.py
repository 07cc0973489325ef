"""Plans and sets of images for drawing trials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from studies.timing.facts.pages import trials_of
from studies.timing.facts.plan import Block, Plan
from studies.timing.facts.records import PlannedTrial
from studies.timing.session.draw import draw_session


@dataclass(frozen=True)
class Images:
    """A set of images for drawing: ``labels`` are indices into ``classes``."""

    classes: tuple[str, ...]
    labels: Sequence[int]

    @property
    def items(self) -> Sequence[str]:
        return [f"{self.classes[label]}{index}" for index, label in enumerate(self.labels)]


def images(classes: str, per_class: int) -> Images:
    return Images(tuple(classes), [label for _ in range(per_class) for label in range(len(classes))])


def plan(*blocks: int, seed: int = 1, **settings: Any) -> Plan:
    """A plan with as many images a block as given, and settings by their keys."""
    parts: dict[str, dict[str, Any]] = {"suggestions": {}, "trials": {"practice": 0}, "session": {}}
    where = {"p_right": "suggestions", "assignment": "suggestions", "none_share": "suggestions"}
    for key, value in settings.items():
        parts[where.get(key, "session" if key == "block_order" else "trials")][key] = value
    tables = tuple(Block(dataset="digits", images=n, title=f"set {i}") for i, n in enumerate(blocks))
    return Plan.model_validate({"name": "p", "seed": seed, "blocks": tables, **parts})


def draw(wanted: Plan, number: int, *sets: Images) -> tuple[PlannedTrial, ...]:
    return trials_of(draw_session(wanted, number, sets))


def kinds(trials: Sequence[PlannedTrial]) -> list[bool | None]:
    return [t.suggestion_right for t in trials]


TWO_SETS = (images("abc", 4), images("XY", 5))
