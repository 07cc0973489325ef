from __future__ import annotations

import gc
import random
import threading
import time

import numpy as np
import pytest
import torch
from PIL import Image

from model.datasets import ImageSet, Problem
from model.datasets.image_files import ImageError
from model.networks.loading import Loader
from model.networks.transforms import Transform
from model.port import Cancelled, NullPort

SIDE = 8
BYTES = 3 * SIDE * SIDE
PLAIN = Transform(SIDE, SIDE, 0, False, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


class Numbers(ImageSet):
    """Image ``i`` is one colour that tells ``i``; those in ``broken`` cannot be read."""

    def __init__(self, count, broken=()):
        super().__init__("numbers", ["a", "b"], [f"{i}.png" for i in range(count)], [-1] * count)
        self.broken = set(broken)
        self.decoded = []

    def image(self, index, fit=None):
        self.decoded.append(index)
        if index in self.broken:
            raise ImageError(f"{index}.png is damaged.")
        return Image.new("RGB", (SIDE, SIDE), (index % 256, index // 256, 7))


def seen(batches):
    """The positions of each batch, after a look at the pixels."""
    found = []
    for batch in batches:
        places = batch.positions.tolist()
        assert batch.positions.dtype == torch.int64
        assert batch.pixels.dtype == torch.uint8
        assert batch.pixels.shape == (len(places), 3, SIDE, SIDE)
        for place, pixels in zip(places, batch.pixels, strict=True):
            assert (pixels == torch.tensor([place % 256, place // 256, 7])[:, None, None]).all()
        found.append(places)
    return found


def flat(batches):
    return [place for batch in batches for place in batch]


def decoding():
    return [thread for thread in threading.enumerate() if thread.name.startswith("decode")]


def test_order_is_kept_and_what_is_in_memory_is_not_decoded_again():
    images = Numbers(700)
    order = random.Random(0).sample(range(700), 300)
    with Loader(images, PLAIN, workers=3) as loader:
        assert seen(loader.batches(order, 64)) == [order[i : i + 64] for i in range(0, 300, 64)]
        assert sorted(images.decoded) == sorted(order)
        again = random.Random(1).sample(order, 300)
        assert seen(loader.batches(np.array(again), 100)) == [again[i : i + 100] for i in range(0, 300, 100)]
        assert len(images.decoded) == 300
        assert not decoding()
        assert seen(loader.batches(range(700), 700)) == [list(range(700))]
        assert sorted(images.decoded) == list(range(700))
    assert loader.problems == ()


def test_memory_is_bounded():
    images = Numbers(200)
    with Loader(images, PLAIN, cache_bytes=50 * BYTES + 1, workers=2) as loader:
        for _ in range(3):
            begun, taken = len(images.decoded), 0
            for batch in loader.batches(range(200), 10):
                taken += len(batch.positions)
                # Twice the batch in tasks of eight, or two for each thread, and the task at hand.
                assert len(images.decoded) - begun <= taken + 8 * 5
            assert taken == 200
        assert len(images.decoded) == 200 + 150 + 150
    with Loader(images, PLAIN, cache_bytes=0, workers=1) as loader:
        assert sum(map(len, seen(loader.batches([5, 5, 7], 2)))) == 3


def test_broken_images_are_passed_over_and_named_once():
    images = Numbers(100, broken=[0, 3, 50, 51, 99])
    good = [i for i in range(100) if i not in images.broken]
    with Loader(images, PLAIN, workers=2) as loader:
        assert seen(loader.batches([*range(100), 3], 10)) == [good[i : i + 10] for i in range(0, 95, 10)]
        named = (Problem(f"{i}.png", f"{i}.png is damaged.") for i in (0, 3, 50, 51, 99))
        assert loader.problems == tuple(named)
        images.decoded.clear()
        assert seen(loader.batches(range(100), 95)) == [good]
        assert images.decoded == []
        assert len(loader.problems) == 5


def test_nothing_to_give():
    with Loader(Numbers(3, broken=[0, 1, 2]), PLAIN, workers=1) as loader:
        assert seen(loader.batches([], 4)) == []
        assert seen(loader.batches([2, 0], 4)) == []
        assert [problem.item for problem in loader.problems] == ["2.png", "0.png"]
    with Loader(Numbers(0), PLAIN) as loader:
        assert seen(loader.batches([], 4)) == []


def test_any_order_memory_and_damage():
    chance = random.Random(3)
    for _ in range(60):
        images = Numbers(40, broken=chance.sample(range(40), chance.randrange(10)))
        size, room = chance.randrange(1, 20), chance.randrange(45)
        with Loader(images, PLAIN, cache_bytes=room * BYTES, workers=chance.randrange(1, 4)) as loader:
            for _ in range(3):
                order = chance.choices(range(40), k=chance.randrange(60))
                good = [i for i in order if i not in images.broken]
                assert seen(loader.batches(order, size)) == [
                    good[i : i + size] for i in range(0, len(good), size)
                ]
        assert len({problem.item for problem in loader.problems}) == len(loader.problems)


def test_two_passes_at_once():
    with Loader(Numbers(60), PLAIN, workers=2) as loader:
        pairs = zip(loader.batches(range(60), 6), loader.batches(range(59, -1, -1), 6), strict=True)
        there, back = zip(*pairs, strict=True)
    assert flat(seen(there)) == list(range(60))
    assert flat(seen(back)) == list(range(59, -1, -1))


def test_several_images_are_decoded_at_once():
    together = threading.Barrier(3, timeout=20)

    class Waiting(Numbers):
        def image(self, index, fit=None):
            together.wait()
            return super().image(index)

    with Loader(Waiting(24), PLAIN, workers=3) as loader:
        assert flat(seen(loader.batches(range(24), 24))) == list(range(24))


def test_decoding_goes_on_while_a_batch_is_used():
    images = Numbers(64)
    with Loader(images, PLAIN, workers=1) as loader:
        batches = loader.batches(range(64), 8)
        next(batches)
        end = time.monotonic() + 20
        while len(images.decoded) < 16 and time.monotonic() < end:
            time.sleep(0.001)
        assert len(images.decoded) >= 16


def test_threads_end_with_an_abandoned_iterator():
    with Loader(Numbers(500), PLAIN, workers=2) as loader:
        batches = loader.batches(range(500), 8)
        next(batches)
        assert decoding()
        del batches
        gc.collect()
        assert not decoding()


def test_threads_end_when_the_loader_is_closed_by_an_exception():
    images = Numbers(500)

    def train():
        with Loader(images, PLAIN, workers=2) as loader:
            for _ in loader.batches(range(500), 8):
                raise ZeroDivisionError

    # The exception's traceback still holds the iterator.
    with pytest.raises(ZeroDivisionError):
        train()
    assert not decoding()
    assert len(images.decoded) < 500


def test_a_bug_in_reading_is_told_and_ends_the_threads():
    class Wrong(Numbers):
        def image(self, index, fit=None):
            if index == 30:
                raise ZeroDivisionError
            return super().image(index)

    with Loader(Wrong(500), PLAIN, workers=2) as loader:
        with pytest.raises(ZeroDivisionError):
            seen(loader.batches(range(500), 8))
        assert not decoding()
        assert loader.problems == ()


def test_waiting_for_slow_images_can_be_cancelled():
    release = threading.Event()

    class Slow(Numbers):
        def image(self, index, fit=None):
            release.wait(20)
            return super().image(index)

    class Port(NullPort):
        def cancelled(self):
            release.set()
            return True

    with Loader(Slow(9), PLAIN, workers=1) as loader, pytest.raises(Cancelled):
        next(iter(loader.batches(range(9), 9, Port())))
    assert not decoding()
