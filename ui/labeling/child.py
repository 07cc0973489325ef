"""Work that takes torch, which the window does not load, in a process of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from model import children
from model.errors import UserError
from model.port import Cancelled, Port

_POLL_S = 0.2


class ChildError(UserError):
    """What a child said went wrong; empty if it said nothing."""


def run_child(target: str, arguments: Sequence[str], port: Port, given: str = "") -> str:
    """Run a module by its full name and return what it prints; ``given`` is what it reads.

    Raises :class:`ChildError` where its exit code is not 0, and :class:`model.port.Cancelled` once it has been killed.
    """
    with subprocess.Popen(
        children.command(target, *arguments),
        env=children.environment({"PYTHONUTF8": "1"}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        creationflags=children.NO_WINDOW,
    ) as child:
        text: str | None = given
        while True:
            try:
                output, errors = child.communicate(text, timeout=_POLL_S)
                break
            except subprocess.TimeoutExpired:
                text = None  # it is on its way
                if port.cancelled():
                    child.kill()
                    raise Cancelled from None
    if child.returncode:
        raise ChildError(errors.strip())
    return output.strip()
