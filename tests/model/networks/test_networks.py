"""Networks: built from a seed, cut before the last layer, frozen where they are to be."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from model.networks.networks import NETWORKS, Network, NetworkError, build, cut, frozen, initialise
from model.networks.weights import backbone_names, empty_backbone, fingerprint

# One or two of each family; the rest differ in size alone.
ARCHITECTURES = {
    "alexnet": 4096,
    "convnext_tiny": 768,
    "densenet121": 1024,
    "efficientnet_b0": 1280,
    "efficientnet_v2_s": 1280,
    "googlenet": 1024,
    "inception_v3": 2048,
    "maxvit_t": 512,
    "mnasnet0_5": 1280,
    "mobilenet_v2": 1280,
    "mobilenet_v3_small": 1024,
    "regnet_y_400mf": 440,
    "resnet18": 512,
    "resnext50_32x4d": 2048,
    "shufflenet_v2_x0_5": 1024,
    "squeezenet1_1": 512,
    "swin_t": 768,
    "swin_v2_t": 768,
    "vgg11": 4096,
    "vit_b_32": 768,
}


@pytest.mark.parametrize("name", list(NETWORKS))
@pytest.mark.parametrize("size", [16, 65])
def test_the_last_layer_gets_the_features(name, size):
    network = build(name, 5, size, seed=1).eval()
    pixels = torch.rand(2, 3, size, size, generator=torch.Generator().manual_seed(1))
    features = network.embed(pixels)
    assert features.shape == (2, network.width)
    assert torch.equal(network(pixels), network.last(features))
    assert network(pixels).shape == (2, 5) == (2, network.classes)
    assert all(bool(torch.isfinite(p).all()) for p in network.parameters())


def test_small_images_get_the_small_stem():
    small, large = build("resnet18", 3, 64, 0), build("resnet18", 3, 65, 0)
    assert small.body.conv1.stride == (1, 1)
    assert isinstance(small.body.maxpool, nn.Identity)
    assert large.body.conv1.stride == (2, 2)
    assert isinstance(large.body.maxpool, nn.MaxPool2d)
    # 11.17 million weights is what He et al.'s small-image variants of this depth have.
    assert sum(p.numel() for p in build("resnet18", 10, 32, 0).parameters()) == 11_173_962


def test_first_weights_are_spread_as_he_says():
    conv = nn.Conv2d(64, 128, 3)
    initialise(conv, torch.Generator().manual_seed(0))
    assert float(conv.weight.detach().std()) == pytest.approx((2 / (128 * 9)) ** 0.5, rel=0.02)


@pytest.mark.parametrize("name", list(NETWORKS))
@pytest.mark.usefixtures("someone_draws")
def test_a_seed_gives_the_same_weights_whatever_else_draws(name):
    first = fingerprint(build(name, 4, 32, seed=3))
    assert fingerprint(build(name, 4, 32, seed=3)) == first
    assert fingerprint(build(name, 4, 32, seed=4)) != first


def test_building_draws_nothing_from_the_common_generator():
    before = torch.get_rng_state()
    build("small-cnn", 4, 32, seed=3)
    empty_backbone("mobilenet_v3_small")
    empty_backbone("regnet_y_400mf")
    assert torch.equal(torch.get_rng_state(), before)


def test_an_unknown_network_is_refused_with_the_known_ones():
    with pytest.raises(NetworkError, match=r"resnet18, small-cnn"):
        build("resnet", 4, 32, 0)


@pytest.mark.parametrize(("name", "width"), ARCHITECTURES.items())
def test_networks_of_torchvision_are_cut_before_their_last_layer(name, width):
    body, found, last = cut(empty_backbone(name))
    assert found == width
    side = 299 if name == "inception_v3" else 224
    pixels = torch.zeros(2, 3, side, side, device=next(body.parameters()).device)
    with torch.no_grad():
        assert torch.flatten(body.eval()(pixels), 1).shape == (2, width)
    assert not [key for key in body.state_dict() if key.startswith(f"{last}.")]


def test_every_classification_network_of_torchvision_has_a_name_here():
    assert set(ARCHITECTURES) <= set(backbone_names())
    assert "fcn_resnet50" not in backbone_names()


def test_a_network_without_a_linear_layer_is_refused():
    with pytest.raises(NetworkError, match="no linear last layer"):
        cut(nn.Sequential(nn.Conv2d(3, 4, 1)))


def frozen_one() -> Network:
    body = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout(0.5), nn.AdaptiveAvgPool2d(1))
    return frozen("tiny", body, 4, 2, seed=0)


def test_a_frozen_body_stays_as_it_is():
    network = frozen_one()
    before = fingerprint(network.body)
    pixels = torch.rand(6, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    network.train()
    first = network(pixels)
    first.sum().backward()
    assert torch.equal(network(pixels), first)  # no dropout, no statistics of the batch
    assert fingerprint(network.body) == before
    assert all(p.grad is None for p in network.body.parameters())
    assert network.last.weight.grad is not None
    assert not network.body.training
    assert network.last.training
    assert network.trained is network.last


def test_a_new_last_layer_depends_on_its_seed_alone():
    assert torch.equal(frozen_one().last.weight, frozen_one().last.weight)
