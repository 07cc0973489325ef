"""The program's memory at the first trial and as trials go by."""

from __future__ import annotations

import sys

from benchmarks import peers
from benchmarks.places import scratch
from benchmarks.report import Line, Report, Size
from benchmarks.spread import slope
from benchmarks.witness import tools
from benchmarks.witness.person import answer
from benchmarks.witness.pictures import Kind, make_study
from benchmarks.witness.program import Program, has_torch
from benchmarks.witness.screen import Screen

_TRIALS = {Size.FULL: 5000, Size.QUICK: 60}
_LOOKS = 50
_DELAY_S = 0.01  # a key stamped before the onset, were it known late, would not count
_GOAL_MIB = 200.0
_SETTLED = 0.2  # the share of trials by which caches are full; the slope is taken after it
_FLAT_MIB = 1.0  # a thousand trials


def measure(size: Size) -> Report:
    """Answer as fast as images come, and look at the memory now and then."""
    tools.require()
    trials = _TRIALS[size]
    done: list[int] = [0]
    memory: list[float] = []
    print(f"memory: {trials} trials", file=sys.stderr, flush=True)
    with scratch() as folder:
        make_study(folder, Kind(96, 96), trials, trials, fixation_ms=0)
        with Screen(folder) as screen:
            program = Program(screen, folder)
            eye, first = program.begin()
            memory.append(program.resident_mib())
            torch = has_torch(program.process.pid)

            def look(answered: int) -> None:
                if answered % max(1, trials // _LOOKS) == 0:
                    done.append(answered)
                    memory.append(program.resident_mib())

            answer(screen, eye, first, trials, lambda: _DELAY_S, look)
            stored = len(program.recorded(trials))
    settled = next(place for place, answered in enumerate(done) if answered >= _SETTLED * trials)
    growth = slope([n / 1000 for n in done[settled:]], memory[settled:])
    noise = 2 * growth.error
    lines = (
        Line("at the first trial", memory[0], "MiB", high=_GOAL_MIB, peer=peers.MEMORY_MIB, digits=1),
        Line(f"after {trials:,} trials", memory[-1], "MiB", high=_GOAL_MIB, peer=peers.MEMORY_MIB, digits=1),
        Line("growth per 1,000 trials", growth.slope, "MiB", high=_FLAT_MIB + noise),
        Line("noise of the growth (two standard errors)", noise, "MiB"),
        Line("torch loaded", int(torch), "", high=0, digits=0),
        Line("answers stored", stored, f"of {trials}", low=trials, digits=0),
    )
    notes = (
        "Resident memory of the process. labelme 6.3.1: 240 MiB.",
        f"Flat: after {_SETTLED:.0%} of the trials the growth is below {_FLAT_MIB:g} MiB per 1,000 and noise.",
        peers.SOURCE,
    )
    return Report("memory", f"{trials:,} trials of a folder of {trials:,} images", size, lines, notes)
