"""The child process that downloads one archive; its arguments are ``NAME FOLDER [ORIGIN]``.

It alone imports torchvision, which knows where the data lies, its MD5 sums and its format. ``FOLDER`` is an
empty folder to work in; the result is its subfolder ``ready``, with a subfolder for each data set. ``ORIGIN`` is a
:class:`model.datasets.downloaded.Origin` in JSON. Every line it writes is a JSON object, with either
``done``, ``total`` (bytes) and ``text``, or ``error``, a sentence for people.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from model.datasets.downloaded import DOWNLOADS, IMAGES, LABELS, TRAIN, Download, Origin

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CHUNK = 1 << 16


class Reporter:
    """Writes progress for the parent process; also the progress bar that pooch drives."""

    def __init__(self, out: IO[str], title: str) -> None:
        self._out = out
        self._title = title
        self._done = 0
        self._told = 0.0
        self.total = 0  # set by pooch from the server's answer; 0 if that does not say

    def say(self, **message: object) -> None:
        """Write one message."""
        print(json.dumps(message), file=self._out, flush=True)

    def step(self, text: str) -> None:
        """Tell what is done now, with all bytes there or none yet."""
        self.say(done=self._done, total=max(self.total, self._done), text=text)

    def update(self, size: int) -> None:
        """Count ``size`` more bytes; told at most ten times a second."""
        self._done += size
        if self.total:
            self._done = min(self._done, self.total)
        now = time.monotonic()
        if now - self._told >= 0.1:
            self._told = now
            of = f" of {self.total / 1e6:,.0f}" if self.total else ""
            self.step(f"Downloading {self._title}: {self._done / 1e6:,.0f}{of} MB")

    def reset(self) -> None:
        """Begin again; pooch does so at the end, before it counts the whole file at once."""
        self._done = 0

    def close(self) -> None:
        """Do nothing; pooch expects it."""


@dataclass(frozen=True)
class _Recipe:
    """A torchvision class that reads from the archive at ``url``, and how to read with it."""

    reader: Any
    url: str
    md5: str
    filename: str
    packed: bool


def _recipe(name: str, origin: Origin | None) -> _Recipe:
    from torchvision.datasets import CIFAR10, CIFAR100, STL10, SVHN
    from torchvision.datasets.vision import VisionDataset

    kinds: dict[str, type[VisionDataset]] = {"cifar10": CIFAR10, "cifar100": CIFAR100, "stl10": STL10}
    kind: Any = kinds.get(name, SVHN)
    if kind is SVHN:
        part = _split(name)
        url, filename, md5 = kind.split_list[part]
        if origin is not None:
            url, md5 = origin.url, origin.md5
            kind = type(kind.__name__, (kind,), {"split_list": {part: [url, filename, md5]}})
        return _Recipe(kind, url, md5, filename, packed=False)
    if origin is None:
        return _Recipe(kind, kind.url, kind.tgz_md5, kind.filename, packed=True)
    sums = origin.members
    fields: dict[str, Any] = {
        "train_list": [[file, sums[file]] for file, _ in kind.train_list],
        "test_list": [[file, sums[file]] for file, _ in kind.test_list],
    }
    if kind is not STL10:
        fields["meta"] = {**kind.meta, "md5": sums[kind.meta["filename"]]}
    # The private names of the class follow its name, so that is kept.
    return _Recipe(type(kind.__name__, (kind,), fields), origin.url, origin.md5, kind.filename, packed=True)


def _split(name: str) -> str:
    return "train" if name.endswith(TRAIN) else "test"


def fetch(name: str, folder: Path, report: Reporter, origin: Origin | None = None) -> None:
    """Download, check, read and convert an archive's data sets into ``folder / "ready"``."""
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)
    title = DOWNLOADS[name].title
    report.step(f"Preparing to download {title}")
    recipe = _recipe(name, origin)
    raw = folder / "raw"
    archive = pooch.retrieve(
        recipe.url,
        known_hash=f"md5:{recipe.md5}",
        fname=recipe.filename,
        path=raw,
        downloader=pooch.HTTPDownloader(progressbar=report, chunk_size=_CHUNK),
    )
    report.step(f"Unpacking {title}")
    if recipe.packed:
        from torchvision.datasets.utils import extract_archive

        extract_archive(archive, str(raw))
    for part in DOWNLOADS[name].sets:
        report.step(f"Storing {title}")
        _store(folder / "made" / part, *_read(recipe.reader, raw, part))
    (folder / "made").rename(folder / "ready")


def _read(reader: Any, raw: Path, name: str) -> tuple[NDArray[np.uint8], Sequence[int], Sequence[str]]:
    """Return a data set's images (n, height, width, 3), labels and classes."""
    if name.startswith("cifar"):
        data = reader(str(raw), train=_split(name) == "train", download=False)
        return data.data, data.targets, data.classes
    data = reader(str(raw), split=_split(name), download=False)
    classes = [str(digit) for digit in range(10)] if name.startswith("svhn") else data.classes
    return data.data.transpose(0, 2, 3, 1), data.labels, classes


def _store(made: Path, pixels: NDArray[np.uint8], labels: Sequence[int], classes: Sequence[str]) -> None:
    import numpy as np

    made.mkdir(parents=True)
    np.save(made / IMAGES, np.ascontiguousarray(pixels))
    size = (made / IMAGES).stat().st_size
    facts = {"classes": list(classes), "labels": [int(label) for label in labels], "bytes": size}
    (made / LABELS).write_text(json.dumps(facts), encoding="utf-8")


def _sentence(error: Exception, wanted: Download) -> str | None:
    """Say what a failed download means to a person, or ``None`` if it is none of the expected failures."""
    import requests

    title = wanted.title
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return (
            f"The server of {title} answered {error.response.status_code} ({error.response.reason}); "
            "try again later, or get the data elsewhere and open it as a folder."
        )
    if isinstance(error, requests.RequestException):
        return (
            f"{title} could not be downloaded: its server cannot be reached or broke off. Check the "
            "connection to the internet and try again."
        )
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        need = f"{wanted.disk_megabytes:,} MB"
        return f"The disk is full: {title} needs {need} while it is unpacked. Free some space and try again."
    if isinstance(error, ValueError) and "hash" in str(error):
        return f"What was downloaded as {title} is damaged (its checksum is wrong); try again."
    if isinstance(error, ImportError):
        return f"{title} needs a Python package that is missing ({error.name}); install the program again."
    return None


def main(arguments: Sequence[str]) -> int:
    """Run the process; returns its exit code."""
    name, folder = arguments[0], Path(arguments[1])
    origin = Origin(**json.loads(arguments[2])) if len(arguments) > 2 else None
    report = Reporter(sys.stdout, DOWNLOADS[name].title)
    try:
        # Only messages go to the parent; whatever libraries print joins the errors.
        with contextlib.redirect_stdout(sys.stderr):
            fetch(name, folder, report, origin)
    except BrokenPipeError:
        return 1  # the program that asked is gone
    except Exception as error:
        sentence = _sentence(error, DOWNLOADS[name])
        if sentence is None:
            raise
        report.say(error=sentence)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
