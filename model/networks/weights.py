"""Trained weights for frozen networks: from a file, a folder of them or a download, checked before they are used."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import torch
import torchvision
from torch import Tensor, nn

from model.disk import is_file
from model.names import AUTO
from model.networks.downloads import Origin, download
from model.networks.encoders import ENCODERS, Encoder, Library, Padding, allows_commerce, find_encoder
from model.networks.networks import Network, NetworkError, cut, frozen, pad_convolutions
from model.networks.text_images import build_images, describe_model, weights_of_images
from model.networks.timm_networks import build_body, describe_network, fit_names
from model.networks.transforms import IMAGENET_MEAN, IMAGENET_STD
from model.networks.weight_files import MissingWeightsError, WeightsError, read_weights
from model.parts import MissingPartError
from model.port import NullPort, Port

_ENDINGS = (".safetensors", ".pth", ".pt")


def backbone_names() -> tuple[str, ...]:
    """Return the names of torchvision's classification networks; any can be frozen."""
    return tuple(torchvision.models.list_models(module=torchvision.models))


def encoder_of(name: str) -> Encoder:
    """Return what is known of a network that can be frozen: a listed one, or any of torchvision's or timm's.

    Raises :class:`NetworkError` for an unknown name.
    """
    if name in ENCODERS:
        return ENCODERS[name]
    if name not in backbone_names():
        return find_encoder(name) or describe_network(name, describe_model)
    trained = torchvision.models.get_model_weights(name).DEFAULT
    licence = getattr(trained, "meta", {}).get("license")
    return Encoder(
        name=name,
        title=name,
        library=Library.TORCHVISION,
        resize=256,
        size=224,
        scale=(IMAGENET_MEAN, IMAGENET_STD),
        features=0,
        licence=str(licence or "not named by torchvision"),
        commercial=allows_commerce(licence),
        url=trained.url,
        sha256=PurePosixPath(urlsplit(trained.url).path).stem.rpartition("-")[2],
    )


def frozen_network(
    name: str,
    classes: int,
    seed: int,
    folder: Path,
    file: Path | None = None,
    port: Port | None = None,
    laboratory: Path | None = None,
) -> Network:
    """Return a network of torchvision or timm, frozen, with a new last layer for ``classes``.

    The weights are those of ``file``, or else the library's own, looked for in the folder of a ``laboratory`` and in
    ``folder``, and downloaded to that if they are not there. Raises :class:`WeightsError`,
    :class:`model.networks.networks.NetworkError` for an unknown name, and :class:`model.port.Cancelled`.
    """
    encoder = encoder_of(name)
    path = file
    if path is None:
        path = find_or_download(name, folder, port or NullPort(), laboratory)
    body, width = load_encoder(encoder, read_weights(path), path.name)
    return frozen(encoder.name, body, width, classes, seed)


def load_encoder(encoder: Encoder, weights: Mapping[str, Tensor], file: str) -> tuple[nn.Module, int]:
    """Return an encoder with these weights, and how many features it has. Raises :class:`WeightsError`."""
    if encoder.library is Library.TIMM:
        return _load_timm(encoder, weights, file)
    if encoder.library is Library.OPEN_CLIP:
        body = build_images(encoder)
        give_weights(body, weights_of_images(weights), encoder.name, file)
        return body, encoder.features
    body, width = load_body(empty_backbone(encoder.architecture), encoder.name, weights, file)
    if encoder.padding is Padding.TENSORFLOW:
        pad_convolutions(body)
    return body, width


def empty_body(name: str) -> tuple[nn.Module, int]:
    """Return a network that can be frozen without its weights and its last layer, and how many features it has."""
    encoder = encoder_of(name)
    if encoder.library is Library.TIMM:
        body = build_body(encoder.name, encoder.size)
        return body, body.num_features
    if encoder.library is Library.OPEN_CLIP:
        return build_images(encoder), encoder.features
    body, width, _ = cut(empty_backbone(encoder.architecture))
    if encoder.padding is Padding.TENSORFLOW:
        pad_convolutions(body)
    return body, width


def fitting_encoder(name: str, file: Path) -> str:
    """Return the encoder that a file of weights is for: ``name``, or if that is "auto" the first listed one.

    Raises :class:`WeightsError` where it does not fit, and :class:`NetworkError` for an unknown name.
    """
    weights = read_weights(file)
    if name != AUTO:
        load_encoder(encoder_of(name), weights, file.name)
        return name
    # A file that holds both sides is taken for its names too, where that part is installed.
    for encoder in sorted(ENCODERS.values(), key=lambda listed: not listed.languages):
        try:
            load_encoder(encoder, weights, file.name)
        except (WeightsError, MissingPartError):
            continue
        return encoder.name
    raise WeightsError(
        f"The file {file.name} fits none of the listed networks; name the network that it was made with, or choose "
        "another file."
    )


def weights_licence(name: str) -> str | None:
    """Return the licence of a network's weights, as its library names it; ``None``: it names none."""
    if name not in backbone_names():
        listed = find_encoder(name)
        return listed.licence if listed else None
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
    head = (f"{last}.weight", f"{last}.bias")
    _check(shapes, weights, head, name, file)
    kept = OrderedDict((key, _single(value)) for key, value in weights.items() if key not in head)
    # The versions of layers, which tell some of them how to read old files.
    vars(kept).update(getattr(weights, "__dict__", {}))
    try:
        body.load_state_dict(kept, strict=True, assign=True)
    except (RuntimeError, ValueError) as error:
        raise WeightsError(f"The file {file} does not fit {name} ({error}); choose another.") from error
    return body, width


def _load_timm(encoder: Encoder, weights: Mapping[str, Tensor], file: str) -> tuple[nn.Module, int]:
    body = build_body(encoder.name, encoder.size)
    try:
        fitted = fit_names(weights, body)
    except Exception:  # timm's conversions of other networks' files raise what they like
        fitted = dict(weights)
    _check({key: value.shape for key, value in body.state_dict().items()}, fitted, (), encoder.name, file)
    body.load_state_dict({key: _single(value) for key, value in fitted.items()}, strict=False)
    return body, body.num_features


def give_weights(module: nn.Module, weights: Mapping[str, Tensor], name: str, file: str) -> None:
    """Give a module exactly its weights, as float32. Raises :class:`WeightsError` where they do not fit."""
    _check({key: value.shape for key, value in module.state_dict().items()}, weights, (), name, file)
    module.load_state_dict({key: _single(value) for key, value in weights.items()})


def find_weights(name: str, folder: Path, laboratory: Path | None = None) -> Path | None:
    """Return the file of a network's weights in a laboratory's folder or in ``folder``; ``None``: in neither.

    In them it has the name that it is downloaded under, or the network's with an ending of weights.
    Raises :class:`WeightsError` where the file is damaged.
    """
    encoder = encoder_of(name)
    for place in (laboratory, folder):
        names = [encoder.file_name, *(f"{encoder.name}{ending}" for ending in _ENDINGS)]
        found = None if place is None else next((place / n for n in names if is_file(place / n)), None)
        if found is None:
            continue
        of_download = found.name == encoder.file_name and encoder.sha256
        if of_download and not Origin(encoder.url, encoder.sha256).is_whole(found):
            raise WeightsError(
                f"The weights {found} are damaged: delete that file, and it is downloaded again."
            )
        return found
    return None


def find_or_download(name: str, folder: Path, port: Port, laboratory: Path | None = None) -> Path:
    """Return the file of a network's weights, in ``folder`` or a laboratory's; downloaded if it is in neither.

    Raises :class:`WeightsError`, also where the file is damaged, and :class:`model.port.Cancelled`.
    """
    found = find_weights(name, folder, laboratory)
    if found is not None:
        return found
    encoder = encoder_of(name)
    path = folder / encoder.file_name
    if not encoder.url:
        raise MissingWeightsError(
            f"The weights of {encoder.title} are not to be downloaded: choose the file that holds them."
        )
    download(Origin(encoder.url, encoder.sha256), path, port)
    return path


def fingerprint(module: nn.Module, name: str = "") -> str:
    """Return a hash (64 hex digits) of a network's name and all its weights and statistics, to the last bit."""
    digest = hashlib.sha256(name.encode())
    for key, value in sorted(module.state_dict().items()):
        digest.update(f"|{key}:{value.dtype}:{tuple(value.shape)}|".encode())
        digest.update(value.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()


def _check(
    shapes: Mapping[str, torch.Size],
    weights: Mapping[str, Tensor],
    head: Collection[str],
    name: str,
    file: str,
) -> None:
    """Raise unless all weights are the network's own, in its shapes, and numbers; ``head`` is for any classes."""
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


def _single(value: Tensor) -> Tensor:
    return value.float() if value.is_floating_point() else value


def _size(shape: torch.Size) -> str:
    return " x ".join(map(str, shape)) or "one number"
