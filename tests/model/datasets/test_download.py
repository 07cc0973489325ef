from __future__ import annotations

import errno
import hashlib
import http.server
import io
import json
import os
import pickle
import shutil
import sys
import tarfile
import threading
from dataclasses import asdict

import numpy as np
import pytest
from filelock import FileLock

from model.datasets import (
    DATASETS,
    POOLS,
    DataError,
    Origin,
    Source,
    State,
    download,
    downloaded,
    open_set,
    status,
)
from model.datasets.downloaded import DOWNLOADS
from model.datasets.fetch import Reporter, _recipe, _sentence, _store, fetch, main
from model.datasets.registry import Kind
from model.port import Cancelled
from tests.model.datasets.test_registry import check_contract

CIFAR_CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
STL_CLASSES = ["airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"]
RANDOM = np.random.default_rng(0)


def random_images(*shape):
    return RANDOM.integers(0, 256, shape, dtype=np.uint8)


def packed(folder, files):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(f"{folder}/{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return archive.getvalue(), {name: hashlib.md5(content).hexdigest() for name, content in files.items()}


def random_set(size, side, classes):
    return random_images(size, side, side, 3), [i % len(classes) for i in range(size)], classes


def pickled(**content):
    return pickle.dumps(content, protocol=2)


def rows(pixels):
    return pixels.transpose(0, 3, 1, 2).reshape(len(pixels), -1)


def cifar10():
    """A small archive laid out as CIFAR-10's, and the images (NHWC), labels and class names that it should give."""
    test, train = random_set(20, 32, CIFAR_CLASSES), random_set(50, 32, CIFAR_CLASSES)
    files = {
        f"data_batch_{i + 1}": pickled(
            data=rows(train[0][10 * i : 10 * i + 10]), labels=train[1][10 * i : 10 * i + 10]
        )
        for i in range(5)
    }
    files |= {
        "test_batch": pickled(data=rows(test[0]), labels=test[1]),
        "batches.meta": pickled(label_names=CIFAR_CLASSES),
    }
    return *packed("cifar-10-batches-py", files), {"cifar10": test, "cifar10-train": train}


def cifar100():
    fine, coarse = [f"fine {i:02d}" for i in range(100)], [f"coarse {i:02d}" for i in range(20)]
    parts = {"test": random_set(100, 32, fine), "train": random_set(200, 32, fine)}
    files = {
        name: pickled(data=rows(pixels), fine_labels=labels, coarse_labels=[i // 5 for i in labels])
        for name, (pixels, labels, _) in parts.items()
    }
    files["meta"] = pickled(fine_label_names=fine, coarse_label_names=coarse)
    return (
        *packed("cifar-100-python", files),
        {"cifar100": parts["test"], "cifar100-train": parts["train"]},
    )


def stl10():
    parts = {"test": random_set(10, 96, STL_CLASSES), "train": random_set(20, 96, STL_CLASSES)}
    files = {"unlabeled_X.bin": b"u", "class_names.txt": "\n".join(STL_CLASSES).encode() + b"\n"}
    files["fold_indices.txt"] = b"0 1\n"
    for name, (pixels, labels, _) in parts.items():
        # Column by column, one channel after the other; labels count from 1.
        files[f"{name}_X.bin"] = pixels.transpose(0, 3, 2, 1).tobytes()
        files[f"{name}_y.bin"] = bytes(label + 1 for label in labels)
    return *packed("stl10_binary", files), {"stl10": parts["test"], "stl10-train": parts["train"]}


def svhn(name="svhn"):
    from scipy.io import savemat

    pixels, labels, classes = random_set(20, 32, [str(i) for i in range(10)])
    stored = np.array([[label or 10] for label in labels], np.uint8)
    file = io.BytesIO()
    savemat(file, {"X": pixels.transpose(1, 2, 3, 0), "y": stored})
    return file.getvalue(), {}, {name: (pixels, labels, classes)}


def svhn_train():
    return svhn("svhn-train")


MAKERS = {"cifar10": cifar10, "cifar100": cifar100, "stl10": stl10, "svhn": svhn, "svhn-train": svhn_train}


class Server(http.server.ThreadingHTTPServer):
    """Serves ``content``; with ``held_after``, only that many bytes and then nothing until released."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = b""
        self.status = 200
        self.held_after: int | None = None
        self.cut_after: int | None = None
        self.requests = 0
        self.release = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}/data"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self):
        server = self.server
        server.requests += 1
        self.send_response(server.status)
        self.send_header("Content-Length", str(len(server.content)))
        self.end_headers()
        if server.cut_after is not None:
            self.wfile.write(server.content[: server.cut_after])
            return
        if server.held_after is not None:
            self.wfile.write(server.content[: server.held_after])
            server.release.wait(60)
            return
        self.wfile.write(server.content)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def nothing_left(cache, name):
    """Whether neither data nor anything half-made lies in the cache; the lock's empty file may stay."""
    return all(path.name == f".{name}.lock" and path.stat().st_size == 0 for path in cache.iterdir())


def serve(server, name):
    server.content, members, expected = MAKERS[name]()
    return Origin(server.url, hashlib.md5(server.content).hexdigest(), members), expected


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
    assert status(Source(name), cache).state is State.NEEDS_DOWNLOAD
    download(name, cache, lambda *step: told.append(step), never, origin)
    assert {path.name for path in cache.iterdir() if not path.name.endswith(".lock")} == set(sets)
    for made, (pixels, labels, classes) in sets.items():
        assert status(Source(made), cache).state is State.READY
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
    assert status(Source("svhn"), tmp_path).state is State.NEEDS_DOWNLOAD


def failure(name, origin, folder, capsys):
    """The error that the child process reports, run here to save the import of torch."""
    assert main([name, str(folder), json.dumps(asdict(origin))]) == 1
    messages = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(message) for message in messages[:-1]] == [["done", "total", "text"]] * (len(messages) - 1)
    return messages[-1]["error"]


def test_torchvision_checks_the_files_inside(server, tmp_path):
    origin, _ = serve(server, "cifar10")
    wrong = Origin(origin.url, origin.md5, {**origin.members, "test_batch": "0" * 32})
    with pytest.raises(RuntimeError, match="corrupted"):
        main(["cifar10", str(tmp_path), json.dumps(asdict(wrong))])
    assert not (tmp_path / "ready").exists()


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


def test_server_that_is_down(server, tmp_path, capsys):
    origin, _ = serve(server, "svhn")
    server.shutdown()
    server.server_close()
    text = failure("svhn", origin, tmp_path, capsys)
    assert text.startswith("SVHN could not be downloaded")
    assert "Check the connection to the internet" in text


def test_connection_that_breaks_off(server, tmp_path, capsys):
    origin, _ = serve(server, "svhn")
    server.cut_after = 1000
    assert "broke off" in failure("svhn", origin, tmp_path, capsys)
    assert list((tmp_path / "raw").iterdir()) == []


def test_server_that_has_it_no_more(server, tmp_path, capsys):
    origin, _ = serve(server, "svhn")
    server.status = 404
    assert "server of SVHN answered 404 (Not Found)" in failure("svhn", origin, tmp_path, capsys)


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
    assert status(Source("svhn"), tmp_path).state is State.READY
    with (folder / "images.npy").open("r+b") as file:
        file.truncate(5000)
    assert status(Source("svhn"), tmp_path).state is State.NEEDS_DOWNLOAD
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


def test_every_download_is_known_to_torchvision():
    """What is downloaded without an origin is what torchvision names."""
    recipes = {name: _recipe(name, None) for name in DOWNLOADS}
    assert recipes["cifar10"].md5 == "c58f30108f718f92721af3b95e74349a"
    assert recipes["stl10"].md5 == "91f7769df0f17e558f3565bffb0c7dfb"
    assert recipes["svhn"].md5 == "eb5a983be6a315427106f1b164d9cef3"
    assert recipes["svhn"].url.endswith("/test_32x32.mat")
    assert recipes["cifar100"].md5 == "eb9058c3a382ffc7106e4002c42a8d85"
    assert recipes["svhn-train"].md5 == "e26dedcc434d2e4c54c9b2d4a06d8373"
    assert recipes["svhn-train"].url.endswith("/train_32x32.mat")


def test_every_set_to_download_is_of_one_archive():
    named = [name for wanted in DOWNLOADS.values() for name in wanted.sets]
    entries = {**DATASETS, **POOLS}
    assert sorted(named) == sorted(n for n, e in entries.items() if e.kind is Kind.DOWNLOADED)


def test_expected_failures_have_their_sentence():
    full = _sentence(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), DOWNLOADS["svhn"])
    assert full == (
        "The disk is full: SVHN needs 350 MB while it is unpacked. Free some space and try again."
    )
    assert "scipy" in (_sentence(ModuleNotFoundError("no", name="scipy"), DOWNLOADS["svhn"]) or "")
    assert _sentence(RuntimeError("a bug"), DOWNLOADS["svhn"]) is None
