"""Progress and cancellation for long-running work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable


class Cancelled(Exception):  # noqa: N818 (no error: someone asked for it)
    """Raised by a long operation that was told to stop."""


class Port(Protocol):
    """The caller's side of a long piece of work; safe to call from the thread that does the work."""

    def progress(self, done: int, total: int, text: str) -> None:
        """Say how far the work is (``total`` 0: not known) and, in words, what is being done."""

    def cancelled(self) -> bool:
        """Whether to stop soon; what the work returns after that is not used."""
        ...


@runtime_checkable
class CurvePort(Port, Protocol):
    """A port whose caller also wants to see how training goes."""

    def curve(self, accuracies: Sequence[float]) -> None:
        """Show the training accuracy (0 to 1) of each epoch so far."""


class NullPort:
    """A port for callers who neither watch nor cancel."""

    def progress(self, done: int, total: int, text: str) -> None:
        """Do nothing."""

    def cancelled(self) -> bool:
        """Return ``False``."""
        return False
