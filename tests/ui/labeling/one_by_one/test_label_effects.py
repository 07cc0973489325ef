"""The page's actions beside what they are to cover."""

from __future__ import annotations

from studies.labeling.facts.records import Verb
from ui.labeling.one_by_one.label_effects import REMARKS


def test_every_remark_that_a_person_makes_has_an_action() -> None:
    assert set(REMARKS.values()) == {v for v in Verb if v.meaning.remark and v.meaning.reviewed}
