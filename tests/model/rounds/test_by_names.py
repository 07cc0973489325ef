"""A round before any label, by the classes' names, and what they count afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model.learning.training import TrainingError
from model.networks.transforms import as_encoder_sees
from model.networks.weights import encoder_of
from model.port import NullPort
from model.rounds.checking import check
from model.rounds.live import learn, prepare, refit
from model.rounds.live_values import LearnerSettings, LearnRequest
from model.rounds.model_file import load_model
from model.rounds.workbench import Workbench
from tests.model.coloured import Coloured
from tests.model.networks.tiny_clip import CLIP, OTHER, add_models, make_model, save_model
from tests.model.rounds.asking import HELD, LABELED, N, request

pytest.importorskip("open_clip")


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    add_models(folder)
    for name in (CLIP, OTHER):
        save_model(make_model(name), folder / f"{name}.safetensors")
    return folder


@pytest.fixture
def asked(models, tmp_path) -> LearnRequest:
    settings = LearnerSettings(network=CLIP, weights=models / f"{CLIP}.safetensors")
    made: LearnRequest = request(tmp_path, settings=settings)
    return replace(
        made,
        labels=np.full(N, -1, np.int32),
        names=tuple(f"a photo of a {name}" for name in made.classes),
    )


@pytest.fixture
def labeled(asked: LearnRequest, tmp_path: Path) -> LearnRequest:
    return replace(asked, labels=request(tmp_path).labels)


@pytest.fixture
def bench():
    made = Workbench(Coloured(N))
    yield made
    made.close()


def test_a_round_begins_without_a_label(asked, bench):
    result = learn(asked, bench, NullPort())
    assert result.model.trained_on == 0
    assert result.queue
    assert not result.measured, "nobody knows yet how often they are right"
    assert not result.auto_labels, "the program labels nothing by them"
    assert result.likeliest is not None
    assert (result.predicted >= 0).all()
    for chosen in result.queue:
        assert chosen.label == result.predicted[chosen.item]


def test_it_predicts_what_open_clip_predicts(asked, bench):
    import open_clip

    result = learn(asked, bench, NullPort())
    model, seen = make_model(CLIP), as_encoder_sees(encoder_of(CLIP))
    images = Coloured(N)
    pixels = seen.test(torch.stack([seen.load(images.image(i, None)) for i in range(N)]))
    with torch.no_grad():
        texts = model.encode_text(open_clip.get_tokenizer(CLIP)(list(asked.names)), normalize=True)
        own = (model.logit_scale.exp() * model.encode_image(pixels, normalize=True) @ texts.T).softmax(dim=1)
    assert np.allclose(result.confidence, own.max(dim=1).values.numpy(), atol=1e-3)
    assert np.array_equal(result.predicted, own.argmax(dim=1).numpy())


def test_its_model_is_kept_as_any_other(asked, bench):
    result = learn(asked, bench, NullPort())
    network, transform, classes = load_model(asked.work / result.model.file)
    assert classes == asked.classes
    pixels = torch.stack([transform.load(Coloured(N).image(i, None)) for i in range(N)])
    with torch.no_grad():
        predicted = network(transform.test(pixels)).argmax(dim=1)
    assert np.array_equal(predicted.numpy(), result.predicted)


def test_a_preparation_says_that_a_round_can_begin(asked, bench):
    assert prepare(asked, bench, NullPort()).by_names
    assert not prepare(replace(asked, names=()), bench, NullPort()).by_names


def test_labels_of_one_class_leave_it_to_the_names(asked, bench):
    one = asked.labels.copy()
    one[HELD : HELD + 2] = 1
    found = refit(replace(asked, labels=one), bench, NullPort())
    assert np.array_equal(found.predicted, learn(asked, bench, NullPort()).predicted)
    assert found.trained_on == 0


def test_without_names_labels_of_two_classes_are_needed(asked, bench):
    with pytest.raises(TrainingError, match="two classes at least"):
        learn(replace(asked, names=()), bench, NullPort())


def test_beside_labels_it_is_told_what_they_count(labeled, bench):
    result = learn(replace(labeled, judge=True), bench, NullPort())
    assert result.model.trained_on == LABELED
    assert result.judged is not None
    assert f"of {LABELED} labels" in result.notes["names"], "of the model's own, not of a fold's"
    assert "names" not in learn(replace(labeled, names=()), bench, NullPort()).notes


def test_other_texts_are_read_anew_and_the_same_ones_once(asked, bench, monkeypatch):
    first = refit(asked, bench, NullPort())
    reads = []
    monkeypatch.setattr("model.rounds.by_names.read_weights", lambda path: reads.append(path))
    refit(asked, bench, NullPort())
    assert not reads
    monkeypatch.undo()
    turned = refit(replace(asked, names=asked.names[1:] + asked.names[:1]), bench, NullPort())
    assert np.array_equal((turned.predicted + 1) % 3, first.predicted)


def test_labels_are_checked_with_names_too(labeled, bench):
    found = check(labeled, bench, NullPort())
    assert len(found.items) == HELD + LABELED


def test_a_tokenizer_that_is_missing_leaves_rounds_to_labels(models, labeled, bench, monkeypatch):
    monkeypatch.setattr("model.networks.text_images._HUB", "http://127.0.0.1:9")
    settings = LearnerSettings(network=OTHER, weights=models / f"{OTHER}.safetensors")
    without = replace(labeled, settings=settings)
    prepared = prepare(without, bench, NullPort())
    assert "tokenizer.json could not be downloaded" in prepared.note
    assert not prepared.by_names
    result = learn(without, bench, NullPort())
    assert result.model.trained_on == LABELED
    assert result.notes["network"] == prepared.note
