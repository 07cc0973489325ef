"""A folder that is away is no fault of an image: the whole, a part of it, or one image alone."""

from __future__ import annotations

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


def test_a_part_away(images: FileSet) -> None:
    (images.root / "dog").rename(images.root / "elsewhere")
    with pytest.raises(PlaceError, match=r"The images around dog/5\.png") as caught:
        images.image(images.index_of("dog/5.png"))
    assert not caught.value.whole
    assert images.image(0).size == (8, 8)


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
