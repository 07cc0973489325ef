"""Finding a class by typed letters: pure text, no widgets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Text without case and accents, its digits as 0 to 9, for comparing what is typed with what is meant."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(str(int(c)) if c.isdecimal() else c for c in parts if not unicodedata.combining(c))


@lru_cache(maxsize=8192)
def number_of(name: str) -> int | None:
    """The number that a class's name begins with, else the one that it ends with after a space or the like."""
    text = fold(name).strip()
    found = re.match(r"[0-9]+", text) or re.search(r"(?<=[ _.:#])[0-9]+$", text)
    return int(found[0]) if found is not None and len(found[0]) < 10 else None


def matches(classes: Sequence[str], typed: str) -> list[int]:
    """Indices of the classes that ``typed`` may mean, best first.

    First the one that it names in full (of several the one of the same case), or whose number it is (1 means 01 and
    "1 benign" before it means 12), then those that begin with it, then
    those with a word that begins with it, then those that hold it; within each in the order of the classes. Nothing
    typed matches nothing.
    """
    needle = fold(typed)
    if not needle:
        return []
    number = int(needle) if needle.isdecimal() and len(needle) < 10 else None
    ranks: tuple[list[int], ...] = ([], [], [], [], [])
    for index, name in enumerate(classes):
        hay = fold(name)
        if hay == needle:
            ranks[0].append(index)
        elif number is not None and number_of(name) == number:
            ranks[1].append(index)
        elif hay.startswith(needle):
            ranks[2].append(index)
        elif any(word.startswith(needle) for word in hay.replace("_", " ").replace("-", " ").split()):
            ranks[3].append(index)
        elif needle in hay:
            ranks[4].append(index)
    ranks[0].sort(key=lambda index: classes[index] != typed)
    return [index for rank in ranks for index in rank]


def digit_keys(classes: Sequence[str]) -> tuple[str, ...]:
    """The digit beside each class, for ten classes at most; none where digits find a class by its name.

    A class with a number in its name has that number's digit (10 has 0, where no class is 0), and the others share
    what is left. Names without numbers have 0 to 9 for ten classes, from 1 for fewer.
    """
    if len(classes) > 10:
        return ()
    numbers = [number_of(name) for name in classes]
    if all(number is None for number in numbers):
        first = 0 if len(classes) == 10 else 1
        return tuple(str(first + index) for index in range(len(classes)))
    numbers = [0 if number == 10 and 0 not in numbers else number for number in numbers]
    claimed = [number for number in numbers if number is not None]
    if max(claimed) > 9 or len(set(claimed)) < len(claimed):
        return ()
    left = (str(digit) for digit in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0) if digit not in claimed)
    return tuple(next(left) if number is None else str(number) for number in numbers)


def digits_find(classes: Sequence[str]) -> bool:
    """Whether a typed digit is part of a class's name: no digit answers by itself, and some name begins with one.

    Of few classes any number in a name will do: it is why they have no digits.
    """
    if len(classes) <= 10:
        return bool(classes) and not digit_keys(classes)
    return any(fold(name).strip()[:1].isdecimal() for name in classes)
