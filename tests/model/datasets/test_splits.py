"""Pools and what they are tested on: packed sets, official divisions, and parts drawn where there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.datasets.base import DataError
from model.datasets.packed import GreyArray, PackedJpegs, open_packed
from model.datasets.splits import PACKED, Part, open_split, split_names, takes_path
from tests.model.datasets.packed_files import jpegs, write_drawings, write_masked, write_parts


def test_packed_images_are_those_that_were_packed(tmp_path: Path):
    write_masked(tmp_path / "set.npz")
    split = open_split(PACKED, tmp_path / "set.npz", tmp_path, 0)
    images = split.pool.images
    assert isinstance(images, PackedJpegs)
    assert (len(split.pool), len(split.test), split.classes) == (24, 12, ("red", "green", "blue"))
    assert split.test.positions.tolist() == list(range(24, 36))
    seen = np.asarray(images.image(7)).mean(axis=(0, 1))
    assert seen.argmax() == split.pool.labels[7] == 1
    files = jpegs(np.arange(36) % 3)
    (tmp_path / "7.jpg").write_bytes(files[7])
    assert (np.asarray(images.image(7)) == np.asarray(Image.open(tmp_path / "7.jpg"))).all()


def test_an_image_is_known_by_its_bytes(tmp_path: Path):
    write_masked(tmp_path / "a.npz")
    write_masked(tmp_path / "b.npz", 12, 6)
    one, other = (open_split(PACKED, tmp_path / name, tmp_path, 0).pool.images for name in ("a.npz", "b.npz"))
    assert one.content_hash(3) == other.content_hash(3)
    assert len({one.content_hash(i) for i in range(36)}) == 36


def test_a_packed_set_of_two_parts(tmp_path: Path):
    write_parts(tmp_path / "set.npz")
    split = open_split(PACKED, tmp_path / "set.npz", tmp_path, 0)
    assert (len(split.pool), len(split.test)) == (12, 6)
    assert split.pool.images is not split.test.images


def test_drawings_without_parts_keep_some_of_each_class(tmp_path: Path):
    write_drawings(tmp_path / "set.npz")
    split = open_split(PACKED, tmp_path / "set.npz", tmp_path, 2)
    assert isinstance(split.pool.images, GreyArray)
    assert np.bincount(split.test.labels).tolist() == [2, 2]
    assert np.bincount(split.pool.labels).tolist() == [3, 3]
    assert not set(split.pool.positions) & set(split.test.positions)
    again = open_split(PACKED, tmp_path / "set.npz", tmp_path, 2)
    assert (again.test.positions == split.test.positions).all()
    image = split.pool.images.image(0, (10, 10))
    assert (image.mode, image.size) == ("RGB", (10, 10))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no array"])
def test_a_packed_set_that_cannot_be_read(content: bytes, tmp_path: Path):
    (tmp_path / "set.npz").write_bytes(content)
    with pytest.raises(DataError, match=r"is damaged, or not an \.npz file"):
        open_packed(tmp_path / "set.npz")
    with pytest.raises(DataError, match="There is no file"):
        open_packed(tmp_path / "gone.npz")
    np.savez(tmp_path / "other.npz", numbers=np.arange(3))
    np.save(tmp_path / "set.npy", np.arange(3))
    with pytest.raises(DataError, match="holds no packed images"):
        open_packed(tmp_path / "set.npy")
    with pytest.raises(DataError, match="holds no packed images"):
        open_packed(tmp_path / "other.npz")


def test_too_few_images_to_keep(tmp_path: Path):
    with pytest.raises(DataError, match=r"The class \w of digits has \d+ images; with 500 kept"):
        open_split("digits", None, tmp_path, 500)


def test_digits_are_divided_by_class(tmp_path: Path):
    split = open_split("digits", None, tmp_path, 60)
    assert (len(split.pool), len(split.test)) == (1197, 600)
    assert set(np.bincount(split.test.labels)) == {60}


def test_a_part_with_fewer_images_is_always_the_same(tmp_path: Path):
    part = open_split("digits", None, tmp_path, 60).pool
    few = part.fewer(100)
    assert len(few) == len(set(few.positions.tolist())) == 100
    assert (np.diff(few.positions) > 0).all()
    assert (few.positions == part.fewer(100).positions).all()
    assert set(few.positions) <= set(part.positions)
    assert part.fewer(None) is part.fewer(5000) is part
    assert isinstance(few, Part)


def image_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8)).save(path)


def test_birds_have_their_official_division(tmp_path: Path):
    root = tmp_path / "CUB_200_2011"
    names = [
        "001.Black_footed_Albatross/a.jpg",
        "001.Black_footed_Albatross/b.jpg",
        "002.Laysan_Albatross/c.jpg",
    ]
    for name in names:
        image_file(root / "images" / name)
    (root / "images.txt").write_text("".join(f"{i} {name}\n" for i, name in enumerate(names, 1)))
    (root / "image_class_labels.txt").write_text("1 1\n2 1\n3 2\n")
    (root / "train_test_split.txt").write_text("1 1\n2 0\n3 1\n")
    (root / "classes.txt").write_text("1 001.Black_footed_Albatross\n2 002.Laysan_Albatross\n")
    for path in (root, tmp_path):
        split = open_split("cub200", path, tmp_path, 0)
        assert split.classes == ("Black footed Albatross", "Laysan Albatross")
        assert (split.pool.positions.tolist(), split.test.positions.tolist()) == ([0, 2], [1])
        assert split.pool.labels.tolist() == [0, 1]
        assert split.pool.images.image(2).size == (8, 8)
    with pytest.raises(DataError, match="choose the folder CUB_200_2011"):
        open_split("cub200", tmp_path / "images", tmp_path, 0)


def test_dogs_have_their_official_division(tmp_path: Path):
    from scipy.io import savemat

    def listed(*names: str) -> np.ndarray:
        cells = np.empty((len(names), 1), object)
        cells[:, 0] = names
        return cells

    train = listed("n1-Chihuahua/a.jpg", "n2-Maltese_dog/b.jpg")
    savemat(tmp_path / "train_list.mat", {"file_list": train, "labels": np.array([[1], [2]])})
    test = listed("n2-Maltese_dog/c.jpg")
    savemat(tmp_path / "test_list.mat", {"file_list": test, "labels": np.array([[2]])})
    image_file(tmp_path / "Images" / "n2-Maltese_dog" / "c.jpg")
    split = open_split("dogs", tmp_path, tmp_path, 0)
    assert split.classes == ("Chihuahua", "Maltese dog")
    assert (split.pool.labels.tolist(), split.test.labels.tolist()) == ([0, 1], [1])
    assert split.test.images.image(2).size == (8, 8)
    with pytest.raises(DataError, match="does not look like Stanford Dogs"):
        open_split("dogs", tmp_path / "Images", tmp_path, 0)


def test_which_sets_there_are():
    assert {"digits", "cifar10", "cifar100", "folder", PACKED, "cub200", "dogs"} <= set(split_names())
    assert not any(name.endswith("-train") for name in split_names())
    assert takes_path(PACKED)
    assert not takes_path("cifar10")
