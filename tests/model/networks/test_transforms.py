from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from PIL import Image
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional

from model.networks.transforms import Transform, fine_grained, small_images

PRESETS = [small_images(), small_images(20), fine_grained()]
SMALL = Transform(6, 8, 2, True, (0.4, 0.5, 0.6), (0.2, 0.3, 0.4))


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def random_pixels(transform, count=5):
    shape = (count, 3, transform.resize, transform.resize)
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=seeded(9))


def normalised(transform):
    return v2.Compose(
        [v2.ToDtype(torch.float32, scale=True), v2.Normalize(list(transform.mean), list(transform.std))]
    )


def test_presets_are_the_papers():
    assert replace(small_images(), mean=(0, 0, 0), std=(1, 1, 1)) == Transform(
        32, 32, 4, True, (0, 0, 0), (1, 1, 1)
    )
    fine = fine_grained()
    assert (fine.size, fine.resize, fine.padding, fine.flip) == (224, 256, 0, True)
    assert (fine.mean, fine.std) == ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


@pytest.mark.parametrize("transform", PRESETS)
@pytest.mark.parametrize("size", [(500, 333), (20, 41), (32, 32)])
def test_load_is_torchvisions_resize(transform, size):
    image = Image.effect_noise(size, 80).convert("RGB")
    image.putpixel((3, 5), (250, 3, 77))
    theirs = v2.Compose([v2.Resize((transform.resize, transform.resize)), v2.PILToTensor()])(image)
    ours = transform.load(image)
    assert ours.dtype == torch.uint8
    assert torch.equal(ours, theirs)


@pytest.mark.parametrize("transform", [*PRESETS, SMALL])
def test_test_is_torchvisions_centre_crop_of_each_image(transform):
    pixels = random_pixels(transform)
    theirs = v2.Compose([v2.CenterCrop(transform.size), normalised(transform)])
    ours = transform.test(pixels)
    assert ours.dtype == torch.float32
    assert torch.equal(ours, torch.stack([theirs(image) for image in pixels]))


@pytest.mark.parametrize("transform", [*PRESETS, SMALL])
def test_train_is_torchvisions_crop_and_flip_of_each_image(transform):
    pixels = random_pixels(transform, 7)
    draws = seeded(4)
    places = transform.resize + 2 * transform.padding - transform.size + 1
    top, left = torch.randint(places, (2, 7), generator=draws).tolist()
    turned = (torch.rand(7, generator=draws) < 0.5).tolist()
    assert len(set(zip(top, left, strict=True))) == 7
    assert set(turned) == {True, False}
    theirs = []
    for image, y, x, turn in zip(pixels, top, left, turned, strict=True):
        padded = functional.pad(image, [transform.padding])
        crop = functional.crop(padded, y, x, transform.size, transform.size)
        theirs.append(normalised(transform)(functional.horizontal_flip(crop) if turn else crop))
    assert torch.equal(transform.train(pixels, seeded(4)), torch.stack(theirs))


def test_a_crop_by_hand():
    """2 x 2 pixels within a frame of one black pixel: the nine crops of 2 x 2, and their mirror images."""
    transform = Transform(2, 2, 1, True, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    pixels = torch.tensor([[10, 20], [30, 40]], dtype=torch.uint8).expand(2000, 3, 2, 2)
    crops = (255 * transform.train(pixels, seeded())).round().to(torch.int64)
    assert (crops == crops[:, :1]).all()
    framed = [[0, 0, 0, 0], [0, 10, 20, 0], [0, 30, 40, 0], [0, 0, 0, 0]]
    expected = set()
    for y in range(3):
        for x in range(3):
            (a, b), (c, d) = framed[y][x : x + 2], framed[y + 1][x : x + 2]
            expected |= {(a, b, c, d), (b, a, d, c)}
    found, counts = crops[:, 0].reshape(2000, 4).unique(dim=0, return_counts=True)
    assert {tuple(crop) for crop in found.tolist()} == expected
    # A crop that occurs in two ways is 2 of 18, about 222 +- 14; the others half of that.
    assert counts.min() > 60
    assert counts.max() < 300


def test_every_place_is_as_likely():
    transform = replace(small_images(), mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0), flip=False)
    rows = torch.arange(32, dtype=torch.uint8) + 100
    pixels = torch.stack([rows[:, None].expand(32, 32), rows.expand(32, 32), torch.zeros(32, 32).byte()])
    crops = (255 * transform.train(pixels.expand(8100, 3, 32, 32), seeded(1))).round()
    places = (crops[:, 0, 16, 16] - 112) * 9 + (crops[:, 1, 16, 16] - 112)
    counts = torch.bincount(places.to(torch.int64), minlength=81)
    assert counts.shape == (81,)
    # Chi-square with 80 degrees of freedom: 0.001 of draws lie above 124.8.
    assert ((counts - 100) ** 2 / 100).sum() < 124.8


def test_the_same_seed_gives_the_same_and_the_global_generator_is_left_alone():
    pixels = random_pixels(SMALL, 20)
    before = torch.random.get_rng_state()
    generator = seeded(3)
    first, second = SMALL.train(pixels, generator), SMALL.train(pixels, generator)
    assert not torch.equal(first, second)
    assert torch.equal(first, SMALL.train(pixels, seeded(3)))
    SMALL.test(pixels)
    assert torch.equal(before, torch.random.get_rng_state())


def test_without_crop_and_flip_training_is_as_testing():
    plain = Transform(8, 8, 0, False, (0.4, 0.5, 0.6), (0.2, 0.3, 0.4))
    pixels = random_pixels(plain)
    kept = pixels.clone()
    assert torch.equal(plain.train(pixels, seeded()), plain.test(pixels))
    assert torch.equal(pixels, kept)


def test_no_images():
    empty = random_pixels(SMALL, 0)
    assert SMALL.train(empty, seeded()).shape == SMALL.test(empty).shape == (0, 3, 6, 6)


def test_key_tells_what_testing_does():
    assert replace(SMALL, padding=0, flip=False).key == SMALL.key
    others = [
        replace(SMALL, size=5),
        replace(SMALL, resize=9),
        replace(SMALL, mean=(0.4, 0.5, 0.5)),
        replace(SMALL, std=(0.2, 0.3, 0.5)),
    ]
    assert len({transform.key for transform in [SMALL, *others, *PRESETS]}) == 8


@pytest.mark.parametrize(("size", "resize", "padding"), [(9, 8, 0), (0, 8, 0), (8, 8, -1)])
def test_sizes_that_do_not_fit(size, resize, padding):
    with pytest.raises(ValueError, match="No crop of"):
        Transform(size, resize, padding, False, SMALL.mean, SMALL.std)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_gpu_the_same_is_drawn():
    pixels = random_pixels(SMALL, 20)
    there = SMALL.train(pixels.cuda(), seeded(2))
    assert there.is_cuda
    assert torch.allclose(there.cpu(), SMALL.train(pixels, seeded(2)), rtol=0, atol=1e-6)
