"""From the start of the process to the first window."""

from __future__ import annotations

import time

from benchmarks import peers
from benchmarks.places import scratch
from benchmarks.report import Line, Report, Size
from benchmarks.spread import percentile
from benchmarks.witness import tools
from benchmarks.witness.program import has_torch, program_command, resident_mib
from benchmarks.witness.screen import Eye, Screen

_RUNS = {Size.FULL: 10, Size.QUICK: 2}
_GOAL_S = 0.6
_WAIT_S = 30.0


def measure(size: Size) -> Report:
    """Start the program some times on a screen that the witness watches."""
    tools.require()
    seconds, memory, torch = [], [], 0
    with scratch() as folder, Screen(folder) as screen:
        eye = screen.watch(*screen.middle)
        empty = eye.next(_WAIT_S).colour
        for number in range(_RUNS[size] + 1):
            started = time.perf_counter_ns()
            process = screen.spawn(program_command(), log=folder / "program.log")
            window = eye.next(_WAIT_S)
            time.sleep(0.5)  # what loads right after the window
            if number > 0:  # the first finds no compiled code and no fonts' index
                seconds.append((window.at_ns - started) / 1e9)
                memory.append(resident_mib(process.pid))
                torch += has_torch(process.pid)
            screen.stop(process)
            _wait_for(eye, empty)
    lines = (
        Line("first window, median", percentile(seconds, 0.5), "s", high=_GOAL_S, peer=peers.FIRST_WINDOW_S),
        Line("first window, slowest", max(seconds), "s"),
        Line("runs with torch loaded", torch, "", high=0, digits=0),
        Line("memory then", percentile(memory, 0.5), "MiB", digits=0),
    )
    notes = (
        "From the start of the process until the window's pixels are seen on screen; files in the system's cache.",
        "torch: whether its library is mapped by the process half a second later.",
        peers.SOURCE,
    )
    return Report("startup", f"{_RUNS[size]} starts of the program", size, lines, notes)


def _wait_for(eye: Eye, colour: tuple[int, int, int]) -> None:
    while eye.next(_WAIT_S).colour != colour:
        pass
