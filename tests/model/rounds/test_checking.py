"""Labels judged by models that did not see them, and images that look the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from model.learning.training import TrainingError
from model.port import Cancelled, NullPort
from model.rounds.checking import check, pairs_that_tell
from model.rounds.live_values import LearnerSettings, LearnRequest
from model.rounds.workbench import Workbench
from tests.model.coloured import Coloured
from tests.model.random_weights import random_weights
from tests.model.rounds.asking import HELD, QUICK, N, request
from tests.model.watcher import Watcher

NETWORK = "mobilenet_v3_small"
SLIP = 25


class Twice(Coloured):
    """The last image is the first of its class once more."""

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        return super().image(20 if index == N - 1 else index, fit)


@pytest.fixture(scope="module")
def labeled(tmp_path_factory: pytest.TempPathFactory) -> LearnRequest:
    """All images labeled but the last six; one wrongly."""
    folder = tmp_path_factory.mktemp("check")
    torch.save(random_weights(NETWORK), folder / "weights.pth")
    labels = np.array(Coloured(N).labels, np.int32)
    labels[SLIP] = (labels[SLIP] + 1) % 3
    labels[30:36] = -1
    settings = LearnerSettings(network=NETWORK, weights=folder / "weights.pth")
    return request(folder, labels=labels, settings=settings)


@pytest.fixture(scope="module")
def bench():
    made = Workbench(Twice(N))
    yield made
    made.close()


def test_each_label_of_a_person_is_judged(labeled, bench) -> None:
    found = check(labeled, bench, NullPort())
    assert found.items.tolist() == [item for item in range(N) if not 30 <= item < 36]
    assert np.array_equal(found.labels, labeled.labels[found.items])
    assert found.probabilities.sum(axis=1) == pytest.approx(1.0, abs=1e-4)
    assert found.calibrated
    assert found.items[0] < HELD, "held-out labels are judged too"


def test_images_that_are_the_same_are_a_pair(labeled, bench) -> None:
    found = check(labeled, bench, NullPort())
    pairs = {(int(found.items[one]), int(found.items[two])) for one, two in found.pairs}
    assert (20, N - 1) in pairs
    assert all(one < two for one, two in pairs)


def test_where_near_duplicates_often_differ_only_the_same_picture_counts() -> None:
    angles = torch.deg2rad(torch.tensor([0.0, 0.1, 20.0, 90.0, 110.0]))
    one_way = torch.stack([angles.cos(), angles.sin()], dim=1)
    around = torch.cat([one_way, -one_way])  # so that the mean is 0
    near = [[0, 1], [0, 2], [1, 2], [3, 4], [5, 6], [5, 7], [6, 7], [8, 9]]
    agreeing = np.array([0, 0, 0, 1, 1, 2, 2, 2, 3, 3])
    assert pairs_that_tell(around, agreeing, NullPort()).tolist() == near
    differing = np.array([0, 1, 2, 1, 0, 0, 1, 2, 1, 0])
    assert pairs_that_tell(around, differing, NullPort()).tolist() == [[0, 1], [5, 6]]


def test_labels_of_the_program_are_not_judged(labeled, bench) -> None:
    auto = np.isin(np.arange(N), (10, 11))
    assert not set(check(replace(labeled, auto=auto), bench, NullPort()).items) & {10, 11}


def test_a_network_that_is_trained_in_full_judges_labels_and_compares_nothing(labeled, tmp_path) -> None:
    bench = Workbench(Coloured(N))
    found = check(replace(labeled, work=tmp_path / "work", settings=QUICK), bench, NullPort())
    bench.close()
    own = found.probabilities[np.arange(len(found.items)), found.labels]
    assert found.items[own.argmin()] == SLIP
    assert len(found.pairs) == 0


def test_too_little_to_judge_by_is_said(labeled, bench) -> None:
    one = np.where(np.arange(N) == HELD + 1, 1, np.where(np.arange(N) == HELD, 0, -1)).astype(np.int32)
    with pytest.raises(TrainingError, match="Too few labels"):
        check(replace(labeled, labels=one), bench, NullPort())
    with pytest.raises(TrainingError, match="two classes"):
        check(replace(labeled, labels=np.minimum(labeled.labels, 0)), bench, NullPort())


def test_settings_without_folds_judge_nothing(labeled, tmp_path) -> None:
    settings = LearnerSettings(network="small-cnn", preset="paper-cifar")
    bench = Workbench(Coloured(N))
    with pytest.raises(TrainingError, match="choose quick or pool"):
        check(replace(labeled, work=Path(tmp_path), settings=settings), bench, NullPort())
    bench.close()


def test_it_can_be_cancelled(labeled, bench) -> None:
    with pytest.raises(Cancelled):
        check(labeled, bench, Watcher(stop_after=3))
