"""The checkpoint's file: whole or not there, and only for the run that wrote it."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import IO

import pytest
import torch

from model.learning.checkpoint import CheckpointError, DamagedCheckpoint, read_checkpoint, write_checkpoint

CONTENT = {"network": {"w": torch.arange(4.0)}, "history": [(0.5, 0.25, 1.0)]}


def test_what_was_written_is_read_by_its_run_alone(tmp_path: Path):
    file = tmp_path / "new" / "run.checkpoint"
    write_checkpoint(file, "ours", CONTENT)
    found = read_checkpoint(file, "ours")
    assert found is not None
    assert torch.equal(found["network"]["w"], CONTENT["network"]["w"])  # type: ignore[index]
    assert found["history"] == CONTENT["history"]
    assert read_checkpoint(file, "theirs") is None
    assert read_checkpoint(tmp_path / "none", "ours") is None


def test_a_file_that_is_no_checkpoint_is_told_from_none(tmp_path: Path):
    file = tmp_path / "run.checkpoint"
    write_checkpoint(file, "ours", CONTENT)
    whole = file.read_bytes()
    for content in (b"", b"text", whole[: len(whole) // 2], whole[:-1]):
        file.write_bytes(content)
        with pytest.raises(DamagedCheckpoint):
            read_checkpoint(file, "ours")
    torch.save([1], file)
    with pytest.raises(DamagedCheckpoint):
        read_checkpoint(file, "ours")


def test_one_changed_bit_is_found(tmp_path: Path):
    file = tmp_path / "run.checkpoint"
    write_checkpoint(file, "ours", CONTENT)
    whole = file.read_bytes()
    chance = random.Random(1)
    for _ in range(100):
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        file.write_bytes(changed)
        with pytest.raises(DamagedCheckpoint):
            read_checkpoint(file, "ours")


def test_a_crash_while_writing_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "run.checkpoint"
    write_checkpoint(file, "ours", {"history": [1]})
    written = torch.save

    def crash(content: object, out: IO[bytes]) -> None:
        written(content, out)
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", crash)
    with pytest.raises(KeyboardInterrupt):
        write_checkpoint(file, "ours", {"history": [2]})
    assert read_checkpoint(file, "ours") == {"history": [1]}
    assert list(tmp_path.iterdir()) == [file]


def test_a_full_disk_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CheckpointError, match="No space left on device"):
        write_checkpoint(tmp_path / "run.checkpoint", "ours", CONTENT)
    assert list(tmp_path.iterdir()) == []
