from __future__ import annotations

import sys

import pytest

from model.datasets import DataError, Problem, Source, open_pool, open_set, read_class_list
from model.datasets.flat import open_flat
from model.datasets.listing import describe
from tests.model.datasets.test_local import put
from tests.model.datasets.test_registry import check_contract


def listing(root, text, classes=None):
    (root / "list.csv").write_text(text, encoding="utf-8")
    return open_pool(Source("csv", root / "list.csv"), root, classes)


def test_flat_folder(tmp_path):
    put(tmp_path, "10.png", "9.png", "new/2020/a.png", "Cat/3.png", "new/dog/4.png", "Cat/dog/old/5.png")
    put(tmp_path, ".trash/6.png", "Cat/.7.png")
    (tmp_path / "notes.txt").write_text("no image")
    images = open_flat(tmp_path, ["dog", "cat", "bird"])
    assert images.classes == ("dog", "cat", "bird")
    assert dict(zip(images.items, images.labels, strict=True)) == {
        "9.png": -1,
        "10.png": -1,
        "Cat/3.png": 1,
        "Cat/dog/old/5.png": 0,
        "new/2020/a.png": -1,
        "new/dog/4.png": 0,
    }
    assert images.items[:3] == ["9.png", "10.png", "Cat/3.png"]
    assert describe(images.problems) == [
        ".trash: A hidden folder is not looked into.",
        "Cat/.7.png: A hidden file is not taken.",
    ]
    assert images.image(images.index_of("9.png")).size == (31, 20)
    assert len(images.fingerprint()) == 64


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_to_folders_are_not_followed_and_links_to_files_are(tmp_path):
    put(tmp_path / "in", "a/1.png")
    put(tmp_path / "out", "2.png")
    (tmp_path / "in" / "a" / "up").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "far.png").symlink_to(tmp_path / "out" / "2.png")
    images = open_flat(tmp_path / "in", ["a", "b"])
    assert images.items == ["far.png", "a/1.png"]
    assert images.problems == (Problem("a/up", "The link to a folder is not followed."),)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux stores names that are not text")
def test_flat_folder_with_names_that_are_not_text(tmp_path):
    put(tmp_path, "1.png", "a/\udce9.png", "c\udcff/1.png")
    images = open_flat(tmp_path, ["a", "b"])
    assert images.items == ["1.png"]
    assert images.problems == (
        Problem("c\\udcff", "The folder's name is not valid text."),
        Problem("a/\\udce9.png", "The file's name is not valid text."),
    )


def test_flat_folders_that_hold_no_pool(tmp_path):
    with pytest.raises(DataError, match="holds no images"):
        open_flat(tmp_path, ["a", "b"])
    with pytest.raises(DataError, match="does not exist"):
        open_flat(tmp_path / "gone", ["a", "b"])
    put(tmp_path, "1.png")
    with pytest.raises(DataError, match="is not a folder"):
        open_flat(tmp_path / "1.png", ["a", "b"])
    with pytest.raises(DataError, match=r"holds only one class \(a\); at least two"):
        open_flat(tmp_path, ["a"])
    with pytest.raises(DataError, match=r"Class 3 names the class 'a' again \(class 1 was the first\)"):
        open_flat(tmp_path, ["a", "b", " a"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_class_list(tmp_path, encoding):
    file = tmp_path / "classes.txt"
    file.write_bytes("zebra \r\n\r\n  dense   residential\r\nقطة".encode(encoding))
    assert read_class_list(file) == ("zebra", "dense residential", "قطة")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\n\nb\n a \n", r"Line 4 of classes\.txt names the class 'a' again \(line 1 of classes\.txt was"),
        ("a\n\u200b\n", r"Line 2 of classes\.txt has a name that shows no characters"),
        ("a\n", r"file classes\.txt holds only one class \(a\)"),
        ("", r"file classes\.txt holds no class; at least two"),
    ],
)
def test_class_list_mistakes(tmp_path, text, message):
    file = tmp_path / "classes.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_class_list(file)


def test_class_list_that_cannot_be_read(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_class_list(tmp_path)


def test_list_whose_labels_may_be_empty(tmp_path):
    put(tmp_path, "1.png", "2.png", "3.png", "4.png")
    images = listing(tmp_path, "path,label\n1.png,\n2.png,dog\n3.png\n4.png,cat\n")
    assert images.items == ["1.png", "2.png", "3.png", "4.png"]
    assert images.classes == ("cat", "dog")
    assert list(images.labels) == [-1, 1, -1, 0]
    with pytest.raises(DataError, match=r"Line 2 of list\.csv has no label"):
        open_set(Source("csv", tmp_path / "list.csv"), tmp_path)


def test_list_with_a_list_of_classes(tmp_path):
    put(tmp_path, "1.png", "2.png")
    images = listing(tmp_path, "path,label\n1.png,Dog\n2.png,\n", ["cat", "dog", "emu"])
    assert images.classes == ("cat", "dog", "emu")
    assert list(images.labels) == [1, -1]
    unlabeled = listing(tmp_path, "path,label\n1.png,\n2.png,\n", ["cat", "dog"])
    assert list(unlabeled.labels) == [-1, -1]
    with pytest.raises(DataError, match=r"label 'fox' on line 3 of list\.csv is not in the list of classes"):
        listing(tmp_path, "path,label\n1.png,dog\n2.png,fox\n", ["cat", "dog"])
    with pytest.raises(DataError, match="Class 2 names the class 'cat' again"):
        listing(tmp_path, "path,label\n1.png,cat\n", ["cat", " cat"])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("1.png,\n", "lists images of no class; at least two classes are needed, from the labels or a list"),
        ("1.png,a\n", r"lists images of only one class \(a\)"),
        ("gone.png,a\n", "lists no image that exists"),
    ],
)
def test_lists_that_hold_no_pool(tmp_path, rows, message):
    put(tmp_path, "1.png", "2.png")
    with pytest.raises(DataError, match=message):
        listing(tmp_path, "path,label\n" + rows)


def test_folder_with_and_without_a_list_of_classes(tmp_path):
    put(tmp_path, "cat/1.png", "dog/2.png", "3.png")
    source = Source("folder", tmp_path)
    by_folder, by_list = open_pool(source, tmp_path), open_pool(source, tmp_path, ["emu", "cat"])
    check_contract(by_folder)
    assert by_folder.items == ["cat/1.png", "dog/2.png"]
    assert list(by_list.labels) == [-1, 1, -1]
    assert by_list.index_of("cat/1.png") == 1


def test_flat_folder_needs_a_list_of_classes(tmp_path):
    put(tmp_path, "1.png")
    with pytest.raises(DataError, match="make one subfolder per class, or give a list of the classes"):
        open_pool(Source("folder", tmp_path), tmp_path)


def test_other_sets_have_their_own_classes(tmp_path):
    assert len(open_pool(Source("digits"), tmp_path)) == 1797
    with pytest.raises(DataError, match="digits has its own classes; leave the list"):
        open_pool(Source("digits"), tmp_path, ["a", "b"])
    with pytest.raises(DataError, match=r"CIFAR-100 \(training part\) is not here yet: 169 MB .* Download"):
        open_pool(Source("cifar100-train"), tmp_path)
    with pytest.raises(DataError, match="choose the folder"):
        open_pool(Source("folder"), tmp_path)
