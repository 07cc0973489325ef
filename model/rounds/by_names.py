"""What the classes' names say of a pool: the layer that they make on a network that reads texts, before any label."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from model.networks.text_images import build_texts, directions, find_tokenizer, weights_of_texts
from model.networks.weight_files import MissingWeightsError, read_weights
from model.networks.weights import encoder_of, find_or_download, give_weights
from model.port import Port
from model.rounds.live_values import LearnRequest


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
        encoder = encoder_of(network)
        if not request.names or not encoder.languages:
            return NameLayer()
        key = (request.names, network, request.settings.weights)
        if key == self._key and not (request.look_again and self._layer.note):
            return self._layer
        file = request.settings.weights
        path = file or find_or_download(network, request.shared, port, request.laboratory)
        try:
            tokenize = find_tokenizer(encoder, path, request.shared, port)
        except MissingWeightsError as error:
            layer = NameLayer(note=str(error))
        else:
            texts = build_texts(encoder)
            give_weights(texts, weights_of_texts(read_weights(path)), network, path.name)
            layer = NameLayer(directions(texts, tokenize, request.names, port))
        self._key, self._layer = key, layer
        return layer
