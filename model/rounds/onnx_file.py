"""Trained models as ONNX, which runs without torch: from resized pixels to the probabilities that the program says."""

from __future__ import annotations

import importlib.util
import json
import logging
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from model.disk import is_folder, is_of_a_store, replacing
from model.networks.networks import Network
from model.networks.transforms import Transform
from model.rounds.model_file import ModelFileError, load_model, read_model, temperature_of
from model.rounds.predicting import calibrated

INPUT, OUTPUT = "pixels", "probabilities"
_NEEDED = ("onnx", "onnxscript")
_ABOUT = (
    "network",
    "classes",
    "transform",
    "display_ranges",
    "pixel_rules",
    "temperature",
    "trained_on",
    "torch",
)
_HOW = (
    f'Input "{INPUT}": uint8 (batch, 3, resize, resize), RGB, each image resized to "resize" x "resize" pixels without '
    f'keeping its shape (bilinear, antialiased), any number of images. Output "{OUTPUT}": float32 (batch, C) in the '
    'order of "classes". Centre crop, scaling, softmax and calibration are in the file.'
)


def need_onnx() -> None:
    """Raise :class:`ModelFileError` where the packages that write ONNX are not installed."""
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        raise ModelFileError(
            "What writes ONNX is not installed: add it with pip install 'clarifier-desktop[onnx]'."
        )


def export_onnx(file: Path, to: Path) -> Path:
    """Write the model in ``file`` as ONNX to ``to`` and return that, with its description in the file's metadata.

    Softmax and calibration are in, so that it says what :mod:`model.rounds.predicting` says; so is all that is done to
    pixels after an image is resized, which is what is done wrongly most often. Raises :class:`ModelFileError`.
    """
    need_onnx()
    if not to.name or is_folder(to):
        raise ModelFileError(f"{to} is a folder: name a file in it.")
    if is_of_a_store(to):
        raise ModelFileError(f"{to} holds answers or belongs to a file that does: name another file.")
    found = read_model(file)
    network, transform, _ = load_model(file)
    program = _trace(_Whole(network, transform, temperature_of(found)).eval(), transform.resize)
    about = {key: found[key] for key in _ABOUT if key in found}
    program.model.metadata_props.update({key: json.dumps(value) for key, value in about.items()})
    program.model.metadata_props["how"] = _HOW
    try:
        with replacing(to) as out:
            out.write(program.model_proto.SerializeToString())
    except OSError as error:
        raise ModelFileError(
            f"{to} could not be written ({error.strerror}): choose another place."
        ) from error
    return to


class _Whole(nn.Module):
    """All that is done to an image after it was resized."""

    mean: Tensor
    std: Tensor

    def __init__(self, network: Network, transform: Transform, temperature: float | None) -> None:
        super().__init__()
        self.body, self.last = network.body, network.last
        self.size, self.temperature = transform.size, temperature
        self.edge = round((transform.resize - transform.size) / 2)  # as torchvision crops centres
        self.register_buffer("mean", torch.tensor(transform.mean)[:, None, None])
        self.register_buffer("std", torch.tensor(transform.std)[:, None, None])

    def forward(self, pixels: Tensor) -> Tensor:
        """Return the probabilities, (b, C), of uint8 pixels (b, 3, resize, resize)."""
        part = slice(self.edge, self.edge + self.size)
        scaled = (pixels[..., part, part].float() / 255 - self.mean) / self.std
        return calibrated(self.last(torch.flatten(self.body(scaled), 1)).softmax(dim=1), self.temperature)


def _trace(whole: nn.Module, side: int) -> Any:
    """The program as torch exports it."""
    example = torch.zeros(2, 3, side, side, dtype=torch.uint8)
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "onnxscript", "onnx_ir")]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the exporter's own parts
            return torch.onnx.export(
                whole,
                (example,),
                input_names=[INPUT],
                output_names=[OUTPUT],
                dynamic_shapes=({0: torch.export.Dim("batch")},),
                dynamo=True,
                verbose=False,
            )
    except torch.onnx.OnnxExporterError as error:
        raise ModelFileError(
            f"This network cannot be written as ONNX ({type(error).__name__}); export it without."
        ) from error
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
