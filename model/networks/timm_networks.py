"""timm's networks without their last layer; timm is imported when the first is made."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from model.networks.encoders import Encoder, Library, allows_commerce
from model.networks.networks import NetworkError

_CONVERTED = re.compile(r"_blocks\.(\d+)\._(\w+?)(\d?)\.(.+)")
"""Names of the package efficientnet-lite-pytorch, whose files hold the same networks."""


def describe_network(name: str, elsewhere: Callable[[str], Encoder | None] = lambda _: None) -> Encoder:
    """Return what timm's data configuration says of any of its networks that has weights.

    ``elsewhere`` is asked about a name that timm has not. Raises :class:`NetworkError` for an unknown name.
    """
    import timm

    known: Any = timm.get_pretrained_cfg(name, allow_unregistered=False) if timm.is_model(name) else None
    if known is None or not known.hf_hub_id:
        other = elsewhere(name)
        if other is not None:
            return other
        raise NetworkError(
            f"Neither torchvision nor timm has a network named {name} with trained weights; names are like resnet50 "
            "or vit_small_patch14_reg4_dinov2.lvd142m."
        )
    side = known.input_size[-1]
    body = build_body(name, side)
    return Encoder(
        name=name,
        title=name,
        library=Library.TIMM,
        resize=max(side, round(side / known.crop_pct)),
        size=side,
        scale=(known.mean, known.std),
        features=body.num_features,
        licence=str(known.license or "unknown"),
        commercial=allows_commerce(known.license),
        url=f"https://huggingface.co/{known.hf_hub_id}/resolve/main/model.safetensors",
        bicubic=known.interpolation == "bicubic",
    )


def build_body(name: str, size: int) -> Any:
    """Return a network of timm for images of ``size`` pixels that ends with its features, without trained weights."""
    import timm

    with torch.random.fork_rng(devices=[]):
        try:
            return timm.create_model(name, num_classes=0, img_size=size)
        except TypeError:  # convolutions take every size
            return timm.create_model(name, num_classes=0)


def fit_names(weights: Mapping[str, Tensor], body: nn.Module) -> dict[str, Tensor]:
    """Return weights under the names of ``body``, in its shapes, without those of a last layer."""
    module = importlib.import_module(type(body).__module__)
    renamed = _rename(dict(weights), body)
    convert = getattr(module, "checkpoint_filter_fn", None)
    if convert is not None:
        renamed = dict(convert(renamed, body))
    config: Any = body.pretrained_cfg
    heads = config.get("classifier") or ()
    for head in (heads,) if isinstance(heads, str) else heads:
        for key in (f"{head}.weight", f"{head}.bias"):
            renamed.pop(key, None)
    return renamed


def _rename(weights: dict[str, Tensor], body: nn.Module) -> dict[str, Tensor]:
    """Take efficientnet-lite-pytorch's names to timm's."""
    if "_conv_stem.weight" not in weights or not hasattr(body, "blocks"):
        return weights
    stages: Any = body.blocks
    places = [f"blocks.{s}.{b}" for s, stage in enumerate(stages) for b in range(len(stage))]
    whole = {
        "_conv_stem": "conv_stem",
        "_bn0": "bn1",
        "_conv_head": "conv_head",
        "_bn1": "bn2",
        "_fc": "classifier",
    }
    first = {"depthwise_conv": "conv_dw", "project_conv": "conv_pw", "bn1": "bn1", "bn2": "bn2"}
    later = {
        "expand_conv": "conv_pw",
        "depthwise_conv": "conv_dw",
        "project_conv": "conv_pwl",
        "bn0": "bn1",
        "bn1": "bn2",
        "bn2": "bn3",
    }
    expanded = {key.split(".")[1] for key in weights if "._expand_conv." in key}
    renamed = {}
    for key, value in weights.items():
        found = _CONVERTED.fullmatch(key)
        if found is None:
            part, _, rest = key.partition(".")
            renamed[f"{whole.get(part, part)}.{rest}"] = value
            continue
        block, kind, number, rest = found.groups()
        names = later if block in expanded else first
        place = places[int(block)] if int(block) < len(places) else f"blocks.{block}"
        renamed[f"{place}.{names.get(kind + number, kind + number)}.{rest}"] = value
    return renamed
