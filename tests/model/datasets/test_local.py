from __future__ import annotations

import hashlib
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from model.datasets import DataError, Problem, Source, open_set
from model.datasets.base import class_key, natural_key, natural_order
from model.datasets.flat import open_flat
from model.datasets.folder import UCMERCED_CLASSES
from model.datasets.image_files import ImageError
from model.datasets.listing import describe
from tests.model.datasets.test_registry import check_contract


def put(root, *names):
    for number, name in enumerate(names):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (30 + number, 20), (number * 10, 0, 0)).save(path)


def folder(root):
    return open_set(Source("folder", root), root / "cache")


def test_folder(tmp_path):
    put(
        tmp_path,
        "b/10.png",
        "b/9.png",
        "A 2/x.JPG",
        "A 10/y.tif",
        "A 10/.hidden.png",
        ".git/z.png",
        "loose.png",
    )
    (tmp_path / "b" / "notes.txt").write_text("no image")
    images = folder(tmp_path)
    assert images.classes == ("A 2", "A 10", "b")
    assert images.items == ["A 2/x.JPG", "A 10/y.tif", "b/9.png", "b/10.png"]
    assert list(images.labels) == [0, 1, 2, 2]
    assert describe(images.problems) == [
        "loose.png: It lies beside the folders of the classes, not in one.",
        "A 10/.hidden.png: A hidden file is not taken.",
    ]
    assert images.smooth
    assert images.image(3).size == (30, 20)
    assert images.image(2).size == (31, 20)
    check_contract(images)


def test_opening_a_folder_reads_no_image(tmp_path):
    put(tmp_path, "a/1.png", "b/1.png")
    (tmp_path / "b" / "2.png").write_bytes(b"")
    images = folder(tmp_path)
    assert images.problems == ()
    with pytest.raises(ImageError, match=r"2\.png"):
        images.image(images.index_of("b/2.png"))


def test_content_hash_is_of_the_bytes_wherever_they_lie(tmp_path):
    put(tmp_path, "a/1.png", "b/1.png")
    (tmp_path / "b" / "2.jpg").write_bytes((tmp_path / "a" / "1.png").read_bytes())
    images = folder(tmp_path)
    same, other = images.content_hash(0), images.content_hash(1)
    assert images.content_hash(2) == same != other
    raw = (tmp_path / "a" / "1.png").read_bytes()
    assert same == hashlib.blake2b(raw, digest_size=16).hexdigest()
    (tmp_path / "b" / "2.jpg").unlink()
    with pytest.raises(ImageError, match=r"2\.jpg is not there any more"):
        images.content_hash(2)
    (tmp_path / "b" / "2.jpg").mkdir()
    with pytest.raises(ImageError, match=r"2\.jpg cannot be opened"):
        images.content_hash(2)


def test_class_names_of_any_script_and_length(tmp_path):
    names = ["زرافة", "קנגורו", "麒麟", "жираф", "ज़ेब्रा", "🦒 giraffe", "x" * 200, "می‌خواهم"]
    put(tmp_path, *(f"{name}/1.png" for name in names))
    assert set(folder(tmp_path).classes) == set(names)


def test_decomposed_names_are_shown_composed(tmp_path):
    put(tmp_path, "cafe\u0301/1.png", "tea/1.png")
    images = folder(tmp_path)
    assert images.classes[0] == "caf\u00e9"
    assert images.image(0).size == (30, 20)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take these for one folder already")
@pytest.mark.parametrize("twin", [" cat", "cat\u200b", "cafe\u0301"], ids=["space", "invisible", "composed"])
def test_duplicate_class_names_are_refused(tmp_path, twin):
    put(tmp_path, "cat/1.png", "caf\u00e9/1.png", f"{twin}/1.png")
    with pytest.raises(DataError, match="name the same class; rename one or join them"):
        folder(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_class_name_of_spaces_is_refused(tmp_path):
    put(tmp_path, "cat/1.png", "  /1.png")
    with pytest.raises(DataError, match="shows no characters"):
        folder(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux stores names that are not text")
def test_names_that_are_not_text_are_left_out(tmp_path):
    put(tmp_path, "a/1.png", "b/1.png", "c\udcff/1.png", "b/\udce9.png")
    images = folder(tmp_path)
    assert images.classes == ("a", "b")
    assert images.problems == (
        Problem("b/\\udce9.png", "The file's name is not valid text."),
        Problem("c\\udcff", "The folder's name is not valid text."),
    )
    images.fingerprint()


def test_empty_class_is_left_out_and_told(tmp_path):
    put(tmp_path, "a/1.png", "c/1.png")
    (tmp_path / "b").mkdir()
    images = folder(tmp_path)
    assert images.classes == ("a", "c")
    assert images.problems == (Problem("b", "The folder holds no images, so this class is left out."),)


def test_folders_that_hold_no_set(tmp_path):
    with pytest.raises(DataError, match="holds no subfolders; make one subfolder per class"):
        folder(tmp_path)
    (tmp_path / "a").mkdir()
    with pytest.raises(DataError, match="holds no class with images"):
        folder(tmp_path)
    put(tmp_path, "a/1.png")
    with pytest.raises(DataError, match=r"holds only one class with images \(a\)"):
        folder(tmp_path)
    with pytest.raises(DataError, match="does not exist"):
        folder(tmp_path / "gone")
    with pytest.raises(DataError, match="is not a folder"):
        folder(tmp_path / "a" / "1.png")


def test_natural_order():
    names = ["b", "a10", "A9", "a 1", "a01", "a1", "9" * 5000, "٣", "٢"]
    assert sorted(names, key=natural_key) == ["٢", "٣", "9" * 5000, "a01", "a1", "A9", "a10", "a 1", "b"]


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0"), max_size=8) | st.from_regex(r"[aB]*[0-9٣]+a?[0-9]*")
    )
)
def test_names_of_files_have_the_same_natural_order(names):
    assert natural_order(names) == sorted(names, key=natural_key)


def test_class_key():
    assert class_key("Straße") == class_key("STRASSE")
    assert class_key(" a  b ") == class_key("A B")
    assert class_key("\u200f\u2060 ") == ""
    assert class_key("a b") != class_key("ab")


TWINS = "These names differ only in case, and are kept as different classes."


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take these for one folder already")
def test_folders_whose_names_differ_only_in_case_are_classes_of_their_own(tmp_path):
    put(tmp_path, "A/1.png", "a/2.png", "b/3.png")
    for images in (folder(tmp_path), open_flat(tmp_path, ["A", "a", "b"])):
        assert images.classes == ("A", "a", "b")
        assert [images.classes[label] for label in images.labels] == ["A", "a", "b"]
        assert images.problems == (Problem("A, a", TWINS, left_out=False),)


@pytest.mark.parametrize("below", ["", "Images", "UCMerced_LandUse/Images"])
def test_ucmerced(tmp_path, below):
    put(tmp_path / below, *(f"{name}/{name}{i:02d}.tif" for name in UCMERCED_CLASSES for i in (0, 1)))
    images = open_set(Source("ucmerced", tmp_path), tmp_path)
    assert images.name == "ucmerced"
    assert len(images.classes) == 21
    assert "dense residential" in images.classes
    assert images.items[2] == "airplane/airplane00.tif"
    assert images.classes[images.labels[2]] == "airplane"
    check_contract(images)


def test_what_does_not_look_like_ucmerced(tmp_path):
    put(tmp_path, "forest/1.tif", "river/1.tif")
    with pytest.raises(DataError, match=r"does not look like the UC Merced .* 21 subfolders"):
        open_set(Source("ucmerced", tmp_path), tmp_path)
    for name in UCMERCED_CLASSES:
        (tmp_path / name).mkdir(exist_ok=True)
    with pytest.raises(DataError, match="does not look like the UC Merced"):
        open_set(Source("ucmerced", tmp_path), tmp_path)
