"""Trained models as files that anyone can load: plain tensors, classes and what is done to images."""

from __future__ import annotations

import hashlib
import io
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from model.datasets.base import ImageSet
from model.datasets.folder import FileSet
from model.datasets.pixels import PIXEL_RULES
from model.datasets.pixels.deep import Range, Ranges
from model.disk import is_folder, is_no_file, is_of_a_store, read_file, replacing
from model.errors import UserError
from model.networks.networks import NETWORKS, Network, NetworkError, build
from model.networks.networks import frozen as freeze
from model.networks.transforms import Transform
from model.networks.weight_files import load_safely
from model.networks.weights import empty_body

_log = logging.getLogger(__name__)
_KEPT = 3  # models of the last rounds that stay in the folder
_FORMAT = 1
_NO_RANGES = Ranges()
_HOW = (
    'saved = torch.load(FILE, weights_only=True): "state_dict" of the body and the last layer, "classes" in the '
    'order of its outputs, "transform" (resize to "resize" pixels, centre crop of "size", scale to 0..1, subtract '
    '"mean", divide by "std"), "network" by its name. Images of more than 8 bits are first scaled to 8 by '
    '"display_ranges": low is 0, high is 255; colours are those of sRGB. "pixel_rules" is the version of these rules. '
    'Probabilities are the softmax of the outputs divided by "temperature"; where that is null nobody measured how '
    "sure they are: mostly too sure."
)


class ModelFileError(UserError):
    """A file of a model that cannot be written or read."""


def keep_model(
    folder: Path,
    network: Network,
    transform: Transform,
    classes: Sequence[str],
    trained_on: int,
    ranges: Ranges = _NO_RANGES,
    temperature: float | None = None,
) -> tuple[str, Path]:
    """Write a model into ``folder``, whole after a crash, and return its SHA-256 and file; older ones make room.

    ``ranges`` is how deep images were seen in training, ``temperature`` what calibrates its probabilities
    (:mod:`model.learning.calibration`), ``None`` where that could not be measured.
    Raises :class:`ModelFileError`.
    """
    content = {
        "format": _FORMAT,
        "network": network.name,
        "frozen": network.frozen,
        "state_dict": {name: value.detach().cpu() for name, value in network.state_dict().items()},
        "classes": list(classes),
        "transform": asdict(transform),
        "display_ranges": asdict(ranges),
        "pixel_rules": PIXEL_RULES,
        "trained_on": trained_on,
        "temperature": temperature,
        "torch": str(torch.__version__),  # a class of torch's own, which safe loading refuses
    }
    buffer = io.BytesIO()
    torch.save(content, buffer)
    data = buffer.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    path = folder / f"model-{sha256[:16]}.pt"
    try:
        with replacing(path) as out:
            out.write(data)
        found = sorted(folder.glob("model-*.pt"), key=lambda file: file.stat().st_mtime_ns)
        for old in [file for file in found if file != path][: -(_KEPT - 1)]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise ModelFileError(
            f"The model could not be written to {folder} ({error.strerror}); make room there, then try again."
        ) from error
    return sha256, path


def read_model(path: Path, sha256: str | None = None) -> dict[str, Any]:
    """Return what a model's file holds; raises :class:`ModelFileError`, also where its SHA-256 is another one."""
    return _read(path, sha256)[1]


def _read(path: Path, sha256: str | None) -> tuple[bytes, dict[str, Any]]:
    """A file's bytes, and what they hold: torch itself takes changed bytes for weights."""
    try:
        data = read_file(path)
    except FileNotFoundError:
        if sha256 is None:
            raise ModelFileError(
                f"There is no file {path}: name a model, as export model writes it."
            ) from None
        raise ModelFileError(
            f"The model {path.name} is no longer in {path.parent}: label on until the next round has trained one."
        ) from None
    except OSError as error:
        raise ModelFileError(
            f"{path} cannot be read ({error.strerror}): see that you may read it."
        ) from error
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        raise ModelFileError(
            f"The model {path} is damaged: it is not as it was written. Export it anew, or label on until the next "
            "round has trained one."
        )
    try:
        found = load_safely(io.BytesIO(data))
    except Exception as error:  # damaged files raise nearly every built-in exception
        raise ModelFileError(f"{path} is not a model that can be read: {type(error).__name__}.") from error
    if not isinstance(found, dict) or found.get("format") != _FORMAT:
        raise ModelFileError(f"{path} holds no model of this program, or one of a newer version.")
    return data, found


def load_model(
    path: Path, images: ImageSet | None = None, sha256: str | None = None
) -> tuple[Network, Transform, tuple[str, ...]]:
    """Return the network, ready to predict, its transform and its classes; raises :class:`ModelFileError`.

    ``images`` are what it is to predict: they are shown as those that it was trained on, or refused where this version
    reads files by other rules. Models of versions that did not note their rules are taken, with a warning in the log.
    """
    found = read_model(path, sha256)
    try:
        if images is not None:
            _check_rules(found, path)
            _show_as_trained(images, found)
        return _make(found)
    except ModelFileError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, RuntimeError, NetworkError) as error:
        raise _unbuildable(path, error) from error


def temperature_of(found: dict[str, Any]) -> float | None:
    """Return what calibrates the probabilities of a model that was read; ``None`` where nobody measured it."""
    temperature = found.get("temperature")  # files of earlier versions have none
    return float(temperature) if isinstance(temperature, float) and 0 < temperature < float("inf") else None


def check_model(path: Path, sha256: str | None = None) -> tuple[str, dict[str, Any]]:
    """Return a model's SHA-256 and what it says of itself, once it is known that it can be built and used here.

    ``sha256``: what it should be; without it that of the description beside an exported model, where there is one.
    Raises :class:`ModelFileError`, also for a model whose images were read by other rules.
    """
    data, found = _read(path, sha256 or _described_sha256(path))
    _check_rules(found, path)
    try:
        _make(found)
    except (LookupError, TypeError, ValueError, AttributeError, RuntimeError, NetworkError) as error:
        raise _unbuildable(path, error) from error
    return hashlib.sha256(data).hexdigest(), _about(found)


def _described_sha256(path: Path) -> str | None:
    """What the description beside an exported model says; those of earlier versions do not."""
    try:
        told = json.loads(read_file(beside(path, ".json")))["sha256"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return told if isinstance(told, str) else None


def _unbuildable(path: Path, error: Exception) -> ModelFileError:
    return ModelFileError(
        f"{path} holds no model that can be built ({type(error).__name__}): it was changed, or another program "
        "made it."
    )


def _check_rules(found: dict[str, Any], path: Path) -> None:
    rules = found.get("pixel_rules")
    if rules is None:
        _log.warning(
            "%s does not say how its images were read: these are read as this version reads them.", path
        )
    elif rules != PIXEL_RULES:
        raise ModelFileError(
            f"{path} was trained on images read by other rules ({rules}) than this version's ({PIXEL_RULES}): "
            "train it anew, or use the version that made it."
        )


def _show_as_trained(images: ImageSet, found: dict[str, Any]) -> None:
    if isinstance(images, FileSet) and "display_ranges" in found:
        shown = found["display_ranges"]
        images.show_by(Ranges(**{kind: own and Range(**own) for kind, own in shown.items()}))


def _make(found: dict[str, Any]) -> tuple[Network, Transform, tuple[str, ...]]:
    described: dict[str, Any] = found["transform"]
    transform = Transform(**{**described, "mean": tuple(described["mean"]), "std": tuple(described["std"])})
    classes = tuple(found["classes"])
    if not classes:
        raise ValueError("no classes")
    if found["network"] in NETWORKS:
        network = build(found["network"], len(classes), transform.size, seed=0)
    else:
        body, width = empty_body(found["network"])
        network = freeze(found["network"], body, width, len(classes), seed=0)
    network.load_state_dict(found["state_dict"], assign=True)
    return network.eval(), transform, classes


def export_model(file: Path, to: Path, sha256: str) -> tuple[Path, Path]:
    """Copy the model with this SHA-256 to ``to`` and write beside it, as JSON, what it is and how to load it.

    Raises :class:`ModelFileError`.
    """
    if not to.name or is_folder(to):
        raise ModelFileError(f"{to} is a folder: name a file in it.")
    if is_no_file(to):
        raise ModelFileError(f"{to} is a pipe or a device: name a file.")
    if is_of_a_store(to):
        raise ModelFileError(f"{to} holds answers or belongs to a file that does: name another file.")
    data, found = _read(file, sha256)
    about = _about(found) | {"sha256": sha256, "how": _HOW}
    description = beside(to, ".json")
    try:
        with replacing(to) as out:
            out.write(data)
        with replacing(description) as out:
            out.write(json.dumps(about, indent=2, ensure_ascii=False).encode() + b"\n")
    except OSError as error:
        raise ModelFileError(
            f"{to} could not be written ({error.strerror}): choose another place."
        ) from error
    return to, description


def read_about(path: Path) -> dict[str, Any]:
    """Return what a model's file says of itself, all but the weights; raises :class:`ModelFileError`."""
    return _about(read_model(path))


def beside(file: Path, ending: str) -> Path:
    """The file of another ending beside a model's; never that itself."""
    return file.with_name(f"{file.name}{ending}") if file.suffix == ending else file.with_suffix(ending)


def _about(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key != "state_dict"}
