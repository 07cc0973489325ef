from __future__ import annotations

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from model.datasets import (
    DATASETS,
    POOLS,
    UNKNOWN,
    DataError,
    ImageSet,
    SetState,
    Source,
    download,
    needs_path,
    open_set,
    status,
)
from model.datasets.registry import Entry, SetKind, register

NAMES = ["digits", "shapes", "cifar10", "stl10", "svhn", "ucmerced", "folder", "csv"]


TO_LABEL = ["cifar100", "cifar10-train", "cifar100-train", "stl10-train", "svhn-train"]


def test_names():
    assert list(DATASETS) == NAMES
    assert list(POOLS) == TO_LABEL


def test_unknown_name_lists_the_known(tmp_path):
    for call in (
        lambda: open_set(Source("mnist"), tmp_path),
        lambda: status(Source("mnist"), tmp_path),
        lambda: needs_path("mnist"),
        lambda: download("mnist", tmp_path, lambda *_: None, lambda: False),
    ):
        with pytest.raises(
            DataError, match="no data set 'mnist'; choose one of digits, shapes, cifar10, stl10"
        ):
            call()


def test_duplicate_name_is_refused():
    with pytest.raises(ValueError, match="already a data set named 'digits'"):
        register("digits", Entry("Again", SetKind.BUILT_IN, lambda _: pytest.fail("opened")), POOLS)
    with pytest.raises(ValueError, match="already a data set named 'cifar100'"):
        register("cifar100", Entry("Again", SetKind.BUILT_IN, lambda _: pytest.fail("opened")))
    assert DATASETS["digits"].title == "Handwritten digits"


def test_paths_are_needed_where_a_person_has_the_data():
    assert [name for name in NAMES if needs_path(name)] == ["ucmerced", "folder", "csv"]


def test_status(tmp_path):
    assert status(Source("digits"), tmp_path).state is SetState.READY
    cifar = status(Source("cifar10"), tmp_path)
    assert cifar.state is SetState.NEEDS_DOWNLOAD
    assert cifar.text == "CIFAR-10 is not here yet: 171 MB to download."
    assert "2,640 MB" in status(Source("stl10"), tmp_path).text
    part = status(Source("svhn-train"), tmp_path)
    assert part.text == "SVHN (training part) is not here yet: 182 MB to download."
    assert status(Source("folder"), tmp_path).state is SetState.NEEDS_FOLDER
    gone = status(Source("csv", tmp_path / "gone.csv"), tmp_path)
    assert gone.state is SetState.NEEDS_FOLDER
    assert "does not exist; choose the CSV file" in gone.text
    assert status(Source("folder", Path("x" * 5000)), tmp_path).state is SetState.NEEDS_FOLDER
    assert status(Source("folder", tmp_path), tmp_path).state is SetState.READY


def test_opening_what_is_not_ready_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match=r"64 MB to download\. Download it first"):
        open_set(Source("svhn"), tmp_path)
    with pytest.raises(DataError, match="choose the folder"):
        open_set(Source("ucmerced"), tmp_path)


def test_only_downloads_are_downloaded(tmp_path):
    with pytest.raises(DataError, match="digits is not one to download; it is built in"):
        download("digits", tmp_path, lambda *_: None, lambda: False)


@pytest.mark.parametrize("name", ["digits", "shapes"])
def test_contract_of_built_in_sets(name, tmp_path):
    images = open_set(Source(name), tmp_path)
    check_contract(images)
    assert images.problems == ()
    assert list(tmp_path.iterdir()) == []


def check_contract(images: ImageSet) -> None:
    """What holds for every set, whatever it is read from."""
    assert len(images) == len(images.items) == len(images.labels) > 0
    assert len(set(images.items)) == len(images.items)
    assert set(images.labels) == set(range(len(images.classes)))
    assert all(images.index_of(images.items[i]) == i for i in (0, len(images) // 2, len(images) - 1))
    with pytest.raises(KeyError):
        images.index_of("no such item")
    picks = [0, len(images) // 3, len(images) - 1]
    alone = [images.image(i).tobytes() for i in picks]
    with ThreadPoolExecutor(4) as pool:
        assert [image.tobytes() for image in pool.map(images.image, picks * 4)] == alone * 4
    natural, small = images.image(0), images.image(0, (20, 10))
    assert natural.mode == small.mode == "RGB"
    assert small.width <= 20
    assert small.height <= 10
    assert images.image(0, (9999, 9999)).size == natural.size
    assert len(images.fingerprint()) == 64
    hashes = [images.content_hash(i) for i in picks]
    assert hashes == [images.content_hash(i) for i in picks]
    assert all(len(bytes.fromhex(text)) == 16 for text in hashes)
    # Different pixels have different hashes.
    assert len(set(hashes)) >= len(set(alone))


def test_fingerprint_depends_on_classes_items_and_labels():
    class Bare(ImageSet):
        def image(self, index, fit=None):
            raise NotImplementedError

    sets = [
        Bare("x", ["a", "b"], ["1", "2"], [0, 1]),
        Bare("x", ["a", "c"], ["1", "2"], [0, 1]),
        Bare("x", ["a", "b"], ["1", "3"], [0, 1]),
        Bare("x", ["a", "b"], ["1", "2"], [1, 0]),
        Bare("x", ["a", "b", "1"], ["2"], [0, 1]),
        Bare("x", ["ab"], ["1", "2"], [0, 1]),
    ]
    assert len({s.fingerprint() for s in sets}) == len(sets)
    assert Bare("y", ["a", "b"], ["1", "2"], [0, 1]).fingerprint() == sets[0].fingerprint()


def test_content_hash_depends_on_size_and_pixels():
    class Plain(ImageSet):
        def image(self, index, fit=None):
            return [
                Image.new("RGB", (2, 3), "red"),
                Image.new("RGB", (3, 2), "red"),
                Image.new("RGB", (2, 3), "blue"),
                Image.new("RGB", (2, 3), "red"),
            ][index]

    images = Plain("x", ["a", "b"], list("1234"), [UNKNOWN] * 4)
    hashes = [images.content_hash(i) for i in range(4)]
    assert len(set(hashes)) == 3
    assert hashes[3] == hashes[0]
    # Hashes are kept with labels and features: they must never change.
    assert hashes[0] == hashlib.blake2b(b"2 x 3:" + b"\xff\0\0" * 6, digest_size=16).hexdigest()


def test_importing_costs_little():
    """The study starts without the heavy packages; only Pillow is loaded."""
    heavy = ["torch", "torchvision", "numpy", "requests", "pooch", "scipy", "sklearn", "filelock"]
    script = (
        f"import sys, model.datasets, model.datasets.images; print([m for m in {heavy} if m in sys.modules])"
    )
    root = Path(__file__).parents[3]
    shown = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"
