"""The response times that a labeling project stores, against keys and onsets known from outside, beside training."""

from __future__ import annotations

from benchmarks.labeling import while_training
from benchmarks.report import Limit, Line, Report, Size
from benchmarks.spread import spread
from benchmarks.study.response_time import compare
from benchmarks.witness import tools

_KEYS = {Size.FULL: 200, Size.QUICK: 10}
_DELAY_S = (0.2, 1.5)
_MEAN_MS, _SD_MS = 1.5, 1.5


def measure(size: Size) -> Report:
    """Answer beside training and compare."""
    tools.require()
    keys = _KEYS[size]
    sat = while_training.sit("label-response-time", keys, _DELAY_S, seed=2)
    errors = compare(sat.pressed, sat.recorded)
    error, onset, key = (spread(values) for values in (errors.response_time, errors.onset, errors.key))
    lines = (
        Line(
            "error, mean",
            error.mean,
            "ms",
            low=-_MEAN_MS,
            high=_MEAN_MS,
            limit=Limit("the key's way alone", key.mean),
        ),
        Line("error, median", error.median, "ms"),
        Line("error, SD", error.sd, "ms", high=_SD_MS, limit=Limit("the key's way alone", key.sd)),
        Line("error, 95 %", error.p95, "ms"),
        Line("onset's stamp - image seen, mean", onset.mean, "ms"),
        Line("onset's stamp - image seen, SD", onset.sd, "ms"),
        Line("key's stamp - key sent, mean", key.mean, "ms"),
        Line("key's stamp - key sent, SD", key.sd, "ms"),
        *sat.lines(),
    )
    lost = f"; {errors.unmatched} keys found no answer" if errors.unmatched else ""
    notes = (
        while_training.NOTE,
        f"The witness knew each onset to {errors.looks}{lost}.",
        "Error: stored response time minus (key sent - image first seen).",
    )
    return Report("label-response-time", f"{keys} keys, images of 640x480", size, lines, notes)
