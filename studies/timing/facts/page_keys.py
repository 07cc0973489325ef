"""Keys of a plan that are of pages: their sizes, how many odd ones they hold, and where these come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from studies.plans.fields import PlanPart, whole

_MOST_CELLS = 60
_MOST = 10  # values of one key


def _numbers(kind: type, low: float, high: float) -> Callable[[Any], Any]:
    """What reads one number or several, each from ``low`` to ``high``."""
    kinds = (int,) if kind is int else (int, float)

    def read(value: Any) -> Any:
        listed = value if isinstance(value, list | tuple) else [value]
        if not 1 <= len(listed) <= _MOST or not all(
            isinstance(v, kinds) and not isinstance(v, bool) and low <= v <= high for v in listed
        ):
            raise ValueError
        return tuple(kind(v) for v in listed)

    return read


def _read_confused(value: Any) -> Any:
    """A table from each class to those that are taken for it."""
    if not isinstance(value, dict):
        raise ValueError
    read = {}
    for name, others in value.items():
        if not isinstance(others, list | tuple) or not others or name in others:
            raise ValueError
        if not all(isinstance(other, str) for other in others):
            raise ValueError
        read[name] = tuple(dict.fromkeys(others))
    return read


PageSizes = Annotated[
    tuple[int, ...],
    BeforeValidator(_numbers(int, 2, _MOST_CELLS)),
    Field(description=f"one whole number from 2 to {_MOST_CELLS}, or a list of at most {_MOST}"),
]
OddShares = Annotated[
    tuple[float, ...],
    BeforeValidator(_numbers(float, 0, 0.9)),
    Field(description=f"one number from 0 to 0.9, or a list of at most {_MOST}"),
]
ConfusedWith = Annotated[
    dict[str, tuple[str, ...]],
    BeforeValidator(_read_confused),
    Field(description='a table from classes to lists of other classes, such as {"3" = ["5", "8"]}'),
]
PAGE_KEYS = ("page_count", "page_sizes", "odd_share", "confused_with")


class Pages(PlanPart):
    """What comes around the pages that count."""

    practice: Annotated[int, whole(0, 20)] = 2
    break_every: Annotated[int, whole(0, 1_000)] = 10
    ask_marked: Annotated[bool, Field(strict=True, description="true or false")] = False
