"""Training: repeatable to the last bit, resumable after a crash, and stopping when it should."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from model.datasets.pixels.deep import Range, Ranges
from model.learning.config import TrainingConfig, preset
from model.learning.training import Epoch, Stop, Trained, TrainingError, learning_rate, stop_reason, train
from model.networks.loading import Loader
from model.networks.networks import Network, build, frozen
from model.networks.weights import fingerprint
from model.port import Cancelled, NullPort
from tests.model.coloured import SIDE, TRANSFORM, Coloured

CPU = torch.device("cpu")
N = 33  # with batches of 16, the last has one image
CONFIG = replace(preset("quick"), epochs=4, batch_size=16, stop_accuracy=None, checkpoint_seconds=0.0)


class StoppingPort(NullPort):
    """Cancels after a number of batches, and remembers what it was told."""

    def __init__(self, after: int = 10**9) -> None:
        self.after = after
        self.told: list[tuple[int, int]] = []
        self.texts: list[str] = []

    def progress(self, done: int, total: int, text: str) -> None:
        self.texts.append(text)
        if total:
            self.told.append((done, total))

    def cancelled(self) -> bool:
        return len(self.told) >= self.after

    @property
    def epochs(self) -> int:
        """How many epochs were trained, those of a checkpoint not counted."""
        return len({(done - 1) * CONFIG.epochs // total for done, total in self.told})


def run(
    config: TrainingConfig = CONFIG,
    seed: int = 0,
    images: Coloured | None = None,
    network: Network | None = None,
    port: NullPort | None = None,
    checkpoint: Path | None = None,
    n: int = N,
    reverse: bool = False,
) -> Trained:
    images = images or Coloured(n)
    positions = np.arange(n)[::-1] if reverse else np.arange(n)
    labels = np.array(images.labels)[positions]
    network = network or build("small-cnn", 3, SIDE, seed)
    with Loader(images, TRANSFORM, workers=1) as loader:
        return train(network, loader, positions, labels, config, CPU, seed, port or NullPort(), checkpoint)


def test_it_learns_and_stops_at_the_training_accuracy():
    result = run(replace(CONFIG, epochs=30, stop_accuracy=0.95))
    assert result.stop is Stop.ACCURACY
    assert result.history[-1].accuracy >= 0.95 > result.history[-2].accuracy
    assert result.history[-1].loss < result.history[0].loss


@pytest.mark.usefixtures("someone_draws")
def test_the_same_seed_gives_the_same_weights_whatever_else_draws():
    first = fingerprint(run().network)
    assert fingerprint(run().network) == first
    assert fingerprint(run(seed=1).network) != first


def test_the_order_in_which_items_are_named_does_not_matter():
    assert fingerprint(run(reverse=True).network) == fingerprint(run().network)


def test_training_draws_nothing_from_the_common_generator():
    before = torch.get_rng_state()
    run()
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("batches", [2, 4, 7])
def test_a_run_that_was_broken_off_ends_with_the_same_weights(tmp_path, batches):
    whole = run()
    file = tmp_path / "run.checkpoint"
    with pytest.raises(Cancelled):
        run(port=StoppingPort(batches), checkpoint=file)
    port = StoppingPort()
    resumed = run(port=port, checkpoint=file)
    # It breaks off before the batch after these, three an epoch.
    assert port.epochs == CONFIG.epochs - (batches - 1) // 2
    assert fingerprint(resumed.network) == fingerprint(whole.network)
    losses = [epoch.loss for epoch in resumed.history]
    assert losses == [epoch.loss for epoch in whole.history]


def test_a_finished_run_is_not_done_again(tmp_path):
    file = tmp_path / "run.checkpoint"
    before, after = StoppingPort(), StoppingPort()
    first = run(port=before, checkpoint=file)
    again = run(port=after, checkpoint=file)
    assert (before.epochs, after.epochs) == (CONFIG.epochs, 0)
    assert fingerprint(again.network) == fingerprint(first.network)
    assert again.stop is Stop.EPOCHS


@pytest.mark.parametrize("change", ["config", "seed", "items", "network", "ranges"])
def test_a_checkpoint_of_another_run_is_not_gone_on_with(tmp_path, monkeypatch, change):
    file = tmp_path / "run.checkpoint"
    run(checkpoint=file)
    port = StoppingPort()
    if change == "ranges":
        monkeypatch.setattr(Coloured, "ranges", lambda _: Ranges(Range(0, 4095)))
    {
        "ranges": lambda: run(port=port, checkpoint=file),
        "config": lambda: run(replace(CONFIG, momentum=0.8), port=port, checkpoint=file),
        "seed": lambda: run(seed=1, port=port, checkpoint=file),
        "items": lambda: run(n=N - 1, port=port, checkpoint=file),
        "network": lambda: run(network=build("small-cnn", 3, SIDE, 9), port=port, checkpoint=file),
    }[change]()
    assert port.epochs == CONFIG.epochs


def test_a_damaged_checkpoint_is_begun_anew(tmp_path):
    file = tmp_path / "run.checkpoint"
    file.write_bytes(b"\x80torn")
    for damage in (0, 200):
        file.write_bytes(file.read_bytes()[: len(file.read_bytes()) - damage])
        port = StoppingPort()
        run(port=port, checkpoint=file)
        assert port.epochs == CONFIG.epochs
        assert any("begins anew" in text for text in port.texts)


def test_checkpoints_are_written_seldom_and_at_the_end(tmp_path, monkeypatch):
    written: list[Path] = []
    monkeypatch.setattr("model.learning.training.write_checkpoint", lambda path, *_: written.append(path))
    run(replace(CONFIG, checkpoint_seconds=math.inf), checkpoint=tmp_path / "c")
    assert len(written) == 1


def test_it_is_the_sgd_of_torch(tmp_path):
    """One epoch of one batch, without augmentation: weights by autograd and torch's own steps."""
    images = Coloured(6)
    config = replace(CONFIG, epochs=2, batch_size=6, augment=False)
    network = build("small-cnn", 3, SIDE, 5)
    run(config, images=images, network=network, n=6)
    expected = build("small-cnn", 3, SIDE, 5)
    optimizer = torch.optim.SGD(expected.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=2)
    pixels = TRANSFORM.test(torch.from_numpy(images.pixels).permute(0, 3, 1, 2))
    for _ in range(2):
        optimizer.zero_grad()
        nn.functional.cross_entropy(expected(pixels), torch.tensor(images.labels)).backward()
        optimizer.step()
        schedule.step()
    for ours, theirs in zip(network.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-4)


def test_the_learning_rate_is_half_a_cosine():
    config = replace(CONFIG, epochs=4, learning_rate=0.1)
    rates = [learning_rate(config, epoch) for epoch in range(4)]
    assert rates == pytest.approx([0.1, 0.05 * (1 + math.sqrt(0.5)), 0.05, 0.05 * (1 - math.sqrt(0.5))])


def history(*accuracies: float) -> list[Epoch]:
    return [Epoch(1.0, accuracy, 0.0) for accuracy in accuracies]


def test_patience_counts_epochs_without_a_gain():
    config = replace(CONFIG, epochs=9, patience=3, min_gain=0.001)
    assert stop_reason([], config) is None
    # 0.5009 is no gain of 0.001 over 0.5, but 0.502 is one.
    assert stop_reason(history(0.5, 0.5009, 0.4), config) is None
    assert stop_reason(history(0.5, 0.5009, 0.4, 0.5), config) is Stop.PATIENCE
    assert stop_reason(history(0.5, 0.5009, 0.502, 0.4, 0.4), config) is None
    assert stop_reason(history(*[0.1] * 9), replace(config, patience=None)) is Stop.EPOCHS
    assert stop_reason(history(0.99), replace(config, stop_accuracy=0.99)) is Stop.ACCURACY


def test_a_frozen_network_trains_its_last_layer_alone(tmp_path):
    def network() -> Network:
        body = build("small-cnn", 3, SIDE, 2).body
        return frozen("tiny", body, 256, 3, seed=0)

    first = network()
    before = fingerprint(first.body)
    result = run(network=first, checkpoint=tmp_path / "c")
    assert fingerprint(first.body) == before
    assert not torch.equal(first.last.weight, network().last.weight)
    assert len(result.history) == CONFIG.epochs
    resumed = run(network=network(), checkpoint=tmp_path / "c")
    assert fingerprint(resumed.network) == fingerprint(first)


def test_broken_images_are_passed_over():
    images = Coloured(N, broken=(4, 5))
    assert len(run(images=images).history) == CONFIG.epochs
    with pytest.raises(TrainingError, match="None of the labeled images can be read"):
        run(images=Coloured(N, broken=range(N)))


def test_what_cannot_be_trained_gets_a_sentence():
    network = build("small-cnn", 3, SIDE, 0)
    with Loader(Coloured(6), TRANSFORM, workers=1) as loader:
        for labels, sentence in (([], "No image is labeled"), ([1, 1], "of one class")):
            with pytest.raises(TrainingError, match=sentence):
                train(network, loader, range(len(labels)), labels, CONFIG, CPU, 0, NullPort())
    with pytest.raises(TrainingError, match="smaller learning rate"):
        run(replace(CONFIG, learning_rate=100.0, epochs=40, momentum=0.99))


def test_a_callers_mistake_is_a_bug():
    network = build("small-cnn", 3, SIDE, 0)
    with Loader(Coloured(6), TRANSFORM, workers=1) as loader:
        for positions, labels in (([1, 1], [0, 1]), ([0, 1], [0, 3]), ([0, 1], [0, -1])):
            with pytest.raises(ValueError, match="must"):
                train(network, loader, positions, labels, CONFIG, CPU, 0, NullPort())


def test_progress_counts_images_to_the_end():
    port = StoppingPort()
    run(replace(CONFIG, batch_size=11), port=port)
    assert port.told[0] == (11, 4 * N)
    assert port.told[-1] == (4 * N, 4 * N)
    assert [done for done, _ in port.told] == sorted(done for done, _ in port.told)
