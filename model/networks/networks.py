"""The networks that can be trained, each cut before its last layer: small ones, and frozen ones of torchvision."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from types import MappingProxyType

import torch
import torchvision
from torch import Tensor, nn

from model.errors import UserError
from model.names import TRAINED_NETWORKS, check_listed

SMALL_IMAGE = 64
"""Images with sides up to this many pixels get the small-image stem of ResNet-18."""


class NetworkError(UserError):
    """A network that cannot be built or read."""


class Network(nn.Module):
    """A ``body`` that turns pixels into features, and the last layer that turns features into logits.

    A frozen body is never trained: it has no gradients and stays in evaluation mode, so that its batch
    normalisation does not drift.
    """

    def __init__(self, name: str, body: nn.Module, last: nn.Linear, frozen: bool = False) -> None:
        super().__init__()
        self.name = name
        self.body = body
        self.last = last
        self.frozen = frozen
        if frozen:
            body.requires_grad_(False)
        self.train()

    @property
    def width(self) -> int:
        """d, the number of features."""
        return self.last.in_features

    @property
    def classes(self) -> int:
        """C."""
        return self.last.out_features

    @property
    def trained(self) -> nn.Module:
        """The part that training changes."""
        return self.last if self.frozen else self

    def embed(self, pixels: Tensor) -> Tensor:
        """Return the features, (b, d), of normalised pixels, float32 (b, 3, size, size)."""
        if not self.frozen:
            return torch.flatten(self.body(pixels), 1)
        with torch.no_grad():
            return torch.flatten(self.body(pixels), 1)

    def forward(self, pixels: Tensor) -> Tensor:
        """Return the logits, (b, C), of normalised pixels, float32 (b, 3, size, size)."""
        logits: Tensor = self.last(self.embed(pixels))
        return logits

    def train(self, mode: bool = True) -> Network:
        """Set training mode, for all but a frozen body."""
        super().train(mode)
        if self.frozen:
            self.body.eval()
        return self


def build(name: str, classes: int, size: int, seed: int) -> Network:
    """Return a network of :data:`NETWORKS` for images of ``size`` pixels, with random weights.

    The same seed gives the same weights, whatever else draws random numbers meanwhile; no other generator is
    touched. Raises :class:`NetworkError`.
    """
    if name not in NETWORKS:
        known = ", ".join(NETWORKS)
        raise NetworkError(f"There is no network named {name}; choose one of {known}, or a frozen one.")
    # Without memory, torchvision's own random weights cost nothing and draw nothing.
    with torch.device("meta"):
        body, width = NETWORKS[name](size)
    body.to_empty(device="cpu")
    generator = torch.Generator().manual_seed(seed)
    initialise(body, generator)
    return Network(name, body, new_last_layer(width, classes, generator))


def frozen(name: str, body: nn.Module, width: int, classes: int, seed: int) -> Network:
    """Return ``body`` frozen, with a new last layer for its ``width`` features; see :mod:`model.networks.weights`."""
    last = new_last_layer(width, classes, torch.Generator().manual_seed(seed))
    return Network(name, body, last, frozen=True)


def initialise(module: nn.Module, generator: torch.Generator) -> None:
    """Give all layers new weights: as torchvision's ResNet has them (He et al. 2015, fan out)."""
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu", generator=generator)
        elif isinstance(layer, nn.BatchNorm2d):
            layer.reset_parameters()


def new_last_layer(width: int, classes: int, generator: torch.Generator) -> nn.Linear:
    """Return a linear layer with weights and bias uniform within 1 / sqrt(width), as torch's own are."""
    last = nn.Linear(width, classes, device="meta").to_empty(device="cpu")
    bound = 1 / math.sqrt(width)
    for values in (last.weight, last.bias):
        nn.init.uniform_(values, -bound, bound, generator=generator)
    return last


def cut(model: nn.Module) -> tuple[nn.Module, int, str]:
    """Take the last layer off a classification network of torchvision.

    Returns the network, which now ends with its features, how many they are, and the name that the last layer
    had. In all of torchvision's it is the last linear one; SqueezeNet's is a convolution of single pixels,
    and its features are the pixels' mean. Raises :class:`NetworkError` if there is no such layer.
    """
    if isinstance(model, torchvision.models.SqueezeNet):
        width = model.classifier[1].in_channels
        model.classifier = nn.AdaptiveAvgPool2d(1)
        return model, width, "classifier.1"
    linear = [(name, layer) for name, layer in model.named_modules() if isinstance(layer, nn.Linear)]
    if not linear:
        raise NetworkError(f"{type(model).__name__} has no linear last layer; choose another network.")
    name, last = linear[-1]
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, nn.Identity())
    return model, last.in_features, name


def _resnet18(size: int) -> tuple[nn.Module, int]:
    model = torchvision.models.resnet18(weights=None)
    if size <= SMALL_IMAGE:
        model.conv1 = nn.Conv2d(3, 64, 3, padding=1, bias=False)
        model.maxpool = nn.Identity()
    body, width, _ = cut(model)
    return body, width


def _small_cnn(_size: int) -> tuple[nn.Module, int]:
    """Four convolutions, each halving the sides, and the mean over what is left of the image."""
    widths = (3, 32, 64, 128, 256)
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after)]
        layers += [nn.ReLU(inplace=True), nn.MaxPool2d(2, ceil_mode=True)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1)), widths[-1]


NETWORKS: MappingProxyType[str, Callable[[int], tuple[nn.Module, int]]] = MappingProxyType(
    {"resnet18": _resnet18, "small-cnn": _small_cnn}
)
"""The networks that are trained in full: name, and what builds the body for a size and says its width."""

check_listed("networks that are trained in full", NETWORKS, TRAINED_NETWORKS)


class _SamePadding(nn.Conv2d):
    """Pads as TensorFlow's SAME: what is odd goes to the right and the bottom."""

    def forward(self, x: Tensor) -> Tensor:
        short = [
            max((-(-size // step) - 1) * step + kernel - size, 0)
            for size, step, kernel in zip(x.shape[-2:], self.stride, self.kernel_size, strict=True)
        ]
        high, wide = short
        x = nn.functional.pad(x, (wide // 2, wide - wide // 2, high // 2, high - high // 2))
        return nn.functional.conv2d(x, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


def pad_convolutions(module: nn.Module) -> None:
    """Give every convolution of stride 2 the padding of networks that TensorFlow trained."""
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d) and layer.stride == (2, 2):
            layer.__class__ = _SamePadding


def pad_as_tensorflow(network: Network) -> None:
    """Pad so, and say it in the network's name."""
    pad_convolutions(network)
    network.name += " padded as TensorFlow does"
