from __future__ import annotations

from dataclasses import replace

import pytest

from studies.labeling.planning.pace import SeedProgress, seed_is_done, wants_round

SEEDING = SeedProgress(
    labels=20, new_labels=20, classes=4, with_example=4, seed_labels=20, enough=False, first=True,
    waiting=30, seconds_a_label=1.5, learner_s=None, left=500,
)  # fmt: skip
LATER = replace(SEEDING, first=False, labels=200, new_labels=80, waiting=10, learner_s=12.0)


@pytest.mark.parametrize(
    ("change", "done"),
    [
        ({}, True),
        ({"labels": 19}, False),
        ({"with_example": 3}, False),
        ({"with_example": 3, "labels": 31}, False),
        ({"with_example": 3, "labels": 32}, True),  # a rare class holds nothing up
        ({"with_example": 9, "classes": 200, "labels": 32}, True),  # nor do many classes
        ({"with_example": 3, "labels": 32, "seed_labels": 60}, False),  # but for a person who wants more
        ({"with_example": 3, "labels": 60, "seed_labels": 60}, True),
        ({"with_example": 3, "labels": 90, "to_name": 12}, False),  # pages that wait may show the rare class
        ({"labels": 40, "to_name": 12}, True),
        ({"labels": 3, "with_example": 2, "enough": True}, True),
        ({"with_example": 1, "enough": True}, False),
    ],
)
def test_the_seed_round_ends(change, done):
    now = replace(SEEDING, **change)
    assert seed_is_done(now) is done
    assert wants_round(now) is done


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, True),  # 10 * 1.5 s = 15 s = 1.25 * 12 s
        ({"waiting": 11}, False),
        ({"waiting": 0, "new_labels": 1}, True),
        ({"waiting": 0, "new_labels": 0}, False),
        ({"new_labels": 4}, False),
        ({"left": 0}, False),
        ({"learner_s": None, "waiting": 16}, True),  # 20 s are expected of a run that was never measured
        ({"learner_s": None, "waiting": 17}, False),
    ],
)
def test_a_round_is_prepared_while_the_last_one_is_labeled(change, wanted):
    assert wants_round(replace(LATER, **change)) is wanted
