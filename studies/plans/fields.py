"""Keys of a plan's file: what each may be, checked by pydantic and said in the words of a message."""

from __future__ import annotations

from enum import Enum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

LINE = r"[^\s\p{Cc}](\P{Cc}{0,78}[^\s\p{Cc}])?"  # Cc: line breaks and other control characters


class PlanPart(BaseModel):
    """A table of a plan."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def one_of(values: type[Enum]) -> str:
    """The values of an enumeration, in words."""
    return "one of " + ", ".join(f'"{v.value}"' for v in values)


def whole(low: int, high: int) -> Any:
    """A whole number."""
    allowed = f"a whole number from {low:,} to {high:,}"
    return Field(ge=low, le=high, strict=True, description=allowed)


def share() -> Any:
    """A number from 0 to 1."""
    return Field(ge=0, le=1, strict=True, allow_inf_nan=False, description="a number from 0 to 1")


def number(low: float, high: float) -> Any:
    """A number."""
    allowed = f"a number from {low:g} to {high:g}"
    return Field(ge=low, le=high, strict=True, allow_inf_nan=False, description=allowed)


def text(limit: int = 20_000) -> Any:
    """Text of any form."""
    return Field(max_length=limit, strict=True, description=f"text of at most {limit:,} characters")


def words(length: str) -> str:
    """What a line of text may be."""
    return f"text of {length} characters on one line, with no space at its ends"


def line() -> Any:
    """A line of text that is not empty."""
    return Field(pattern=f"^{LINE}$", strict=True, description=words("1 to 80"))
