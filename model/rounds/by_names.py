"""What the classes' names say of a pool: the layer that they make on a network that reads texts, before any label."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from model.learning.last_layer import LastLayer
from model.learning.training import Stop
from model.names import TRAINED_NETWORKS
from model.networks.networks import NetworkError
from model.networks.text_images import build_texts, directions, find_tokenizer, weights_of_texts
from model.networks.transforms import as_encoder_sees
from model.networks.weight_files import MissingWeightsError, read_weights
from model.networks.weights import encoder_of, find_or_download, frozen_network, give_weights
from model.port import Port
from model.rounds.live_values import LearnRequest
from model.rounds.model_file import export_model, keep_model


@dataclass(frozen=True)
class NameLayer:
    """The last layer that names make; its logits are features times ``weight``."""

    weight: Tensor | None = None  # (C, d), on the CPU; None: the network reads no names, or none are wanted
    note: str = ""  # what is missing for it, in a sentence


class NameReader:
    """Reads the names of a request's classes, once for the same texts."""

    def __init__(self) -> None:
        self._key: object = None
        self._layer = NameLayer()

    def read(self, request: LearnRequest, network: str, port: Port) -> NameLayer:
        """Return the layer of a request's names on a ``network`` by its name.

        A tokenizer that cannot be had is a note: rounds go on by labels alone. Raises
        :class:`model.networks.weight_files.WeightsError` for weights that do not fit, and
        :class:`model.port.Cancelled`.
        """
        if not request.names or network in TRAINED_NETWORKS:
            return NameLayer()
        encoder = encoder_of(network)
        if not encoder.languages:
            return NameLayer()
        key = (request.names, network, request.settings.weights)
        if key == self._key and not (request.look_again and self._layer.note):
            return self._layer
        file = request.settings.weights
        path = file or find_or_download(network, request.shared, port, request.laboratory)
        try:
            layer = NameLayer(read_texts(request.names, network, path, request.shared, port))
        except MissingWeightsError as error:
            layer = NameLayer(note=str(error))
        self._key, self._layer = key, layer
        return layer


@dataclass(frozen=True)
class WeightPlaces:
    """Where weights may be."""

    shared: Path  # downloaded ones
    file: Path | None = None  # that was chosen
    laboratory: Path | None = None


def read_texts(texts: Sequence[str], network: str, file: Path, shared: Path, port: Port) -> Tensor:
    """Return the last layer, (C, d), that C texts make on a network with the weights of a ``file``.

    A tokenizer is downloaded to ``shared`` where it is not there. Raises
    :class:`model.networks.weight_files.WeightsError` and :class:`model.port.Cancelled`.
    """
    encoder = encoder_of(network)
    tokenize = find_tokenizer(encoder, file, shared, port)
    side = build_texts(encoder)
    give_weights(side, weights_of_texts(read_weights(file)), network, file.name)
    return directions(side, tokenize, texts, port)


def write_model(
    classes: Sequence[str], texts: Sequence[str], network: str, places: WeightPlaces, to: Path, port: Port
) -> tuple[Path, Path]:
    """Write the model that the texts of C classes make, and what it is, as ``model_file.export_model`` does.

    Raises ``UserError``, and :class:`model.port.Cancelled`.
    """
    encoder = encoder_of(network)
    if not encoder.languages:
        raise NetworkError(f"{network} reads no names; choose one that does, as ViT-B-16-SigLIP2.webli does.")
    file = places.file or find_or_download(network, places.shared, port, places.laboratory)
    made = frozen_network(network, len(classes), 0, places.shared, file)
    layer = read_texts(texts, network, file, places.shared, port)
    LastLayer(layer, layer.new_zeros(len(layer)), (), Stop.MINIMUM).put_into(made)
    with tempfile.TemporaryDirectory() as folder:
        sha256, kept = keep_model(Path(folder), made, as_encoder_sees(encoder), classes, 0)
        return export_model(kept, to, sha256)
