"""Small archives laid out as those of the sets to download, and a server that hands them out."""

from __future__ import annotations

import hashlib
import http.server
import io
import pickle
import tarfile
import threading

import numpy as np
import pytest

from model.datasets import Origin

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
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    thread.join()
    server.server_close()


def serve(server, name):
    server.content, members, expected = MAKERS[name]()
    return Origin(server.url, hashlib.md5(server.content).hexdigest(), members), expected
