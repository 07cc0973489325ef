"""One file that holds how far a training run is, so that it can go on after a crash."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import torch

from model.disk import read_file, replacing
from model.errors import UserError

_VERSION = 1
_HASH_BYTES = 32  # the file begins with the SHA-256 of what follows: torch takes changed bytes for weights


class CheckpointError(UserError):
    """A checkpoint that cannot be written."""


class DamagedCheckpoint(Exception):  # noqa: N818 - nobody is at fault, and the run begins anew
    """A checkpoint that is not as it was written, or of an earlier version."""


def write_checkpoint(path: Path, key: str, content: dict[str, Any]) -> None:
    """Write ``content`` (tensors, numbers, text, lists and dictionaries) for the run that ``key`` names.

    After a crash at any moment the file is the old one or the new one, whole. Raises :class:`CheckpointError`.
    """
    saved = io.BytesIO()
    torch.save({"version": _VERSION, "key": key, "content": content}, saved)
    try:
        with replacing(path) as out:
            out.write(hashlib.sha256(saved.getbuffer()).digest())
            out.write(saved.getbuffer())
    except OSError as error:
        raise CheckpointError(
            f"The state of training could not be written to {path.parent} ({error.strerror}); make room there, "
            "or choose another folder."
        ) from error


def read_checkpoint(path: Path, key: str) -> dict[str, Any] | None:
    """Return what was written for ``key``; ``None`` if there is nothing, or another run's.

    Raises :class:`DamagedCheckpoint`.
    """
    try:
        data = read_file(path)
    except OSError:
        return None
    saved = memoryview(data)[_HASH_BYTES:]
    if hashlib.sha256(saved).digest() != data[:_HASH_BYTES]:
        raise DamagedCheckpoint
    found = torch.load(io.BytesIO(saved), map_location="cpu", weights_only=True)
    if found["version"] != _VERSION or found["key"] != key:
        return None
    content: dict[str, Any] = found["content"]
    return content
