"""``python -m benchmarks NAME``: run a benchmark and print its table."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import Report, Size, SkippedError, write_json

# Name and what it measures; the module of the same name (with _ for -) has ``measure(size) -> Report``.
BENCHMARKS = {
    "response-time": "the recorded response time against keys and onsets seen from outside",
    "key-to-pixels": "from a key press to the next image on screen",
    "startup": "from the start of the process to the first window",
    "memory": "memory at the first trial and after 5,000",
    "commit": "putting one answer on disk",
    "coverage": "how often the interval of a simulated study covers the true ratio",
    "logdetmi": "the intermediate tier of a round, beside its matrix arithmetic and submodlib",
    "badge": "the hard tier by BADGE, beside its matrix arithmetic and two peers",
    "strategies": "time and memory of every strategy as the pool and its classes grow",
    "training": "the rate of training, beside a bare loop over tensors in memory",
    "label-key-to-pixels": "from a key press to the next image while the learner trains",
    "label-response-time": "the recorded response time while the learner trains",
    "label-idle": "the share of a sitting in which a simulated annotator has nothing to do",
    "label-open": "opening projects of 100,000 and 1,000,000 images, and labeling in them",
    "label-undo": "taking back single answers and grid actions in a project of 100,000 images",
    "label-memory": "memory over 10,000 labels with rounds behind them",
    "real-data": "rounds on CUB-100 with a frozen network: accuracy against cost of five methods (--data)",
    "simulate": "experiments on CUB-100: a run, the whole preset, and runs an hour as workers grow (--data)",
    "experiment-figures": "figures and report of a file of 100,000 simulated rounds",
    "tiers": "planned budgets, learning from the pool and a certified easy tier, beside SUGGEST (--data)",
}
NEED_DATA = frozenset({"real-data", "simulate", "tiers"})  # their measure takes the folder too


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; returns 1 where a goal was missed at full size."""
    options = _parser().parse_args(arguments)
    if options.name is None:
        print("\n".join(f"{name:<20} {text}" for name, text in BENCHMARKS.items()))
        return 0
    size = Size.QUICK if options.quick else Size.FULL
    names = list(BENCHMARKS) if options.name == "all" else [options.name]
    reports: list[Report] = []
    for name in names:
        try:
            report = run(name, size, options.data)
        except SkippedError as reason:
            print(f"{name}: skipped. {reason}\n", flush=True)
            continue
        reports.append(report)
        print(report.table() + "\n", flush=True)
    if options.json is not None:
        write_json(reports, options.json)
    return 0 if options.quick or all(report.met for report in reports) else 1


def run(name: str, size: Size, data: Path | None = None) -> Report:
    """Measure one benchmark. Raises ``SkippedError`` where the machine lacks what it needs."""
    module = importlib.import_module(f"benchmarks.{name.replace('-', '_')}")
    report: Report = module.measure(size, data) if name in NEED_DATA else module.measure(size)
    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure what the program must reach. Without a name, the benchmarks are listed.",
        epilog="Example: python -m benchmarks response-time --json response-time.json",
    )
    parser.add_argument("name", nargs="?", choices=[*BENCHMARKS, "all"], metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="a few repetitions, to see that it works")
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="real images and weights, for what measures on them"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers as JSON too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
