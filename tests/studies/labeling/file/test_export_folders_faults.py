"""Images that cannot be written, names that are too long, disks that are full or away."""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from model.datasets.base import Source
from model.port import NullPort
from studies.labeling.file.export_labels import MAP_FILE, Copying
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.images import open_items
from studies.table_files import ExportError
from tests.studies.labeling.file.test_export_folders import _classes, _head, folders, grid, pictures, tree
from tests.studies.labeling.sample import open_project, settings_json

__all__ = ["pictures"]  # a fixture


LONG = ["ü" * 125 + ".png", "x/" + "a" * 251 + ".png", "y/" + "a" * 251 + ".png", "z/" + "a" * 251 + ".png"]


@pytest.fixture
def long_names(tmp_path: Path):
    """A project over files whose names are as long as can be, three of them alike."""
    root = tmp_path / "pictures"
    for number, name in enumerate(LONG):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4), (40 * number, 0, 0)).save(root / name)
    store = ProjectStore.create(
        tmp_path / "p", _head(root), LONG, [], _classes("cat", "ü" * 200), settings_json(), NullPort()
    )
    store.close()
    project = open_project(tmp_path / "p")
    grid(project, *((n, 0) for n in range(3)), (3, 1))
    yield project, open_items(Source("folder", root), LONG, tmp_path)
    project.store.close()


@pytest.mark.parametrize("copying", Copying)
def test_names_of_255_bytes_are_written_and_shortened_where_more_is_added(long_names, tmp_path, copying):
    done = folders(long_names, tmp_path / "out", copying)
    assert (done.images, done.problems) == (4, ())
    assert sorted(tree(tmp_path / "out").values()) == [0, 40, 80, 120]
    assert not list((tmp_path / "out").rglob("*.part"))
    again = folders(long_names, tmp_path / "out", copying)
    assert (again.images, len(tree(tmp_path / "out"))) == (4, 4)


def failing(monkeypatch, name: str, error: OSError) -> None:
    """Let the image be one that cannot be written."""
    copyfile = shutil.copyfile

    def copy(source: Path, to: Path) -> None:
        if source.name == name:
            raise error
        copyfile(source, to)

    monkeypatch.setattr(shutil, "copyfile", copy)


def test_an_image_that_cannot_be_written_is_named_and_the_rest_goes_on(pictures, tmp_path, monkeypatch):
    grid(pictures[0], (0, 0), (2, 1))
    failing(monkeypatch, "1.png", OSError(errno.EINVAL, "Invalid argument"))
    done = folders(pictures, tmp_path / "out")
    assert done.problems == ("a/1.png: it could not be written as cat/1.png (Invalid argument).",)
    assert list(tree(tmp_path / "out")) == ["dog/2.png"]


def test_a_full_disk_stops_all(pictures, tmp_path, monkeypatch):
    grid(pictures[0], (0, 0), (2, 1))
    failing(monkeypatch, "1.png", OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(ExportError, match="No space left"):
        folders(pictures, tmp_path / "out")


def test_a_folder_of_images_that_is_away_stops_all(pictures, tmp_path):
    grid(pictures[0], (0, 0), (2, 1))
    (tmp_path / "pictures").rename(tmp_path / "away")
    with pytest.raises(ExportError, match="cannot be reached"):
        folders(pictures, tmp_path / "out")


@pytest.mark.parametrize("lost", ["empty", "a file"])
def test_an_empty_mount_point_is_no_success(pictures, tmp_path, lost):
    grid(pictures[0], (0, 0), (2, 1))
    (tmp_path / "pictures").rename(tmp_path / "away")
    (tmp_path / "pictures").mkdir() if lost == "empty" else (tmp_path / "pictures").write_text("no folder")
    with pytest.raises(ExportError, match="cannot be reached"):
        folders(pictures, tmp_path / "out")


@pytest.mark.parametrize("copying", Copying)
def test_what_was_away_is_named_and_copied_the_next_time(pictures, tmp_path, copying):
    grid(pictures[0], (0, 0), (2, 1))
    folder = tmp_path / "pictures" / "a"
    folder.rename(folder.with_name("away"))
    done = folders(pictures, tmp_path / "out", copying)
    assert len(done.problems) == 1
    assert "a/1.png: The folder" in done.problems[0]
    listed = json.loads((tmp_path / "out" / MAP_FILE).read_text(encoding="utf-8"))
    assert list(listed["not_copied"]) == ["a/1.png"]
    assert len(listed["images"]) == len(tree(tmp_path / "out")) == 1
    folder.with_name("away").rename(folder)
    done = folders(pictures, tmp_path / "out", copying)
    assert (done.images, done.problems) == (2, ())
    assert "not_copied" not in (tmp_path / "out" / MAP_FILE).read_text(encoding="utf-8")
