"""SQL stands in studies' folders ``file`` and in ``studies/files`` alone: whoever reads or writes asks a store."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import clarifier_desktop
import model
import studies
import ui

_ROOT = Path(studies.__file__).parents[1]
_SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT INTO|DELETE FROM|UPDATE\s\S+\sSET|CREATE (TABLE|VIEW|INDEX|TRIGGER)|PRAGMA|ORDER BY"
    r"|GROUP BY)\s|\sWHERE\s|^SELECT\s",
    re.DOTALL,
)
# The check of a disk writes a table of its own, in a file that it throws away.
_ELSEWHERE = {"clarifier_desktop/machine/checks.py"}


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The strings of a file but for docstrings, whole even where values stand in them."""
    within: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part for part in node.values if isinstance(part, ast.Constant)]
            within |= {id(part) for part in parts}
            yield node.lineno, "?".join(str(part.value) for part in parts)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            within.add(id(node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within:
            yield node.lineno, node.value


def sql_in(source: str) -> list[int]:
    return [line for line, text in texts(ast.parse(source)) if _SQL.search(text)]


def may_hold_sql(file: Path) -> bool:
    place = file.relative_to(_ROOT)
    return (
        place.as_posix() in _ELSEWHERE
        or place.parts[:2] == ("studies", "files")
        or (place.parts[0] == "studies" and place.parts[2:3] == ("file",))
    )


def files() -> list[Path]:
    folders = [Path(str(package.__file__)).parent for package in (clarifier_desktop, ui, studies, model)]
    return [file for folder in folders for file in sorted(folder.rglob("*.py"))]


def test_sql_stands_with_the_files_alone() -> None:
    stray = [
        f"{file.relative_to(_ROOT)}:{line}"
        for file in files()
        if not may_hold_sql(file)
        for line in sql_in(file.read_text(encoding="utf-8"))
    ]
    assert stray == []


def test_the_folders_that_may_hold_sql_do() -> None:
    """So that the search finds what it is there for."""
    holding = {
        "/".join(file.relative_to(_ROOT).parts[:-1])
        for file in files()
        if may_hold_sql(file) and sql_in(file.read_text(encoding="utf-8"))
    }
    assert holding == {
        "clarifier_desktop/machine",
        "studies/files",
        "studies/timing/file",
        "studies/labeling/file",
        "studies/simulation/file",
    }


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('x = "SELECT a FROM b"', [1]),
        ('x = f"SELECT {a} FROM {b}"', [1]),
        ('\nstore.read(Row, "trials WHERE kept")', [2]),
        ('"""SELECT a FROM b"""', []),
        ('x = "select one of them from the list"', []),
        ('x = "Which rows to show, and WHEREVER"', []),
    ],
)
def test_what_counts_as_sql(source: str, found: list[int]) -> None:
    assert sql_in(source) == found
