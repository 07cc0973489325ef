"""Weights from files, right and wrong, and from a download."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
import torchvision
from torch import nn

from model.networks.weight_files import WeightsError, read_weights
from model.networks.weights import (
    empty_backbone,
    find_or_download,
    fingerprint,
    frozen_network,
)
from model.port import Cancelled, NullPort
from tests.model.random_weights import random_weights

NAME = "mobilenet_v3_small"
LAST = "classifier.3"


class Watcher(NullPort):
    def __init__(self, stop: bool = False) -> None:
        self.stop = stop
        self.told: list[tuple[int, int, str]] = []

    def progress(self, done: int, total: int, text: str) -> None:
        self.told.append((done, total, text))

    def cancelled(self) -> bool:
        return self.stop


@pytest.fixture(scope="module")
def state() -> dict[str, torch.Tensor]:
    return random_weights(NAME)


@pytest.fixture
def saved(tmp_path: Path, state):
    def save(content: object = None, name: str = "weights.pth") -> Path:
        torch.save(state if content is None else content, tmp_path / name)
        return tmp_path / name

    return save


def load(path: Path, name: str = NAME, classes: int = 7):
    return frozen_network(name, classes, 0, path.parent / "cache", path)


def test_a_file_gives_the_network_whose_weights_it_holds(saved, state):
    network = load(saved())
    whole = torchvision.models.get_model(NAME, weights=None)
    whole.load_state_dict(state)
    whole.classifier[3] = nn.Identity()
    pixels = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        assert torch.equal(network.embed(pixels), whole.eval()(pixels))
    assert network.frozen
    assert network(pixels).shape == (2, 7)
    assert not any(value.is_meta for value in network.state_dict().values())


def test_files_of_other_class_counts_halves_and_wrapped_ones_are_read(saved, state):
    head = {f"{LAST}.weight": torch.zeros(3, 1024), f"{LAST}.bias": torch.zeros(3)}
    assert fingerprint(load(saved({**state, **head})).body) == fingerprint(load(saved()).body)
    assert fingerprint(load(saved({"state_dict": state})).body) == fingerprint(load(saved()).body)
    halves = {key: value.half() if value.is_floating_point() else value for key, value in state.items()}
    assert load(saved(halves)).embed(torch.zeros(1, 3, 32, 32)).dtype == torch.float32


def test_old_names_of_densenet_are_read(saved):
    old = ("features.denseblock1.denselayer2.norm.1.weight", "features.denseblock1.denselayer2.conv.2.weight")
    new = ["features.denseblock1.denselayer2.norm1.weight", "features.denseblock1.denselayer2.conv2.weight"]
    assert list(read_weights(saved(dict.fromkeys(old, torch.zeros(1))))) == new
    assert set(new) < empty_backbone("densenet121").state_dict().keys()


class Harmful:
    def __reduce__(self):
        return (print, ("code of the file was run",))


def test_files_that_are_no_weights_get_a_sentence(tmp_path, saved, capsys):
    text, empty, code, cut_short = (tmp_path / f"{name}.pth" for name in ("text", "empty", "code", "cut"))
    text.write_text("hello", encoding="utf-8")
    empty.touch()
    code.write_bytes(pickle.dumps(Harmful()))
    cut_short.write_bytes(saved().read_bytes()[:-1000])
    for path in (text, empty, code, cut_short, saved(Harmful(), "harmful.pth")):
        with pytest.raises(WeightsError, match=f"{path.name} holds no weights that can be read safely"):
            read_weights(path)
    assert "code of the file was run" not in capsys.readouterr().out
    for content in ([1, 2], {"a": 1}, nn.Linear(2, 2).weight):
        with pytest.raises(WeightsError, match="holds no network's weights by name"):
            read_weights(saved(content))
    with pytest.raises(WeightsError, match="is not there"):
        read_weights(tmp_path / "nowhere.pth")
    with pytest.raises(WeightsError, match=r"cannot be opened|read safely"):
        read_weights(tmp_path)


def test_changed_weights_are_not_taken(saved):
    path = saved({"weight": torch.arange(500.0)})
    whole = bytearray(path.read_bytes())
    whole[whole.find(torch.arange(500.0).numpy().tobytes()) + 700] ^= 1
    path.write_bytes(whole)
    with pytest.raises(WeightsError, match="damaged"):
        read_weights(path)


def test_weights_of_another_network_get_a_sentence(saved, state):
    with pytest.raises(WeightsError, match="another network than resnet18: it lacks"):
        load(saved(), "resnet18")
    with pytest.raises(WeightsError, match=r"has extra and 0 more"):
        load(saved({**state, "extra": torch.zeros(1)}))
    without = {key: value for key, value in state.items() if key != f"{LAST}.bias"}
    with pytest.raises(WeightsError, match=rf"lacks {LAST}.bias and 0 more"):
        load(saved(without))


def test_wrong_shapes_and_numbers_get_a_sentence(saved, state):
    first = "features.0.0.weight"
    with pytest.raises(WeightsError, match=r"features.0.0.weight is 16 x 3 x 5 x 5, not 16 x 3 x 3 x 3"):
        load(saved({**state, first: torch.zeros(16, 3, 5, 5)}))
    with pytest.raises(WeightsError, match=rf"{LAST}.weight is 1000 x 9, not 1000 x 1024"):
        load(saved({**state, f"{LAST}.weight": torch.zeros(1000, 9)}))
    with pytest.raises(WeightsError, match="NaN"):
        load(saved({**state, first: torch.full((16, 3, 3, 3), float("nan"))}))


def test_the_fingerprint_is_of_name_weights_and_statistics():
    def layer() -> nn.BatchNorm2d:
        return nn.BatchNorm2d(3)

    first = fingerprint(layer(), "a")
    assert first == fingerprint(layer(), "a") != fingerprint(layer(), "b")
    changed = layer()
    changed.state_dict()["running_mean"][0] = 1e-30
    assert fingerprint(changed, "a") != first


def test_a_download_is_checked_kept_and_not_repeated(tmp_path, monkeypatch, state):
    source = tmp_path / "source"
    source.mkdir()
    torch.save(state, source / "plain.pth")
    digest = hashlib.sha256((source / "plain.pth").read_bytes()).hexdigest()
    path = (source / "plain.pth").rename(source / f"net-{digest[:8]}.pth")
    answer = SimpleNamespace(DEFAULT=SimpleNamespace(url=path.as_uri()))
    monkeypatch.setattr(torchvision.models, "get_model_weights", lambda _: answer)
    cache, port = tmp_path / "cache", Watcher()
    network = frozen_network(NAME, 2, 0, cache, port=port)
    size = path.stat().st_size
    assert port.told[-1][:2] == (size, size)
    path.unlink()
    assert fingerprint(frozen_network(NAME, 2, 0, cache).body) == fingerprint(network.body)
    kept = bytearray((cache / path.name).read_bytes())
    kept[-1000] ^= 1
    (cache / path.name).write_bytes(kept)
    with pytest.raises(WeightsError, match="are damaged: delete that file"):
        frozen_network(NAME, 2, 0, cache)
    (cache / path.name).unlink()
    with pytest.raises(WeightsError, match=r"could not be downloaded.*put the file from"):
        find_or_download(NAME, cache, NullPort())
    path.write_bytes(b"something else")
    with pytest.raises(WeightsError, match="came damaged"):
        find_or_download(NAME, cache, NullPort())
    with pytest.raises(Cancelled):
        find_or_download(NAME, cache, Watcher(stop=True))
    assert list(cache.iterdir()) == []
