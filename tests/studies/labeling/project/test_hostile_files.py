"""A project file that somebody else changed leads nowhere outside its folder, and runs nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from model.datasets.base import DataError, Source
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.images import open_items
from tests.ui.labeling.live import images, project_of
from ui.labeling.project.files import project_folder


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../other/a.png", "a/../../b.png", "..\\b.png", "C:\\b.png", "\\\\server\\b.png"]
)
def test_names_that_lead_out_of_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="outside its folder"):
        open_items(Source("folder", tmp_path), ["a.png", name], tmp_path)


def test_odd_but_harmless_names_are_taken(tmp_path: Path) -> None:
    names = ["a..b.png", "..a.png", "a/b..png", "a:b.png"]
    assert list(open_items(Source("folder", tmp_path), names, tmp_path).items) == names


def test_the_programs_own_folder_stays_within_its_place(tmp_path: Path) -> None:
    for uuid in ("../../x", "/x", "a/b", "", "..", "x" * 300):
        folder = project_folder(tmp_path, uuid)
        assert folder.resolve().parent == (tmp_path / "projects").resolve()


def test_a_strange_trigger_never_runs(tmp_path: Path) -> None:
    file = tmp_path / "p.clarifier"
    project_of(images(tmp_path / "animals"), file).close()
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute(
            'CREATE TRIGGER "a ""b" AFTER INSERT ON sittings BEGIN INSERT INTO settings (json, utc) VALUES (1, 2); END'
        )
    other.close()
    with ProjectStore.open(file) as store:
        before = store.query("SELECT count(*) FROM settings")
        store.append(store.start_sitting("A", "0", {}), [LabelEvent(0, 0, Verb.FLAG, Purpose.REVIEW)])
        assert store.query("SELECT count(*) FROM settings") == before
