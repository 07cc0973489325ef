from __future__ import annotations

import pytest

from studies.timing.file.rules import RULES
from studies.timing.file.store import Store
from studies.timing.results.analysis import Filter, summary_rows
from studies.timing.results.sensitivity import SensitivityRow, sensitivity_rows
from tests.studies.timing.sample import FULL, Answered, add_study, sit, two_participants

SLOW = (*FULL, Answered("a", 40.0), Answered("b", 50.0), Answered("b", 7.0, stall_s=0.3))


def by_rule(store: Store, study: str) -> dict[str, SensitivityRow]:
    return {row.rule: row for row in sensitivity_rows(store, Filter(study=study))}


def both(store: Store) -> None:
    add_study(store, "on", "on", too_slow=30_000.0, stalled_at_ends=1.0)
    for name in ("off", "on"):
        study = add_study(store, name, name)
        for number, trials in enumerate((SLOW, SLOW[3:], FULL), start=1):
            sit(store, study, f"{name}{number}", trials, f"P{number}", number)


@pytest.mark.parametrize("study", ["off", "on"])
def test_the_results_are_those_with_the_rules_that_are_on(store: Store, study: str) -> None:
    both(store)
    (summary,) = summary_rows(store, Filter(study=study))
    rows = by_rule(store, study)
    assert list(rows) == list(RULES)
    for row in rows.values():
        side = "with" if row.in_plan else "without"
        if row.rule in ("stalled", "stalled_at_ends") and not row.in_plan:
            continue  # without either of them is what no plan asks for
        for name in ("ratio_mean", "ratio_median", "ratio_geomean"):
            assert getattr(row, f"{name}_{side}") == pytest.approx(getattr(summary, name), rel=1e-12)
        assert getattr(row, f"ratio_geomean_{side}_low") == pytest.approx(summary.ratio_geomean_low)
        assert getattr(row, f"ratio_geomean_{side}_high") == pytest.approx(summary.ratio_geomean_high)
        assert getattr(row, f"n_kept_{side}") == summary.n_verify_kept + summary.n_correct_kept
        assert getattr(row, f"n_ratio_{side}") == summary.n_ratio


def test_what_a_plan_turns_on_is_what_was_foretold_of_it(store: Store) -> None:
    both(store)
    off, on = by_rule(store, "off"), by_rule(store, "on")
    assert not off["too_slow"].in_plan
    assert on["too_slow"].in_plan
    assert (off["too_slow"].limit, on["too_slow"].limit) == (10_000.0, 30_000.0)
    assert off["too_slow"].n_flagged == 2 * 2 + 3  # those of 40 and 50 s, and one of 32 s in each
    assert off["stalled"].n_flagged == on["stalled"].n_flagged == 3 + 2
    assert off["stalled_at_ends"].n_flagged == 0
    assert off["stalled_at_ends"].n_kept_with == off["stalled"].n_kept_without


def test_the_view_of_exclusions_says_the_same(store: Store) -> None:
    both(store)
    for study in ("off", "on"):
        rows = by_rule(store, study)
        sql = "SELECT rule, ratio_geomean_without_rule FROM exclusions WHERE study = ?"
        found = store.query(sql, (study,))
        assert {rule for rule, _ in found} == {row.rule for row in rows.values() if row.in_plan}
        for rule, without in found:
            assert without == pytest.approx(rows[rule].ratio_geomean_without, rel=1e-12)


def test_without_two_participants_there_is_no_interval_and_a_filter_is_kept_to(store: Store) -> None:
    two_participants(store)
    sit(store, add_study(store, "other", "f" * 64), "x", [Answered("a", 1.0, dataset="e")])
    assert sensitivity_rows(store, Filter(dataset="none")) == ()
    for row in sensitivity_rows(store, Filter(dataset="e")):
        assert (row.study, row.ratio_mean_with, row.n_ratio_with) == ("other", None, 0)
        assert row.ratio_geomean_with_low is None
