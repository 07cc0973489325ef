from __future__ import annotations

import json
import shutil
import sys
import threading

import numpy as np
import pytest
from filelock import FileLock

from model.datasets import (
    DATASETS,
    POOLS,
    DataError,
    SetState,
    Source,
    download,
    downloaded,
    open_set,
    status,
)
from model.datasets.downloaded import DOWNLOADS
from model.datasets.fetch import Reporter, _store, fetch
from model.datasets.registry import SetKind
from model.port import Cancelled
from tests.model.datasets.archives import CIFAR_CLASSES, MAKERS, random_images, serve
from tests.model.datasets.archives import server as server
from tests.model.datasets.test_registry import check_contract


def nothing_left(cache, name):
    """Whether neither data nor anything half-made lies in the cache; the lock's empty file may stay."""
    return all(path.name == f".{name}.lock" and path.stat().st_size == 0 for path in cache.iterdir())


def never():
    return False


class Told(Reporter):
    """Reports to the caller itself."""

    def __init__(self, title, progress):
        super().__init__(sys.stdout, title)
        self._progress = progress

    def say(self, **message):
        self._progress(message["done"], message["total"], message["text"])


@pytest.fixture
def no_child(monkeypatch):
    """Download in this process, which needs to import torchvision only once."""

    def run(archive, work, progress, cancelled, origin):
        fetch(archive, work, Told(DOWNLOADS[archive].title, progress), origin)

    monkeypatch.setattr(downloaded, "_run_child", run)


def test_download_by_a_child(server, tmp_path):
    check_download("cifar10", server, tmp_path)


@pytest.mark.parametrize("archive", list(MAKERS))
def test_download(archive, server, tmp_path, no_child):
    check_download(archive, server, tmp_path)


def check_download(archive, server, tmp_path):
    origin, sets = serve(server, archive)
    name, *others = sorted(sets, reverse=True)
    told = []
    cache = tmp_path / "new" / "cache"
    # What a killed download, or one by hand, may have left.
    for left in (f".{archive}_left", name):
        (cache / left).mkdir(parents=True)
        (cache / left / "images.npy").write_bytes(b"half")
    assert status(Source(name), cache).state is SetState.NEEDS_DOWNLOAD
    download(name, cache, lambda *step: told.append(step), never, origin)
    assert {path.name for path in cache.iterdir() if not path.name.endswith(".lock")} == set(sets)
    for made, (pixels, labels, classes) in sets.items():
        assert status(Source(made), cache).state is SetState.READY
        images = open_set(Source(made), cache)
        assert images.items[0] == ("train/00000" if made.endswith("-train") else "test/00000")
        assert list(images.labels) == labels
        assert images.classes == tuple(classes)
        for index in range(len(labels)):
            assert (np.asarray(images.image(index)) == pixels[index]).all()
        check_contract(images)
    assert all(0 <= done <= total for done, total, _ in told)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[-1][:2] == (len(server.content), len(server.content))
    assert DOWNLOADS[archive].title in told[0][2]
    for made in (name, *others):
        download(made, cache, lambda *_: pytest.fail("asked again"), never, origin)
    assert server.requests == 1


def test_a_part_that_is_there_stays_as_it_is(server, tmp_path, no_child):
    origin, sets = serve(server, "cifar10")
    mine = random_images(10, 32, 32, 3)
    _store(tmp_path / "cifar10", mine, list(range(10)), CIFAR_CLASSES)
    download("cifar10-train", tmp_path, lambda *_: None, never, origin)
    assert (np.asarray(open_set(Source("cifar10"), tmp_path).image(3)) == mine[3]).all()
    train = open_set(Source("cifar10-train"), tmp_path)
    assert (np.asarray(train.image(7)) == sets["cifar10-train"][0][7]).all()


def test_one_part_does_not_clear_away_what_another_is_making(server, tmp_path, no_child):
    """SVHN's parts are two archives, and may be downloaded at the same time."""
    origin, _ = serve(server, "svhn")
    (tmp_path / ".svhn-train_busy").mkdir()
    download("svhn", tmp_path, lambda *_: None, never, origin)
    assert (tmp_path / ".svhn-train_busy").is_dir()


def test_wrong_checksum(server, tmp_path):
    origin, _ = serve(server, "svhn")
    server.content = server.content[:-1] + b"?"
    with pytest.raises(
        DataError, match=r"downloaded as SVHN is damaged \(its checksum is wrong\); try again"
    ):
        download("svhn", tmp_path, lambda *_: None, never, origin)
    assert nothing_left(tmp_path, "svhn")
    assert status(Source("svhn"), tmp_path).state is SetState.NEEDS_DOWNLOAD


def test_cancel_in_the_middle(server, tmp_path):
    origin, _ = serve(server, "svhn")
    server.content += bytes(2_000_000)
    server.held_after = 1_000_000
    begun = threading.Event()

    def progress(done, total, text):
        if done > 0:
            begun.set()

    with pytest.raises(Cancelled):
        download("svhn", tmp_path, progress, begun.is_set, origin)
    assert nothing_left(tmp_path, "svhn")
    assert server.requests == 1


@pytest.mark.skipif(shutil.which("false") is None, reason="needs a program that fails")
def test_a_child_that_dies_is_told(server, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    origin, _ = serve(server, "svhn")
    with pytest.raises(DataError, match=r"SVHN ended before it was complete \(exit code 1\); try again"):
        download("svhn", tmp_path, lambda *_: None, never, origin)
    assert nothing_left(tmp_path, "svhn")


def test_two_windows_do_not_download_the_same(server, tmp_path):
    origin, _ = serve(server, "svhn")
    with (
        FileLock(tmp_path / ".svhn.lock"),
        pytest.raises(DataError, match="being downloaded by another window; wait"),
    ):
        download("svhn", tmp_path, lambda *_: None, never, origin)
    assert server.requests == 0


def test_a_shortened_file_is_not_taken_for_ready(tmp_path):
    folder = tmp_path / "svhn"
    _store(folder, random_images(20, 32, 32, 3), [0, 1] * 10, ["a", "b"])
    assert status(Source("svhn"), tmp_path).state is SetState.READY
    with (folder / "images.npy").open("r+b") as file:
        file.truncate(5000)
    assert status(Source("svhn"), tmp_path).state is SetState.NEEDS_DOWNLOAD
    facts = json.loads((folder / "labels.json").read_text())
    (folder / "labels.json").write_text(json.dumps({**facts, "bytes": 5000}))
    with pytest.raises(DataError, match="is damaged; delete that folder and download again"):
        open_set(Source("svhn"), tmp_path)


def test_too_little_disk_space_is_said_before(monkeypatch, tmp_path):
    usage = shutil.disk_usage(tmp_path)._replace(free=100_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    monkeypatch.setattr(downloaded, "_run_child", lambda *_: pytest.fail("started"))
    with pytest.raises(DataError, match=r"STL-10 needs 6,500 MB of disk space .* has 100 MB; free some"):
        download("stl10", tmp_path, lambda *_: None, never)


def test_a_cache_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match=r"SVHN cannot be stored in .*file"):
        download("svhn", tmp_path / "file", lambda *_: None, never)


def test_every_set_to_download_is_of_one_archive():
    named = [name for wanted in DOWNLOADS.values() for name in wanted.sets]
    entries = {**DATASETS, **POOLS}
    assert sorted(named) == sorted(n for n, e in entries.items() if e.kind is SetKind.DOWNLOADED)


def test_a_folder_with_modules_in_it_runs_no_code(server, tmp_path, hostile_folder):
    origin, _ = serve(server, "cifar10")
    download("cifar10", tmp_path / "cache", lambda *_: None, never, origin)
    assert downloaded.is_downloaded("cifar10", tmp_path / "cache")
    assert hostile_folder.imported() == []
