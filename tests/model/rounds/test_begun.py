"""A project that was begun with a model: its first round, and what later ones go on from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from model.learning.config import PRESETS, TrainingConfig
from model.learning.last_layer import LastLayer
from model.learning.prior import join
from model.networks.loading import Loader
from model.networks.networks import Network
from model.networks.transforms import Transform, fine_grained
from model.networks.weights import frozen_network
from model.port import NullPort
from model.rounds.backbone import go_on_from
from model.rounds.live import learn, refit
from model.rounds.live_values import GIVEN_FILE, GivenModel, LearnerSettings, LearnRequest
from model.rounds.model_file import (
    ModelFileError,
    check_model,
    export_model,
    keep_model,
    load_model,
    read_about,
)
from model.rounds.stopwatch import Stopwatch
from model.rounds.trainers import Pool, make_trainer
from model.rounds.workbench import Workbench
from tests.model.coloured import TRANSFORM, Coloured
from tests.model.random_weights import random_weights
from tests.model.rounds.asking import HELD, N, request
from tests.model.rounds.test_model_file import CLASSES, probabilities, small

FROZEN = "mobilenet_v3_small"


def begun(work: Path, network: Network, transform: Transform, **changes: Any) -> LearnRequest:
    """A request of a project of the same three classes that has no label yet."""
    work.mkdir()
    sha256, file = keep_model(work, network, transform, CLASSES, 30, temperature=2.0)
    asked = request(work)
    asked.work.mkdir()
    file.rename(asked.work / GIVEN_FILE)
    nothing = np.full(N, -1, np.int32)
    settings = LearnerSettings(network=network.name)
    given = GivenModel(sha256, (0, 1, 2))
    return replace(asked, **{"labels": nothing, "settings": settings, "given": given, **changes})


@pytest.fixture
def bench():
    made = Workbench(Coloured(N))
    yield made
    made.close()


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> LearnRequest:
    folder = tmp_path_factory.mktemp("begun")
    torch.save(random_weights(FROZEN), folder / "weights.pth")
    network = frozen_network(FROZEN, 3, 0, folder, folder / "weights.pth")
    return begun(folder / "project", network, fine_grained())


def test_the_first_round_is_that_model_without_any_label(tmp_path, bench):
    network = small()
    result = learn(begun(tmp_path / "p", network, TRANSFORM), bench, NullPort())
    expected = probabilities(network, TRANSFORM).argmax(1)
    assert result.predicted[:4].tolist() == expected.tolist()
    assert (result.model.trained_on, result.holdout_n, result.measured) == (0, 0, False)
    assert result.auto_labels == (), "nobody has tested it here"
    assert len(result.queue) == 10
    assert all(chosen.label == result.predicted[chosen.item] for chosen in result.queue)
    kept = read_about(tmp_path / "p" / "work" / result.model.file)
    assert (kept["trained_on"], kept["temperature"]) == (0, None), "here nobody measured how sure it may be"


def test_its_own_temperature_softens_what_it_says(tmp_path, bench):
    network = small()
    result = learn(begun(tmp_path / "p", network, TRANSFORM), bench, NullPort())
    said = (probabilities(network, TRANSFORM).log() / 2).softmax(1)
    assert result.confidence[:4].tolist() == pytest.approx(said.max(1).values.tolist(), abs=1e-4)


def test_a_frozen_one_needs_no_other_weights_and_refits_go_on_from_it(frozen, bench):
    first = learn(frozen, bench, NullPort())
    assert first.model.trained_on == 0
    assert first.model.network == FROZEN
    untaught = refit(replace(frozen, round=2), bench, NullPort())
    assert np.array_equal(untaught.predicted, first.predicted)
    assert untaught.trained_on == 0
    labels = np.where(np.arange(N) >= HELD, np.array(Coloured(N).labels), -1).astype(np.int32)
    taught = refit(replace(frozen, round=2, labels=labels), bench, NullPort())
    assert taught.trained_on == N - HELD


def test_a_last_layer_goes_on_from_the_earlier_one_while_that_helps(tmp_path):
    made = small()
    network = Network("frozen", made.body, made.last, frozen=True).eval()
    images = Coloured(N)
    truth, unknown = torch.tensor(images.labels), torch.full((N,), -1)
    nobody = np.zeros(N, np.bool_)
    with Loader(images, TRANSFORM) as loader:

        def fit(labels: torch.Tensor, prior: LastLayer | None, config: TrainingConfig) -> LastLayer:
            if prior is not None:
                prior.put_into(network)
            backbone = go_on_from(network, TRANSFORM, (0, 1, 2), 3, None, config)
            if prior is None:
                backbone = replace(backbone, given=None)
            pool = Pool(loader, np.arange(N), 3, nobody)
            trainer = make_trainer(pool, backbone, torch.device("cpu"), tmp_path, NullPort())
            model = trainer.fit(labels, 0, NullPort(), Stopwatch())
            assert model.trained_on == (int((labels >= 0).sum()) if len(labels.unique()) > 2 else 0)
            return model.layer

        config = PRESETS["quick"]
        whole = fit(truth, None, config)
        some = torch.where(torch.arange(N) < 15, truth, unknown)
        alone = fit(some, None, config)
        assert torch.equal(fit(unknown, whole, config).weight, whole.weight), "no label: the model as it was"
        one_class = torch.where(truth == 1, truth, unknown)
        assert torch.equal(fit(one_class, whole, config).weight, whole.weight), "one class teaches nothing"
        torch.testing.assert_close(fit(some, whole, config).weight, join(whole, alone, 15).weight)
        wrong = LastLayer(10 * whole.weight.roll(1, 0), whole.bias, (), whole.stop)
        assert torch.equal(fit(some, wrong, config).weight, alone.weight), "a model of other classes is left"


def test_the_body_of_a_network_that_was_trained_in_full_stays_as_it_is(tmp_path, bench):
    network = small()
    asked = begun(tmp_path / "p", network, TRANSFORM, round=2)
    made = bench.backbone(asked, NullPort()).make(3, 5, NullPort())
    for name, value in network.body.state_dict().items():
        assert torch.equal(made.body.state_dict()[name], value), name
    assert learn(asked, bench, NullPort()).model.trained_on == 0, (
        "nothing is labeled here: it goes on as it was"
    )
    labels = np.where(np.arange(N) >= HELD, np.array(Coloured(N).labels), -1).astype(np.int32)
    assert refit(replace(asked, labels=labels), bench, NullPort()).trained_on == N - HELD


def test_a_class_that_the_model_does_not_know_is_never_the_likeliest():
    network = small()
    backbone = go_on_from(network, TRANSFORM, (2, -1, 0), 4, None, PRESETS["quick"])
    assert backbone.given is not None
    before, after = probabilities(network, TRANSFORM), probabilities(backbone.given, TRANSFORM)
    assert set(after.argmax(1).tolist()) <= {0, 2}
    torch.testing.assert_close(after[:, 2] / after[:, 0], before[:, 0] / before[:, 2])
    torch.testing.assert_close(after[:, 1], after[:, 3])


def test_a_copy_that_changed_is_not_used(tmp_path, bench):
    asked = begun(tmp_path / "p", small(), TRANSFORM)
    file = asked.work / GIVEN_FILE
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(ModelFileError, match="damaged"):
        learn(asked, bench, NullPort())


def test_an_exported_model_is_known_to_be_whole(tmp_path):
    sha256, file = keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30)
    export_model(file, tmp_path / "birds.pt", sha256)
    found, about = check_model(tmp_path / "birds.pt")
    assert (found, about["classes"], about["trained_on"]) == (sha256, list(CLASSES), 30)
    data = bytearray((tmp_path / "birds.pt").read_bytes())
    data[len(data) // 2] ^= 1  # torch would take it for weights
    (tmp_path / "birds.pt").write_bytes(data)
    with pytest.raises(ModelFileError, match="is damaged"):
        check_model(tmp_path / "birds.pt")
    (tmp_path / "birds.json").write_text("no JSON")
    with pytest.raises(ModelFileError):
        check_model(tmp_path / "birds.pt", sha256)


def test_a_model_of_other_rules_or_of_another_network_is_refused_when_it_is_chosen(tmp_path):
    _, file = keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30)
    saved = torch.load(file, weights_only=True)
    torch.save({**saved, "pixel_rules": 0}, tmp_path / "old.pt")
    with pytest.raises(ModelFileError, match="by other rules"):
        check_model(tmp_path / "old.pt")
    torch.save({**saved, "network": "resnet18"}, tmp_path / "other.pt")
    with pytest.raises(ModelFileError, match="no model that can be built"):
        check_model(tmp_path / "other.pt")
    assert load_model(file)[2] == CLASSES
    assert json.dumps(read_about(file))
