"""open_clip's networks that see images and read texts: their image side as an encoder, class names as directions.

Both sides end in one space, in which an image lies near the texts that describe it (Radford et al. 2021, Zhai et al.
2023). open_clip is the extra part "names", imported when the first such network is made.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from model.disk import is_file, read_file
from model.networks.downloads import Origin, download
from model.networks.encoders import Encoder, Library, allows_commerce
from model.networks.networks import NetworkError
from model.networks.weight_files import WeightsError
from model.parts import has_names, need_names
from model.port import Cancelled, Port

LENGTH = 10.0
"""Of each image's features: about that of other encoders' own, so that weight decay means the same."""

_IMAGES, _TEXTS, _SCALE = "visual.", "text.", "logit_scale"
_SMALL_TEXTS: dict[str, Any] = {"context_length": 8, "vocab_size": 8, "width": 64, "heads": 1, "layers": 1}
_SMALL_IMAGES: dict[str, Any] = {"image_size": 32, "patch_size": 32, "width": 64, "layers": 1}
_HUB = "https://huggingface.co"
_TOKENIZER = "tokenizer.json"  # as Hugging Face's tokenizers write it
_PADDING = "<pad>"
_AT_ONCE = 64  # texts

Tokenize = Callable[[Sequence[str]], Tensor]
"""Texts to int64 (n, context length)."""


class _UnitFeatures(nn.Module):
    """An image side whose features have one length, so that a linear layer can hold directions of texts."""

    def __init__(self, visual: nn.Module) -> None:
        super().__init__()
        self.visual = visual

    def forward(self, pixels: Tensor) -> Tensor:
        return nn.functional.normalize(self.visual(pixels), dim=-1) * LENGTH


def describe_model(name: str) -> Encoder | None:
    """Return what open_clip says of any other of its models, for weights from a file; ``None``: it knows none.

    ``name`` is a configuration's, with or without a dot and the name of a training.
    """
    if not has_names():
        return None
    import open_clip

    config: Any = open_clip.get_model_config(name.partition(".")[0])
    if (
        config is None or "hf_model_name" in config["text_cfg"]
    ):  # a text side of transformers, which is not here
        return None
    tags = open_clip.list_pretrained_tags_by_model(name.partition(".")[0])
    trained: Any = open_clip.get_pretrained_cfg(name.partition(".")[0], tags[0]) if tags else {}
    side = config["vision_cfg"].get("image_size", 224)
    return Encoder(
        name=name,
        title=name,
        library=Library.OPEN_CLIP,
        resize=side,
        size=side,
        scale=(
            tuple(trained.get("mean", open_clip.OPENAI_DATASET_MEAN)),
            tuple(trained.get("std", open_clip.OPENAI_DATASET_STD)),
        ),
        features=config["embed_dim"],
        licence="not named by open_clip",
        commercial=allows_commerce(None),
        bicubic=True,
        languages="English" if "hf_tokenizer_name" not in config["text_cfg"] else "those of its tokenizer",
    )


def build_images(encoder: Encoder) -> nn.Module:
    """Return the image side, ending with features of length :data:`LENGTH`, without trained weights."""
    return _UnitFeatures(_make(encoder, text_cfg=_SMALL_TEXTS).visual)


def weights_of_images(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return those of a whole model's weights that :func:`build_images` takes."""
    return {key: value for key, value in weights.items() if key.startswith(_IMAGES)}


def weights_of_texts(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return those of a whole model's weights that :func:`build_texts` takes."""
    from open_clip.model import convert_to_custom_text_state_dict

    renamed = convert_to_custom_text_state_dict(dict(weights))
    return {key: value for key, value in renamed.items() if key.startswith(_TEXTS) or key == _SCALE}


def build_texts(encoder: Encoder) -> nn.Module:
    """Return the text side with the scale of its logits, without trained weights."""
    model = _make(encoder, vision_cfg=_SMALL_IMAGES)
    del model.visual
    model.logit_bias = None  # the same for all classes
    texts: nn.Module = model.eval()
    return texts


def directions(texts: nn.Module, tokenize: Tokenize, prompts: Sequence[str], port: Port) -> Tensor:
    """Return the last layer that names make, float32 (C, d), of C prompts; its logits are features times it.

    They are the network's own: the cosine of image and text, times the scale that it was trained with. Raises
    :class:`model.networks.weight_files.WeightsError` where they are no numbers, and :class:`model.port.Cancelled`.
    """
    model: Any = texts
    found = []
    for start in range(0, len(prompts), _AT_ONCE):
        if port.cancelled():
            raise Cancelled
        port.progress(start, len(prompts), "Reading the classes' names")
        with torch.no_grad():
            found.append(model.encode_text(tokenize(prompts[start : start + _AT_ONCE]), normalize=True))
    layer: Tensor = torch.cat(found) * (model.logit_scale.detach().exp() / LENGTH)
    if not bool(torch.isfinite(layer).all()):
        raise WeightsError(
            "The network reads the classes' names as NaN or infinite values; get its weights again."
        )
    return layer.float()


def find_tokenizer(encoder: Encoder, weights: Path, folder: Path, port: Port) -> Tokenize:
    """Return what turns texts into a model's tokens.

    CLIP's own comes with open_clip. Others' are a file of Hugging Face's tokenizers: ``tokenizer.json`` beside the
    weights, or one with the network's name there or in ``folder``, to which it is downloaded. Raises
    :class:`WeightsError` and :class:`model.port.Cancelled`.
    """
    import open_clip

    config: Any = open_clip.get_model_config(encoder.architecture)
    hub = config["text_cfg"].get("hf_tokenizer_name")
    if not hub:
        own: Any = open_clip.get_tokenizer(encoder.architecture)
        return lambda texts: own(list(texts))
    name = f"{encoder.name}.{_TOKENIZER}"
    places = (weights.parent / name, folder / name, weights.parent / _TOKENIZER)
    path = next((place for place in places if is_file(place)), None)
    if path is None:
        path = folder / name
        download(Origin(f"{_HUB}/{hub}/resolve/main/{_TOKENIZER}"), path, port)
    return read_tokenizer(path, config["text_cfg"])


def read_tokenizer(path: Path, config: Mapping[str, Any]) -> Tokenize:
    """Return what a file of Hugging Face's tokenizers does, as open_clip asks it to. Raises :class:`WeightsError`."""
    from open_clip.tokenizer import get_clean_fn
    from tokenizers import Tokenizer

    length = config.get("context_length", 77)
    clean = get_clean_fn(config.get("tokenizer_kwargs", {}).get("clean", "whitespace"))
    try:
        tokenizer = Tokenizer.from_str(read_file(path).decode())
        padding = tokenizer.token_to_id(_PADDING)
        if padding is None or tokenizer.get_vocab_size() > config["vocab_size"]:
            raise ValueError("another network's")
    except Exception as error:  # the library raises Exception itself
        raise WeightsError(
            f"The file {path} is not the tokenizer of this network ({error}): delete it, and it is downloaded again."
        ) from error
    tokenizer.enable_truncation(length)
    tokenizer.enable_padding(length=length, pad_id=padding, pad_token=_PADDING)

    def tokenize(texts: Sequence[str]) -> Tensor:
        return torch.tensor([found.ids for found in tokenizer.encode_batch([clean(text) for text in texts])])

    return tokenize


def _make(encoder: Encoder, **other_side: dict[str, Any]) -> Any:
    """A model whose other side is as small as can be: only one is needed, and the text side has most weights."""
    need_names(f"The network {encoder.name}")
    import open_clip

    if open_clip.get_model_config(encoder.architecture) is None:
        raise NetworkError(f"open_clip has no model named {encoder.architecture}.")
    root = logging.getLogger()  # which open_clip tells that there are no weights, as is meant here
    root.addFilter(_nothing)
    try:
        with torch.random.fork_rng(devices=[]):
            return open_clip.create_model(
                encoder.architecture, load_weights=False, force_custom_text=True, **other_side
            )
    finally:
        root.removeFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False
