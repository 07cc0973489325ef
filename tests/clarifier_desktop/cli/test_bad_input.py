"""Every command refuses a file that it cannot use in a sentence, with exit code 2, and writes nothing."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest

from clarifier_desktop.cli.commands import main
from studies.table_files import ExportError, refuse_folder

LONG = "x" * 300
BAD = (
    "gone",
    "folder",
    "empty",
    "binary",
    "text",
    "gone/below",
    "text/below",
    "pipe",
    "loop",
    "/dev/zero",
    LONG,
)
COMMANDS = (
    "study list --store {}",
    "study check --plan {}",
    "study run --plan {} --participant P --robot",
    "label {} --robot --project new.clarifier",
    "label {}.clarifier --robot",
    "label digits --robot --project new.clarifier --classes {}/none",
    "import labels {} --project {}",
    "simulate {} --check",
    "simulate digits --check --data {}/none",
    "export ratios --store {} --to new.csv",
    "export labels --project {} --to new.csv",
    "export images --project {} --to new.csv",
    "merge {} --into new.sqlite",
    "figures --store {} --to new",
    "doctor --store {}/none/x.sqlite",
)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes by name")
@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("words", COMMANDS)
def test_a_bad_file_gets_a_sentence(words, bad, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(random.Random(1).randbytes(5000))
    (tmp_path / "text").write_text("Not what is looked for.\n")
    for ending in ("", ".clarifier"):
        os.mkfifo(tmp_path / f"pipe{ending}")
        (tmp_path / f"loop{ending}").symlink_to(f"loop{ending}")
    before = sorted(tmp_path.iterdir())
    assert main([word.format(bad, bad) for word in words.split()]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len([line for line in said if not line.startswith(("Usage:", "- "))]) == 1, said
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [
        "label digits --robot --project new.clarifier",
        "study run --plan demo --participant P --robot --store s",
    ],
)
def test_no_robot_begins_where_its_pictures_cannot_be_kept(
    words, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    assert main([*words.split(), "--screenshots", "file/pictures"]) == 2
    assert "cannot be made" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == [tmp_path / "file"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes by name")
def test_no_table_takes_the_place_of_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ExportError, match="is a pipe or a device"):
        refuse_folder(tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo()
