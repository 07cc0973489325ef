"""Finding a class by typed letters: pure text, no widgets."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Text without case and accents, for comparing what is typed with what is meant."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def matches(classes: Sequence[str], typed: str) -> list[int]:
    """Indices of the classes that ``typed`` may mean, best first.

    First the one that it names in full (of several the one of the same case), then those that begin with it, then
    those with a word that begins with it, then those that hold it; within each in the order of the classes. Nothing
    typed matches nothing.
    """
    needle = fold(typed)
    if not needle:
        return []
    ranks: tuple[list[int], ...] = ([], [], [], [])
    for index, name in enumerate(classes):
        hay = fold(name)
        if hay == needle:
            ranks[0].append(index)
        elif hay.startswith(needle):
            ranks[1].append(index)
        elif any(word.startswith(needle) for word in hay.replace("_", " ").replace("-", " ").split()):
            ranks[2].append(index)
        elif needle in hay:
            ranks[3].append(index)
    ranks[0].sort(key=lambda index: classes[index] != typed)
    return [index for rank in ranks for index in rank]


def digit_keys(count: int) -> tuple[str, ...]:
    """The digit beside each class: 0 to 9 for ten classes, from 1 for fewer, none for more."""
    if count > 10:
        return ()
    first = 0 if count == 10 else 1
    return tuple(str(first + index) for index in range(count))
