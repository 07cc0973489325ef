"""The parts of the program that are installed by choice, and what to say where one is missing.

Without any of them the program is the timing study: the contract "the base holds no torch" is kept by
``tests/clarifier_desktop/test_base.py``.
"""

from __future__ import annotations

import importlib.util
import sys

from model.children import PROGRAM
from model.errors import UserError

_LEARNER = ("torch", "torchvision", "timm", "scipy")
_NAMES = ("open_clip", "tokenizers")


class MissingPartError(UserError):
    """A part of the program that is not installed; the text says how to add it."""


def has_learner() -> bool:
    """Whether the learner is installed; nothing of it is imported."""
    return all(map(_is_installed, _LEARNER))


def need_learner(what: str) -> None:
    """Raise :class:`MissingPartError` where the learner is not installed; ``what`` needs it and begins the sentence."""
    if not has_learner():
        raise MissingPartError(f"{what} needs the learner, which is not installed: {_how_to_add_it()}")


def has_names() -> bool:
    """Whether networks that see images and read class names can be used; nothing of theirs is imported."""
    return all(map(_is_installed, _NAMES))


def need_names(what: str) -> None:
    """Raise :class:`MissingPartError` where the extra ``names`` is not installed; ``what`` begins the sentence."""
    if not has_names():
        how = (
            f"'{PROGRAM}[names]' -c '{PROGRAM / 'constraints.txt'}'"
            if _is_ours()
            else "'clarifier-desktop[names]'"
        )
        raise MissingPartError(
            f"{what} needs the extra part names, which is not installed: add it with "
            f"{sys.executable if _is_ours() else 'python'} -m pip install {how}"
        )


def _is_ours() -> bool:
    """Whether this Python is the one that bootstrap.py set up."""
    return sys.prefix == str(PROGRAM / ".venv")


def _how_to_add_it() -> str:
    if getattr(sys, "frozen", False):
        return "this program is the timing study alone; the whole one is installed with Python, as its README says."
    if _is_ours():
        return f"add it with python3 {PROGRAM / 'bootstrap.py'} setup"
    return "add it with pip install 'clarifier-desktop[learn]'"


def _is_installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ValueError:  # it stands in sys.modules without a specification
        return False
