"""A tiny model of open_clip with random weights, in a file: one that reads with CLIP's tokenizer, one with its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

CLIP, OTHER = "tiny-clip", "tiny-siglip"
_IMAGES = {"image_size": 32, "patch_size": 16, "width": 64, "layers": 2}
_WORDS = ("<pad>", "<eos>", "<unk>", "a", "photo", "of", "red", "green", "blue", "ein", "foto", "von", "rot")


def add_models(folder: Path) -> None:
    """Make their configurations known to open_clip."""
    import open_clip

    text = {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2}
    plain = {"embed_dim": 32, "vision_cfg": _IMAGES, "text_cfg": text}
    (folder / f"{CLIP}.json").write_text(json.dumps(plain), encoding="utf-8")
    own = {
        "context_length": 8,
        "vocab_size": 16,
        "hf_tokenizer_name": "nobody/none",
        "tokenizer_kwargs": {"clean": "canonicalize"},
        "width": 64,
        "heads": 2,
        "layers": 2,
        "no_causal_mask": True,
        "proj_bias": True,
        "pool_type": "last",
    }
    other = plain | {"text_cfg": own, "custom_text": True, "init_logit_bias": -10}
    (folder / f"{OTHER}.json").write_text(json.dumps(other), encoding="utf-8")
    for name in (CLIP, OTHER):
        open_clip.add_model_config(folder / f"{name}.json")


def make_model(name: str, seed: int = 0) -> Any:
    """The whole model as open_clip makes it, with weights large enough to tell images and texts apart."""
    import open_clip

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = open_clip.create_model(name, load_weights=False).eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for values in model.parameters():
            if values.ndim > 1:
                values.normal_(0, 0.3, generator=generator)
    return model


def save_model(model: Any, path: Path) -> Path:
    """Its weights as open_clip's own files have them."""
    save_file({key: value.contiguous() for key, value in model.state_dict().items()}, path)
    return path


def save_tokenizer(path: Path) -> Path:
    """A file as Hugging Face's tokenizers write it: words, and an end after each text."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    vocabulary = {word: place for place, word in enumerate(_WORDS)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A <eos>", special_tokens=[("<eos>", vocabulary["<eos>"])]
    )
    tokenizer.save(str(path))
    return path
