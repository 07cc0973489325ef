"""The house stands: no circles of files, no crowded folders, no long files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("clarifier_desktop", "ui", "studies", "model")
LONGEST_FILE, FULLEST_FOLDER = 300, 20
OURS = (*PACKAGES, "tests", "benchmarks", "docs")

Graph = dict[str, set[str]]


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST) -> Iterator[str]:
    """Every name that a file imports, wherever in it the statement stands; ``from a import b`` gives ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def import_graph(root: Path, packages: tuple[str, ...]) -> Graph:
    """Which module imports which, of files below ``root``; also within functions and for types only."""
    files = {module_name(p, root): p for package in packages for p in (root / package).rglob("*.py")}
    graph: Graph = {}
    for module, path in files.items():
        names = imported(ast.parse(path.read_text(encoding="utf-8")))
        targets = {name if name in files else name.rpartition(".")[0] for name in names}
        graph[module] = (targets & files.keys()) - {module}
    return graph


def circles(graph: Graph) -> list[list[str]]:
    """The strongly connected components of more than one module (Tarjan 1972), without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    components: list[list[str]] = []
    for start in graph:
        if start in index:
            continue
        work = [(start, iter(sorted(graph[start])))]
        index[start] = low[start] = len(index)
        path.append(start)
        on_path.add(start)
        while work:
            module, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    path.append(target)
                    on_path.add(target)
                    work.append((target, iter(sorted(graph[target]))))
                    break
                if target in on_path:
                    low[module] = min(low[module], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[module])
                if low[module] == index[module]:
                    component = path[path.index(module) :]
                    del path[-len(component) :]
                    on_path.difference_update(component)
                    if len(component) > 1:
                        components.append(sorted(component))
    return components


def test_circles_are_found(tmp_path: Path) -> None:
    files = {
        "a": "import p.b",
        "b": "def f():\n    from p import c",
        "c": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from p.a import x",
        "d": "from p.a import x",
    }
    (tmp_path / "p").mkdir()
    for name, text in files.items():
        (tmp_path / "p" / f"{name}.py").write_text(text)
    assert circles(import_graph(tmp_path, ("p",))) == [["p.a", "p.b", "p.c"]]


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = import_graph(ROOT, PACKAGES)
    assert len(graph) > 200
    assert circles(graph) == []


@pytest.mark.parametrize("package", OURS)
def test_no_folder_is_crowded(package: str) -> None:
    folders = {path.parent for path in (ROOT / package).rglob("*.py")}
    counts = {folder: sum(p.name != "__init__.py" for p in folder.glob("*.py")) for folder in folders}
    assert folders
    assert {str(f.relative_to(ROOT)): n for f, n in counts.items() if n > FULLEST_FOLDER} == {}


def test_no_file_is_long() -> None:
    files = [path for package in OURS for path in (ROOT / package).rglob("*.py")] + list(ROOT.glob("*.py"))
    lengths = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_whether_something_is_there_is_asked_in_one_place() -> None:
    """pathlib's own questions raise where a folder above may not be looked into; those of model/disk.py do not."""
    asked = {"exists", "is_file", "is_dir", "is_symlink"}
    others = {"entry", "os.path"}  # of a folder that could be read; the questions themselves
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in asked
        and ast.unparse(node.func.value) not in others
    ]
    assert found == []
