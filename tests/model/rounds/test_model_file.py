from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from model.datasets.folder import FileSet
from model.datasets.images import load_rgb
from model.datasets.pixels.deep import Range, Ranges
from model.networks.networks import Network, build
from model.networks.transforms import fine_grained
from model.networks.weights import frozen_network
from model.rounds.model_file import ModelFileError, export_model, keep_model, load_model, read_model
from model.rounds.predictions import read_predictions
from tests.model.coloured import SIDE, TRANSFORM, Coloured
from tests.model.random_weights import random_weights

CLASSES = ("red", "Grün", "blue")


def small(seed: int = 1) -> Network:
    return build("small-cnn", 3, SIDE, seed)


def probabilities(network: Network, transform) -> torch.Tensor:
    images = Coloured(4)
    pixels = torch.stack([torch.from_numpy(np.asarray(transform.load(images.image(i)))) for i in range(4)])
    with torch.no_grad():
        said: torch.Tensor = network.eval()(transform.test(pixels)).softmax(dim=1)
    return said


def test_a_small_network_says_the_same_after_loading(tmp_path):
    network = small()
    expected = probabilities(network, TRANSFORM)
    sha256, file = keep_model(tmp_path, network, TRANSFORM, CLASSES, 30)
    loaded, transform, classes = load_model(file)
    assert (transform, classes, file.name) == (TRANSFORM, CLASSES, f"model-{sha256[:16]}.pt")
    assert torch.equal(probabilities(loaded, transform), expected)
    assert not loaded.training


def test_a_frozen_network_says_the_same_after_loading(tmp_path):
    torch.save(random_weights("mobilenet_v3_small"), tmp_path / "weights.pth")
    network = frozen_network("mobilenet_v3_small", 3, 0, tmp_path, tmp_path / "weights.pth")
    expected = probabilities(network, fine_grained())
    loaded, transform, _ = load_model(keep_model(tmp_path, network, fine_grained(), CLASSES, 30)[1])
    assert torch.equal(probabilities(loaded, transform), expected)
    assert loaded.frozen


def test_what_is_exported_loads_without_this_program(tmp_path):
    """The file's own description is enough: plain torch, and the steps that it names."""
    network = small()
    sha256, file = keep_model(tmp_path / "work", network, TRANSFORM, CLASSES, 30)
    model, beside = export_model(file, tmp_path / "mine.pt", sha256)
    about = json.loads(beside.read_text(encoding="utf-8"))
    assert beside.name == "mine.json"
    assert (about["classes"], about["network"], about["trained_on"]) == (list(CLASSES), "small-cnn", 30)
    assert "weights_only=True" in about["how"]
    saved = torch.load(model, weights_only=True)
    assert set(saved) == {*about, "state_dict"} - {"how", "sha256"}
    steps = about["transform"]
    assert steps == json.loads(json.dumps(saved["transform"]))
    image = Image.fromarray(np.arange(SIDE * SIDE * 3, dtype=np.uint8).reshape(SIDE, SIDE, 3))
    image.save(tmp_path / "image.png")
    pixels = torch.from_numpy(np.array(load_rgb(tmp_path / "image.png"))).permute(2, 0, 1).float()[None] / 255
    mean, std = (torch.tensor(steps[name]).view(3, 1, 1) for name in ("mean", "std"))
    own = small(seed=9)
    own.load_state_dict(saved["state_dict"])
    loaded, transform, _ = load_model(model)
    ours = torch.from_numpy(np.asarray(transform.load(image)))[None]
    with torch.no_grad():
        assert torch.allclose(own.eval()((pixels - mean) / std), loaded(transform.test(ours)), atol=1e-5)


def test_a_model_is_not_written_over_by_its_description(tmp_path):
    sha256, file = keep_model(tmp_path / "work", small(), TRANSFORM, CLASSES, 30)
    model, beside = export_model(file, tmp_path / "mine.json", sha256)
    assert model != beside
    assert load_model(model)[2] == CLASSES


def test_the_same_model_has_the_same_hash_and_the_last_three_stay(tmp_path):
    first, file = keep_model(tmp_path, small(1), TRANSFORM, CLASSES, 30)
    assert keep_model(tmp_path, small(1), TRANSFORM, CLASSES, 30)[0] == first
    files = [file]
    for seed in (2, 3, 4, 5):
        os.utime(files[-1], ns=(seed, seed))
        files.append(keep_model(tmp_path, small(seed), TRANSFORM, CLASSES, 30)[1])
    assert {f.name for f in tmp_path.iterdir()} == {f.name for f in files[-3:]}


def test_files_that_are_no_models_get_a_sentence(tmp_path):
    sha256, file = keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30)
    (tmp_path / "cut.pt").write_bytes(file.read_bytes()[:-2000])
    (tmp_path / "text.pt").write_text("no model")
    torch.save({"format": 2}, tmp_path / "newer.pt")
    torch.save([1], tmp_path / "list.pt")
    for name, sentence in {
        "cut.pt": "not a model that can be read",
        "text.pt": "not a model that can be read",
        "newer.pt": "newer version",
        "list.pt": "no model of this program",
        "gone.pt": "There is no file",
    }.items():
        with pytest.raises(ModelFileError, match=sentence):
            read_model(tmp_path / name)
    with pytest.raises(ModelFileError, match="choose another place"):
        export_model(file, Path(tmp_path / "text.pt" / "x.pt"), sha256)
    for folder in (Path(), tmp_path):
        with pytest.raises(ModelFileError, match="is a folder: name a file in it"):
            export_model(file, folder, sha256)


def test_a_model_with_one_bit_changed_is_not_exported(tmp_path):
    sha256, file = keep_model(tmp_path / "work", small(), TRANSFORM, CLASSES, 30)
    whole = file.read_bytes()
    chance = random.Random(1)
    for _ in range(20):
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        file.write_bytes(changed)
        with pytest.raises(ModelFileError, match="is damaged: it is not as it was written"):
            export_model(file, tmp_path / "mine.pt", sha256)
    assert not (tmp_path / "mine.pt").exists()
    file.write_bytes(whole)
    export_model(file, tmp_path / "mine.pt", sha256)


def test_a_model_with_changed_weights_is_not_loaded(tmp_path):
    _, file = keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30)
    whole = bytearray(file.read_bytes())
    whole[whole.find(next(iter(small().state_dict().values())).numpy().tobytes()) + 1] ^= 1
    file.write_bytes(whole)
    with pytest.raises(ModelFileError, match="not a model that can be read"):
        load_model(file)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders")
def test_a_pipe_in_the_place_of_a_model_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "model.pt")
    with pytest.raises(ModelFileError, match="it is no file"):
        load_model(tmp_path / "model.pt")


@pytest.mark.parametrize(
    "change",
    [
        {"network": "none"},
        {"network": ["small-cnn"]},
        {"classes": 3},
        {"classes": []},
        {"transform": None},
        {"transform": {"mean": 1}},
        {"state_dict": {}},
        {"state_dict": {"weight": "heavy"}},
        {"state_dict": []},
        {"network": "resnet18"},
    ],
    ids=str,
)
def test_a_file_that_describes_no_model_gets_a_sentence(tmp_path, change):
    _, file = keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30)
    found = read_model(file)
    torch.save({**found, **change}, file)
    with pytest.raises(ModelFileError, match="holds no model that can be built"):
        load_model(file)
    for key in change:
        torch.save({name: value for name, value in found.items() if name != key}, file)
        with pytest.raises(ModelFileError, match="holds no model that can be built"):
            load_model(file)


class Runs:
    """Code in a file: whoever unpickles it, runs it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.file,)


def test_no_code_in_a_file_is_run(tmp_path):
    ran = tmp_path / "ran"
    torch.save({"format": 1, "network": Runs(ran)}, tmp_path / "hostile.pt")
    with pytest.raises(ModelFileError, match="not a model that can be read"):
        load_model(tmp_path / "hostile.pt")
    hostile = np.array([Runs(ran)], object)
    np.savez(tmp_path / "predictions.npz", sha256=hostile, predicted=hostile, allow_pickle=True)
    assert read_predictions(tmp_path, "ab" * 32) is None
    assert not ran.exists()


def test_a_model_says_how_deep_images_were_seen(tmp_path):
    ranges = Ranges(Range(0, 4095))
    sha256, file = keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30, ranges)
    expected = {"integers": {"low": 0, "high": 4095}, "floats": None}
    assert read_model(file)["display_ranges"] == expected
    _, beside = export_model(file, tmp_path / "out.pt", sha256)
    assert json.loads(beside.read_text())["display_ranges"] == expected


def test_images_are_shown_as_those_that_a_model_was_trained_on(tmp_path, caplog):
    trained_on = Ranges(Range(0, 4095))
    _, file = keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30, trained_on)
    Image.fromarray(np.full((8, 8), 1000, np.uint16)).save(tmp_path / "a.tif")
    images = FileSet("folder", tmp_path, (), ["a.tif"], (), ())
    assert images.image(0).getpixel((0, 0)) != (62, 62, 62)
    load_model(file, images)
    assert images.ranges() == trained_on
    assert images.image(0).getpixel((0, 0)) == (62, 62, 62)
    assert not caplog.messages


def test_a_model_of_other_rules_refuses_images(tmp_path, caplog):
    _, file = keep_model(tmp_path, small(), TRANSFORM, CLASSES, 30)
    images, saved = Coloured(4), torch.load(file, weights_only=True)
    torch.save({**saved, "pixel_rules": saved["pixel_rules"] - 1}, file)
    with pytest.raises(ModelFileError, match="read by other rules"):
        load_model(file, images)
    del saved["pixel_rules"], saved["display_ranges"]  # as versions of before wrote it
    torch.save(saved, file)
    assert load_model(file, images)[2] == CLASSES
    assert "does not say how its images were read" in caplog.text
