"""Files of weights: read as plain tensors, never run."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import torch
from torch import Tensor

from model.disk import open_file, read_file
from model.networks.networks import NetworkError

SAFETENSORS = ".safetensors"
_READ = 1 << 20
_WRAPPED = ("state_dict", "model")  # what training scripts put the weights under


class WeightsError(NetworkError):
    """A file of weights that cannot be used."""


class MissingWeightsError(WeightsError):
    """Weights that are in no folder and cannot be downloaded."""


def read_weights(path: Path) -> Mapping[str, Tensor]:
    """Return the tensors of a file saved by ``torch.save``, or of a safetensors file; no code in it is run.

    Raises :class:`WeightsError`.
    """
    try:
        content = _read_safetensors(path) if path.suffix == SAFETENSORS else _read_saved(path)
    except FileNotFoundError:
        raise WeightsError(f"The file {path.name} is not there; choose where the weights are.") from None
    except OSError as error:
        raise WeightsError(f"The file {path.name} cannot be opened ({error.strerror}); check it.") from error
    except Exception as error:
        # Damaged files raise nearly every built-in exception, and code in them one that asks to run it.
        raise WeightsError(
            f"The file {path.name} holds no weights that can be read safely: it is damaged, cut short, or not a "
            "file of weights. Save it again with torch.save(network.state_dict(), ...)."
        ) from error
    for key in _WRAPPED:
        if isinstance(content, Mapping) and isinstance(content.get(key), Mapping):
            content = content[key]
    if not isinstance(content, Mapping) or not all(isinstance(v, Tensor) for v in content.values()):
        raise WeightsError(
            f"The file {path.name} holds no network's weights by name. Save it again with "
            "torch.save(network.state_dict(), ...)."
        )
    return _modern_names(content)


def _read_saved(path: Path) -> Any:
    with open_file(path) as file:
        return load_safely(file)


def _read_safetensors(path: Path) -> Any:
    from safetensors.torch import load

    return load(read_file(path))


def load_safely(file: IO[bytes]) -> Any:
    """Return what ``torch.save`` wrote; no code in it is run, and changed bytes are found by their checksums.

    Damaged files raise nearly every built-in exception.
    """
    if zipfile.is_zipfile(file):
        file.seek(0)
        with zipfile.ZipFile(file) as parts:  # torch itself takes changed bytes for weights
            changed = parts.testzip()
        if changed is not None:
            raise ValueError(f"{changed} is not as it was written")
    file.seek(0)
    return torch.load(file, map_location="cpu", weights_only=True)


def hash_file(path: Path) -> str:
    """Return a file's SHA-256, 64 hex digits; raises :class:`WeightsError`."""
    digest = hashlib.sha256()
    try:
        with open_file(path) as file:
            while chunk := file.read(_READ):
                digest.update(chunk)
    except OSError as error:
        raise WeightsError(f"The file {path.name} cannot be opened ({error.strerror}); check it.") from error
    return digest.hexdigest()


def _modern_names(weights: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
    """Rename layers of DenseNet: torchvision's own files still have the names of before torch 0.4."""
    old = re.compile(r"(denselayer\d+\.(?:norm|conv))\.([12])\.")
    if not any(old.search(key) for key in weights):
        return weights
    return OrderedDict((old.sub(r"\1\2.", key), value) for key, value in weights.items())
