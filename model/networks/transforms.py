"""From an image to what a network is given: loaded once as bytes, then augmented and normalised by the batch."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from PIL import Image
from torch import Tensor
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional

from model.networks.encoders import Channels, Encoder

CIFAR_MEAN: Channels = (0.4914, 0.4822, 0.4465)
CIFAR_STD: Channels = (0.2470, 0.2435, 0.2616)
"""Mean and standard deviation over all pixels of CIFAR-10's 50,000 training images, red, green, blue, of 1."""

IMAGENET_MEAN: Channels = (0.485, 0.456, 0.406)
IMAGENET_STD: Channels = (0.229, 0.224, 0.225)
"""Those that torchvision's ImageNet weights were trained with (its documentation of the models' weights)."""


@dataclass(frozen=True)
class Transform:
    """What is done to images: resized once, cropped and flipped anew each epoch, normalised.

    ``size`` is the side of what the network gets, ``resize`` of what is kept in memory, both in pixels; the
    shape of an image is not kept. ``padding`` black pixels are put around before the random crop.
    """

    size: int
    resize: int
    padding: int
    flip: bool
    mean: Channels
    std: Channels
    bicubic: bool = field(default=False, repr=False)  # how images are resized; else bilinear

    def __post_init__(self) -> None:
        if not 0 < self.size <= self.resize or self.padding < 0:
            raise ValueError(f"No crop of {self.size} pixels fits in {self.resize} + 2 * {self.padding}.")

    @property
    def key(self) -> str:
        """What :meth:`load` and :meth:`test` do, in words: a key for what is computed from their pixels."""
        scale = "-".join(f"{value:g}" for value in (*self.mean, *self.std))
        way = "bicubic" if self.bicubic else "bilinear"
        return f"{way}{self.resize}-centre{self.size}-{scale}"

    def load(self, image: Image.Image) -> Tensor:
        """Return an RGB image as uint8 (3, resize, resize); safe to call from several threads."""
        if image.size != (self.resize, self.resize):
            way = InterpolationMode.BICUBIC if self.bicubic else InterpolationMode.BILINEAR
            image = functional.resize(image, [self.resize, self.resize], way)
        pixels: Tensor = functional.pil_to_tensor(image)
        return pixels

    def test(self, pixels: Tensor) -> Tensor:
        """Return the centres of ``pixels``, uint8 (b, 3, resize, resize), as float32 (b, 3, size, size)."""
        if self.size != self.resize:
            pixels = functional.center_crop(pixels, [self.size, self.size])
        return self._normalise(pixels)

    def train(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        """Return crops of ``pixels``, uint8 (b, 3, resize, resize), as float32 (b, 3, size, size).

        Each image has a place and a flip of its own, both drawn from ``generator`` alone and before
        anything is computed: the same state gives the same batch on whatever device.
        """
        return self._normalise(self._flip(self._crop(pixels, generator), generator))

    def _crop(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        places = self.resize + 2 * self.padding - self.size + 1
        if places == 1:
            return pixels
        corners = torch.randint(places, (2, len(pixels)), generator=generator, device=generator.device)
        top, left = _to(corners, pixels.device)
        if self.padding:
            pixels = functional.pad(pixels, [self.padding])
        # A view of every crop there is, from which each image takes one.
        crops = pixels.unfold(2, self.size, 1).unfold(3, self.size, 1)
        return crops[torch.arange(len(pixels), device=pixels.device), :, top, left]

    def _flip(self, pixels: Tensor, generator: torch.Generator) -> Tensor:
        if not self.flip:
            return pixels
        chance = torch.rand(len(pixels), generator=generator, device=generator.device)
        turned = _to(chance < 0.5, pixels.device)
        return torch.where(turned[:, None, None, None], functional.horizontal_flip(pixels), pixels)

    def _normalise(self, pixels: Tensor) -> Tensor:
        mean = _to(torch.tensor(self.mean), pixels.device)[:, None, None]
        std = _to(torch.tensor(self.std), pixels.device)[:, None, None]
        scaled: Tensor = functional.to_dtype(pixels, torch.float32, scale=True)
        return scaled.sub_(mean).div_(std)


def small_images(size: int = 32) -> Transform:
    """Return the paper's transform for CIFAR: random crop with 4 pixels of padding, flip, normalise."""
    return Transform(size, size, 4, True, CIFAR_MEAN, CIFAR_STD)


def fine_grained() -> Transform:
    """Return the paper's for CUB and Dogs: 256 x 256, a random crop of 224 (the centre in tests), flip."""
    return Transform(224, 256, 0, True, IMAGENET_MEAN, IMAGENET_STD)


def as_encoder_sees(encoder: Encoder) -> Transform:
    """Return the transform that an encoder was trained for, with a flip for augmented copies."""
    return Transform(encoder.size, encoder.resize, 0, True, *encoder.scale, bicubic=encoder.bicubic)


def _to(values: Tensor, device: torch.device) -> Tensor:
    # The few numbers of a batch must not make the processor wait for the GPU.
    return values.to(device, non_blocking=device.type == "cuda")
