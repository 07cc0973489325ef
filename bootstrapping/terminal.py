"""What a person at the keyboard is told."""

from __future__ import annotations


class SetupError(Exception):
    """A reason to stop; the text is a sentence for the person at the keyboard."""


def say(text: str) -> None:
    """Print at once, so that the line stands before what a child process prints."""
    print(text, flush=True)
