from __future__ import annotations

import os
import sys

import pytest

from model.datasets import DataError, Problem, Source, open_set
from tests.model.datasets.test_local import TWINS, put
from tests.model.datasets.test_registry import check_contract


def listing(root, text, encoding="utf-8", name="list.csv"):
    (root / name).write_bytes(text.encode(encoding))
    return open_set(Source("csv", root / name), root / "cache")


def test_labels_of_a_list_that_differ_only_in_case_are_classes_of_their_own(tmp_path):
    put(tmp_path, "1.png", "2.png", "3.png")
    images = listing(tmp_path, "path,label\n1.png,a\n2.png,A\n3.png,a\n")
    assert images.classes == ("A", "a")
    assert list(images.labels) == [1, 0, 1]
    assert images.problems == (Problem("a (line 2), A (line 3)", TWINS, left_out=False),)


def test_csv(tmp_path):
    put(tmp_path, "x/1.png", "x/2.png", "sub dir/ü,1.png")
    images = listing(tmp_path, 'Path,note,LABEL\nx/2.png,,cat\n./x/1.png,hm,dog\n\n"sub dir/ü,1.png",,cat\n')
    assert images.items == ["x/2.png", "x/1.png", "sub dir/ü,1.png"]
    assert images.classes == ("cat", "dog")
    assert list(images.labels) == [0, 1, 0]
    assert images.image(0).size == (31, 20)
    check_contract(images)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csv_dialects(tmp_path, encoding, delimiter, newline):
    put(tmp_path, "1.png", "2.png")
    rows = [["path", "label"], ["1.png", "قطة"], ["2.png", '"a,b;c"']]
    images = listing(tmp_path, newline.join(delimiter.join(r) for r in rows), encoding)
    assert images.items == ["1.png", "2.png"]
    assert set(images.classes) == {"قطة", "a,b;c"}


def test_csv_absolute_paths_and_backslashes(tmp_path):
    put(tmp_path, "far/1.png", "list/in/2.png")
    images = listing(tmp_path / "list", f"path,label\n{tmp_path / 'far' / '1.png'},a\nin\\2.png,b\n")
    assert images.items == [(tmp_path / "far" / "1.png").as_posix(), "in/2.png"]
    assert [images.image(i).size for i in (0, 1)] == [(30, 20), (31, 20)]


def test_csv_missing_files_are_left_out_by_name(tmp_path):
    put(tmp_path, "1.png", "2.png")
    images = listing(tmp_path, "path,label\n1.png,a\ngone.png,c\n2.png,b\n.,b\n" + "x" * 5000 + ",b\n")
    assert images.items == ["1.png", "2.png"]
    assert images.classes == ("a", "b")
    assert images.problems == (
        Problem("gone.png", "The file is missing (line 3 of list.csv)."),
        Problem(".", "The file is missing (line 5 of list.csv)."),
        Problem("x" * 5000, "The file is missing (line 6 of list.csv)."),
    )


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("1.png,a\n2.png,b\n./1.png,a\n", r"Line 4 of list\.csv lists 1\.png again \(first on line 2\)"),
        ("1.png,a\n2.png,\n", r"Line 3 of list\.csv has no label"),
        ("1.png,a\n2.png,\u200b\n", r"Line 3 of list\.csv has no label"),
        ("1.png,a\n2.png\n", r"Line 3 of list\.csv has no label"),
        ("1.png,a\n ,b\n", r"Line 3 of list\.csv has no path"),
        ("1.png,a b\n2.png,a  b\n", "differs only in spaces"),
        ("1.png,a\n2.png,b,c\n", r"Line 3 of list\.csv has 3 fields instead of 2"),
        ('1.png,a\n"2.png,b\n', r"Line 3 of list\.csv cannot be read"),
        ("1.png,a\n2.png,a\n", r"images of only one class \(a\)"),
        ("", "no image that exists"),
    ],
)
def test_csv_mistakes_name_the_line(tmp_path, rows, message):
    put(tmp_path, "1.png", "2.png")
    with pytest.raises(DataError, match=message):
        listing(tmp_path, "path,label\n" + rows)


@pytest.mark.parametrize("text", ["", "1.png,a\n2.png,b\n", "path,class\n1.png,a\n", "\0"])
def test_csv_needs_its_header(tmp_path, text):
    with pytest.raises(DataError, match="first line must name the columns path and label"):
        listing(tmp_path, text)


def test_csv_says_which_columns_it_has(tmp_path):
    with pytest.raises(DataError, match=r"columns path and label; it names 'file', 'class'\."):
        listing(tmp_path, "file;class\n1.png;a\n")
    with pytest.raises(DataError, match="names the column label twice; keep one"):
        listing(tmp_path, "path,label,Label\n1.png,a,b\n")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("above", ["", "sep=;\r\n"])
def test_csv_of_any_lines(tmp_path, end, above):
    put(tmp_path, "1.png", "=2.png")
    images = listing(tmp_path, above + end.join(("Item;note;label;;", "1.png;;a;;", "'=2.png;;'=b", ";;;;")))
    assert images.items == ["1.png", "=2.png"]
    assert images.classes == ("=b", "a")


@pytest.mark.parametrize(
    "text",
    [
        'path, label\n1.png, "a"\n2.png,  "b"\n',
        "sep=,\npath;label\n1.png;a\n2.png;b\n",
        '"sep=;"\n\npath;label\n1.png;a\n2.png;b\n',
        "\ufeff\ufeffpath|label\n1.png|a\n2.png|b\n\x1a",
        "sep=\t\npath\tlabel\n1.png\ta\n2.png\tb\n",
    ],
)
def test_csv_of_any_program(tmp_path, text):
    put(tmp_path, "1.png", "2.png")
    images = listing(tmp_path, text)
    assert (images.items, images.classes) == (["1.png", "2.png"], ("a", "b"))


def test_lines_above_the_header_count(tmp_path):
    put(tmp_path, "1.png")
    with pytest.raises(DataError, match=r"Line 5 of list\.csv has no label"):
        listing(tmp_path, "\nsep=;\npath;label\n1.png;a\n2.png\n")


def test_csv_in_windows_letters_is_read_and_said_to_be_a_guess(tmp_path):
    put(tmp_path, "1.png", "2.png")
    images = listing(tmp_path, "path,label\n1.png,a\n2.png,é\n", "latin-1")
    assert images.classes == ("a", "é")
    (note,) = images.problems
    assert not note.left_out
    assert "Windows-1252" in note.reason
    (tmp_path / "list.csv").write_bytes(b"path,label\n1.png,a\n2.png,\x81\n")
    with pytest.raises(DataError, match=r"Line 3 of list\.csv is not UTF-8 text"):
        open_set(Source("csv", tmp_path / "list.csv"), tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_is_no_list(tmp_path):
    os.mkfifo(tmp_path / "list.csv")
    with pytest.raises(DataError, match="is not a file"):
        open_set(Source("csv", tmp_path / "list.csv"), tmp_path)


def test_csv_that_cannot_be_read(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        open_set(Source("csv", tmp_path), tmp_path)
