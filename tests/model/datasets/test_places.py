"""A folder that is away is no fault of an image: the whole, a part of it, or one image alone."""

from __future__ import annotations

import errno
import os
import pickle
import sys
from pathlib import Path

import pytest
from PIL import Image

from model.datasets.folder import FileSet, open_folder
from model.datasets.image_files import ImageError, MissingImageError, PlaceError, open_image


@pytest.fixture
def images(tmp_path: Path) -> FileSet:
    for name in ("cat", "dog"):
        (tmp_path / "set" / name).mkdir(parents=True)
        for number in range(10):
            Image.new("RGB", (8, 8), (number, 0, 0)).save(tmp_path / "set" / name / f"{number}.png")
    return open_folder(tmp_path / "set")


def test_all_away(images: FileSet) -> None:
    images.root.rename(images.root.with_name("away"))
    for ask in (images.image, images.content_hash):
        with pytest.raises(PlaceError, match=r"The folder .*set cannot be reached") as caught:
            ask(3)
        assert caught.value.whole
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_files_that_became_folders(images: FileSet) -> None:
    for item in images.items:
        (images.root / item).unlink()
        (images.root / item).mkdir()
    with pytest.raises(PlaceError):
        images.image(0)


@pytest.mark.parametrize("lost", ["renamed", "empty", "a file", "folders"])
def test_a_folder_away(images: FileSet, lost: str) -> None:
    folder = images.root / "dog"
    folder.rename(images.root / "elsewhere")
    if lost == "empty":
        folder.mkdir()
    elif lost == "a file":
        folder.write_text("no folder")
    elif lost == "folders":
        for number in range(10):
            (folder / f"{number}.png").mkdir(parents=True)
    is_there = lost in ("empty", "folders")
    name = "dog/5.png" if is_there else "dog/"
    text = r"images around dog/5\.png in .*dog cannot" if is_there else "The folder .*dog cannot be reached"
    with pytest.raises(PlaceError, match=text) as caught:
        images.image(images.index_of("dog/5.png"))
    assert not caught.value.whole
    assert caught.value.part == name
    assert images.image(0).size == (8, 8)


def test_several_in_a_row(images: FileSet) -> None:
    for number in (4, 5, 6, 7):
        (images.root / "dog" / f"{number}.png").unlink()
    with pytest.raises(MissingImageError):
        images.image(images.index_of("dog/4.png"))
    (images.root / "dog" / "3.png").unlink()
    with pytest.raises(PlaceError, match=r"around dog/5\.png"):
        images.image(images.index_of("dog/5.png"))


def test_a_folder_of_one_image(images: FileSet) -> None:
    (images.root / "owl").mkdir()
    Image.new("RGB", (8, 8)).save(images.root / "owl" / "1.png")
    images = open_folder(images.root)
    (images.root / "owl" / "1.png").unlink()
    with pytest.raises(MissingImageError):
        images.image(len(images) - 1)
    (images.root / "owl").rmdir()
    with pytest.raises(PlaceError, match="owl cannot be reached"):
        images.image(len(images) - 1)


def test_an_emptied_mount_point_is_all_away(images: FileSet) -> None:
    images.root.rename(images.root.with_name("away"))
    images.root.mkdir()
    with pytest.raises(PlaceError, match="set cannot be reached"):
        images.image(3)
    images.root.rmdir()
    images.root.write_text("no folder")
    with pytest.raises(PlaceError, match="set cannot be reached"):
        images.content_hash(3)


@pytest.mark.parametrize("ask", ["image", "content_hash"])
def test_a_disk_that_reads_nothing_is_a_fault_of_the_place(
    images: FileSet, ask: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PlaceError, match="set cannot be reached"):
        getattr(images, ask)(3)


def test_one_missing(images: FileSet) -> None:
    (images.root / "dog" / "5.png").unlink()
    with pytest.raises(MissingImageError, match="not there any more"):
        images.image(images.index_of("dog/5.png"))


def test_a_damaged_one_is_no_fault_of_the_place(images: FileSet) -> None:
    (images.root / "dog" / "5.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    with pytest.raises(ImageError, match="damaged") as caught:
        images.image(images.index_of("dog/5.png"))
    assert not isinstance(caught.value, MissingImageError | PlaceError)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders")
def test_a_pipe_is_never_waited_for(images: FileSet) -> None:
    file = images.root / "dog" / "5.png"
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(ImageError, match="it is no file"), open_image(file):
        pass
    with pytest.raises(ImageError, match="it is no file"):
        images.content_hash(images.index_of("dog/5.png"))
