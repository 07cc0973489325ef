"""The settings of training: what the presets say, and what is refused."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from model.learning.config import PRESETS, ConfigError, Solver, preset


@pytest.mark.parametrize(
    ("name", "epochs", "rate", "stop", "patience"),
    [
        ("paper-cifar", 300, 0.01, 0.99, None),
        ("paper-finegrained", 500, 0.01, 0.95, None),
        ("authors-cifar", 400, 0.001, 0.99, 10),
        ("authors-finegrained", 400, 0.001, 0.95, 10),
    ],
)
def test_presets_hold_the_published_numbers(name, epochs, rate, stop, patience):
    config = preset(name)
    assert (config.epochs, config.learning_rate, config.stop_accuracy) == (epochs, rate, stop)
    assert (config.momentum, config.weight_decay, config.patience) == (0.9, 5e-4, patience)
    assert config.solver is Solver.SGD


def test_an_unknown_preset_is_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match=r"paper-cifar.*quick"):
        preset("paper")


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": 0},
        {"epochs": 1.5},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"stop_accuracy": 99.0},
        {"momentum": 1.0},
        {"weight_decay": -1e-4},
        {"batch_size": 1},
        {"patience": 0},
        {"augmented_copies": -1},
        {"epochs": float("inf")},
    ],
)
def test_numbers_that_no_training_can_use_are_refused(wrong: dict[str, Any]):
    with pytest.raises(ConfigError, match=f"setting {next(iter(wrong))} is"):
        replace(PRESETS["quick"], **wrong)


def test_limits_are_allowed_and_the_config_is_frozen():
    config = replace(PRESETS["quick"], stop_accuracy=None, patience=None, augmented_copies=0, batch_size=2)
    with pytest.raises(FrozenInstanceError):
        config.epochs = 3  # type: ignore[misc]
