"""An X screen with a window manager, keys pressed by another process, and eyes on a few pixels."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from benchmarks.places import cache
from benchmarks.witness import tools

Colour = tuple[int, int, int]
_SIZE = (1280, 900)
_PATCH = 4  # pixels, each way
_LOOK_EVERY_US = 500
_START_S = 10.0
_AHEAD = -10  # niceness


class WitnessError(Exception):
    """What should have come on screen did not."""


@dataclass(frozen=True)
class Seen:
    """A change of colour on screen; it happened between ``after_ns`` and ``at_ns``."""

    after_ns: int
    at_ns: int
    colour: Colour


class Screen:
    """Use it as a context; all that was started with it ends with it."""

    def __init__(self, folder: Path) -> None:
        tools.require()
        self._sampler = tools.sampler()
        self._folder = folder
        self._processes: list[subprocess.Popen[str]] = []
        self.ahead = True  # the witness's processes run before others where they compete for a core
        self._keys: subprocess.Popen[str] | None = None
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Screen:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        runtime, home = self._folder / "runtime", self._folder / "home"
        runtime.mkdir(mode=0o700)
        home.mkdir()
        number = self._start_server()
        self.environment = {
            **os.environ,
            "DISPLAY": f":{number}",
            "XDG_RUNTIME_DIR": str(runtime),
            "XDG_CACHE_HOME": str(cache()),  # the fonts' index, which a user has from the last time
            "HOME": str(home),
            "CLARIFIER_HOME": str(home / "clarifier"),
            "QT_QPA_PLATFORM": "xcb",
        }
        self.spawn(["openbox"])
        self._keys = self.spawn(["xdotool", "-"], stdin=subprocess.PIPE)
        self._put_ahead(self._keys.pid)
        deadline = time.monotonic() + _START_S
        while not self.ask("xdotool", "get_num_desktops").strip().isdigit():  # only a window manager tells
            if time.monotonic() > deadline:
                raise WitnessError("openbox did not start.")
            time.sleep(0.05)

    def _start_server(self) -> int:
        """Start Xvfb on a free number of its own choice."""
        reading, writing = os.pipe()
        width, height = _SIZE
        command = [
            "Xvfb",
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            f"{width}x{height}x24",
            "-nolisten",
            "tcp",
        ]
        self._processes.append(
            subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL, text=True)
        )
        self._put_ahead(self._processes[-1].pid)
        os.close(writing)
        with os.fdopen(reading) as line:
            number = line.readline().strip()
        if not number:
            raise WitnessError("Xvfb did not start.")
        return int(number)

    def spawn(
        self,
        command: list[str],
        *,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.DEVNULL,
        log: Path | None = None,
    ) -> subprocess.Popen[str]:
        """Start a program on this screen; its error stream goes to ``log``."""
        with (log or Path(os.devnull)).open("a") as errors:
            process = subprocess.Popen(
                command, env=self.environment, stdin=stdin, stdout=stdout, stderr=errors, text=True
            )
        self._processes.append(process)
        return process

    def stop(self, process: subprocess.Popen[str]) -> None:
        """End one program, gently first."""
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._processes.remove(process)

    def close(self) -> None:
        """End all programs, the screen last."""
        for process in reversed(self._processes.copy()):
            self.stop(process)

    def ask(self, *command: str) -> str:
        """What a program of X prints."""
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=20, check=False
        )
        return done.stdout

    def key(self, name: str) -> int:
        """Press and release a key; returns when it was sent, in ns."""
        assert self._keys is not None  # set by __enter__
        assert self._keys.stdin is not None
        at_ns = time.perf_counter_ns()
        self._keys.stdin.write(f"key --delay 0 {name}\n")
        self._keys.stdin.flush()
        return at_ns

    def watch(self, x: int, y: int) -> Eye:
        """Watch the pixels around a point."""
        where = (x - _PATCH // 2, y - _PATCH // 2, _PATCH, _PATCH, _LOOK_EVERY_US)
        process = self.spawn([str(self._sampler), *map(str, where)], stdout=subprocess.PIPE)
        self._put_ahead(process.pid)
        return Eye(process)

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Let the calling thread run ahead of others too; nothing may be started meanwhile, it would inherit that."""
        thread = threading.get_native_id()
        usual = os.getpriority(os.PRIO_PROCESS, thread)
        self._put_ahead(thread)
        try:
            yield
        finally:
            with suppress(PermissionError):
                os.setpriority(os.PRIO_PROCESS, thread, usual)

    def _put_ahead(self, task: int) -> None:
        """Keys, screen and eyes stand for the world outside, which a busy processor does not hold up."""
        try:
            os.setpriority(os.PRIO_PROCESS, task, _AHEAD)
        except PermissionError:
            self.ahead = False

    @property
    def middle(self) -> tuple[int, int]:
        """The point in the middle."""
        return _SIZE[0] // 2, _SIZE[1] // 2


class Eye:
    """What the sampler saw, in order."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._seen: queue.SimpleQueue[Seen] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="eye", daemon=True).start()

    def next(self, timeout_s: float) -> Seen:
        """The next change of colour. Raises ``WitnessError`` where nothing changes."""
        try:
            return self._seen.get(timeout=timeout_s)
        except queue.Empty:
            raise WitnessError(f"Nothing changed on screen for {timeout_s:g} s.") from None

    def _read(self) -> None:
        assert self._process.stdout is not None
        with suppress(ValueError):  # closed while reading
            for line in self._process.stdout:
                after, _began, at, red, green, blue = map(int, line.split())
                self._seen.put(Seen(after, at, (red, green, blue)))
