"""Names that a spreadsheet of some country wrote in its own way: 7 for 007, 02. Jan for 1-2, WAHR for TRUE."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d+[.,]\d{3}")  # or a fraction of three digits
_LIKE_A_DATE = re.compile(r"\d{1,4}[-./]\d{1,4}|[^\W\d_]{3,9}[- ]?\d{1,4}|\d{1,4}[- ]?[^\W\d_]{3,9}")
_DATE = re.compile(
    r"\d{1,2}[-./ ]{1,2}[^\W\d_]{3,5}\.?([-. ]{1,2}\d{2,4})?"  # 02. Jan, 2-Jan-26
    r"|[^\W\d_]{3,5}\.?[-. ]{1,2}\d{2,4}"  # Jan 26
    r"|\d{1,2}[-./]\d{1,2}[-./]\d{4}|\d{4}-\d{2}-\d{2}"
)
_EXPONENT = re.compile(r"[+-]?\d([.,]\d+)?E[+-]\d+")
_LIKE_AN_EXPONENT = re.compile(r"\d+[eE]\d+|\d{12,}")
_MISTAKE = re.compile(r"#[\w/]+[!?]|#+")
_SWITCH = re.compile(r"wahr|falsch|vrai|faux|verdadero|falso|vero|waar|onwaar|prawda|fałsz|истина|ложь", re.I)


def same_number(name: str, names: Iterable[str]) -> list[str]:
    """Those of ``names`` that are the same number as ``name``, however it is written."""
    number = _number(name)
    return [] if number is None else [other for other in names if _number(other) == number]


def before_respelling(name: str, names: Iterable[str]) -> str | None:
    """What ``name``, which is none of ``names``, was before a spreadsheet wrote it.

    One of ``names``, or itself where it is a name of its own; ``None`` where it may be one of them, and nobody knows.
    """
    names = list(names)
    alike = same_number(name, names)
    if alike:
        return alike[0] if len(alike) == 1 else None
    return None if any(_may_become(other, name) for other in names) else name


def _number(name: str) -> Decimal | str | None:
    text = name.strip()
    if not _NUMBER.fullmatch(text):
        return None
    # Nobody knows whether 1,500 is a thousand or not: as text it is only what it says with the other sign.
    point = text.replace(",", ".")
    return point if _THOUSANDS.fullmatch(text) else Decimal(point)


def _may_become(name: str, written: str) -> bool:
    """Whether a spreadsheet may write ``written`` for ``name``."""
    if _MISTAKE.fullmatch(written):
        return name.startswith(("=", "+", "-", "@"))
    if _DATE.fullmatch(written):
        return bool(_LIKE_A_DATE.fullmatch(name)) and not _DATE.fullmatch(name)
    if _EXPONENT.fullmatch(written):
        return bool(_LIKE_AN_EXPONENT.fullmatch(name))
    if _SWITCH.fullmatch(written):
        return name.casefold() in ("true", "false")
    return written == f"{name}:00"  # a time of day
