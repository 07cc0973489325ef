"""A screen of our own with a window manager, keys pressed from another process, and the program on it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from tests.e2e.eyes import Framebuffer

REPO = Path(__file__).resolve().parents[2]
PATIENCE_S = 20.0
_LOOK_EVERY_S = 0.003


class Screen:
    """Xvfb on a free display, openbox, one long-lived xdotool, and a view of the pixels."""

    def __init__(self, folder: Path, size: str = "1280x900") -> None:
        runtime = folder / "xdg"
        runtime.mkdir(mode=0o700)
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
        command += ["-fbdir", str(folder)]
        server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        self._processes: list[subprocess.Popen[str] | subprocess.Popen[bytes]] = [server]
        os.close(write)
        with os.fdopen(read) as said:  # the server writes its number when it takes clients
            self.display = ":" + said.readline().strip()
        self.environment = {
            **os.environ,
            "DISPLAY": self.display,
            "XDG_RUNTIME_DIR": str(runtime),
            "HOME": str(folder),
            "QT_QPA_PLATFORM": "xcb",
        }
        self.framebuffer = Framebuffer(folder / "Xvfb_screen0")
        manager = subprocess.Popen(
            ["openbox"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._processes.append(manager)
        self._keys = subprocess.Popen(
            ["xdotool", "-"], stdin=subprocess.PIPE, env=self.environment, text=True
        )
        self._processes.append(self._keys)

    def do(self, *commands: str) -> int:
        """Hand commands to xdotool; returns when, in ns on the clock that the program records."""
        assert self._keys.stdin is not None
        at_ns = time.perf_counter_ns()
        self._keys.stdin.write("".join(f"{command}\n" for command in commands))
        self._keys.stdin.flush()
        return at_ns

    def key(self, *names: str) -> int:
        """Press and release keys; returns when the last was handed over."""
        if len(names) > 1:
            self.do(*(f"key {name}" for name in names[:-1]))
        return self.do(f"key {names[-1]}")

    def close(self) -> None:
        for process in reversed(self._processes):
            if process.stdin is not None:
                process.stdin.close()
            process.terminate()
            process.wait(10)


MODULE = "clarifier_desktop"


def command(*arguments: str | Path, module: str = MODULE) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]


class GoneError(Exception):
    """The program ended, or did not come to what was waited for."""


class Program:
    """The real program in a process of its own; killed where a test leaves it running."""

    def __init__(self, screen: Screen, home: Path, *arguments: str | Path, module: str = MODULE) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._screen = screen
        self._said = (home / f"stderr-{time.perf_counter_ns()}").open("w+")
        self._process = subprocess.Popen(
            command(*arguments, module=module),
            env={**screen.environment, "CLARIFIER_HOME": str(home)},
            cwd=REPO,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
        )

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.running:
            self.kill()
        self._said.close()

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def said(self) -> str:
        """What the program wrote to stderr."""
        self._said.seek(0)
        return self._said.read()

    def until(
        self,
        condition: Callable[[], object],
        what: str,
        patience_s: float = PATIENCE_S,
        last: Callable[[], object] = lambda: "not asked for",
    ) -> None:
        """Look until the condition holds; raises ``GoneError``, with what was ``last``, where it never does."""
        end = time.monotonic() + patience_s
        while not condition():
            if not self.running:
                raise GoneError(f"the program ended before {what}: {self.said}")
            if time.monotonic() > end:
                raise GoneError(f"no {what} within {patience_s} s; the last was {last()}: {self.said}")
            time.sleep(_LOOK_EVERY_S)

    def kill(self) -> None:
        """SIGKILL, and wait until the process is gone."""
        self._process.kill()
        self._process.wait(10)

    def signal(self, number: int) -> None:
        """Send a signal, as the system does at the end of a person's session."""
        self._process.send_signal(number)

    def wait(self, patience_s: float) -> int:
        """Wait until the program is gone; returns its exit code."""
        return self._process.wait(patience_s)

    def close_window(self) -> int:
        """Close the window as its title bar's button does; returns the exit code."""
        self._screen.key("alt+F4")
        return self._process.wait(PATIENCE_S)
