"""The table of verbs, against sets spelled out by hand."""

from __future__ import annotations

import pytest

from studies.labeling.facts.records import MEANINGS, Meaning, Verb
from tests.studies.labeling.sample import STATES


def test_every_verb_has_its_row() -> None:
    assert set(MEANINGS) == set(Verb)
    assert all(verb.meaning is MEANINGS[verb] for verb in Verb)


@pytest.mark.parametrize(
    ("column", "verbs"),
    [
        ("state", set(STATES)),
        ("settles", set(STATES) - {Verb.RELEASE}),
        ("final", {Verb.LABEL, Verb.NONE, Verb.SEVERAL}),
        ("reviewed", {Verb.LABEL, Verb.NONE, Verb.SEVERAL, Verb.SKIP}),
        ("reopens", {Verb.RELEASE, Verb.REJECT}),
        ("remark", {Verb.NONE, Verb.SEVERAL, Verb.SKIP, Verb.UNREADABLE}),
    ],
)
def test_what_follows_from_each_verb(column: str, verbs: set[Verb]) -> None:
    assert {verb for verb in Verb if getattr(verb.meaning, column)} == verbs


def test_what_is_no_state_of_an_item_means_nothing_for_it() -> None:
    assert {verb.meaning for verb in set(Verb) - set(STATES)} == {Meaning()}
