"""``python -m benchmarks NAME ...``: run benchmarks and print their tables."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.against import run_beside
from benchmarks.catalogue import BENCHMARKS, run
from benchmarks.report import Report, Size, SkippedError, write_json


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; returns 1 where a goal was missed at full size."""
    options = _parser().parse_args(arguments)
    if not options.names:
        print("\n".join(f"{name:<20} {benchmark.measures}" for name, benchmark in BENCHMARKS.items()))
        return 0
    size = Size.QUICK if options.quick else Size.FULL
    names = list(BENCHMARKS) if "all" in options.names else options.names
    reports: list[Report] = []
    for name in names:
        try:
            if options.against is not None:
                print(run_beside(name, size, options.against, options.times) + "\n", flush=True)
                continue
            report = run(name, size, options.data)
        except SkippedError as reason:
            print(f"{name}: skipped. {reason}\n", flush=True)
            continue
        reports.append(report)
        print(report.table() + "\n", flush=True)
    if options.json is not None:
        write_json(reports, options.json)
    return 0 if options.quick or all(report.met for report in reports) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure what the program must reach. Without a name, the benchmarks are listed.",
        epilog="Example: python -m benchmarks response-time --json response-time.json",
    )
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, "all", []], metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="a few repetitions, to see that it works")
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="real images and weights, for what measures on them"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers as JSON too")
    parser.add_argument(
        "--against",
        type=Path,
        metavar="CHECKOUT",
        help="run in turn with another version, and print the ratios",
    )
    parser.add_argument("--times", type=int, default=3, metavar="N", help="with --against: runs of each (3)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
