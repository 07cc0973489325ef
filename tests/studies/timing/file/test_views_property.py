"""The views against the same numbers computed by numpy and statistics from the trials themselves."""

from __future__ import annotations

import math
import statistics
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from studies.timing.facts.records import EventKind
from studies.timing.file.store import Store
from studies.timing.results import analysis
from studies.timing.results.rows import RatioRow, SummaryRow
from tests.studies.timing.sample import Answered, add_study, sit

LIMIT_MS = 200

TRIALS = st.lists(
    st.builds(
        Answered,
        suggestion=st.sampled_from(["a", "b", None]),
        time_s=st.integers(100, 9000).map(lambda ms: ms / 1000),
        answer=st.sampled_from(["a", "a", "a", "b", "c"]),
        dataset=st.sampled_from(["d", "e"]),
        practice=st.sampled_from([False, False, False, True]),
        focus_lost=st.sampled_from([False] * 5 + [True]),
        stall_s=st.sampled_from([0.0, 0.05, 0.2]),
        presented=st.sampled_from([1, 1, 1, 2]),
        flags=st.sampled_from([(), (), (EventKind.FLAGGED,), (EventKind.FLAGGED, EventKind.UNFLAGGED)]),
    ),
    min_size=1,
    max_size=25,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("views") / "study.sqlite"
    with Store.open(path) as opened:
        yield opened


def kept(trial: Answered) -> bool:
    clean = trial.answer == "a" and not trial.focus_lost and trial.presented == 1 and trial.stall_s <= 0.1
    return clean and trial.time_s >= LIMIT_MS / 1000 and trial.flags != (EventKind.FLAGGED,)


def close(value: float | None) -> object:
    return None if value is None else pytest.approx(value, rel=1e-9)


def three_means(times: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    if not times:
        return None, None, None
    return float(np.mean(times)), statistics.median(times), statistics.geometric_mean(times)


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def check_ratio(row: RatioRow, trials: Sequence[Answered]) -> None:
    right = [t for t in trials if t.suggestion == "a"]
    wrong = [t for t in trials if t.suggestion == "b"]
    verify = three_means([t.time_s for t in right if kept(t)])
    correct = three_means([t.time_s for t in wrong if kept(t)])
    assert (row.n_shown, row.n_discarded) == (
        len(right) + len(wrong),
        sum(t.answer != "a" for t in right + wrong),
    )
    assert row.n_shown == row.n_verify_kept + row.n_correct_kept + row.n_discarded + row.n_excluded
    assert row.n_verify_kept == sum(map(kept, right))
    assert row.n_correct_kept == sum(map(kept, wrong))
    assert (row.c_v_mean_s, row.c_v_median_s, row.c_v_geomean_s) == tuple(map(close, verify))
    assert (row.c_a_mean_s, row.c_a_median_s, row.c_a_geomean_s) == tuple(map(close, correct))
    ratios = [None if v is None or a is None else a / v for v, a in zip(verify, correct, strict=True)]
    assert [row.ratio_mean, row.ratio_median, row.ratio_geomean] == list(map(close, ratios))
    assert row.under_correction_rate == close(share(sum(t.answer == "b" for t in wrong), len(wrong)))
    assert row.over_correction_rate == close(share(sum(t.answer != "a" for t in right), len(right)))


def check_summary(row: SummaryRow, ratios: Sequence[RatioRow]) -> None:
    means = [r.ratio_mean for r in ratios if r.ratio_mean is not None]
    medians = [r.ratio_median for r in ratios if r.ratio_median is not None]
    logs = [math.log(r.ratio_geomean) for r in ratios if r.ratio_geomean is not None]
    assert row.ratio_mean == close(float(np.mean(means)) if means else None)
    assert row.ratio_median == close(float(np.mean(medians)) if medians else None)
    assert row.ratio_geomean == close(math.exp(np.mean(logs)) if logs else None)
    if len(logs) < 2:
        assert (row.ratio_mean_sd, row.ratio_geomean_low, row.ratio_geomean_high) == (None, None, None)
        return
    assert row.ratio_mean_sd == pytest.approx(statistics.stdev(means), rel=1e-9, abs=1e-12)
    assert row.ratio_median_sd == pytest.approx(statistics.stdev(medians), rel=1e-9, abs=1e-12)
    error = statistics.stdev(logs) / math.sqrt(len(logs))
    low, high = np.mean(logs) + student.ppf([0.025, 0.975], len(logs) - 1) * error
    assert (row.ratio_geomean_low, row.ratio_geomean_high) == (close(math.exp(low)), close(math.exp(high)))


@settings(max_examples=40, deadline=None)
@given(people=st.lists(TRIALS, min_size=1, max_size=4))
def test_views_agree_with_numpy(shared: Store, people: list[list[Answered]]) -> None:
    name = str(uuid.uuid4())
    study = add_study(shared, name, name, LIMIT_MS)
    for number, trials in enumerate(people, start=1):
        sit(shared, study, str(uuid.uuid4()), trials, f"P{number}", number)
    where = analysis.Filter(study=name)
    ratios = analysis.ratio_rows(shared, where)
    suggested = {
        (f"P{n}", t.dataset)
        for n, trials in enumerate(people, start=1)
        for t in trials
        if t.suggestion and not t.practice
    }
    assert {(row.participant, row.dataset) for row in ratios} == suggested
    for row in ratios:
        mine = [
            t for t in people[int(row.participant[1:]) - 1] if t.dataset == row.dataset and not t.practice
        ]
        check_ratio(row, mine)
    for scratch in analysis.scratch_rows(shared, where):
        mine = people[int(scratch.participant[1:]) - 1]
        times = [
            t.time_s
            for t in mine
            if t.dataset == scratch.dataset and t.suggestion is None and not t.practice and kept(t)
        ]
        assert scratch.n_kept == len(times)
        assert (scratch.c_0_mean_s, scratch.c_0_median_s, scratch.c_0_geomean_s) == tuple(
            map(close, three_means(times))
        )
    for summary in analysis.summary_rows(shared, where):
        check_summary(summary, [row for row in ratios if row.dataset == summary.dataset])
