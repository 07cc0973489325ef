"""One file that holds how far a training run is, so that it can go on after a crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from model.disk import replacing
from model.errors import UserError

_VERSION = 1


class CheckpointError(UserError):
    """A checkpoint that cannot be written."""


def write_checkpoint(path: Path, key: str, content: dict[str, Any]) -> None:
    """Write ``content`` (tensors, numbers, text, lists and dictionaries) for the run that ``key`` names.

    After a crash at any moment the file is the old one or the new one, whole. Raises :class:`CheckpointError`.
    """
    try:
        with replacing(path) as out:
            torch.save({"version": _VERSION, "key": key, "content": content}, out)
    except OSError as error:
        raise CheckpointError(
            f"The state of training could not be written to {path.parent} ({error.strerror}); make room there, "
            "or choose another folder."
        ) from error


def read_checkpoint(path: Path, key: str) -> dict[str, Any] | None:
    """Return what was written for ``key``; ``None`` if there is nothing, another run's, or a damaged file."""
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception:
        # Damaged files raise nearly every built-in exception; the run begins anew for all of them.
        return None
    if not isinstance(found, dict) or found.get("version") != _VERSION or found.get("key") != key:
        return None
    content: dict[str, Any] = found["content"]
    return content
