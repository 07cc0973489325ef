"""Child processes of the program: how they start, and how parent and child exchange messages.

A child imports the program and its packages from where its parent does, and nothing from the working directory: a
person may stand in a folder of images from anywhere, and ``python -m`` would run a ``queue.py`` in it in place of
Python's own.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any

PROGRAM = Path(__file__).resolve().parents[1]
"""The folder that holds the program's packages."""

NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows' flag for a process without a console window; 0 elsewhere."""

_LENGTH_BYTES = 8
_END_S = 0.5  # for a process that was killed

# Python puts the working directory in front for -c, as the empty string; ``sys`` is built in. -P does the same from
# Python 3.11 on; -I would also drop the person's own settings of Python. The watch is there before the first import of
# the program: torch takes seconds, in which nothing listens to the parent yet. Linux's own signal for it would come
# when the parent's thread ends that began the child.
_START = """\
import sys
sys.path[:] = filter(None, sys.path)
import os, threading, time
def watch(parent):
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(0)
parent = os.environ.pop("CLARIFIER_PARENT", "")
if parent:
    threading.Thread(target=watch, args=(int(parent),), daemon=True).start()
del sys.argv[0]
import runpy
run = runpy.run_path if sys.argv[0].endswith(".py") else lambda *a, **k: runpy.run_module(*a, **k, alter_sys=True)
run(sys.argv[0], run_name="__main__")
"""


def command(target: str, *arguments: str) -> list[str]:
    """The command that runs a module by its full name, or a file by its path, as ``__main__`` in a child."""
    return [sys.executable, "-c", _START, target, *arguments]


def environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a child: this process's, the given variables, and the folders to import from."""
    path = os.pathsep.join(import_folders(sys.path))
    # For processes that a library starts in the child: with -c or -m they would look in the working directory.
    return {**os.environ, **(variables or {}), "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


def import_folders(path: Iterable[str]) -> list[str]:
    """The entries of ``sys.path`` for a child: absolute ones, without the working directory.

    The working directory is there after ``python -m`` or by an empty entry in ``PYTHONPATH``. It stays where it is the
    program's own folder.
    """
    here = None
    with contextlib.suppress(OSError):  # it may have been deleted
        here = os.path.realpath(Path.cwd())
    if here == str(PROGRAM):
        here = None
    return [
        entry
        for entry in path
        # An entry with the separator in it cannot be written: its second half would be a relative folder.
        if Path(entry).is_absolute() and os.pathsep not in entry and os.path.realpath(entry) != here
    ]


class End:
    """The only instance is :data:`END`."""


END = End()
"""Delivered after a child's last message."""


class Child:
    """A process that runs a module and exchanges pickled messages; it ends with this process, however that ends.

    ``deliver`` is called in a thread of its own with each message, and with :data:`END` once no more can come: the
    child has ended, or its message cannot be understood. The module calls :class:`Parent`.
    """

    def __init__(
        self,
        module: str,
        *arguments: str,
        deliver: Callable[[Any], object],
        low_priority: bool = False,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._process = subprocess.Popen(
            command(module, *arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**environment(variables), **_watched()},
            creationflags=NO_WINDOW | (_windows_low_priority() if low_priority else 0),
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._reader = threading.Thread(
            target=read_all, args=(self._stdout, deliver), name=module, daemon=True
        )
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def is_running(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def send(self, message: object) -> None:
        """Send a message; raises ``OSError`` where the child has ended."""
        send(self._stdin, message)

    def end(self) -> None:
        """Kill the process and release its pipes; returns when both are done.

        One that reads from a disk that does not answer ends when the disk does: no more than a moment is waited.
        """
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_S)
        self._reader.join(_END_S)
        if self._reader.is_alive():
            return  # closing a pipe that is read from would wait for the reader
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(OSError):
                pipe.close()


class Parent:
    """The parent, as its child sees it. Made once; from then on ``print`` and libraries write to standard error."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)  # text between the messages would spoil them

    def send(self, message: object) -> None:
        """Send a message; raises ``OSError`` where the parent is gone."""
        send(self._out, message)

    def listen(self, deliver: Callable[[Any], object]) -> None:
        """Deliver the parent's messages in a thread of its own; end the process at once when the parent is gone."""
        threading.Thread(target=_listen, args=(deliver,), daemon=True).start()


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


def read_all(pipe: IO[bytes], deliver: Callable[[Any], object]) -> None:
    """Deliver messages until no more can be read, then :data:`END`."""
    # Whatever goes wrong, whoever waits for an answer must hear that none comes.
    with contextlib.suppress(Exception):
        while True:
            deliver(receive(pipe))
    deliver(END)


def _listen(deliver: Callable[[Any], object]) -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            deliver(receive(sys.stdin.buffer))
    os._exit(0)


def _watched() -> dict[str, str]:
    """Who a child's parent is; Windows goes on naming one that has ended."""
    return {} if sys.platform == "win32" else {"CLARIFIER_PARENT": str(os.getpid())}


def _windows_low_priority() -> int:
    flag: int = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
    return flag
