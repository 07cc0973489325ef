"""What a kept model says of the images of a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from torch import Tensor

from model.datasets.base import ImageSet
from model.datasets.flat import open_flat
from model.datasets.folder import FileSet
from model.learning.calibration import at_temperature
from model.learning.prediction import predict
from model.networks.devices import choose_device
from model.networks.loading import Loader
from model.port import Port
from model.rounds.live_values import FolderPredictions, Likeliest
from model.rounds.model_file import load_model, read_model, temperature_of
from model.rounds.predictions import keep_predictions, read_predictions
from model.rounds.selecting import list_likeliest


def open_for_model(file: Path, folder: Path) -> FileSet:
    """Open the images of a folder, however it is laid out, with the classes of a model; none is read yet.

    Raises :class:`model.rounds.model_file.ModelFileError` and :class:`model.datasets.base.DataError`.
    """
    _, _, classes = load_model(file)
    return open_flat(folder, classes)


def predict_images(file: Path, images: FileSet, port: Port) -> FolderPredictions:
    """Return what the model in ``file`` says of ``images``, which it is shown as those that it was trained on.

    Images that cannot be read are left out and named. Raises :class:`model.rounds.model_file.ModelFileError`,
    :class:`model.datasets.image_files.PlaceError` where the folder is away, and :class:`model.port.Cancelled`.
    """
    network, transform, classes = load_model(file, images)
    temperature = temperature_of(read_model(file))
    # Each image is read once: none is kept.
    with Loader(images, transform, cache_bytes=0) as loader:
        found = predict(network, loader, np.arange(len(images)), choose_device(), port)
        problems = loader.problems
    shown = calibrated(found.probabilities, temperature)
    return FolderPredictions(
        classes=classes,
        items=tuple(images.items[position] for position in found.positions),
        likeliest=list_likeliest(np.arange(len(shown)), shown, len(shown)),
        temperature=temperature,
        problems=problems,
    )


def predict_new(work: Path, file: Path, sha256: str, images: ImageSet, port: Port) -> int:
    """Let the predictions in ``work`` of the model in ``file`` go on over the images behind those it knows.

    Returns of how many images that can be read; 0 also where there is nothing to go on from. Raises
    :class:`model.rounds.model_file.ModelFileError`, :class:`model.datasets.image_files.PlaceError` and
    :class:`model.port.Cancelled`, with nothing changed.
    """
    kept = read_predictions(work, sha256)
    if kept is None or kept.likeliest is None or len(kept.predicted) >= len(images):
        return 0
    temperature = temperature_of(read_model(file, sha256))
    network, transform, _ = load_model(file, images)
    if kept.measured != (temperature is not None):
        return 0  # of an earlier version, which did not keep it: these would not be comparable
    new = np.arange(len(kept.predicted), len(images))
    with Loader(images, transform, cache_bytes=0) as loader:
        found = predict(network, loader, new, choose_device(), port)
    shown = calibrated(found.probabilities, temperature)
    more = list_likeliest(found.positions - len(kept.predicted), shown, len(new))
    labels = np.concatenate([kept.likeliest.labels, more.labels])
    sure = np.concatenate([kept.likeliest.probabilities, more.probabilities])
    if read_predictions(work, sha256) is None:
        return 0  # a round ended meanwhile: its model predicts them
    keep_predictions(
        work,
        replace(kept, predicted=labels[:, 0], confidence=sure[:, 0], likeliest=Likeliest(labels, sure)),
    )
    return len(found.positions)


def calibrated(probabilities: Tensor, temperature: float | None) -> Tensor:
    """Probabilities, (n, C), at a model's temperature; as they are without one."""
    return probabilities if temperature is None else at_temperature(probabilities, temperature)
