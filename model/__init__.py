"""The learner: data sets, networks, training and selection. No Qt, no SQLite.

``from model import ...`` gives what a round of labeling needs; docs/library.md shows one. Modules are loaded when
a name is first asked for, so that ``import model`` alone loads neither torch nor numpy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.config import PRESETS, TrainingConfig
    from model.crossfit import cross_fitted
    from model.datasets import Cancelled, DataError, ImageSet, Source
    from model.datasets.pool import open_pool
    from model.devices import choose_device
    from model.errors import UserError
    from model.features import Features, stored_features
    from model.last_layer import LastLayer, train_last_layer
    from model.loading import Loader
    from model.networks import NETWORKS, Network, build
    from model.port import NullPort, Port
    from model.prediction import Prediction, predict
    from model.selection import STRATEGIES, select
    from model.selection.base import Options, Picks, SelectionError, Snapshot, Tier
    from model.selection.round import Order, Round, RoundPlan, Suggestion, select_round
    from model.training import Trained, TrainingError, train
    from model.transforms import Transform, fine_grained, small_images
    from model.weights import frozen_network

_HOMES = {
    "model.config": ("PRESETS", "TrainingConfig"),
    "model.crossfit": ("cross_fitted",),
    "model.datasets": ("Cancelled", "DataError", "ImageSet", "Source"),
    "model.datasets.pool": ("open_pool",),
    "model.devices": ("choose_device",),
    "model.errors": ("UserError",),
    "model.features": ("Features", "stored_features"),
    "model.last_layer": ("LastLayer", "train_last_layer"),
    "model.loading": ("Loader",),
    "model.networks": ("NETWORKS", "Network", "build"),
    "model.port": ("NullPort", "Port"),
    "model.prediction": ("Prediction", "predict"),
    "model.selection": ("STRATEGIES", "select"),
    "model.selection.base": ("Options", "Picks", "SelectionError", "Snapshot", "Tier"),
    "model.selection.round": ("Order", "Round", "RoundPlan", "Suggestion", "select_round"),
    "model.training": ("Trained", "TrainingError", "train"),
    "model.transforms": ("Transform", "fine_grained", "small_images"),
    "model.weights": ("frozen_network",),
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
