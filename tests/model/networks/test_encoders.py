"""The listed encoders: what is said of them is what timm and torchvision say; files of theirs are read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from model.names import AUTO
from model.networks.encoders import BETTER, ENCODERS, SMALL, Library, allows_commerce, find_encoder
from model.networks.networks import NetworkError
from model.networks.timm_networks import build_body
from model.networks.weight_files import MissingWeightsError, WeightsError
from model.networks.weights import (
    empty_body,
    encoder_of,
    find_or_download,
    find_weights,
    fitting_encoder,
    frozen_network,
    weights_licence,
)
from model.port import NullPort
from tests.model.random_weights import random_weights

LITE = "tf_efficientnet_lite2.in1k"
DINO = "vit_small_patch14_reg4_dinov2.lvd142m"


@pytest.fixture(scope="module")
def timm_file(tmp_path_factory):
    """Weights of timm's network, untrained, in a file."""

    def make(name: str, size: int = 224, ending: str = ".safetensors") -> Path:
        path: Path = tmp_path_factory.mktemp("weights") / f"{name}{ending}"
        state = {key: value.contiguous() for key, value in build_body(name, size).state_dict().items()}
        if ending == ".safetensors":
            save_file(state, path)
        else:
            torch.save(state, path)
        return path

    return make


@pytest.mark.parametrize("name", [n for n, e in ENCODERS.items() if e.library is Library.TIMM])
def test_what_is_said_of_timms_is_what_timm_says(name):
    import timm

    encoder = ENCODERS[name]
    known: Any = timm.get_pretrained_cfg(name)
    assert encoder.scale == (known.mean, known.std)
    assert known.interpolation == ("bicubic" if encoder.bicubic else "bilinear")
    assert known.hf_hub_id in encoder.url
    assert allows_commerce(known.license) is encoder.commercial
    assert known.license == encoder.licence.lower().replace(" ", "-")
    if "dinov2" not in name:  # trained at 518 pixels, which is five times the work
        assert encoder.size == known.input_size[-1]
        assert encoder.resize == round(encoder.size / known.crop_pct)


@pytest.mark.parametrize(
    "name", [n for n, e in ENCODERS.items() if e.library is Library.TORCHVISION and e.url]
)
def test_what_is_said_of_torchvisions_is_what_torchvision_says(name):
    import torchvision

    known = torchvision.models.get_model_weights(name).DEFAULT
    assert ENCODERS[name].url == known.url
    assert ENCODERS[name].sha256 in known.url
    assert ENCODERS[name].megabytes == pytest.approx(known.meta["_file_size"] * 1.048576, rel=0.01)
    assert empty_body(name)[1] == ENCODERS[name].features


def test_no_encoder_that_forbids_commercial_use_is_taken_without_being_named():
    assert all(ENCODERS[name].commercial for name in (SMALL, *BETTER))
    forbidden = [encoder for encoder in ENCODERS.values() if not encoder.commercial]
    assert forbidden
    assert all("no commercial use" in encoder.terms for encoder in forbidden)
    assert not encoder_of("vit_h_14").commercial, "weights of SWAG"
    assert encoder_of("resnet18").commercial


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("apache-2.0", True),
        (None, True),
        ("dinov3-license", True),
        ("cc-by-nc-4.0", False),
        ("CC BY-NC 4.0", False),
    ],
)
def test_licences_are_told_apart(licence, allowed):
    assert allows_commerce(licence) is allowed


def test_names_without_their_training_and_unlisted_ones_are_found():
    assert find_encoder("vit_small_patch14_reg4_dinov2") is ENCODERS[DINO]
    assert find_encoder("resnet18.a1_in1k") is None
    unlisted = encoder_of("resnet10t.c3_in1k")
    assert (unlisted.library, unlisted.features, unlisted.commercial) == (Library.TIMM, 512, True)
    assert encoder_of("convnext_tiny").library is Library.TORCHVISION, "as in projects made before"
    with pytest.raises(NetworkError, match="Neither torchvision nor timm has a network named none-of-these"):
        encoder_of("none-of-these")


def test_a_safetensors_file_gives_timms_network(timm_file, tmp_path):
    network = frozen_network(DINO, 5, 0, tmp_path, timm_file(DINO))
    assert (network.name, network.width, network.frozen) == (DINO, 384, True)
    assert network.embed(torch.zeros(1, 3, 224, 224)).shape == (1, 384)
    assert not network.body.training


def test_positions_of_another_image_size_are_brought_to_ours(timm_file, tmp_path):
    # Hugging Face's file is of 518 pixels: 37 x 37 patches, where ours has 16 x 16.
    assert frozen_network(DINO, 2, 0, tmp_path, timm_file(DINO, 518, ".pth")).width == 384


def test_files_of_efficientnet_lite_pytorch_are_read(tmp_path):
    ours = build_body(LITE, 260).state_dict()
    first = {"conv_dw": "_depthwise_conv", "conv_pw": "_project_conv", "bn1": "_bn1", "bn2": "_bn2"}
    later = {
        "conv_pw": "_expand_conv",
        "bn1": "_bn0",
        "conv_dw": "_depthwise_conv",
        "bn2": "_bn1",
        "conv_pwl": "_project_conv",
        "bn3": "_bn2",
    }
    stem = {"conv_stem": "_conv_stem", "bn1": "_bn0", "conv_head": "_conv_head", "bn2": "_bn1"}
    blocks = sorted(
        {tuple(key.split(".")[1:3]) for key in ours if key.startswith("blocks.")},
        key=lambda p: list(map(int, p)),
    )
    theirs = {"_fc.weight": torch.zeros(1000, 1280), "_fc.bias": torch.zeros(1000)}
    for key, value in ours.items():
        parts = key.split(".")
        if parts[0] != "blocks":
            theirs[".".join([stem[parts[0]], *parts[1:]])] = value
            continue
        names = first if parts[1] == "0" else later
        number = blocks.index((parts[1], parts[2]))
        theirs[".".join([f"_blocks.{number}", names[parts[3]], *parts[4:]])] = value
    torch.save(theirs, tmp_path / "lite.pth")
    network = frozen_network(LITE, 2, 0, tmp_path, tmp_path / "lite.pth")
    assert all(torch.equal(network.body.state_dict()[key], value) for key, value in ours.items())


def test_a_file_of_another_network_ends_in_a_sentence(timm_file, tmp_path):
    lite = timm_file(LITE, 260)
    with pytest.raises(WeightsError, match=f"holds another network than {DINO}"):
        fitting_encoder(DINO, lite)
    with pytest.raises(WeightsError, match="holds another network than resnet50"):
        fitting_encoder("resnet50", lite)
    assert fitting_encoder(AUTO, lite) == LITE
    assert fitting_encoder(LITE, lite) == LITE
    (tmp_path / "words.safetensors").write_bytes(b"these are words, and no weights at all")
    with pytest.raises(WeightsError, match="holds no weights that can be read safely"):
        fitting_encoder(AUTO, tmp_path / "words.safetensors")
    torch.save({"a": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(WeightsError, match="fits none of the listed networks"):
        fitting_encoder(AUTO, tmp_path / "other.pth")


def test_cut_and_changed_shapes_of_timms_are_found(timm_file, tmp_path):
    state = build_body(LITE, 260).state_dict()
    torch.save({**state, "conv_stem.weight": torch.zeros(32, 3, 5, 5)}, tmp_path / "shape.pth")
    with pytest.raises(WeightsError, match=r"conv_stem.weight is 32 x 3 x 5 x 5, not 32 x 3 x 3 x 3"):
        fitting_encoder(LITE, tmp_path / "shape.pth")
    torch.save({**state, "bn1.bias": torch.full((32,), float("nan"))}, tmp_path / "nan.pth")
    with pytest.raises(WeightsError, match="NaN"):
        fitting_encoder(LITE, tmp_path / "nan.pth")


def test_a_laboratorys_folder_comes_first_and_nothing_is_downloaded(timm_file, tmp_path):
    laboratory, own = tmp_path / "laboratory", tmp_path / "own"
    laboratory.mkdir()
    timm_file(LITE, 260).rename(laboratory / f"{LITE}.safetensors")
    assert find_weights(LITE, own) is None
    assert find_or_download(LITE, own, NullPort(), laboratory) == laboratory / f"{LITE}.safetensors"
    assert not own.exists()
    torch.save(random_weights("mobilenet_v2"), laboratory / "mobilenet_v2_tf.pth")
    assert frozen_network("mobilenet_v2_tf", 2, 0, own, laboratory=laboratory).name == "mobilenet_v2_tf"
    with pytest.raises(MissingWeightsError, match="are not to be downloaded: choose the file"):
        find_or_download("mobilenet_v2_tf", own, NullPort())


def test_licences_of_weights_are_named(tmp_path):
    assert weights_licence(DINO) == "Apache-2.0"
    assert weights_licence("mobilenet_v2_tf") == "Apache-2.0"
    assert weights_licence("resnet50") is None, "torchvision names none"


def test_timm_is_imported_when_a_network_of_it_is_made_and_not_before():
    code = (
        "import sys, model.rounds.live, model.networks.weights as w; w.empty_body('mobilenet_v2');"
        "assert not {'timm', 'open_clip', 'tokenizers'} & set(sys.modules);"
        "w.empty_body('resnet10t.c3_in1k'); assert 'timm' in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
