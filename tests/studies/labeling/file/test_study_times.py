"""A person's costs out of a timing study: mean times, and no person without both."""

from __future__ import annotations

import pytest

from studies.labeling.file.study_times import StudyTimesError, read_study_times
from studies.timing.file.store import Store
from tests.studies.timing.sample import Answered, add_study, sit

BOTH = (Answered("a", 1.0), Answered("a", 3.0), Answered("b", 4.0), Answered("b", 8.0))


def test_means_of_each_participant_with_both_times(tmp_path):
    with Store.open(tmp_path / "s.sqlite") as store:
        study = add_study(store)
        sit(store, study, "one", (*BOTH, Answered(None, 3.0), Answered(None, 6.0)), "P1", 1)
        sit(store, study, "two", (Answered("a", 1.0),), "P2", 2)
        sit(store, study, "three", (Answered("a", 5.0), Answered("b", 2.0)), "P3", 3)
    one, three = read_study_times(tmp_path / "s.sqlite")
    assert (one.name, one.c_v_mean_s, one.c_a_mean_s, one.c_0_mean_s) == (
        "P1, d, keyboard (study)",
        2.0,
        6.0,
        4.5,
    )
    # Correcting is never planned as cheaper than verifying.
    assert (three.c_v_mean_s, three.c_a_mean_s, three.c_0_mean_s) == (5.0, 5.0, None)


def test_a_study_that_measured_nobody_is_refused_in_words(tmp_path):
    with Store.open(tmp_path / "s.sqlite") as store:
        sit(store, add_study(store), "one", (Answered("a", 1.0),))
    with pytest.raises(StudyTimesError, match="no participant with both"):
        read_study_times(tmp_path / "s.sqlite")
