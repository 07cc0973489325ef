from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PIL import Image

from model.datasets.base import Source
from model.datasets.registry import open_set
from model.port import Cancelled, NullPort
from studies.labeling.facts.records import ClassChange, LabelEvent, Purpose, Verb
from studies.labeling.file.export_labels import MAP_FILE, Copying, export_folders, safe_names
from studies.labeling.file.store import ProjectHead, ProjectStore
from studies.labeling.project.images import open_items
from studies.labeling.project.project import Project
from studies.labeling.state.classes import ClassList
from studies.table_files import ExportError
from tests.studies.labeling.sample import begin_round, chosen, conductor, open_project, settings_json


def grid(project: Project, *said: tuple[int, int]) -> None:
    for item, class_id in said:
        project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, class_id, suggestion=class_id)])


@pytest.fixture
def pictures(tmp_path: Path):
    """A project over real files, two of one name, one gone, one of a kind that ImageFolder does not read."""
    root = tmp_path / "pictures"
    names = ["a/1.png", "b/1.png", "b/2.png", "3.gif", "broken.png", "gone.png"]
    for number, name in enumerate(names[:-2]):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4), (40 * number, 0, 0)).save(root / name)
    (root / "broken.png").write_bytes(b"no image")
    store = ProjectStore.create(
        tmp_path / "p", _head(root), names, [], _classes("cat", "dog", "owl"), settings_json(), NullPort()
    )
    store.close()
    opened = open_project(tmp_path / "p")
    yield opened, open_items(Source("folder", root), names, tmp_path)
    opened.store.close()


def _head(root: Path) -> ProjectHead:
    return ProjectHead("u", "pictures", "folder", root, "0")


def _classes(*names: str) -> tuple[ClassChange, ...]:
    return ClassList().additions(names)


def folders(pictures, to: Path, copying: Copying = Copying.COPY, with_auto: bool = True):
    project, images = pictures
    return export_folders(project.store, images, to, copying, with_auto, NullPort())


def tree(to: Path) -> dict[str, int]:
    """For each image below a folder its red."""
    found = {}
    for file in sorted(to.rglob("*")):
        if file.is_file() and file.name != MAP_FILE:
            with Image.open(file) as image:
                found[file.relative_to(to).as_posix()] = image.convert("RGB").tobytes()[0]
    return found


@pytest.mark.parametrize("copying", Copying)
def test_a_folder_a_class_is_read_back_by_torchvision(pictures, tmp_path, copying):
    from torchvision.datasets import ImageFolder

    grid(pictures[0], (0, 0), (1, 0), (2, 1), (3, 1))
    done = folders(pictures, tmp_path / "out", copying)
    assert (done.images, done.classes, done.problems) == (4, 2, ())
    assert tree(tmp_path / "out") == {
        "cat/1.png": 0,
        "cat/b_1.png": 40,
        "dog/2.png": 80,
        "dog/3.gif.png": 120,
    }
    read = ImageFolder(str(tmp_path / "out"))
    assert read.classes == ["cat", "dog"]
    assert sorted((Path(name).name, label) for name, label in read.samples) == [
        ("1.png", 0), ("2.png", 1), ("3.gif.png", 1), ("b_1.png", 0),
    ]  # fmt: skip
    assert json.loads((tmp_path / "out" / MAP_FILE).read_text())["classes"] == {"cat": "cat", "dog": "dog"}


def test_links_are_the_same_files_and_copies_are_not(pictures, tmp_path):
    grid(pictures[0], (0, 0))
    original = tmp_path / "pictures" / "a" / "1.png"
    for copying in Copying:
        folders(pictures, tmp_path / copying.value, copying)
        same = os.path.samefile(tmp_path / copying.value / "cat" / "1.png", original)  # noqa: PTH121
        assert same is (copying is Copying.LINK)
    before = original.read_bytes()
    pictures[0].undo()
    folders(pictures, tmp_path / "link", Copying.LINK)
    assert (tree(tmp_path / "link"), original.read_bytes()) == ({}, before)


def test_a_link_left_by_a_crash_does_not_lead_to_the_original(pictures, tmp_path):
    """A copy written through the link would write over another original."""
    grid(pictures[0], (0, 0))
    other = tmp_path / "pictures" / "b" / "2.png"
    before = other.read_bytes()
    (tmp_path / "out" / "cat").mkdir(parents=True)
    os.link(other, tmp_path / "out" / "cat" / ".unfinished.part")
    (tmp_path / "out" / MAP_FILE).write_text('{"classes": {"cat": "cat"}, "images": {}}')
    folders(pictures, tmp_path / "out")
    assert other.read_bytes() == before
    assert tree(tmp_path / "out") == {"cat/1.png": 0}


def test_images_move_with_their_labels_and_each_place_holds_its_own(pictures, tmp_path):
    """When a/1.png leaves the class, b/1.png takes its name: not its pixels."""
    project, _ = pictures
    grid(project, (0, 0), (1, 0))
    folders(pictures, tmp_path / "out")
    grid(project, (0, 1))
    folders(pictures, tmp_path / "out")
    assert tree(tmp_path / "out") == {"cat/1.png": 40, "dog/1.png": 0}
    grid(project, (1, 1))
    folders(pictures, tmp_path / "out")
    assert tree(tmp_path / "out") == {"dog/1.png": 0, "dog/b_1.png": 40}
    assert not (tmp_path / "out" / "cat").exists(), "ImageFolder takes no empty class"


def test_what_stays_is_not_written_again(pictures, tmp_path):
    project, _ = pictures
    grid(project, (0, 0), (2, 1))
    folders(pictures, tmp_path / "out")
    kept = tmp_path / "out" / "cat" / "1.png"
    os.utime(kept, ns=(5, 5))
    (tmp_path / "out" / "cat" / "notes.png").write_bytes((tmp_path / "pictures" / "3.gif").read_bytes())
    grid(project, (1, 0))
    folders(pictures, tmp_path / "out")
    assert kept.stat().st_mtime_ns == 5
    assert (tmp_path / "out" / "cat" / "notes.png").exists(), "a person's own file"


def test_images_that_cannot_be_read_are_named(pictures, tmp_path):
    from torchvision.datasets import ImageFolder

    grid(pictures[0], (0, 0), (2, 1), (5, 2))
    done = folders(pictures, tmp_path / "out")
    assert (done.images, len(done.problems)) == (2, 1)
    assert done.problems[0].startswith("gone.png: ")
    assert ImageFolder(str(tmp_path / "out")).classes == ["cat", "dog"]


def test_a_foreign_folder_is_refused(pictures, tmp_path):
    grid(pictures[0], (0, 0))
    to = tmp_path / "out"
    to.mkdir()
    for content in (None, "no json", "[]", '{"images": 3}', '{"images": ["a"]}', "{}"):
        if content is not None:
            (to / MAP_FILE).write_text(content)
        (to / "mine.txt").write_text("keep")
        with pytest.raises(ExportError, match="holds other files"):
            folders(pictures, to)
    assert sorted(file.name for file in to.iterdir()) == [MAP_FILE, "mine.txt"]
    with pytest.raises(ExportError, match="is a file"):
        folders(pictures, to / "mine.txt")
    with pytest.raises(ExportError, match="holds other files"):
        folders(pictures, tmp_path / "pictures")


def test_a_list_that_was_tampered_with_deletes_nothing_elsewhere(pictures, tmp_path):
    grid(pictures[0], (0, 0))
    to = tmp_path / "out"
    to.mkdir()
    outside = [tmp_path / "pictures" / "b" / "2.png", tmp_path / "mine.txt", to / "mine.txt"]
    outside[1].write_text("keep")
    outside[2].write_text("keep")
    places = ["../pictures/b/2.png", "../mine.txt", str(outside[1]), "mine.txt", "cat/../mine.txt", 7]
    (to / MAP_FILE).write_text(
        json.dumps({"classes": {}, "images": {str(n): p for n, p in enumerate(places)}})
    )
    folders(pictures, to)
    assert all(file.exists() for file in outside)


def test_cancelling_leaves_what_can_be_gone_on_with(pictures, tmp_path):
    project, images = pictures
    grid(project, (0, 0), (1, 0), (2, 1))

    class Stops(NullPort):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 2

    with pytest.raises(Cancelled):
        export_folders(project.store, images, tmp_path / "out", Copying.COPY, True, Stops())
    assert len(tree(tmp_path / "out")) == 2
    folders(pictures, tmp_path / "out")
    assert tree(tmp_path / "out") == {"cat/1.png": 0, "cat/b_1.png": 40, "dog/2.png": 80}


def test_auto_labels_come_along_or_not(pictures, tmp_path):
    project, _ = pictures
    grid(project, (0, 0), (1, 1))
    begin_round(project, conductor(project), [], auto=chosen(2, label=2))
    assert folders(pictures, tmp_path / "with").images == 3
    assert folders(pictures, tmp_path / "without", with_auto=False).images == 2


def test_sets_that_lie_in_no_files_are_written_as_png(tmp_path):
    images = open_set(Source("digits"), tmp_path)
    store = ProjectStore.create(
        tmp_path / "p",
        _head(tmp_path),
        images.items,
        [],
        _classes("zero", "one"),
        settings_json(),
        NullPort(),
    )
    store.close()
    project = open_project(tmp_path / "p")
    grid(project, (3, 0))
    done = export_folders(project.store, images, tmp_path / "out", Copying.LINK, True, NullPort())
    project.store.close()
    assert (done.images, done.problems) == (1, ())
    (file,) = (tmp_path / "out" / "zero").iterdir()
    with Image.open(file) as image:
        assert image.convert("RGB").tobytes() == images.image(3).tobytes()


def test_names_of_folders_that_any_system_takes():
    names = safe_names(["a/b", "a:b", "A_B", "con", "COM1", "x. .", "...", ".hidden", "a\x00", "é", "a b"])
    assert list(names.values()) == [
        "a_b", "a_b 2", "A_B 3", "_con", "_COM1", "x", "_", "_.hidden", "a_", "é", "a b",
    ]  # fmt: skip
    assert len({name.casefold() for name in names.values()}) == len(names)
