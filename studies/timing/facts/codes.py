"""Participant codes."""

from __future__ import annotations

import unicodedata


def tidy_code(code: str) -> str:
    """Return a code as it is stored: composed signs, single spaces and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", code).split())


def code_key(code: str) -> str:
    """Return what two codes share that mean one person: people do not type case and spaces the same way twice."""
    return tidy_code(code).casefold()
