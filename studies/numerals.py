"""Numbers as people read them, with what they count."""

from __future__ import annotations


def three_digits(value: float) -> str:
    """Return ``value`` with three significant digits and no exponent, such as ``4.10``, ``0.0312`` or ``1,230``."""
    if abs(value) >= 999.5:
        return f"{float(f'{value:.3g}'):,.0f}"
    if 0 < abs(value) < 0.0005:
        return "0.000"
    return f"{value:#.3g}".rstrip(".")


def duration_text(seconds: float) -> str:
    """Return a duration as people say it, such as ``40 s``, ``3 min`` or ``2 h 5 min``."""
    if seconds < 59.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a count with what it counts, such as ``1 image`` or ``1,204 images``.

    ``many`` says what stands behind any other number than 1, where that is not ``one`` with an s.
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
