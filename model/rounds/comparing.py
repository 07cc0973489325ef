"""Which encoder a pool's last layer stands on, compared on its labels where a better one's weights are at hand."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import torch

from model.datasets.base import ImageSet
from model.learning.config import preset
from model.learning.encoder_choice import choose_encoder
from model.learning.encoder_scores import EncoderChoice, is_due
from model.learning.features import stored_features
from model.names import AUTO
from model.networks.devices import choose_device
from model.networks.encoders import BETTER, SMALL
from model.networks.loading import Loader
from model.networks.transforms import as_encoder_sees
from model.networks.weight_files import WeightsError
from model.networks.weights import encoder_of, find_weights, frozen_network
from model.port import Port
from model.rounds.live_values import LearnRequest


def network_of(request: LearnRequest) -> str:
    """The network that a request is for: for "auto" the encoder that was chosen, if its weights are still at hand."""
    settings, choice = request.settings, request.encoder
    if settings.network != AUTO or settings.weights is not None or choice is None or choice.chosen == SMALL:
        return settings.network
    return choice.chosen if _is_at_hand(choice.chosen, request) else AUTO


def compare_encoders(request: LearnRequest, images: ImageSet, port: Port) -> EncoderChoice | None:
    """Compare the small encoder with the best whose weights are in a folder; ``None``: nothing to compare, or not yet.

    Only features of labeled images are computed for it, and all that are computed are kept. Raises
    :class:`model.port.Cancelled`.
    """
    settings = request.settings
    items = np.flatnonzero((request.labels >= 0) & ~request.auto & ~request.holdout)
    if settings.network != AUTO or settings.weights is not None or not is_due(len(items), request.encoder):
        return None
    better = next((name for name in BETTER if _is_at_hand(name, request)), None)
    if better is None or not _is_at_hand(SMALL, request):
        return None
    candidates, read = {}, items
    for name in (SMALL, better):
        network = frozen_network(
            name, len(request.classes), 0, request.shared, None, port, request.laboratory
        )
        with Loader(images, as_encoder_sees(encoder_of(name)), cache_bytes=0) as loader:
            found = stored_features(network, loader, read, request.work / "features", choose_device(), port)
        read = found.positions  # an image that cannot be read is so for both
        candidates[name] = found.values
    labels = torch.from_numpy(request.labels[read].astype(np.int64))
    kept = {name: values[: len(read)] for name, values in candidates.items() if len(values) == len(read)}
    config = preset(settings.preset)
    return choose_encoder(kept, labels, len(request.classes), config, request.seed, port)


def _is_at_hand(name: str, request: LearnRequest) -> bool:
    with suppress(WeightsError):  # a damaged file is told where it is asked for
        return find_weights(name, request.shared, request.laboratory) is not None
    return False
