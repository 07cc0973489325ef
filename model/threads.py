"""A thread that makes calls one after the other and holds up no end: a read from a dead disk may never return."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

_PATIENCE_S = 0.3  # at the end for a call under way: most images are read by then

_Args = ParamSpec("_Args")
_Result = TypeVar("_Result")


class Worker:
    """Begins with the first call. What is still under way after :meth:`close` is heard of no more."""

    def __init__(self, name: str) -> None:
        # A daemon: Python waits at its end for any other thread, and for those of its own pools too.
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._calls: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._closed = False
        self._under_way = False

    def submit(
        self, call: Callable[_Args, _Result], *args: _Args.args, **kwargs: _Args.kwargs
    ) -> Future[_Result]:
        """Make a call after those before it; raises ``RuntimeError`` after :meth:`close`."""
        if self._closed:
            raise RuntimeError("the thread has ended")
        if self._thread.ident is None:
            self._thread.start()
        future: Future[_Result] = Future()
        self._calls.put((future, lambda: call(*args, **kwargs)))
        return future

    def is_running(self) -> bool:
        """Whether the thread has begun and not ended."""
        return self._thread.is_alive()

    def is_busy(self) -> bool:
        """Whether a call is under way: it may be one that nobody waits for any more."""
        return self._under_way

    def close(self, patience_s: float = _PATIENCE_S) -> None:
        """End the thread after the call under way, without the ones that wait; safe to call twice.

        Waits for it no longer than ``patience_s``.
        """
        self._closed = True
        self._calls.put(None)
        if self._thread.ident is not None:
            self._thread.join(patience_s)

    def _work(self) -> None:
        while (task := self._calls.get()) is not None:
            future, call = task
            if self._closed:
                future.cancel()
            elif future.set_running_or_notify_cancel():
                self._under_way = True
                try:
                    future.set_result(call())
                except BaseException as error:
                    future.set_exception(error)
                finally:
                    self._under_way = False
            del task, future, call  # what was asked for is not kept until the next call
