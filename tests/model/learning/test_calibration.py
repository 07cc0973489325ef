"""Calibrated probabilities say how often such predictions are right."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from model.learning.calibration import LEAST_TO_CALIBRATE, calibrate


def sample(n: int, temperature: float, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Probabilities of 5 classes that are ``temperature`` times too sure, and labels drawn from the true ones."""
    drawn = torch.Generator().manual_seed(seed)
    true = torch.randn(n, 5, generator=drawn) * 2
    labels = torch.multinomial(true.softmax(dim=1), 1, generator=drawn).flatten()
    return (true * temperature).softmax(dim=1), labels


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0])
def test_what_is_too_sure_or_too_unsure_is_put_right(temperature: float) -> None:
    shown, labels = sample(20_000, temperature)
    calibrated = calibrate(shown, torch.arange(200), labels[:200])
    assert calibrated is not None
    sure, predicted = calibrated.max(dim=1)
    assert torch.equal(predicted, shown.argmax(dim=1))
    right = (predicted == labels).float()
    for low in (0.3, 0.5, 0.7, 0.9):
        some = (sure >= low) & (sure < low + 0.2)
        assert float(right[some].mean()) == pytest.approx(float(sure[some].mean()), abs=0.06)


def test_a_few_labels_that_are_all_right_make_nothing_certain() -> None:
    shown, _ = sample(100, 1.0)
    right = shown.argmax(dim=1)[:LEAST_TO_CALIBRATE]
    calibrated = calibrate(shown, torch.arange(LEAST_TO_CALIBRATE), right)
    assert calibrated is not None
    assert float(calibrated.max(dim=1).values.median()) < 0.97


def test_too_few_labels_say_nothing() -> None:
    shown, labels = sample(100, 1.0)
    assert calibrate(shown, torch.arange(LEAST_TO_CALIBRATE - 1), labels[: LEAST_TO_CALIBRATE - 1]) is None


def test_certain_predictions_that_are_wrong_lose_their_certainty() -> None:
    shown = torch.eye(3).repeat(20, 1)
    labels = torch.zeros(60, dtype=torch.int64)  # a third is right
    calibrated = calibrate(shown, torch.arange(60), labels)
    assert calibrated is not None
    assert 0.3 < float(calibrated.max()) < 0.75
