"""A folder that holds a module for every name that Python, a package or this program could import."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import pytest

OURS = ("clarifier_desktop", "ui", "studies", "model")


class HostileFolder:
    """The working directory of a test; a module of it that is imported notes its name."""

    def __init__(self, folder: Path) -> None:
        self._marks = folder.with_name(folder.name + "-imported.txt")
        folder.mkdir()
        text = f"with open({str(self._marks)!r}, 'a') as file: file.write(__name__ + '\\n')\n"
        for name in {*sys.stdlib_module_names, *importlib.metadata.packages_distributions(), *OURS}:
            if name.isidentifier():
                (folder / f"{name}.py").write_text(text)

    def imported(self) -> list[str]:
        """The modules that were imported from here."""
        return self._marks.read_text().split() if self._marks.exists() else []


@pytest.fixture
def hostile_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HostileFolder:
    """Stand in such a folder, which is also in this process's path, as after ``python -m``."""
    made = HostileFolder(tmp_path / "hostile")
    monkeypatch.chdir(tmp_path / "hostile")
    # Last, so that this process itself imports nothing from it.
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry] + [str(tmp_path / "hostile"), ""])
    return made
