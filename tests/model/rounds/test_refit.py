"""A last layer trained anew between two rounds: the predictions of a round with the same labels, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model.learning.training import TrainingError
from model.port import NullPort
from model.rounds.live import learn, prepare, refit
from model.rounds.live_values import LearnerSettings, LearnRequest
from model.rounds.workbench import Workbench
from tests.model.coloured import Coloured
from tests.model.random_weights import random_weights
from tests.model.rounds.asking import HELD, LABELED, QUICK, N, request

NETWORK = "mobilenet_v3_small"


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> LearnRequest:
    folder = tmp_path_factory.mktemp("refit")
    torch.save(random_weights(NETWORK), folder / "weights.pth")
    return request(folder, settings=LearnerSettings(network=NETWORK, weights=folder / "weights.pth"))


@pytest.fixture
def bench():
    made = Workbench(Coloured(N))
    yield made
    made.close()


def test_it_predicts_what_a_round_with_these_labels_predicts(frozen, bench):
    result = learn(frozen, bench, NullPort())
    anew = refit(replace(frozen, wanted=(40, 21, 30)), bench, NullPort())
    assert np.array_equal(anew.predicted, result.predicted)
    assert np.allclose(anew.confidence, result.confidence, atol=1e-5)
    assert (anew.trained_on, anew.confusable, anew.measured) == (LABELED, result.confusable, result.measured)
    assert set(anew.top) == {21, 30, 40}
    for item, likely in anew.top.items():
        assert likely[0][0] == anew.predicted[item]
        assert likely[0][1] == pytest.approx(float(anew.confidence[item]))
        assert [p for _, p in likely] == sorted((p for _, p in likely), reverse=True)


def test_newer_labels_change_what_is_predicted(frozen, bench):
    turned = frozen.labels.copy()
    turned[HELD:] = np.where(turned[HELD:] >= 0, (turned[HELD:] + 1) % 3, -1)
    before = refit(frozen, bench, NullPort())
    assert not np.array_equal(
        refit(replace(frozen, labels=turned), bench, NullPort()).predicted, before.predicted
    )


def test_it_keeps_nothing_on_disk(frozen, bench):
    refit(frozen, bench, NullPort())
    before = files(frozen.work)
    refit(replace(frozen, wanted=(30,), seed=9), bench, NullPort())
    assert files(frozen.work) == before


def test_features_stay_in_memory_for_the_next_and_are_let_go_when_classes_change(frozen, bench):
    refit(frozen, bench, NullPort())
    (kept,) = bench.trainers.values()
    refit(frozen, bench, NullPort())
    assert list(bench.trainers.values()) == [kept]
    refit(replace(frozen, classes=(*frozen.classes, "fourth")), bench, NullPort())
    assert kept not in bench.trainers.values()
    assert len(bench.trainers) == 1


def test_features_that_are_large_are_not_kept(frozen, bench, monkeypatch):
    monkeypatch.setattr("model.rounds.workbench._KEPT_BYTES", 10)
    refit(frozen, bench, NullPort())
    assert not bench.trainers


def test_a_network_that_is_trained_in_full_is_refused(tmp_path, bench):
    with pytest.raises(TrainingError, match="frozen"):
        refit(request(tmp_path, settings=QUICK), bench, NullPort())


def files(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_a_first_look_predicts_its_part_alone_and_blames_no_image(frozen, tmp_path):
    within = np.arange(N) < 30
    bench = Workbench(Coloured(N))
    result = learn(replace(frozen, work=tmp_path / "part", within=within), bench, NullPort())
    bench.close()
    assert (result.predicted[:30] >= 0).all()
    assert (result.predicted[30:] == -1).all()
    assert not result.problems
    assert {chosen.item for chosen in result.queue} <= set(range(HELD + LABELED, 30))


def test_a_preparation_sorts_what_is_not_held_out_into_groups_that_look_alike(frozen, bench):
    groups = prepare(replace(frozen, clusters=3), bench, NullPort()).groups
    assert groups is not None
    assert groups.items.tolist() == list(range(HELD, N))
    assert set(groups.cluster.tolist()) <= {0, 1, 2}
    assert (groups.distance >= 0).all()
    assert prepare(frozen, bench, NullPort()).groups is None
    assert prepare(replace(frozen, clusters=3, settings=QUICK), bench, NullPort()).groups is None
