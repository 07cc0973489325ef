"""What a run's key says of how pixels are made of a person's own files."""

from __future__ import annotations

import pytest

from studies.simulation.plan.runs import grid
from tests.studies.simulation.sample import CLARIFIER, HEAD, PLAN, loaded

BUILT_IN = '[[data]]\ndataset = "digits"\ntest_per_class = 4\n'


def keys(toml: str) -> set[str]:
    return {run.key for run in grid(loaded(toml), None).runs}


@pytest.mark.parametrize(("toml", "differ"), [(PLAN, True), (HEAD + BUILT_IN + CLARIFIER, False)])
def test_runs_on_own_files_are_named_by_the_rules_for_pixels(monkeypatch, toml, differ):
    before = keys(toml)
    monkeypatch.setattr("studies.simulation.plan.runs.PIXEL_RULES", 99)
    assert (keys(toml).isdisjoint(before), keys(toml) == before) == (differ, not differ)
