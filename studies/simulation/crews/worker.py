"""A process that does one task after another: they come in on its input, reports go out on its output."""

from __future__ import annotations

import signal
from queue import SimpleQueue

from model.children import Parent
from model.port import NullPort
from studies.simulation.run.task import RoundTask, Told, Workshop


class _PreparationPort(NullPort):
    """Tells the parent how far a preparation is."""

    def __init__(self, parent: Parent) -> None:
        self._parent = parent

    def progress(self, done: int, total: int, text: str) -> None:
        """Tell how far it is."""
        self._parent.send(Told(done, total, text))


def main() -> None:
    """Do tasks until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the parent decides
    parent = Parent()
    tasks: SimpleQueue[RoundTask] = SimpleQueue()
    parent.listen(tasks.put)
    workshop = Workshop()
    while True:
        task = tasks.get()
        port = _PreparationPort(parent) if task.prepare else NullPort()
        parent.send(workshop.perform(task, port))


if __name__ == "__main__":
    main()
