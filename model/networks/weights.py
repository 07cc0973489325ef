"""Trained weights for frozen networks: from torchvision's download or a file, checked before they are used."""

from __future__ import annotations

import hashlib
import re
import urllib.request
import zipfile
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import torch
import torchvision
from torch import Tensor, nn

from model.disk import is_there, open_file, replacing
from model.networks.networks import Network, NetworkError, cut, frozen
from model.port import Cancelled, NullPort, Port

_CHUNK = 1 << 16
_READ = 1 << 20
_TIMEOUT_S = 20.0
_WRAPPED = ("state_dict", "model")  # what training scripts put the weights under


class WeightsError(NetworkError):
    """A file of weights that cannot be used."""


def backbone_names() -> tuple[str, ...]:
    """Return the names of torchvision's classification networks; any can be frozen."""
    return tuple(torchvision.models.list_models(module=torchvision.models))


def frozen_network(
    name: str,
    classes: int,
    seed: int,
    folder: Path,
    file: Path | None = None,
    port: Port | None = None,
) -> Network:
    """Return a network of torchvision, frozen, with a new last layer for ``classes``.

    The weights are those of ``file``, or else torchvision's own (ImageNet), kept in ``folder`` and downloaded
    if they are not there. Raises :class:`WeightsError`, :class:`model.networks.networks.NetworkError` for an unknown
    name, and :class:`model.port.Cancelled`.
    """
    model = empty_backbone(name)
    path = file if file is not None else find_or_download(name, folder, port or NullPort())
    body, width = load_body(model, name, read_weights(path), path.name)
    return frozen(name, body, width, classes, seed)


def weights_licence(name: str) -> str | None:
    """Return the licence that torchvision names for the weights that it gives a network; ``None``: it names none."""
    if name not in backbone_names():
        return None
    licence = torchvision.models.get_model_weights(name).DEFAULT.meta.get("license")
    return None if licence is None else str(licence)


def empty_backbone(name: str) -> nn.Module:
    """Return a network of torchvision whose weights have shapes but no values yet."""
    if name not in backbone_names():
        raise NetworkError(
            f"torchvision has no classification network named {name}; its names are like resnet50."
        )
    # Their weights were trained on inputs normalised as Inception's own.
    inception = name in ("googlenet", "inception_v3")
    options: dict[str, Any] = {"init_weights": False, "transform_input": True} if inception else {}
    # RegNet computes its widths with tensors, which without memory have no values.
    device = "cpu" if name.startswith("regnet") else "meta"
    with torch.random.fork_rng(devices=[], enabled=device == "cpu"), torch.device(device):
        model: nn.Module = torchvision.models.get_model(name, weights=None, **options)
    return model


def load_body(model: nn.Module, name: str, weights: Mapping[str, Tensor], file: str) -> tuple[nn.Module, int]:
    """Give ``model`` its weights and take its last layer off; returns the rest, and how many features it has.

    The last layer's weights must be there, for any number of classes; all others must be the network's own
    exactly. Raises :class:`WeightsError`.
    """
    shapes = {key: value.shape for key, value in model.state_dict().items()}
    body, width, last = cut(model)
    head = [f"{last}.weight", f"{last}.bias"]
    _check_keys(shapes.keys(), weights.keys(), name, file)
    for key, value in weights.items():
        of_classes, shape = key in head, shapes[key]
        if value.shape[of_classes:] != shape[of_classes:]:
            raise WeightsError(
                f"The file {file} does not fit {name}: {key} is {_size(value.shape)}, not {_size(shape)}. "
                "Choose the network that the file was made with."
            )
        if not bool(torch.isfinite(value).all()):
            raise WeightsError(f"The file {file} holds NaN or infinite values in {key}; get it again.")
    kept = OrderedDict((key, _single(value)) for key, value in weights.items() if key not in head)
    # The versions of layers, which tell some of them how to read old files.
    vars(kept).update(getattr(weights, "__dict__", {}))
    try:
        body.load_state_dict(kept, strict=True, assign=True)
    except (RuntimeError, ValueError) as error:
        raise WeightsError(f"The file {file} does not fit {name} ({error}); choose another.") from error
    return body, width


def read_weights(path: Path) -> Mapping[str, Tensor]:
    """Return the tensors of a file saved by ``torch.save``; no code in it is run.

    Raises :class:`WeightsError`.
    """
    try:
        with open_file(path) as file:
            content = load_safely(file)
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


def find_or_download(name: str, folder: Path, port: Port) -> Path:
    """Return the file of torchvision's weights for a network, in ``folder``; downloaded if it is not there.

    Raises :class:`WeightsError`, also where the file is damaged, and :class:`model.port.Cancelled`.
    """
    url: str = torchvision.models.get_model_weights(name).DEFAULT.url
    path = folder / Path(urlsplit(url).path).name
    if not is_there(path):
        _download(url, path, port)
    elif not _is_named(path, _hash(path)):
        raise WeightsError(f"The weights {path} are damaged: delete that file, and it is downloaded again.")
    return path


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with open_file(path) as file:
            while chunk := file.read(_READ):
                digest.update(chunk)
    except OSError as error:
        raise WeightsError(f"The file {path.name} cannot be opened ({error.strerror}); check it.") from error
    return digest.hexdigest()


def _is_named(path: Path, sha256: str) -> bool:
    """Whether a file of torchvision's is whole: its name ends with the first digits of its SHA-256."""
    return sha256.startswith(path.stem.rpartition("-")[2])


def fingerprint(module: nn.Module, name: str = "") -> str:
    """Return a hash (64 hex digits) of a network's name and all its weights and statistics, to the last bit."""
    digest = hashlib.sha256(name.encode())
    for key, value in sorted(module.state_dict().items()):
        digest.update(f"|{key}:{value.dtype}:{tuple(value.shape)}|".encode())
        digest.update(value.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()


def _check_keys(ours: Any, theirs: Any, name: str, file: str) -> None:
    missing, more = sorted(ours - theirs), sorted(theirs - ours)
    # Counts that files from before torch 0.4.1 lack; torch puts in 0, and nothing here reads them.
    missing = [key for key in missing if not key.endswith("num_batches_tracked")]
    if missing or more:
        parts = [f"lacks {missing[0]} and {len(missing) - 1} more"] if missing else []
        parts += [f"has {more[0]} and {len(more) - 1} more that {name} has not"] if more else []
        raise WeightsError(
            f"The file {file} holds another network than {name}: it {', and '.join(parts)}. "
            "Choose the network that the file was made with."
        )


def _modern_names(weights: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
    """Rename layers of DenseNet: torchvision's own files still have the names of before torch 0.4."""
    old = re.compile(r"(denselayer\d+\.(?:norm|conv))\.([12])\.")
    if not any(old.search(key) for key in weights):
        return weights
    return OrderedDict((old.sub(r"\1\2.", key), value) for key, value in weights.items())


def _single(value: Tensor) -> Tensor:
    return value.float() if value.is_floating_point() else value


def _size(shape: torch.Size) -> str:
    return " x ".join(map(str, shape)) or "one number"


def _download(url: str, path: Path, port: Port) -> None:
    try:
        with replacing(path) as out:
            found = _copy(url, out, path.name, port)
            if not _is_named(path, found):
                raise WeightsError(f"The download of {path.name} came damaged; try again.")
    except OSError as error:
        raise WeightsError(
            f"The weights {path.name} could not be downloaded ({error}). Check the connection, or put the "
            f"file from {url} into {path.parent}."
        ) from error


def _copy(url: str, out: Any, name: str, port: Port) -> str:
    digest = hashlib.sha256()
    with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as source:
        total, done = int(source.headers.get("Content-Length") or 0), 0
        while chunk := source.read(_CHUNK):
            if port.cancelled():
                raise Cancelled
            out.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            port.progress(done, total, f"Downloading {name}: {done / 1e6:,.0f} MB")
    return digest.hexdigest()
