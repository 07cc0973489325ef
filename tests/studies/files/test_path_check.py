"""Paths that lead to no file are told from files, before anything is opened."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from model.port import NullPort
from studies.files.sqlite_file import kind_of
from studies.files.store_errors import StoreError
from studies.labeling.file.store import ProjectHead, ProjectStore
from studies.timing.file.merge import merge
from studies.timing.file.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes by name")


@pytest.fixture(params=["pipe", "device", "folder", "loop", "long", "zero"])
def nowhere(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A path that leads to no file."""
    if request.param == "device":
        return Path("/dev/zero")
    if request.param == "zero":
        return tmp_path / "a\0b"
    path = tmp_path / ("x" * 300 if request.param == "long" else request.param)
    if request.param == "pipe":
        os.mkfifo(path)
    elif request.param == "folder":
        path.mkdir()
    elif request.param == "loop":
        path.symlink_to(path)
    return path


def test_nothing_is_opened_there(nowhere: Path, tmp_path: Path) -> None:
    sentence = "is a pipe or a device|is a folder|leads to no file"
    for writable in (True, False):
        with pytest.raises(StoreError, match=sentence):
            Store.open(nowhere, writable=writable)
    with pytest.raises(StoreError, match=sentence):
        ProjectStore.peek(nowhere)
    head = ProjectHead("u", "n", "folder", tmp_path, "0")
    with pytest.raises(StoreError, match=sentence):
        ProjectStore.create(nowhere, head, [], [], [], "{}", NullPort())
    with pytest.raises(StoreError, match=sentence):
        merge([nowhere], tmp_path / "all.sqlite")
    assert kind_of(nowhere) is None
    assert not (tmp_path / "all.sqlite").exists()


def test_a_name_is_followed_and_may_be_free(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("study.sqlite")
    Store.open(tmp_path / "link").close()
    assert (tmp_path / "study.sqlite").is_file()
    Store.open(tmp_path / "link", writable=False).close()


def test_a_name_too_long_for_its_lock_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="leads to no file"):
        Store.open(tmp_path / ("x" * 253))
    assert list(tmp_path.iterdir()) == []


def test_one_file_under_two_names_is_not_written(tmp_path: Path) -> None:
    first, second = tmp_path / "study.sqlite", tmp_path / "other.sqlite"
    Store.open(first).close()
    os.link(first, second)
    for path in (first, second):
        with pytest.raises(StoreError, match=r"several names.*make a copy"):
            Store.open(path)
        Store.open(path, writable=False).close()
    second.unlink()
    Store.open(first).close()
