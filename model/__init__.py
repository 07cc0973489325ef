"""The learner: data sets, networks, training and selection. No Qt, no SQLite.

``from model import ...`` gives what a round of labeling needs; docs/library.md shows one. Modules are loaded when
a name is first asked for, so that ``import model`` alone loads neither torch nor numpy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.datasets import DataError, ImageSet, Source
    from model.datasets.pool import open_pool
    from model.errors import UserError
    from model.learning.config import PRESETS, TrainingConfig
    from model.learning.crossfit import cross_fitted
    from model.learning.features import Features, stored_features
    from model.learning.last_layer import LastLayer, train_last_layer
    from model.learning.prediction import Prediction, predict
    from model.learning.training import Trained, TrainingError, train
    from model.networks.devices import choose_device
    from model.networks.loading import Loader
    from model.networks.networks import NETWORKS, Network, build
    from model.networks.transforms import Transform, fine_grained, small_images
    from model.networks.weights import frozen_network
    from model.port import Cancelled, NullPort, Port
    from model.selection import STRATEGIES, select
    from model.selection.base import Options, Picks, SelectionError, Snapshot, Tier
    from model.selection.round import Order, Round, RoundPlan, Suggestion, select_round

_HOMES = {
    "model.learning.config": ("PRESETS", "TrainingConfig"),
    "model.learning.crossfit": ("cross_fitted",),
    "model.datasets": ("DataError", "ImageSet", "Source"),
    "model.datasets.pool": ("open_pool",),
    "model.networks.devices": ("choose_device",),
    "model.errors": ("UserError",),
    "model.learning.features": ("Features", "stored_features"),
    "model.learning.last_layer": ("LastLayer", "train_last_layer"),
    "model.networks.loading": ("Loader",),
    "model.networks.networks": ("NETWORKS", "Network", "build"),
    "model.port": ("Cancelled", "NullPort", "Port"),
    "model.learning.prediction": ("Prediction", "predict"),
    "model.selection": ("STRATEGIES", "select"),
    "model.selection.base": ("Options", "Picks", "SelectionError", "Snapshot", "Tier"),
    "model.selection.round": ("Order", "Round", "RoundPlan", "Suggestion", "select_round"),
    "model.learning.training": ("Trained", "TrainingError", "train"),
    "model.networks.transforms": ("Transform", "fine_grained", "small_images"),
    "model.networks.weights": ("frozen_network",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "NETWORKS",
    "PRESETS",
    "STRATEGIES",
    "Cancelled",
    "DataError",
    "Features",
    "ImageSet",
    "LastLayer",
    "Loader",
    "Network",
    "NullPort",
    "Options",
    "Order",
    "Picks",
    "Port",
    "Prediction",
    "Round",
    "RoundPlan",
    "SelectionError",
    "Snapshot",
    "Source",
    "Suggestion",
    "Tier",
    "Trained",
    "TrainingConfig",
    "TrainingError",
    "Transform",
    "UserError",
    "build",
    "choose_device",
    "cross_fitted",
    "fine_grained",
    "frozen_network",
    "open_pool",
    "predict",
    "select",
    "select_round",
    "small_images",
    "stored_features",
    "train",
    "train_last_layer",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
