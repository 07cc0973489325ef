from __future__ import annotations

from studies.timing.facts.records import Interface
from studies.timing.file.store import Store
from studies.timing.results import analysis
from studies.timing.results.analysis import Filter, FilterChoices
from tests.studies.timing.sample import Answered, add_study, sit, two_participants


def test_filters_choose_rows(store: Store) -> None:
    two_participants(store)
    other = add_study(store, "other", "f" * 64)
    trials = [Answered("a", 1.0, dataset="e"), Answered("b", 2.0, dataset="e")]
    sit(store, other, "three", trials, "P1", 1, Interface.DROPDOWN)
    assert len(analysis.ratio_rows(store)) == 3
    assert [row.participant for row in analysis.ratio_rows(store, Filter(study="study"))] == ["P1", "P2"]
    assert [row.study for row in analysis.summary_rows(store, Filter(dataset="e"))] == ["other"]
    assert [row.study for row in analysis.exclusion_rows(store, Filter(interface="dropdown"))] == [
        "other"
    ] * 6
    assert analysis.ratio_rows(store, Filter(study="other", dataset="d")) == ()
    assert len(analysis.scratch_rows(store, Filter(interface="keyboard"))) == 1
    assert analysis.choices(store) == FilterChoices(("other", "study"), ("d", "e"), ("dropdown", "keyboard"))


def test_an_empty_store_has_no_rows(store: Store) -> None:
    assert analysis.summary_rows(store) == ()
    assert analysis.choices(store) == FilterChoices((), (), ())
