"""The order in which people look for names: as a dictionary has them, and numbers by their size."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

_NUMBER = re.compile(r"(\d+)")


def order_for_people(names: Iterable[str]) -> tuple[str, ...]:
    """Return names by the Unicode Collation Algorithm, the same on every machine: Apfel, Äpfel, Birne.

    Numbers in them count: 2 before 10. It is for what is shown; what is stored or drawn has an order of its own.
    """
    return tuple(sorted(names, key=_key))


@lru_cache(maxsize=8192)
def _key(name: str) -> tuple[list[tuple[Any, ...]], str]:
    parts = _NUMBER.split(name)
    key: list[tuple[Any, ...]] = []
    for place, part in enumerate(parts):
        key.append((int(part[:4000]), len(part)) if place % 2 else tuple(_weigh(part)))
    return key, name


@cache
def _collator() -> Any:
    import pyuca  # reading its table takes a moment

    return pyuca.Collator()


def _weigh(text: str) -> tuple[int, ...]:
    return tuple(_collator().sort_key(text)) if text else ()
