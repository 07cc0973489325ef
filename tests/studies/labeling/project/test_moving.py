"""A project's images after their folder was moved, renamed or added to."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from model.datasets.base import DataError
from model.port import Cancelled, NullPort
from studies.labeling.file.store import ProjectHead, ProjectStore
from studies.labeling.project.contents import look_at_files
from studies.labeling.project.images import open_project_images
from studies.labeling.project.moving import images_are_there, likely_place, locate_images, look
from tests.forbidden import forbid
from tests.model.watcher import Watcher
from tests.ui.labeling.live import images, project_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return images(tmp_path / "animals", each=4)


@pytest.fixture
def store(folder: Path, tmp_path: Path):
    opened = project_of(folder, tmp_path / "p.clarifier", holdout=0)
    yield opened
    opened.close()


def test_images_are_there_until_most_of_them_are_gone(store: ProjectStore, folder: Path) -> None:
    assert images_are_there(store)
    for file in sorted(folder.glob("*/*.png"))[:5]:
        file.unlink()
    assert images_are_there(store)
    for file in sorted(folder.glob("*/*.png"))[:3]:
        file.unlink()
    assert not images_are_there(store)


def test_images_that_one_may_not_look_at_are_away(
    store: ProjectStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid(next(folder.iterdir()), monkeypatch)
    assert images_are_there(store)
    forbid(folder, monkeypatch)
    assert not images_are_there(store)
    assert likely_place(store) is None


def test_a_built_in_set_is_always_there(tmp_path: Path) -> None:
    head = ProjectHead("u", "digits", "digits", None, "0")
    with ProjectStore.create(tmp_path / "d", head, ["1", "2"], (), (), "{}", NullPort()) as store:
        assert images_are_there(store)
        assert likely_place(store) is None


def test_images_that_are_nowhere_near_are_not_located(
    store: ProjectStore, folder: Path, tmp_path: Path
) -> None:
    folder.rename(tmp_path / "other")
    assert not locate_images(store)
    assert store.place() == folder


def test_a_folder_beside_the_project_is_likely(store: ProjectStore, folder: Path, tmp_path: Path) -> None:
    folder.rename(tmp_path / "other")
    assert likely_place(store) is None
    (tmp_path / "other").rename(folder)
    assert likely_place(store) == folder


def test_a_project_within_its_folder_moves_with_it(folder: Path, tmp_path: Path) -> None:
    project_of(folder, folder / "p.clarifier", holdout=0).close()
    folder.rename(tmp_path / "moved")
    with ProjectStore.open(tmp_path / "moved" / "p.clarifier") as store:
        assert not images_are_there(store)
        assert likely_place(store) == tmp_path / "moved"
        assert locate_images(store)
        assert store.place() == tmp_path / "moved"


def test_names_then_contents_tell_what_is_where(store: ProjectStore, folder: Path, tmp_path: Path) -> None:
    images = open_project_images(store, tmp_path)
    store.add_file_states(look_at_files(store.path, images, 0, False, NullPort()).fresh)
    assert len(store.hashes()) == 12
    moved = tmp_path / "moved"
    (moved / "cat").mkdir(parents=True)
    (folder / "cat" / "00.png").rename(moved / "cat" / "00.png")
    (folder / "dog" / "01.png").rename(moved / "rex.png")
    (moved / "stranger.png").write_bytes(b"no image at all, but a file")
    seen = look(store, moved, tmp_path, NullPort())
    items = store.items()
    assert {items[item]: name for item, name in seen.renamed.items()} == {"dog/01.png": "rex.png"}
    assert seen.missing == 10
    assert seen.new == ("stranger.png",)


def test_looking_can_be_stopped(store: ProjectStore, folder: Path, tmp_path: Path) -> None:
    images = open_project_images(store, tmp_path)
    with pytest.raises(Cancelled):
        look_at_files(store.path, images, 0, False, Watcher(stop_after=0))
    with pytest.raises(DataError, match="does not exist"):
        look(store, tmp_path / "nowhere", tmp_path, NullPort())


def test_a_disk_that_does_not_answer_is_no_place(
    store: ProjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    monkeypatch.setattr("studies.labeling.project.moving._PATIENCE_S", 0.1)
    monkeypatch.setattr("studies.labeling.project.moving.is_file", lambda _: go_on.wait(20))
    began = time.monotonic()
    assert not images_are_there(store)
    assert time.monotonic() - began < 2
    go_on.set()
