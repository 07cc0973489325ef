from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from model.datasets import DataError, Source, open_set
from model.datasets.base import Problem
from model.datasets.flat import open_flat
from model.datasets.folder import FileSet
from model.datasets.listing import count_left_out, describe, left_out_here, list_new
from model.port import NullPort
from tests.model.datasets.test_local import put

CLASSES = ["disc", "box"]
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need a POSIX system")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    put(tmp_path, "disc/1.png", "disc/2.png", "box/3.png")
    return tmp_path


@pytest.fixture(params=["folders", "flat"])
def opened(request, root):
    def open_it() -> FileSet:
        if request.param == "flat":
            return open_flat(root, CLASSES)
        images = open_set(Source("folder", root), root)
        assert isinstance(images, FileSet)
        return images

    return open_it


def told(images: FileSet) -> list[str]:
    assert sorted(images.items)[:3] == ["box/3.png", "disc/1.png", "disc/2.png"]
    return describe(images.problems)


@on_posix
def test_links_that_lead_nowhere_or_in_a_circle_are_named(root, opened):
    (root / "disc" / "loop.jpg").symlink_to("loop.jpg")
    (root / "box" / "gone.jpg").symlink_to("nowhere.jpg")
    (root / "circle").symlink_to("circle")
    assert sorted(told(opened())) == [
        "2 links that cannot be followed: Too many levels of symbolic links (circle, disc/loop.jpg)",
        "box/gone.jpg: The link leads nowhere.",
    ]


@on_posix
def test_a_pipe_is_named_and_never_opened(root, opened):
    os.mkfifo(root / "disc" / "pipe.png")
    os.mkfifo(root / "disc" / "without an ending")
    assert told(opened()) == ["2 pipes or devices (disc/pipe.png, disc/without an ending)"]


class Forbidden:
    """An entry that may not be looked at."""

    def __init__(self, entry: os.DirEntry[str]) -> None:
        self.name, self.path = entry.name, entry.path

    def is_symlink(self) -> bool:
        return True

    def is_dir(self) -> bool:
        raise PermissionError(13, "Permission denied")


@pytest.fixture
def locked(monkeypatch):
    """Makes the folder ``locked`` one that may not be read, and ``far.png`` a link to a place that may not be seen."""
    scandir = os.scandir

    class Scan:
        def __init__(self, path) -> None:
            if Path(path).name == "locked":
                raise PermissionError(13, "Permission denied")
            self.entries = scandir(path)

        def __enter__(self):
            return (Forbidden(e) if e.name == "far.png" else e for e in self.entries)

        def __exit__(self, *_) -> None:
            self.entries.close()

    monkeypatch.setattr(os, "scandir", Scan)


def test_a_locked_folder_and_a_link_to_a_forbidden_place_are_named(root, opened, locked):
    put(root, "locked/4.png", "disc/far.png")
    assert sorted(told(opened())) == [
        "disc/far.png: It cannot be looked at (Permission denied).",
        "locked: The folder cannot be read (Permission denied).",
    ]


def test_a_folder_that_goes_away_is_no_fault_of_its_subfolders(root, opened, monkeypatch):
    scandir = os.scandir
    seen: list[str] = []

    def unplugged(path):
        seen.append(str(path))
        if len(seen) > 1:
            raise OSError(5, "Input/output error")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", unplugged)
    with pytest.raises(DataError, match=r"cannot be read \(Input/output error\)"):
        opened()


def test_formats_that_are_not_read_are_counted_by_their_ending(root, opened):
    for number in range(12):
        (root / "disc" / f"IMG_{number:02}.HEIC").write_bytes(
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
        )
    (root / "disc" / "a.svg").write_text("<svg/>")
    (root / "box" / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(50))
    (root / "box" / "camera.nef").write_bytes((root / "box" / "3.png").read_bytes())
    (root / "box" / "broken").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    images = opened()
    assert sorted(told(images)) == [
        "12 files of a format that is not read: .heic (disc/IMG_00.HEIC, disc/IMG_01.HEIC, disc/IMG_02.HEIC, ...)",
        "box/broken: The file is of a format that is not read: names without an ending.",
        "box/camera.nef: The file is of a format that is not read: .nef.",
        "box/film.mp4: The file is of a format that is not read: .mp4.",
        "disc/a.svg: The file is of a format that is not read: .svg.",
    ]
    assert count_left_out(images.problems) == 16


def test_images_of_unknown_endings_are_told_by_their_content(root, opened):
    for name in ("3f9ac1d2", "photo.jpg_large", "page.php"):
        Image.new("RGB", (9, 7)).save(root / "disc" / name, "JPEG")
    images = opened()
    assert images.items[-3:] == ["disc/3f9ac1d2", "disc/page.php", "disc/photo.jpg_large"] or set(
        images.items
    ) >= {"disc/3f9ac1d2", "disc/page.php", "disc/photo.jpg_large"}
    assert images.image(images.index_of("disc/3f9ac1d2")).size == (9, 7)
    assert told(images) == []


def test_what_systems_and_people_leave_beside_images_is_passed_over(root, opened):
    for name in (
        "Thumbs.db",
        ".DS_Store",
        "desktop.ini",
        "labels.csv",
        "readme.md",
        "LICENSE",
        ".hidden notes",
        "x.xmp",
    ):
        (root / "disc" / name).write_text("words: \u00fc")
    (root / "disc" / "._1.png").write_bytes(b"\0\5\x16\7" + bytes(80))
    (root / ".git").mkdir()
    assert told(opened()) == []


def test_folders_that_hold_only_other_formats_say_so(tmp_path):
    put(tmp_path, "a/1.png")
    for number in range(3):
        (tmp_path / "a" / f"{number}.heic").write_bytes(bytes(99))
    (tmp_path / "a" / "1.png").unlink()
    with pytest.raises(
        DataError, match=r"no class with images.* 3 files of a format that is not read: \.heic"
    ):
        open_set(Source("folder", tmp_path), tmp_path)
    with pytest.raises(DataError, match=r"holds no images.* 3 files of a format that is not read: \.heic"):
        open_flat(tmp_path, CLASSES)


def test_one_folder_per_class_names_what_lies_elsewhere(root):
    put(root, "beside.png", "disc/deep/4.png", ".thumbs/5.png", "$RECYCLE.BIN/6.png")
    (root / "tri").mkdir()
    assert sorted(told(open_set(Source("folder", root), root))) == [  # type: ignore[arg-type]
        "$RECYCLE.BIN: A folder of the system is not looked into.",
        ".thumbs: A hidden folder is not looked into.",
        "beside.png: It lies beside the folders of the classes, not in one.",
        "disc/deep: A folder within a class's folder is not looked into.",
        "tri: The folder holds no images, so this class is left out.",
    ]


def test_what_is_left_out_is_told_in_few_lines():
    many = [Problem(f"{n}.x", f"Reason {n}.") for n in range(20)]
    lines = describe([*many, Problem("a", "Same."), Problem("b", "Same.")], most=3)
    assert lines == ["0.x: Reason 0.", "1.x: Reason 1.", "and 20 more, for other reasons"]
    assert describe([Problem("a", "Same."), Problem("b", "Same.")]) == ["2 times: Same. (a, b)"]
    assert left_out_here([]) == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux stores names that are not text")
def test_a_folder_whose_own_name_is_no_text_gets_a_sentence(tmp_path):
    put(tmp_path / "pictures\udcff", "a/1.png", "b/1.png")
    with pytest.raises(DataError, match=r"pictures\\udcff is not valid text; rename it"):
        open_set(Source("folder", tmp_path / "pictures\udcff"), tmp_path)


def test_what_is_new_is_found_without_looking_at_what_is_known(tmp_path: Path) -> None:
    for name in ("a.png", "deep/b.png", "deep/deeper/c.jpg", ".hidden/d.png", "deep/.e.png", "notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    known = set(open_flat(tmp_path, ("x", "y")).items)
    assert list_new(tmp_path, known, NullPort()) == ()
    assert set(list_new(tmp_path, known - {"deep/b.png", "a.png"}, NullPort())) == {"a.png", "deep/b.png"}
    assert set(list_new(tmp_path, (), NullPort())) == known
    with pytest.raises(DataError, match="does not exist"):
        list_new(tmp_path / "gone", known, NullPort())
