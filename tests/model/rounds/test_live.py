from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from model.datasets.base import Source
from model.datasets.registry import open_set
from model.errors import UserError
from model.learning.config import PRESETS, for_few_labels
from model.networks.loading import Loader
from model.port import Cancelled, NullPort
from model.rounds import trainers as module
from model.rounds.live import learn, prepare
from model.rounds.live_values import LearnerSettings, LearnResult
from model.rounds.model_file import load_model
from model.rounds.predictions import read_predictions
from model.rounds.workbench import Workbench
from model.tiers import budgets_of
from tests.model.coloured import Coloured
from tests.model.random_weights import random_weights
from tests.model.rounds.asking import HELD, LABELED, QUICK, N, answer, mask, request

NETWORK = "mobilenet_v3_small"
EPOCHS = 4


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> LearnerSettings:
    """A frozen network with weights of our own."""
    file = tmp_path_factory.mktemp("weights") / "weights.pth"
    torch.save(random_weights(NETWORK), file)
    return LearnerSettings(network=NETWORK, weights=file)


@pytest.fixture(params=["trained", "frozen"])
def settings(request, frozen) -> LearnerSettings:
    return QUICK if request.param == "trained" else frozen


@pytest.fixture(autouse=True)
def few_epochs(request, monkeypatch):
    """What is tested here needs no well-trained network, but where it says so."""
    if "enough_epochs" not in request.fixturenames:
        monkeypatch.setattr(
            module, "for_few_labels", lambda *said: replace(for_few_labels(*said), epochs=EPOCHS)
        )


@pytest.fixture
def enough_epochs():
    """The quick settings as they are."""


def items(result: LearnResult) -> list[int]:
    return [c.item for c in (*result.queue, *result.spare, *result.auto_labels)]


def same(one: LearnResult, other: LearnResult) -> bool:
    told = ("model", "queue", "spare", "auto_labels", "confusable", "notes", "holdout_right")
    arrays = np.array_equal(one.predicted, other.predicted) and np.array_equal(
        one.confidence, other.confidence
    )
    return arrays and all(getattr(one, name) == getattr(other, name) for name in told)


@pytest.mark.usefixtures("enough_epochs")
def test_a_round_of_drawn_digits(tmp_path):
    """Thirty labels of ten classes in seconds; the held-out ones say how well it went."""
    images = open_set(Source("digits"), tmp_path)
    n = len(images)
    chance = np.random.default_rng(0)
    order = chance.permutation(n)
    held, known = order[:50], order[50:130]
    labels = np.full(n, -1, np.int32)
    labels[order[:130]] = np.array(images.labels)[order[:130]]
    asked = request(tmp_path, images, labels=labels, holdout=mask(n, *held), settings=LearnerSettings())
    result = answer(asked, images)
    assert (result.model.network, result.model.trained_on) == ("small-cnn", 80)
    assert result.holdout_n == 50
    assert result.holdout_right >= 35  # 70 %: ten classes at chance would be 5
    assert not set(items(result)) & ({*held} | {*known})
    assert (len(result.queue), len(result.spare)) == (10, 5)


def test_what_may_not_be_chosen_is_not(tmp_path, settings):
    excluded = mask(N, *range(21, 33))
    budgets = budgets_of(hard=5, intermediate=5, easy=50)
    result = answer(request(tmp_path, excluded=excluded, settings=settings, budgets=budgets, spare=50))
    chosen = items(result)
    assert len(chosen) == len(set(chosen)), "nothing twice"
    assert set(chosen) <= set(range(33, N))
    assert len(result.queue) == N - 33


def test_held_out_labels_measure_and_do_not_train(tmp_path, settings):
    """Wrong labels of held-out images change the measure, and no prediction."""
    asked = request(tmp_path / "a", settings=settings)
    right = answer(asked)
    turned = asked.labels.copy()
    turned[:HELD] = (turned[:HELD] + 1) % 3
    wrong = answer(replace(asked, work=tmp_path / "b", labels=turned))
    assert right.model.trained_on == wrong.model.trained_on == LABELED
    assert np.array_equal(right.predicted, wrong.predicted)
    assert right.holdout_n == wrong.holdout_n == HELD
    by_hand = sum(int(right.predicted[i] == i % 3) for i in range(HELD))
    assert right.holdout_right == by_hand
    assert wrong.holdout_right == sum(int(right.predicted[i] == (i + 1) % 3) for i in range(HELD))


def test_auto_labels_train_and_stay_in_the_pool(tmp_path, settings):
    labels = request(tmp_path).labels.copy()
    labels[21:33] = np.arange(21, 33) % 3
    auto = mask(N, *range(21, 33))
    result = answer(
        request(tmp_path, labels=labels, auto=auto, settings=settings, budgets=budgets_of(easy=35), spare=0)
    )
    assert result.model.trained_on == LABELED + 12
    assert {c.item for c in result.auto_labels} <= set(range(21, N)), "chosen anew, or not"


def test_auto_labels_are_no_audit(tmp_path, settings):
    """Nothing is certified on the program's own word, wherever it stands."""
    labels = request(tmp_path).labels
    everything = np.ones(N, np.bool_)
    only_auto = answer(
        request(
            tmp_path,
            labels=labels,
            auto=labels >= 0,
            random=everything,
            settings=settings,
            budgets=budgets_of(hard=2, intermediate=2, easy=20),
        )
    )
    assert (only_auto.auto_labels, only_auto.holdout_n) == ((), 0)
    assert "no audit sample" in only_auto.notes["easy"]


def test_without_a_held_out_sample_random_labels_are_the_audit(tmp_path, settings):
    """Where they are enough to certify anything: 9 at a bound of 30 %."""
    nothing = np.zeros(N, np.bool_)
    chosen = replace(settings, max_error=0.3)
    asked = request(
        tmp_path, holdout=nothing, settings=chosen, budgets=budgets_of(hard=2, intermediate=2, easy=5)
    )
    assert "no audit sample" in answer(asked).notes["easy"]
    random = replace(asked, random=asked.labels >= 0)
    assert "no audit sample" not in answer(random).notes.get("easy", "")
    few = replace(asked, random=mask(N, *range(8)))
    assert "no audit sample" in answer(few).notes["easy"]


def test_labels_too_few_to_judge_each_other_by_stop_no_round(tmp_path, frozen):
    asked = request(
        tmp_path, settings=replace(frozen, max_error=0.3), budgets=budgets_of(hard=2, intermediate=2, easy=5)
    )
    classes = [int(np.flatnonzero((asked.labels == one) & ~asked.holdout)[0]) for one in (0, 1)]
    labels = np.where(asked.holdout, asked.labels, -1).astype(np.int32)
    labels[classes] = (0, 1)
    found = answer(replace(asked, labels=labels))
    assert len(found.queue) == 4
    assert found.holdout_n == HELD


def test_the_same_request_gives_the_same_result(tmp_path, settings):
    first = answer(request(tmp_path / "a", settings=settings), anew=True)
    again = answer(request(tmp_path / "b", settings=settings))
    assert same(first, again)
    assert not same(first, answer(request(tmp_path / "c", settings=settings, seed=4)))


def test_stored_features_change_nothing(tmp_path, frozen):
    asked = request(tmp_path, settings=frozen)
    assert same(answer(asked, anew=True), answer(asked, anew=True))


class Stops(NullPort):
    def __init__(self, after: int) -> None:
        self.left = after

    def progress(self, done: int, total: int, text: str) -> None:
        self.left -= text.startswith("Training")

    def cancelled(self) -> bool:
        return self.left <= 0


def test_a_cancelled_run_goes_on_where_it_was(tmp_path, monkeypatch):
    config = replace(for_few_labels(PRESETS["quick"], LABELED, 3), epochs=8, checkpoint_seconds=0.0)
    monkeypatch.setattr(module, "for_few_labels", lambda *_: config)
    whole = answer(request(tmp_path / "a"))
    with pytest.raises(Cancelled):
        answer(request(tmp_path / "b"), port=Stops(5))
    texts: list[str] = []

    class Listens(NullPort):
        def progress(self, done: int, total: int, text: str) -> None:
            texts.append(text)

    assert same(answer(request(tmp_path / "b"), port=Listens()), whole)
    assert "Training: epoch 8 of at most 8" in texts
    assert "Training: epoch 1 of at most 8" not in texts, "it was found again"


@pytest.mark.parametrize("labels", [[], [30], [30, 33, 36]])  # of one class
def test_too_little_to_learn_from_ends_in_a_sentence(tmp_path, settings, labels):
    said = np.where(mask(N, *labels), np.arange(N) % 3, -1).astype(np.int32)
    said[:HELD] = np.arange(HELD) % 3  # held-out ones train nothing
    with pytest.raises(UserError, match="two classes at least: label some"):
        answer(request(tmp_path, labels=said, settings=settings))


def test_images_that_cannot_be_read_are_named_and_left_out(tmp_path, settings):
    images = Coloured(N, broken=(12, 30), missing=(2,))
    result = answer(
        request(tmp_path, images, settings=settings, budgets=budgets_of(hard=20, intermediate=20), spare=0),
        images,
        anew=True,
    )
    assert set(result.problems) == {2, 12, 30}
    assert "30.png" in result.problems[30]
    assert result.predicted[[2, 12, 30]].tolist() == [-1, -1, -1]
    assert (result.predicted >= 0).sum() == N - 3
    assert 30 not in items(result)
    assert len(result.queue) == N - HELD - LABELED - 1
    assert result.holdout_n == HELD - 1


def test_the_result_tells_what_was_trained_and_what_it_thinks(tmp_path):
    said: list[tuple[int, int, str]] = []

    class Listens(NullPort):
        def progress(self, done: int, total: int, text: str) -> None:
            said.append((done, total, text))

    asked = request(tmp_path)
    result = answer(asked, port=Listens())
    kept = read_predictions(asked.work, result.model.sha256)
    assert kept is not None
    assert np.array_equal(kept.predicted, result.predicted)
    _, _, classes = load_model(asked.work / result.model.file)
    assert classes == ("red", "green", "blue")
    assert len(result.model.history) == EPOCHS
    settings = json.loads(result.model.settings)
    assert (settings["solver"], settings["pool_weight"], list(settings)) == ("lbfgs", 0.5, sorted(settings))
    assert {"opening", "training", "prediction", "hard", "intermediate", "ranking ahead"} <= set(
        result.seconds
    )
    assert any(text.startswith("Training") for *_, text in said)
    for chosen in result.queue:
        assert chosen.strategy == {"hard": "badge", "intermediate": "sample"}[chosen.tier]
        top = [probability for _, probability in chosen.top]
        assert top == sorted(top, reverse=True)
        assert len(top) == 3
        if chosen.tier == "hard":
            assert chosen.label == result.predicted[chosen.item] == chosen.top[0][0]


def test_the_bench_keeps_images_and_network_while_the_settings_stay(tmp_path, frozen):
    images = Coloured(N)
    bench = Workbench(images)
    asked = request(tmp_path, images)
    learn(asked, bench, NullPort())
    reads = list(images.reads)
    learn(replace(asked, round=2), bench, NullPort())
    assert images.reads == reads, "decoded once"
    backbone = bench.backbone(asked, NullPort())
    loader = bench.loader(backbone)
    assert bench.backbone(asked, NullPort()) is backbone
    other = bench.backbone(replace(asked, settings=frozen), NullPort())
    assert other.stored
    seen: Loader = bench.loader(other)
    assert seen is not loader
    bench.close()


def test_a_full_disk_ends_in_a_sentence(tmp_path):
    (tmp_path / "work").write_text("a file where the folder should be")
    with pytest.raises(UserError, match="could not be written"):
        answer(request(tmp_path))


def test_what_was_prepared_is_not_done_again(tmp_path, frozen):
    images = Coloured(N)
    asked, bench = request(tmp_path, settings=frozen), Workbench(images)
    assert prepare(asked, bench, NullPort()).note == ""
    read = list(images.reads)
    assert min(read) > 0
    result = learn(asked, bench, NullPort())
    bench.close()
    assert images.reads == read, "the features were there"
    assert len(result.queue) == 10
