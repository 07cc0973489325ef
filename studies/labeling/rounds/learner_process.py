"""The learner in a process of its own, so that torch and the window never wait for each other.

A process costs 3 s once. In the window's own process the learner's threads took the cores that painting needs;
at a lower priority in another one they take what is left.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, Protocol

from model.errors import UserError
from model.port import Cancelled, CurvePort, Port
from model.rounds.live_values import LearnRequest, LearnResult

_POLL_S = 0.1
_GRACE_S = 5.0  # how long a cancelled learner may take to leave its work in order
_LENGTH_BYTES = 8


class LearnerError(UserError):
    """The learner's process ended by itself."""


class Learner(Protocol):
    """Whoever trains and selects."""

    def run(self, request: LearnRequest, port: Port) -> LearnResult:
        """Do one round; raises ``UserError`` and ``Cancelled``."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class LearnerProcess:
    """A child that lives from round to round and ends with its parent, however that ends.

    To be used from one thread at a time. A child that was killed is replaced at the next :meth:`run`.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._child: subprocess.Popen[bytes] | None = None
        self._messages: SimpleQueue[object] = SimpleQueue()
        self._reader: threading.Thread | None = None

    def run(self, request: LearnRequest, port: Port) -> LearnResult:
        """Do one round in the child. Raises ``UserError`` as the learner does, and where the child ended by itself."""
        child = self._started()
        try:
            assert child.stdin is not None  # a pipe was asked for
            send(child.stdin, request)
        except OSError:
            self._end()
            raise self._gone() from None
        cancelled = False
        while True:
            message = self._next(_GRACE_S if cancelled else _POLL_S)
            if isinstance(message, LearnResult):
                return message
            if isinstance(message, UserError | Cancelled):
                raise message
            if isinstance(message, _Failure):
                raise RuntimeError(message.text)
            if isinstance(message, tuple):
                port.progress(*message)
            if isinstance(message, Curve) and isinstance(port, CurvePort):
                port.curve(message.accuracies)
            if message is _END:
                self._end()
                raise Cancelled if cancelled else self._gone()
            if cancelled and message is None:
                self._end()  # it did not listen
                raise Cancelled
            if port.cancelled() and not cancelled:
                cancelled = True
                with contextlib.suppress(OSError):  # it has just ended by itself, which its last message says
                    send(child.stdin, CANCEL)

    def close(self) -> None:
        """End the child."""
        self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        self._messages = SimpleQueue()
        command = [sys.executable, "-m", "studies.labeling.rounds.learner_child", str(self._cache)]
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(), **_low_priority()
        )
        assert self._child.stdout is not None  # a pipe was asked for
        self._reader = threading.Thread(
            target=_read_all, args=(self._child.stdout, self._messages), name="learner", daemon=True
        )
        self._reader.start()
        return self._child

    def _next(self, seconds: float) -> object | None:
        with contextlib.suppress(Empty):
            return self._messages.get(timeout=seconds)
        return None

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        if self._reader is not None:
            self._reader.join()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    @staticmethod
    def _gone() -> LearnerError:
        return LearnerError(
            "The learner's process ended by itself, perhaps for want of memory. Nothing is lost: close other programs "
            "and start the round again."
        )


@dataclass(frozen=True)
class Curve:
    """The training accuracy of each epoch so far."""

    accuracies: tuple[float, ...]


class _Failure:
    """A bug in the child, with its traceback."""

    def __init__(self, text: str) -> None:
        self.text = text


_END = object()
CANCEL = "cancel"


def send(pipe: IO[bytes], message: object) -> None:
    """Write a message, its length first."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "little"))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Read a message; raises ``EOFError`` where the other side is gone. Both sides are this program."""
    head = pipe.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        raise EOFError
    data = pipe.read(int.from_bytes(head, "little"))
    return pickle.loads(data)


def failure(text: str) -> object:
    """A bug, as it is told to the parent."""
    return _Failure(text)


def _read_all(pipe: IO[bytes], messages: SimpleQueue[object]) -> None:
    try:
        while True:
            messages.put(receive(pipe))
    except (
        Exception
    ):  # the child is gone, or it says what cannot be understood: whoever waits must hear of it
        messages.put(_END)


def _environment() -> dict[str, str]:
    """The child finds the program where its parent did, and its threads sleep while they wait for each other.

    Threads that spin meanwhile take the cores that they wait for, wherever anything else runs: 300 images, 38
    labels, two cores with two other processes at work: 29 s of training, of which 27 s were spinning.
    """
    program = os.pathsep.join(path for path in sys.path if path)
    return {"OMP_WAIT_POLICY": "passive", **os.environ, "PYTHONPATH": program}


def _low_priority() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW}
    return {}
