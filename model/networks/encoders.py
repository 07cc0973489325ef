"""The encoders that can be named: frozen networks as data, without torch.

Sizes, mean, standard deviation and licence are those of timm's data configuration (``timm.get_pretrained_cfg``), of
open_clip's (``open_clip.get_pretrained_cfg``), or of torchvision's documentation. A name with a dot is timm's or
open_clip's, architecture and training.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath
from types import MappingProxyType
from urllib.parse import urlsplit

from model.names import FROZEN_NETWORKS, check_listed

Channels = tuple[float, float, float]

_IMAGENET: tuple[Channels, Channels] = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
_HALF: tuple[Channels, Channels] = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
_CLIP: tuple[Channels, Channels] = ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
_APACHE, _MIT, _BSD = (
    "Apache-2.0",
    "MIT",
    "BSD-3-Clause (torchvision's code; it names no terms for the weights)",
)
_NON_COMMERCIAL = re.compile(
    r"\bnc\b|non-?commercial|research|swag"
)  # SWAG, of torchvision's largest: CC BY-NC 4.0


class Library(Enum):
    """Who has the architecture."""

    TORCHVISION = "torchvision"
    TIMM = "timm"
    OPEN_CLIP = "open_clip"  # it sees images and reads texts; the extra part "names"


class Padding(Enum):
    """How convolutions that halve an image pad it."""

    OWN = "own"  # as the architecture does
    TENSORFLOW = "tensorflow"  # SAME: what is odd goes to the right and the bottom


@dataclass(frozen=True)
class Encoder:
    """A network that is used frozen, for its features, and where its weights come from."""

    name: str
    title: str
    library: Library
    resize: int  # pixels, to which both sides of an image are brought
    size: int  # pixels, of the centre that the network sees
    scale: tuple[Channels, Channels]  # mean and standard deviation, of 1
    features: int
    licence: str
    commercial: bool  # whether the licence of the weights allows commercial use
    url: str = ""  # of the weights; empty: only from a file
    megabytes: float = 0.0  # of the download
    sha256: str = ""  # its first digits, as far as they are known; else the server tells it
    seconds: float | None = None  # an image on one core, as measured; None: not measured
    bicubic: bool = False  # else bilinear
    padding: Padding = Padding.OWN
    languages: str = ""  # of the texts that it reads, in words; empty: it reads none

    @property
    def architecture(self) -> str:
        """Its name in the library."""
        if self.library is Library.OPEN_CLIP:
            return self.name.partition(".")[0]
        return {"mobilenet_v2_tf": "mobilenet_v2"}.get(self.name, self.name)

    @property
    def file_name(self) -> str:
        """What the file of its weights is called in a folder of weights."""
        if self.library is not Library.TORCHVISION or not self.url:
            return f"{self.name}.safetensors"
        return PurePosixPath(urlsplit(self.url).path).name

    @property
    def terms(self) -> str:
        """The licence, and in words whether it forbids commercial use."""
        return self.licence if self.commercial else f"{self.licence}: no commercial use"


def _torchvision(
    name: str, title: str, features: int, file: str, megabytes: float, seconds: float | None
) -> Encoder:
    return Encoder(
        name=name,
        title=title,
        library=Library.TORCHVISION,
        resize=256,
        size=224,
        scale=_IMAGENET,
        features=features,
        licence=_BSD,
        commercial=True,
        url=f"https://download.pytorch.org/models/{file}",
        megabytes=megabytes,
        sha256=file.removesuffix(".pth").rpartition("-")[2],
        seconds=seconds,
    )


def _timm(
    name: str,
    title: str,
    side: tuple[int, int],
    scale: tuple[Channels, Channels],
    features: int,
    megabytes: float,
    seconds: float | None,
    licence: str = _APACHE,
) -> Encoder:
    return Encoder(
        name=name,
        title=title,
        library=Library.TIMM,
        resize=side[0],
        size=side[1],
        scale=scale,
        features=features,
        licence=licence,
        commercial=allows_commerce(licence),
        url=f"https://huggingface.co/timm/{name}/resolve/main/model.safetensors",
        megabytes=megabytes,
        seconds=seconds,
        bicubic=True,
    )


def _open_clip(
    name: str,
    title: str,
    scale: tuple[Channels, Channels],
    features: int,
    hub: str,
    megabytes: float,
    licence: str,
    languages: str,
) -> Encoder:
    return Encoder(
        name=name,
        title=title,
        library=Library.OPEN_CLIP,
        resize=224,
        size=224,
        scale=scale,
        features=features,
        licence=licence,
        commercial=allows_commerce(licence),
        url=f"https://huggingface.co/{hub}/resolve/main/open_clip_model.safetensors",
        megabytes=megabytes,
        bicubic=True,
        languages=languages,
    )


def allows_commerce(licence: str | None) -> bool:
    """Whether a licence of this name, or at this address, is not known to forbid commercial use."""
    return _NON_COMMERCIAL.search((licence or "").lower()) is None


SMALL = "mobilenet_v2"
"""The encoder that begins: its features take least."""

ENCODERS: MappingProxyType[str, Encoder] = MappingProxyType(
    {
        encoder.name: encoder
        for encoder in (
            _torchvision(SMALL, "MobileNetV2", 1280, "mobilenet_v2-7ebf99e0.pth", 14.2, 0.026),
            _timm(
                "vit_small_patch14_reg4_dinov2.lvd142m",
                "DINOv2, ViT-S/14 with registers",
                (224, 224),
                _IMAGENET,
                384,
                88.2,
                None,
            ),
            _timm("tf_efficientnet_lite2.in1k", "EfficientNet-Lite2", (292, 260), _HALF, 1280, 24.6, None),
            _timm("convnext_tiny.fb_in22k", "ConvNeXt-T", (256, 224), _IMAGENET, 768, 178.4, None),
            _timm(
                "vit_base_patch14_dinov2.lvd142m", "DINOv2, ViT-B/14", (224, 224), _IMAGENET, 768, 346.3, None
            ),
            _timm(
                "vit_base_patch16_siglip_224.v2_webli",
                "SigLIP 2 base, images",
                (249, 224),
                _HALF,
                768,
                371.7,
                None,
            ),
            _torchvision("resnet50", "ResNet-50", 2048, "resnet50-11ad3fa6.pth", 102.5, None),
            _torchvision(
                "efficientnet_b0",
                "EfficientNet-B0",
                1280,
                "efficientnet_b0_rwightman-7f5810bc.pth",
                21.4,
                None,
            ),
            Encoder(
                "mobilenet_v2_tf",
                "MobileNetV2 as TensorFlow trained it",
                Library.TORCHVISION,
                256,
                224,
                _HALF,
                1280,
                _APACHE,
                True,
                seconds=0.026,
                padding=Padding.TENSORFLOW,
            ),
            _timm(
                "convnext_tiny.eupe_lvd1689m",
                "ConvNeXt-T, EUPE",
                (256, 256),
                _IMAGENET,
                768,
                111.3,
                None,
                "FAIR Noncommercial Research License",
            ),
            _open_clip(
                "ViT-B-16-SigLIP2.webli",
                "SigLIP 2 base, images and class names",
                _HALF,
                768,
                "timm/ViT-B-16-SigLIP2",
                1500.8,
                _APACHE,
                "many languages",
            ),
            _open_clip(
                "ViT-B-32.laion2b_s34b_b79k",
                "CLIP ViT-B/32 of LAION, images and class names",
                _CLIP,
                512,
                "laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
                605.1,
                _MIT,
                "English",
            ),
        )
    }
)
"""By name, in the order in which they are offered."""

BETTER = ("vit_small_patch14_reg4_dinov2.lvd142m", "tf_efficientnet_lite2.in1k")
"""Those that are tried beside the small one without being named, where their weights can be had; the best first."""

check_listed("encoders", ENCODERS, FROZEN_NETWORKS)


def reads_texts(name: str) -> bool:
    """Whether a listed network of this name reads texts, such as class names."""
    encoder = find_encoder(name)
    return encoder is not None and bool(encoder.languages)


def find_encoder(name: str) -> Encoder | None:
    """Return the encoder of a name, or of timm's name of an architecture without its training; ``None``: not listed."""
    if name in ENCODERS:
        return ENCODERS[name]
    return next(
        (e for e in ENCODERS.values() if e.library is Library.TIMM and e.name.split(".")[0] == name), None
    )
