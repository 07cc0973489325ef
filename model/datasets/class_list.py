"""A person's list of classes, from a text file or from a program."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from model.datasets.base import DataError, name_key, tidy_class_name
from model.datasets.lists.text_file import read_text


def read_class_list(file: Path) -> tuple[str, ...]:
    """Read the classes from a text file (UTF-8 or UTF-16), one per line, in the file's order.

    Empty lines are passed over. Raises :class:`DataError`, naming the line, for a class that is listed twice,
    be it with other spaces, and if there are fewer than two.
    """
    lines = enumerate(read_text(file).splitlines(), start=1)
    named = [(f"Line {number} of {file.name}", line) for number, line in lines if line.strip()]
    return _validate_names(named, f"The file {file.name}")


def check_classes(names: Iterable[str]) -> tuple[str, ...]:
    """Return class names as they are shown; raises :class:`DataError` as :func:`read_class_list` does."""
    named = [(f"Class {number}", name) for number, name in enumerate(names, start=1)]
    return _validate_names(named, "The list of classes")


def _validate_names(named: Iterable[tuple[str, str]], whole: str) -> tuple[str, ...]:
    first: dict[str, str] = {}
    classes = []
    for where, name in named:
        key = name_key(name)
        if not key:
            raise DataError(f"{where} has a name that shows no characters ({name!r}); give the class a name.")
        if key in first:
            raise DataError(
                f"{where} names the class {tidy_class_name(name)!r} again ({first[key]} was the first); "
                "remove one of the two."
            )
        first[key] = where[0].lower() + where[1:]
        classes.append(tidy_class_name(name))
    if len(classes) < 2:
        found = f"only one class ({classes[0]})" if classes else "no class"
        raise DataError(f"{whole} holds {found}; at least two classes are needed.")
    return tuple(classes)
