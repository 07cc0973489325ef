"""The rules that a plan turns on: what each flags, by hand, and that it removes nothing where it is off."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from studies.answers import StampSource
from studies.timing.facts.exclusions import USUAL_LIMITS, Exclusions, Stalls
from studies.timing.facts.records import Event, EventKind
from studies.timing.file.merge import merge
from studies.timing.file.store import Store, StoreError
from tests.studies.timing.sample import (
    SECOND,
    SHORT,
    Answered,
    add_study,
    answer,
    plan,
    record,
    response,
    sit,
    two_participants,
)

SIX = tuple(Answered("a", time_s) for time_s in (1.0, 1.1, 1.2, 1.3, 1.4, 12.0))


def flags(store: Store, name: str) -> list[object]:
    return [value for (value,) in store.query(f"SELECT {name} FROM trials ORDER BY session, position")]


@pytest.mark.parametrize("rule", list(USUAL_LIMITS))
def test_a_rule_that_is_off_removes_nothing(store: Store, rule: str) -> None:
    sit(store, add_study(store), "s", SIX)
    assert set(flags(store, "kept")) == {1}
    if rule in ("too_slow", "outlier"):
        assert flags(store, rule) == [0, 0, 0, 0, 0, 1]


def test_too_slow_removes_what_took_longer(store: Store) -> None:
    sit(store, add_study(store, too_slow=1200), "s", SIX)
    assert flags(store, "excluded_by") == ["", "", "", "too_slow", "too_slow", "too_slow"]


def test_an_outlier_is_far_from_the_median_log_time_of_its_kind(store: Store) -> None:
    # The logs' median is between those of 1.2 and 1.3. The distances from it, ascending: 1.2 and 1.3, 1.4, 1.1, 1.0,
    # 12; the middle two are those of 1.4 and 1.1.
    middle = math.log(1.2 * 1.3) / 2
    spread = (math.log(1.4) - middle + middle - math.log(1.1)) / 2
    far = (middle - math.log(1.0)) / (1.4826 * spread)  # of the fastest
    for limit, removed in ((far * 1.001, [5]), (far * 0.999, [0, 5])):
        name = str(limit)
        sit(store, add_study(store, name, name, outlier=limit), name, [*SIX, Answered("b", 12.0)])
        found = store.query(
            "SELECT position FROM trials WHERE study = ? AND excluded_by = 'outlier'", (name,)
        )
        assert sorted(position for (position,) in found) == removed


def test_wrong_answers_and_practice_do_not_move_the_median(store: Store) -> None:
    others = (Answered("a", 900.0, practice=True), Answered("a", 900.0, answer="b"))
    sit(store, add_study(store, outlier=3.0), "s", [*SIX, *others, *others])
    assert flags(store, "outlier") == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]


def test_equal_times_have_no_outlier(store: Store) -> None:
    sit(store, add_study(store, outlier=3.0), "s", [Answered("a", 1.0)] * 4 + [Answered("a", 5.0)])
    assert flags(store, "outlier") == [0] * 5


def test_the_first_trials_that_count_are_removed(store: Store) -> None:
    practice = (Answered("a", 1.0, practice=True),) * 2
    sit(store, add_study(store, first_trials=2), "s", [*practice, *SHORT, *SHORT])
    assert flags(store, "trial") == [1, 2, 1, 2, 3, 4]
    assert flags(store, "excluded_by") == ["", "", "first_trials", "first_trials", "", ""]


def test_a_session_that_is_short_of_answers_is_removed_whole(store: Store) -> None:
    study = add_study(store, incomplete=0.5)
    trials = [Answered("a", 1.0, practice=True), *SHORT, *SHORT]
    sit(store, study, "whole", trials)
    for session, number, answered in (("half", 2, 3), ("less", 3, 2)):
        store.start_session(study, record(session, f"P{number}", number), plan(trials))
        for position in range(answered):
            answer(store, session, position, trials[position])
    found = dict(store.query("SELECT session, max(excluded_by) FROM trials GROUP BY session"))
    assert found == {"whole": "", "half": "", "less": "incomplete"}
    # Images that could not be read were not there to be answered: one of two is missing then.
    store.append("less", Event(EventKind.IMAGE_FAILED, SECOND, 3))
    store.append("less", Event(EventKind.IMAGE_FAILED, SECOND, 4))
    assert store.query("SELECT DISTINCT excluded_by FROM trials WHERE session = 'less'") == [("",)]
    shares = store.query("SELECT participant, finished, answered_share FROM person_progress ORDER BY 1")
    assert shares == [("P1", 1, 1.0), ("P2", 0, 0.5), ("P3", 0, 0.5)]


@pytest.mark.parametrize(
    ("detail", "changes", "at_ends"),
    [
        ("painted 5 ns, drawn 100000005 ns", {}, 0),
        ("painted 5 ns, drawn 100000006 ns", {}, 1),  # the image stood there before it was known to
        (
            "",
            {"longest_stall_ns": 5 * SECOND},
            0,
        ),  # in the middle: the stamp of the answer is the event's own
        ("", {"longest_stall_ns": 5 * SECOND, "stamp_source": StampSource.HANDLER}, 1),
        ("", {"handler_ns": 101 * SECOND + 100_000_001}, 1),
        ("", {"handler_ns": 101 * SECOND + 100_000_000}, 0),
    ],
)
def test_a_stall_at_the_ends_of_a_trial(
    store: Store, detail: str, changes: dict[str, object], at_ends: int
) -> None:
    store.start_session(add_study(store, stalled_at_ends=1), record("s"), plan([Answered("a", 1.0)]))
    store.append("s", Event(EventKind.PRESENTED, 100 * SECOND, 0, detail))
    store.append_response("s", response(0, None, **changes))
    assert flags(store, "stalled_at_ends") == [at_ends]
    assert flags(store, "excluded_by") == ["stalled_at_ends" if at_ends else ""]


def test_a_machine_that_slept_in_the_middle_is_seen_by_the_wall_clock(store: Store) -> None:
    store.start_session(add_study(store, stalled_at_ends=1), record("s"), plan([Answered("a", 1.0)] * 2))
    for position, stall_ns in ((0, 8 * SECOND), (1, 0)):
        store.append("s", Event(EventKind.PRESENTED, (position + 1) * 100 * SECOND, position))
        store.append_response("s", response(position, longest_stall_ns=stall_ns))
    store._connection.execute("DROP TRIGGER responses_never_changed")
    store._connection.execute("UPDATE responses SET utc = '2999-01-01T00:00:00.000+00:00'")
    assert flags(store, "stalled_at_ends") == [1, 0], "a clock that was merely set stalls nothing"


def test_stalls_are_left_to_one_of_the_two_rules(store: Store) -> None:
    add_study(store, "ends", "ends", stalled_at_ends=1.0)
    for name in ("anywhere", "ends"):
        study = add_study(store, name, name)
        sit(store, study, name, [Answered("a", 1.0, stall_s=0.2), *SHORT])
    found = dict(store.query("SELECT study, max(excluded_by) FROM trials GROUP BY study"))
    assert found == {"anywhere": "stalled", "ends": ""}
    rules = dict(store.query("SELECT study, ',' || group_concat(rule) || ',' FROM exclusions GROUP BY study"))
    cases = (("anywhere", "stalled", "stalled_at_ends"), ("ends", "stalled_at_ends", "stalled"))
    for name, there, not_there in cases:
        assert f",{there}," in rules[name]
        assert f",{not_there}," not in rules[name]


def test_costs_and_ratio_are_over_the_same_people(store: Store) -> None:
    two_participants(store)
    before = store.query("SELECT c_v_geomean_s, c_a_geomean_s, ratio_geomean, n_ratio FROM summary")
    study = add_study(store)
    sit(store, study, "three", [Answered("a", 50.0)], "P3", 3)  # who has no correction
    after = store.query("SELECT c_v_geomean_s, c_a_geomean_s, ratio_geomean, n_ratio FROM summary")
    assert after == before
    c_v, c_a, ratio, people = after[0]
    assert ratio == pytest.approx(c_a / c_v)
    assert (people, store.query("SELECT n_participants FROM summary")) == (2, [(3,)])


def test_the_rules_of_a_plan() -> None:
    assert Exclusions().limits() == {}
    own = Exclusions(too_slow_ms=8000, mad=2.5, min_answers=0.5, skip_first=3, stalled=Stalls.ONSET_OR_ANSWER)
    assert own.limits() == {
        "too_slow": 8000,
        "outlier": 2.5,
        "incomplete": 0.5,
        "first_trials": 3,
        "stalled_at_ends": 1,
    }


def test_they_are_never_changed_and_pooled_with_their_study(store: Store, tmp_path: Path) -> None:
    sit(store, add_study(store, too_slow=1200.0, outlier=3.0), "s", SIX)
    for sql in ("UPDATE exclusion_limits SET value = 1", "DELETE FROM exclusion_limits"):
        with pytest.raises(StoreError, match="facts are"):
            store._write(sql, ())
    merge([store.path], tmp_path / "pool.sqlite")
    with Store.open(tmp_path / "pool.sqlite", writable=False) as pool:
        assert pool.query("SELECT rule, value FROM exclusion_limits") == [
            ("outlier", 3.0),
            ("too_slow", 1200.0),
        ]
        assert flags(pool, "excluded_by") == flags(store, "excluded_by")


def test_the_times_of_one_session_are_judged_among_all_of_its_person(store: Store) -> None:
    study = add_study(store, outlier=3.0, incomplete=0.5)
    sit(store, study, "one", SIX)
    sit(store, study, "two", [Answered("a", 12.0), Answered("b", 5.0)], " p1")
    sit(store, study, "other", SHORT, "P2", 2)
    view = store.query("SELECT session, c_v_geomean_s, c_a_geomean_s FROM session_times ORDER BY 1")
    assert [session for session, *_ in view] == ["one", "other", "two"]
    for session, *times in view:
        own = store.session_times(session)
        assert [own.c_v_geomean_s, own.c_a_geomean_s] == times
    assert store.session_times("two").c_v_geomean_s is None, (
        "an outlier beside the times of the first session"
    )
