"""Weights for frozen networks without a download."""

from __future__ import annotations

import torch

from model.networks.weights import empty_backbone


def random_weights(name: str) -> dict[str, torch.Tensor]:
    """Weights as torchvision's own network saves them, small random ones."""
    weights = empty_backbone(name).to_empty(device="cpu").state_dict()
    generator = torch.Generator().manual_seed(0)
    for key, value in weights.items():
        if not value.is_floating_point():
            value.zero_()
            continue
        value.normal_(0, 0.05, generator=generator)
        if "var" in key:
            value.abs_()
    return weights
