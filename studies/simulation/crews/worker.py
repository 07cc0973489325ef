"""A process that does one task after another: they come in on its input, reports go out on its output."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from queue import SimpleQueue
from typing import IO

from model.port import NullPort
from studies.labeling.rounds.learner_process import receive, send
from studies.simulation.run.task import Task, Told, Workshop


class _ChildPort(NullPort):
    """Tells the parent how far a preparation is."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def progress(self, done: int, total: int, text: str) -> None:
        """Tell how far it is."""
        send(self._out, Told(done, total, text))


def main() -> None:
    """Do tasks until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the parent decides
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not come between the messages
    tasks: SimpleQueue[Task] = SimpleQueue()
    threading.Thread(target=_listen, args=(tasks,), daemon=True).start()
    workshop = Workshop()
    while True:
        task = tasks.get()
        port = _ChildPort(out) if task.prepare else NullPort()
        send(out, workshop.perform(task, port))


def _listen(tasks: SimpleQueue[Task]) -> None:
    """Take tasks; where the parent is gone, end at once, whatever is being computed."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            tasks.put(receive(sys.stdin.buffer))
    os._exit(0)


if __name__ == "__main__":
    main()
