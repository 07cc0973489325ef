"""Names of files that are built from other names, and what is no file."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.disk import LONGEST_NAME, fit_name, is_of_a_store, read_file, replacing, require_temporary_folder
from model.errors import UserError


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    st.sampled_from(["", ".png", " 2", ".clarifier"]),
)
def test_a_name_fits_and_is_changed_only_where_it_must_be(stem: str, ending: str) -> None:
    name = fit_name(stem, ending)
    assert len(name.encode()) <= LONGEST_NAME
    assert name.endswith(ending)
    assert name == stem + ending or len((stem + ending).encode()) > LONGEST_NAME


@pytest.mark.parametrize("name", ["a" * 255, "ü" * 127])
def test_a_file_of_the_longest_name_is_written_whole(tmp_path: Path, name: str) -> None:
    with replacing(tmp_path / name) as file:
        file.write(b"1")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders")
def test_what_is_no_file_is_never_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    os.mkfifo("pipe")
    Path("folder").mkdir()
    Path("loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("socket")
    for name in ("pipe", "folder", "loop", "socket", "none"):
        with pytest.raises(OSError, match=name):
            read_file(name)
        assert not is_of_a_store(Path(name))


def test_where_nothing_temporary_can_be_written_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", list)
    with pytest.raises(UserError, match="temporary files"):
        require_temporary_folder()
