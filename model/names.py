"""Names of strategies, networks and training settings, for whoever lists them without torch, and the unknown label.

The registries that say what is behind a name compare theirs with these when they are imported (:func:`check_listed`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from model.tiers import Tier

UNKNOWN = -1
"""The label of an item whose class is not known."""

AUTO = "auto"
"""The program chooses: a network by the images, a strategy by who chooses the budgets."""

STRATEGIES: Mapping[Tier, tuple[str, ...]] = {
    Tier.HARD: ("badge", "bait", "entropy", "least-confidence", "margin", "typical", "random"),
    Tier.INTERMEDIATE: ("sample", "logdetmi", "flqmi", "flvmi", "gcmi", "com"),
    Tier.EASY: ("certified", "highest-confidence", "per-class-confidence"),
}
"""In the order in which they are offered; a tier's default is its ``strategy``."""

EVEN_STRATEGIES = ("random", "sample")
"""Strategies that draw evenly at random from the items without a label that are left to their tier."""

TRAINED_NETWORKS = ("small-cnn", "resnet18")
"""Networks that are trained in full."""

FROZEN_NETWORKS = (
    "mobilenet_v2",
    "vit_small_patch14_reg4_dinov2.lvd142m",
    "tf_efficientnet_lite2.in1k",
    "convnext_tiny.fb_in22k",
    "vit_base_patch14_dinov2.lvd142m",
    "vit_base_patch16_siglip_224.v2_webli",
    "resnet50",
    "efficientnet_b0",
    "mobilenet_v2_tf",
    "convnext_tiny.eupe_lvd1689m",
    "ViT-B-16-SigLIP2.webli",
    "ViT-B-32.laion2b_s34b_b79k",
)
"""Used frozen with a new last layer, the default first; any other of torchvision's or timm's may be named too."""

POOL_PRESET = "pool"
"""The training settings that live rounds use by default."""

PRESETS = (POOL_PRESET, "quick", "paper-cifar", "paper-finegrained", "authors-cifar", "authors-finegrained")
"""Training settings."""


class Partitions(str, Enum):
    """How the pool is cut before the intermediate tier is selected in each part."""

    NONE = "none"
    RANDOM = "random"  # the paper
    CONTIGUOUS = "contiguous"  # the authors' code


class Engine(str, Enum):
    """Who maximises the intermediate tier's function."""

    OWN = "own"
    SUBMODLIB = "submodlib"


def check_listed(what: str, registered: Iterable[str], listed: Iterable[str]) -> None:
    """Raise ``ValueError`` if a registry and its list here differ."""
    different = sorted(set(registered) ^ set(listed))
    if different:
        raise ValueError(f"model.names and the {what} differ in {', '.join(different)}.")
