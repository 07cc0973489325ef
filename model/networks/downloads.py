"""Downloads of weights: with progress, to be cancelled, taken up again where they broke off, and checked."""

from __future__ import annotations

import contextlib
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any

from filelock import FileLock, Timeout

from model.disk import is_there
from model.networks.weight_files import MissingWeightsError, WeightsError, hash_file
from model.port import Cancelled, Port

_CHUNK = 1 << 16
_TIMEOUT_S = 20.0
_POLL_S = 0.2
_TRIES = 5  # as long as each brings more
_HASH_DIGITS = 64
_NOT_FOUND = (404, 410)
_NO_SUCH_PART = 416


@dataclass(frozen=True)
class Origin:
    """Where a file comes from, and how its content is known."""

    url: str
    sha256: str = ""  # its first digits; empty: the server's own, as Hugging Face gives it, is taken

    def is_whole(self, path: Path) -> bool:
        """Whether a file holds what is known of it."""
        return hash_file(path).startswith(self.sha256)


def download(origin: Origin, path: Path, port: Port) -> None:
    """Download to ``path``, which is there whole or not at all; what came before is kept beside it for the next time.

    Raises :class:`WeightsError`, and :class:`model.port.Cancelled`, after which the next call goes on from there.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path, port):
            if not is_there(path):
                _fetch_whole(origin, part, path.name, port)
                part.replace(path)
    except (OSError, HTTPException) as error:
        raise MissingWeightsError(
            f"The weights {path.name} could not be downloaded: {_reason(error)}. Check the connection, or put the "
            f"file from {origin.url} into {path.parent} under the name {path.name}."
        ) from error


@contextlib.contextmanager
def _alone(path: Path, port: Port) -> Iterator[None]:
    """One download of a file at a time, whichever program asks for it."""
    place = path.with_name(path.name + ".lock")
    lock = FileLock(place)
    while True:
        if port.cancelled():
            raise Cancelled
        with contextlib.suppress(Timeout):
            lock.acquire(timeout=_POLL_S)
            break
        port.progress(0, 0, f"Waiting for another download of {path.name}")
    try:
        yield
    finally:
        lock.release()
        place.unlink(missing_ok=True)


def _fetch_whole(origin: Origin, part: Path, name: str, port: Port) -> None:
    known = origin.sha256
    for _ in range(_TRIES):
        before = _length(part)
        answered = _fetch(origin.url, part, name, bool(known), port)
        known = known or answered.sha256
        if _length(part) >= answered.total:
            break
        if _length(part) <= before:
            raise OSError("the connection broke off")
    else:
        raise OSError("the connection broke off")
    if not hash_file(part).startswith(known):
        part.unlink()
        raise WeightsError(f"The download of {name} came damaged; try again.")


@dataclass(frozen=True)
class _Answer:
    total: int  # bytes of the whole file; 0: not told
    sha256: str


def _fetch(url: str, part: Path, name: str, known: bool, port: Port) -> _Answer:
    """Fetch what is missing. Without a hash to check the whole by, nothing is taken up again."""
    told = _Redirects()
    request = urllib.request.Request(url)
    have = _length(part)
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        with urllib.request.build_opener(told).open(request, timeout=_TIMEOUT_S) as source:
            sha256 = told.sha256 or _hash_of(source.headers)
            goes_on = have > 0 and getattr(source, "status", None) == 206
            if goes_on and not (known or sha256):
                part.unlink()
                return _fetch(url, part, name, known, port)
            begun = have if goes_on else 0
            length = int(source.headers.get("Content-Length") or 0)
            total = begun + length if length else 0
            with part.open("ab" if goes_on else "wb") as out:
                _copy(source, out, begun, total, name, port)
            return _Answer(total, sha256)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != _NO_SUCH_PART or not have:
            raise
        part.unlink()  # the file is another now, or what is here is longer
        return _fetch(url, part, name, known, port)


def _copy(source: Any, out: IO[bytes], done: int, total: int, name: str, port: Port) -> None:
    of = f" of {total / 1e6:,.0f}" if total else ""
    while chunk := source.read(_CHUNK):
        if port.cancelled():
            raise Cancelled
        out.write(chunk)
        done += len(chunk)
        port.progress(done, total, f"Downloading {name}: {done / 1e6:,.0f}{of} MB")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects; Hugging Face's own answer tells the file's SHA-256 and sends on to where the file lies."""

    def __init__(self) -> None:
        self.sha256 = ""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """Note what the answer tells."""
        self.sha256 = self.sha256 or _hash_of(headers)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _hash_of(headers: Message) -> str:
    value = (headers.get("X-Linked-Etag") or "").removeprefix("W/").strip('"')
    return value if len(value) == _HASH_DIGITS and set(value) <= set("0123456789abcdef") else ""


def _length(path: Path) -> int:
    return path.stat().st_size if is_there(path) else 0


def _reason(error: Exception) -> str:
    """Why, in words: what a person can do does not depend on numbers of errors."""
    if isinstance(error, urllib.error.HTTPError):
        return "the server has no such file" if error.code in _NOT_FOUND else "the server refused"
    if isinstance(error, urllib.error.URLError) and not isinstance(error.reason, OSError):
        return str(error.reason)
    if isinstance(error, (urllib.error.URLError, ConnectionError, TimeoutError)):
        return "the server cannot be reached"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or "the connection broke off"
