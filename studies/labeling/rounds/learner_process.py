"""The learner in a process of its own, so that torch and the window never wait for each other.

A process costs 3 s once. In the window's own process the learner's threads took the cores that painting needs;
at a lower priority in another one they take what is left.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Protocol

from model.children import END, Child
from model.errors import UserError
from model.port import Cancelled, CurvePort, Port
from model.rounds.live_values import Job, LearnRequest, LearnResult, Prepared, Refitted
from studies.labeling.doubts.label_check import LabelCheck

_POLL_S = 0.1
_GRACE_S = 5.0  # how long a cancelled learner may take to leave its work in order


class LearnerError(UserError):
    """The learner's process ended by itself."""


class RoundLearner(Protocol):
    """Whoever trains and selects."""

    def run(self, request: LearnRequest, port: Port) -> LearnResult:
        """Do one round; raises ``UserError`` and ``Cancelled``."""
        ...

    def prepare(self, request: LearnRequest, port: Port) -> Prepared:
        """Do what can be done before there are labels; raises as :meth:`run` does."""
        ...

    def refit(self, request: LearnRequest, port: Port) -> Refitted:
        """Train a frozen network's last layer on the labels so far; raises as :meth:`run` does."""
        ...

    def check(self, request: LearnRequest, port: Port) -> LabelCheck:
        """Judge a person's labels by models that did not see them; raises as :meth:`run` does."""
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
        self._child: Child | None = None
        self._messages: SimpleQueue[object] = SimpleQueue()

    def run(self, request: LearnRequest, port: Port) -> LearnResult:
        """Do one round in the child. Raises ``UserError`` as the learner does, and where the child ended by itself."""
        answer = self._ask(request, port)
        assert isinstance(answer, LearnResult)  # it answers what it was asked
        return answer

    def prepare(self, request: LearnRequest, port: Port) -> Prepared:
        """Let the child load its network and compute features; raises as :meth:`run` does."""
        answer = self._ask(replace(request, job=Job.PREPARE), port)
        assert isinstance(answer, Prepared)  # it answers what it was asked
        return answer

    def refit(self, request: LearnRequest, port: Port) -> Refitted:
        """Let the child train a last layer anew on the labels so far; raises as :meth:`run` does."""
        answer = self._ask(replace(request, job=Job.REFIT), port)
        assert isinstance(answer, Refitted)  # it answers what it was asked
        return answer

    def check(self, request: LearnRequest, port: Port) -> LabelCheck:
        """Let the child judge a person's labels; raises as :meth:`run` does."""
        answer = self._ask(replace(request, job=Job.CHECK), port)
        assert isinstance(answer, LabelCheck)  # it answers what it was asked
        return answer

    def _ask(self, request: LearnRequest, port: Port) -> LearnResult | Prepared | Refitted | LabelCheck:
        child = self._start()
        try:
            child.send(request)
        except OSError:
            self._end()
            raise self._gone() from None
        cancelled = False
        while True:
            message = self._next(_GRACE_S if cancelled else _POLL_S)
            if isinstance(message, LearnResult | Prepared | Refitted | LabelCheck):
                return message
            if isinstance(message, UserError | Cancelled):
                raise message
            if isinstance(message, _Failure):
                raise RuntimeError(message.text)
            if isinstance(message, tuple):
                port.progress(*message)
            if isinstance(message, TrainingCurve) and isinstance(port, CurvePort):
                port.curve(message.accuracies)
            if message is END:
                self._end()
                raise Cancelled if cancelled else self._gone()
            if cancelled and message is None:
                self._end()  # it did not listen
                raise Cancelled
            if port.cancelled() and not cancelled:
                cancelled = True
                with contextlib.suppress(OSError):  # it has just ended by itself, which its last message says
                    child.send(CANCEL)

    def close(self) -> None:
        """End the child; a request under way, in another thread, then ends soon."""
        self._end()

    def _start(self) -> Child:
        """The child that runs, or a new one."""
        if self._child is not None and self._child.is_running():
            return self._child
        self._end()
        self._messages = SimpleQueue()
        self._child = Child(
            "studies.labeling.rounds.learner_child",
            str(self._cache),
            deliver=self._messages.put,
            low_priority=True,
            variables={"OMP_WAIT_POLICY": _wait_policy()},
        )
        return self._child

    def _next(self, seconds: float) -> object | None:
        with contextlib.suppress(Empty):
            return self._messages.get(timeout=seconds)
        return None

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()

    @staticmethod
    def _gone() -> LearnerError:
        return LearnerError(
            "The learner's process ended unexpectedly, perhaps because memory ran out. Nothing is lost: close other "
            "programs and start the round again."
        )


@dataclass(frozen=True)
class TrainingCurve:
    """The training accuracy of each epoch so far."""

    accuracies: tuple[float, ...]


class _Failure:
    """A bug in the child, with its traceback."""

    def __init__(self, text: str) -> None:
        self.text = text


CANCEL = "cancel"


def failure(text: str) -> object:
    """A bug, as it is told to the parent."""
    return _Failure(text)


def _wait_policy() -> str:
    """The learner's threads sleep while they wait for each other, unless the person's environment says otherwise.

    Threads that spin take the cores that they wait for, wherever anything else runs: 300 images, 38 labels, two cores
    with two other processes at work: 29 s of training, 27 s of it spinning.
    """
    return os.environ.get("OMP_WAIT_POLICY", "passive")
