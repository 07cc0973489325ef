"""CIFAR-10, CIFAR-100, STL-10 and SVHN: downloaded by a process of its own, kept in the cache, read from there."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import tempfile
import threading
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from PIL import Image

from model import children
from model.datasets.base import DataError, ImageSet
from model.datasets.images import scale_to_fit
from model.disk import read_file
from model.parts import need_learner
from model.port import Cancelled

IMAGES, LABELS = "images.npy", "labels.json"
TRAIN = "-train"
"""How the names of training parts end."""

_POLL_S = 0.05


@dataclass(frozen=True)
class Download:
    """What one download gives, and what a person is told before: its size, and the disk it needs for a while."""

    title: str
    megabytes: int
    disk_megabytes: int
    sets: tuple[str, ...]


DOWNLOADS = {
    "cifar10": Download("CIFAR-10", 171, 600, ("cifar10", "cifar10-train")),
    "cifar100": Download("CIFAR-100", 169, 600, ("cifar100", "cifar100-train")),
    "stl10": Download("STL-10", 2640, 6500, ("stl10", "stl10-train")),
    "svhn": Download("SVHN", 64, 350, ("svhn",)),
    "svhn-train": Download("SVHN (training part)", 182, 600, ("svhn-train",)),
}
"""By a name of their own; a set has its archive's name if it is the test part."""


@dataclass(frozen=True)
class Origin:
    """Another place to download from than torchvision's, such as a mirror or a server in a test.

    ``md5`` is the archive's; ``members`` are the MD5 sums of the files in it that torchvision checks.
    """

    url: str
    md5: str
    members: Mapping[str, str] = field(default_factory=dict)


class ArraySet(ImageSet):
    """Images in one array in a file, read from disk as they are asked for."""

    def __init__(self, name: str, folder: Path) -> None:
        import numpy as np

        try:
            facts = json.loads(read_file(folder / LABELS))
            self._pixels = np.load(folder / IMAGES, mmap_mode="r")
            labels, classes = array("i", facts["labels"]), list(facts["classes"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"The data of {name} in {folder} is damaged; delete that folder and download again."
            ) from (error)
        part = "train" if name.endswith(TRAIN) else "test"
        super().__init__(name, classes, [f"{part}/{i:05d}" for i in range(len(labels))], labels)

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        """Return image ``index``; see :meth:`ImageSet.image`."""
        import numpy as np

        return scale_to_fit(Image.fromarray(np.array(self._pixels[index])), fit)


def download_of(name: str) -> Download:
    """Return the download that gives data set ``name``."""
    return DOWNLOADS[_archive(name)]


def _archive(name: str) -> str:
    return next(archive for archive, wanted in DOWNLOADS.items() if name in wanted.sets)


def is_downloaded(name: str, cache: Path) -> bool:
    """Whether a data set lies complete in the cache."""
    folder = cache / name
    try:
        facts = json.loads(read_file(folder / LABELS))
        return bool((folder / IMAGES).stat().st_size == facts["bytes"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def download(
    name: str,
    cache: Path,
    progress: Callable[[int, int, str], None],
    cancelled: Callable[[], bool],
    origin: Origin | None = None,
) -> None:
    """Download a data set, and the others of its archive, into the cache; returns at once if it is there.

    ``progress(done, total, text)`` counts bytes. ``cancelled()`` is asked about twenty times a second.
    Nothing half-made stays behind. Raises :class:`DataError` if it fails and :class:`Cancelled` if it was stopped.
    """
    cache = cache.resolve()
    archive, wanted = _archive(name), download_of(name)
    need_learner(f"Downloading {wanted.title}")
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _alone(archive, cache):
            if is_downloaded(name, cache):
                return
            if origin is None:
                _check_space(wanted, cache)
            with tempfile.TemporaryDirectory(
                prefix=f".{archive}_", dir=cache, ignore_cleanup_errors=True
            ) as work:
                _run_child(archive, Path(work), progress, cancelled, origin)
                for made in wanted.sets:
                    # One that is there already may be in use.
                    if not is_downloaded(made, cache):
                        shutil.rmtree(cache / made, ignore_errors=True)
                        (Path(work) / "ready" / made).replace(cache / made)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(
            f"{wanted.title} cannot be stored in {cache} ({reason}); free the disk or choose another folder."
        ) from (error)


@contextmanager
def _alone(archive: str, cache: Path) -> Iterator[None]:
    """Hold the archive's lock and remove what a killed download left."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(cache / f".{archive}.lock", timeout=0):
            for left in cache.glob(f".{archive}_*"):
                shutil.rmtree(left, ignore_errors=True)
            yield
    except Timeout:
        title = DOWNLOADS[archive].title
        raise DataError(f"{title} is being downloaded by another window; wait until it is done.") from None


def _check_space(wanted: Download, cache: Path) -> None:
    free = shutil.disk_usage(cache).free // 1_000_000
    if free < wanted.disk_megabytes:
        raise DataError(
            f"{wanted.title} needs {wanted.disk_megabytes:,} MB of disk space while it is unpacked, and "
            f"{cache} has {free:,} MB; free some space and try again."
        )


def _run_child(
    archive: str,
    work: Path,
    progress: Callable[[int, int, str], None],
    cancelled: Callable[[], bool],
    origin: Origin | None,
) -> None:
    arguments = [archive, str(work)]
    if origin is not None:
        arguments.append(json.dumps(asdict(origin)))
    with (work / "errors.txt").open("w+", encoding="utf-8") as errors:
        with subprocess.Popen(
            children.command("model.datasets.fetch", *arguments),
            env=children.environment({"PYTHONUTF8": "1"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            creationflags=children.NO_WINDOW,
        ) as child:
            messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
            reader = threading.Thread(target=_read_messages, args=(child.stdout, messages), daemon=True)
            reader.start()
            try:
                failure = _relay(messages, progress, cancelled)
                child.wait()
            finally:
                _stop(child)
                reader.join()
        errors.seek(0)
        last = (errors.read().strip().splitlines() or [f"exit code {child.returncode}"])[-1]
    if failure is not None:
        raise DataError(failure)
    if child.returncode != 0:
        title = DOWNLOADS[archive].title
        raise DataError(f"The download of {title} ended before it was complete ({last}); try again.")


def _read_messages(stream: IO[str], messages: queue.Queue[dict[str, Any] | None]) -> None:
    for line in stream:
        # A child that is stopped may leave half a line.
        if line.endswith("\n"):
            messages.put(json.loads(line))
    messages.put(None)


def _relay(
    messages: queue.Queue[dict[str, Any] | None],
    progress: Callable[[int, int, str], None],
    cancelled: Callable[[], bool],
) -> str | None:
    """Pass on the child's progress until it ends; return its own words for a failure, if any."""
    failure: str | None = None
    while True:
        if cancelled():
            raise Cancelled
        try:
            message = messages.get(timeout=_POLL_S)
        except queue.Empty:
            continue
        if message is None:
            return failure
        if "error" in message:
            failure = message["error"]
        else:
            progress(message["done"], message["total"], message["text"])


def _stop(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
