"""The benchmarks by name."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import Report, Size


@dataclass(frozen=True)
class Benchmark:
    """A module below ``benchmarks`` with ``measure(size)``, or ``measure(size, data)`` where it needs real data."""

    module: str
    measures: str  # in words
    needs_data: bool = False


BENCHMARKS = {
    "response-time": Benchmark(
        "study.response_time", "the recorded response time against keys and onsets seen from outside"
    ),
    "key-to-pixels": Benchmark(
        "study.key_to_pixels",
        "from a key press to the next image on screen",
    ),
    "startup": Benchmark(
        "study.startup",
        "from the start of the process to the first window",
    ),
    "memory": Benchmark(
        "study.memory",
        "memory at the first trial and after 5,000",
    ),
    "commit": Benchmark(
        "study.commit",
        "putting one answer on disk",
    ),
    "coverage": Benchmark(
        "study.coverage", "how often the interval of a simulated study covers the true ratio"
    ),
    "page-coverage": Benchmark(
        "study.page_coverage",
        "how often the intervals of what pages cost cover the true costs of simulated participants",
    ),
    "certificate": Benchmark(
        "finish.certificate",
        "how often a folder's certificate is broken and given in simulated projects, and what it takes (--data)",
        needs_data=True,
    ),
    "certificate-suggested": Benchmark(
        "finish.aided",
        "the same where draws come with suggestions, by the share of wrong ones that a person accepts (--data)",
        needs_data=True,
    ),
    "doubtful-labels": Benchmark(
        "finish.doubtful",
        "how many planted slips are among the most doubtful labels, and whether their share is told (--data)",
        needs_data=True,
    ),
    "certificate-size": Benchmark(
        "finish.size", "what a certificate saves as folders grow, in simulated projects"
    ),
    "logdetmi": Benchmark(
        "learner.logdetmi", "the intermediate tier of a round, beside its matrix arithmetic and submodlib"
    ),
    "badge": Benchmark(
        "learner.badge",
        "the hard tier by BADGE, beside its matrix arithmetic and two peers",
    ),
    "neighbours": Benchmark(
        "learner.neighbours",
        "the graph of neighbours and k-means of 100,000 images, beside their arithmetic and two libraries",
    ),
    "strategies": Benchmark(
        "learner.strategies", "time and memory of every strategy as the pool and its classes grow"
    ),
    "training": Benchmark(
        "learner.training", "the rate of training, beside a bare loop over tensors in memory"
    ),
    "calibration": Benchmark(
        "learner.calibration",
        "whether the probabilities that are shown mean what they say, before and after calibration",
        needs_data=True,
    ),
    "begun-with": Benchmark(
        "learner.begun_with",
        "whether a project goes on from another folder's model or learns from its labels alone (--data)",
        needs_data=True,
    ),
    "encoders": Benchmark(
        "encoders.table",
        "last layers on frozen encoders on real sets, and whether the best one is chosen by measuring (--data)",
        needs_data=True,
    ),
    "label-key-to-pixels": Benchmark(
        "labeling.key_to_pixels", "from a key press to the next image while the learner trains"
    ),
    "page-to-page": Benchmark(
        "labeling.page_to_page",
        "from Enter on a page of 24 photographs to the next page, alone and while the learner trains",
    ),
    "label-refit": Benchmark(
        "labeling.refit",
        "from an answer to suggestions that know of it, and the stalls of the window meanwhile",
    ),
    "label-response-time": Benchmark(
        "labeling.response_time", "the recorded response time while the learner trains"
    ),
    "label-idle": Benchmark(
        "labeling.idle", "the share of a sitting in which a simulated annotator has nothing to do"
    ),
    "label-open": Benchmark(
        "labeling.opening", "opening projects of 100,000 and 1,000,000 images, and labeling in them"
    ),
    "label-undo": Benchmark(
        "labeling.undo", "taking back single answers and grid actions in a project of 100,000 images"
    ),
    "label-memory": Benchmark(
        "labeling.memory",
        "memory over 10,000 labels with rounds behind them",
    ),
    "real-data": Benchmark(
        "experiments.real_data",
        "rounds on CUB-100 with a frozen network: accuracy against cost of five methods (--data)",
        needs_data=True,
    ),
    "simulate": Benchmark(
        "experiments.simulate",
        "experiments on CUB-100: a run, the whole preset, and runs an hour as workers grow (--data)",
        needs_data=True,
    ),
    "experiment-figures": Benchmark(
        "experiments.figures", "figures and report of a file of 100,000 simulated rounds"
    ),
    "tiers": Benchmark(
        "experiments.tiers",
        "planned budgets, learning from the pool and a certified easy tier, beside SUGGEST (--data)",
        needs_data=True,
    ),
}


def run(name: str, size: Size, data: Path | None = None) -> Report:
    """Measure one benchmark. Raises ``SkippedError`` where the machine lacks what it needs."""
    benchmark = BENCHMARKS[name]
    module = importlib.import_module(f"benchmarks.{benchmark.module}")
    report: Report = module.measure(size, data) if benchmark.needs_data else module.measure(size)
    return report
