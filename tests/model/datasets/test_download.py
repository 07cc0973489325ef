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

from model.datasets import Cancelled, DataError, Origin, Source, State, download, downloaded, open_set, status
from model.datasets.downloaded import DOWNLOADS
from model.datasets.fetch import _recipe, _sentence, _store, main
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


def cifar10():
    """A small archive laid out as CIFAR-10's, with the images (NHWC), labels and class names it should give."""
    pixels, labels = random_images(20, 32, 32, 3), [i % 10 for i in range(20)]
    rows = pixels.transpose(0, 3, 1, 2).reshape(20, -1)
    batch = pickle.dumps({"data": rows, "labels": labels}, protocol=2)
    files = {f"data_batch_{i}": b"training %d" % i for i in range(1, 6)}
    files |= {"test_batch": batch, "batches.meta": pickle.dumps({"label_names": CIFAR_CLASSES}, protocol=2)}
    return *packed("cifar-10-batches-py", files), pixels, labels, CIFAR_CLASSES


def stl10():
    pixels, labels = random_images(10, 96, 96, 3), list(range(10))
    files = {
        "train_X.bin": b"x",
        "train_y.bin": b"y",
        "unlabeled_X.bin": b"u",
        # Column by column, one channel after the other; labels count from 1.
        "test_X.bin": pixels.transpose(0, 3, 2, 1).tobytes(),
        "test_y.bin": bytes(label + 1 for label in labels),
        "class_names.txt": "\n".join(STL_CLASSES).encode() + b"\n",
    }
    return *packed("stl10_binary", files), pixels, labels, STL_CLASSES


def svhn():
    from scipy.io import savemat

    pixels, labels = random_images(20, 32, 32, 3), [i % 10 for i in range(20)]
    stored = np.array([[label or 10] for label in labels], np.uint8)
    file = io.BytesIO()
    savemat(file, {"X": pixels.transpose(1, 2, 3, 0), "y": stored})
    return file.getvalue(), {}, pixels, labels, [str(i) for i in range(10)]


MAKERS = {"cifar10": cifar10, "stl10": stl10, "svhn": svhn}


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
    server.content, members, *expected = MAKERS[name]()
    return Origin(server.url, hashlib.md5(server.content).hexdigest(), members), expected


def never():
    return False


@pytest.mark.parametrize("name", list(MAKERS))
def test_download(name, server, tmp_path):
    origin, (pixels, labels, classes) = serve(server, name)
    told = []
    cache = tmp_path / "new" / "cache"
    # What a killed download, or one by hand, may have left.
    for left in (f".{name}-left", name):
        (cache / left).mkdir(parents=True)
        (cache / left / "images.npy").write_bytes(b"half")
    assert status(Source(name), cache).state is State.NEEDS_DOWNLOAD
    download(name, cache, lambda *step: told.append(step), never, origin)
    assert sorted(path.name for path in cache.iterdir() if not path.name.endswith(".lock")) == [name]
    assert status(Source(name), cache).state is State.READY
    images = open_set(Source(name), cache)
    assert list(images.labels) == labels
    assert images.classes == tuple(classes)
    for index in range(len(labels)):
        assert (np.asarray(images.image(index)) == pixels[index]).all()
    check_contract(images)
    assert all(0 <= done <= total for done, total, _ in told)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[-1][:2] == (len(server.content), len(server.content))
    assert DOWNLOADS[name].title in told[0][2]
    download(name, cache, lambda *_: pytest.fail("asked again"), never, origin)
    assert server.requests == 1


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
    _store(tmp_path, random_images(20, 32, 32, 3), [0, 1] * 10, ["a", "b"])
    folder = (tmp_path / "ready").rename(tmp_path / "svhn")
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
    with pytest.raises(DataError, match=r"STL-10 needs 6,000 MB of disk space .* has 100 MB; free some"):
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


def test_expected_failures_have_their_sentence():
    full = _sentence(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), DOWNLOADS["svhn"])
    assert full == (
        "The disk is full: SVHN needs 350 MB while it is unpacked. Free some space and try again."
    )
    assert "scipy" in (_sentence(ModuleNotFoundError("no", name="scipy"), DOWNLOADS["svhn"]) or "")
    assert _sentence(RuntimeError("a bug"), DOWNLOADS["svhn"]) is None
