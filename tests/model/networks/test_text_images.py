"""Networks that see images and read texts: open_clip's own numbers, from a file of weights, without its downloads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from model import parts
from model.networks import text_images
from model.networks.encoders import ENCODERS, Library
from model.networks.networks import NetworkError
from model.networks.text_images import (
    LENGTH,
    Tokenize,
    build_texts,
    directions,
    find_tokenizer,
    read_tokenizer,
    weights_of_texts,
)
from model.networks.weight_files import MissingWeightsError, WeightsError, read_weights
from model.networks.weights import encoder_of, fitting_encoder, frozen_network, give_weights
from model.parts import MissingPartError
from model.port import Cancelled, NullPort, Port
from tests.model.networks.tiny_clip import CLIP, OTHER, add_models, make_model, save_model, save_tokenizer
from tests.model.watcher import Watcher

open_clip = pytest.importorskip("open_clip")

LISTED = [name for name, encoder in ENCODERS.items() if encoder.library is Library.OPEN_CLIP]
PROMPTS = ("a photo of a red", "a photo of a green", "ein Foto von Rot")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("models")
    add_models(made)
    save_tokenizer(made / "tokenizer.json")
    for name in (CLIP, OTHER):
        save_model(make_model(name), made / f"{name}.safetensors")
    return made


def read(name: str, file: Path, tokenize: Tokenize, port: Port | None = None) -> torch.Tensor:
    """The layer that the prompts make."""
    texts = build_texts(encoder_of(name))
    give_weights(texts, weights_of_texts(read_weights(file)), name, file.name)
    return directions(texts, tokenize, PROMPTS, port or NullPort())


@pytest.mark.parametrize("name", LISTED)
def test_what_is_said_of_them_is_what_open_clip_says(name):
    encoder = ENCODERS[name]
    architecture, _, training = name.partition(".")
    config: Any = open_clip.get_model_config(architecture)
    trained: Any = open_clip.get_pretrained_cfg(architecture, training)
    assert (encoder.features, encoder.size) == (config["embed_dim"], config["vision_cfg"]["image_size"])
    assert encoder.scale == (trained["mean"], trained["std"])
    assert trained["interpolation"] == "bicubic"
    assert trained["hf_hub"].rstrip("/") in encoder.url
    model = open_clip.create_model(architecture, load_weights=False, device="meta")
    assert encoder.megabytes == pytest.approx(sum(4 * p.numel() for p in model.parameters()) / 1e6, rel=0.001)


@pytest.mark.parametrize("name", [CLIP, OTHER])
def test_features_and_names_give_open_clips_own_probabilities(name, folder):
    model, pixels = make_model(name), torch.randn(5, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    file = folder / f"{name}.safetensors"
    network = frozen_network(name, 3, 0, folder, file)
    tokenize = find_tokenizer(encoder_of(name), file, folder, NullPort())
    with torch.no_grad():
        images, texts = model.encode_image(pixels, normalize=True), tokenize(PROMPTS)
        own = model.logit_scale.exp() * images @ model.encode_text(texts, normalize=True).T
        features = network.eval().embed(pixels)
    assert torch.allclose(features.norm(dim=1), torch.full((5,), LENGTH))
    found = features @ read(name, file, tokenize).T
    assert torch.allclose(found, own, atol=1e-4)
    assert float(own.std()) > 0.1, "else all names would say the same"


def test_clips_tokenizer_is_open_clips(folder):
    tokenize = find_tokenizer(encoder_of(CLIP), folder / "x", folder, NullPort())
    assert torch.equal(tokenize(PROMPTS), open_clip.get_tokenizer("ViT-B-32")(list(PROMPTS)))


def test_a_tokenizers_file_is_read_as_open_clip_reads_it(folder, tmp_path):
    transformers = pytest.importorskip("transformers")
    own = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), pad_token="<pad>"
    )
    own.save_pretrained(tmp_path)
    theirs = open_clip.tokenizer.HFTokenizer(str(tmp_path), context_length=8, clean="canonicalize")
    texts = [*PROMPTS, "a photo of a red, green and blue photo of a photo", ""]
    config = open_clip.get_model_config(OTHER)["text_cfg"]
    assert torch.equal(read_tokenizer(folder / "tokenizer.json", config)(texts), theirs(texts))


def test_a_tokenizer_is_found_by_the_networks_name_before_it_is_downloaded(folder, tmp_path):
    for place in (tmp_path / "own", tmp_path / "shared"):
        place.mkdir()
        save_tokenizer(place / f"{OTHER}.tokenizer.json")
    elsewhere = tmp_path / "nothing" / "weights.safetensors"
    for weights, shared in ((tmp_path / "own" / "w", tmp_path), (elsewhere, tmp_path / "shared")):
        assert find_tokenizer(encoder_of(OTHER), weights, shared, NullPort())(["red"])[0, 0] == 6


def test_a_tokenizer_that_is_not_the_networks_is_refused(folder, tmp_path):
    config = open_clip.get_model_config(OTHER)["text_cfg"]
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(WeightsError, match="not the tokenizer of this network"):
        read_tokenizer(tmp_path / "tokenizer.json", config)
    with pytest.raises(WeightsError, match="another network's"):
        read_tokenizer(folder / "tokenizer.json", {**config, "vocab_size": 4})


def test_a_tokenizer_that_cannot_be_had_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(text_images, "_HUB", "http://127.0.0.1:9")
    with pytest.raises(MissingWeightsError, match=r"tiny-siglip.tokenizer.json could not be downloaded"):
        find_tokenizer(encoder_of(OTHER), tmp_path / "w", tmp_path, NullPort())


def test_another_networks_weights_are_refused(folder, tmp_path):
    with pytest.raises(WeightsError, match="holds another network than tiny-siglip"):
        read(OTHER, folder / f"{CLIP}.safetensors", open_clip.get_tokenizer(CLIP))
    images = {k: v for k, v in make_model(CLIP).state_dict().items() if "visual" not in k}
    torch.save(images, tmp_path / "texts.pth")
    with pytest.raises(WeightsError, match=r"lacks visual\."):
        frozen_network(CLIP, 3, 0, tmp_path, tmp_path / "texts.pth")


def test_weights_that_are_no_numbers_are_refused(folder, tmp_path):
    model = make_model(CLIP)
    with torch.no_grad():
        model.logit_scale.fill_(200)  # its exponential is infinite
    file = save_model(model, tmp_path / "w.safetensors")
    with pytest.raises(WeightsError, match="NaN or infinite"):
        read(CLIP, file, open_clip.get_tokenizer(CLIP))


def test_code_in_a_file_is_not_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return Path.touch, (tmp_path / "ran",)

    torch.save({"visual.conv1.weight": Evil()}, tmp_path / "evil.pt")
    with pytest.raises(WeightsError, match="no weights that can be read safely"):
        frozen_network(CLIP, 3, 0, tmp_path, tmp_path / "evil.pt")
    assert not (tmp_path / "ran").exists()


def test_reading_names_can_be_cancelled(folder):
    with pytest.raises(Cancelled):
        read(CLIP, folder / f"{CLIP}.safetensors", open_clip.get_tokenizer(CLIP), Watcher(0))


def test_nothing_random_of_the_caller_changes(folder):
    torch.manual_seed(3)
    before = torch.rand(1)
    torch.manual_seed(3)
    build_texts(encoder_of(CLIP))
    assert torch.equal(torch.rand(1), before)


def test_any_other_of_open_clips_is_known_but_those_of_transformers(folder):
    known = encoder_of("ViT-S-32-alt")
    assert (known.library, known.features, known.languages) == (Library.OPEN_CLIP, 256, "English")
    assert encoder_of("convnext_base").library is Library.TORCHVISION, "as in projects made before"
    for name in ("xlm-roberta-base-ViT-B-32", "none-of-these"):
        with pytest.raises(NetworkError, match=f"has a network named {name}"):
            encoder_of(name)


def test_without_the_extra_part_one_sentence_says_how_to_add_it(folder, monkeypatch):
    monkeypatch.setattr(parts, "_is_installed", lambda name: name not in ("open_clip", "tokenizers"))
    with pytest.raises(MissingPartError, match=r"needs the extra part names.* -m pip install '.*\[names\]'"):
        frozen_network(LISTED[0], 3, 0, folder, folder / f"{CLIP}.safetensors")
    with pytest.raises(NetworkError):
        encoder_of(CLIP)
    with pytest.raises(WeightsError, match="fits none of the listed"):
        fitting_encoder("auto", folder / f"{CLIP}.safetensors")
