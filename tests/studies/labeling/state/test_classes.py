from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.datasets.base import name_key
from studies.labeling.facts.records import Change, ClassChange
from studies.labeling.state.classes import ClassError, ClassList


def three() -> ClassList:
    return ClassList.of(ClassList().additions(["cat", "dog", "Great  auk"]))


def merged(class_id: int, into: int) -> ClassChange:
    return ClassChange(class_id, Change.MERGED, str(into))


def test_classes_stand_in_the_order_of_adding():
    assert [(c.class_id, c.name) for c in three().standing] == [(0, "cat"), (1, "dog"), (2, "Great auk")]
    assert three().id_of("GREAT AUK") == 2
    assert three().id_of("owl") is None


def test_names_that_are_there_are_not_added_again():
    assert three().additions(["Cat", "owl", "owl"]) == (ClassChange(3, Change.ADDED, "owl"),)


def test_names_that_differ_in_case_are_classes_of_their_own_where_both_are_given():
    letters = ClassList.of(ClassList().additions(["A", "a", "B"]))
    assert [c.name for c in letters.standing] == ["A", "a", "B"]
    assert [letters.id_of(name) for name in ("A", "a", "B", "b")] == [0, 1, 2, 2]
    assert letters.additions(["a", "A", "b"]) == ()
    assert [c.value for c in three().additions(["CAT", "Cat"])] == ["CAT", "Cat"]
    assert three().additions(["CAT"]) == ()


def test_a_renamed_class_keeps_its_number_and_frees_its_name():
    classes = three().apply(ClassChange(0, Change.RENAMED, "lynx"))
    assert classes.name(0) == "lynx"
    assert classes.id_of("cat") is None


def test_a_merged_class_stands_for_the_other_however_far():
    classes = three().apply(merged(0, 1)).apply(merged(1, 2))
    assert [classes.resolve(c) for c in range(3)] == [2, 2, 2]
    assert classes.name(0) == "Great auk"
    assert [c.class_id for c in classes.standing] == [2]
    apart = classes.apply(merged(1, 1))
    assert [apart.resolve(c) for c in range(3)] == [1, 1, 2]


def test_a_class_comes_apart_only_under_a_name_that_is_free():
    classes = three().apply(merged(0, 1)).apply(ClassChange(2, Change.RENAMED, "cat"))
    with pytest.raises(ClassError, match="already"):
        classes.apply(merged(0, 0))


@pytest.mark.parametrize(
    "change",
    [
        ClassChange(3, Change.ADDED, " dog"),
        ClassChange(4, Change.ADDED, "owl"),
        ClassChange(3, Change.ADDED, " \u200b"),
        ClassChange(0, Change.RENAMED, "dog"),
        ClassChange(9, Change.RENAMED, "owl"),
        merged(0, 9),
        ClassChange(0, Change.MERGED, "x"),
        ClassChange(0, Change.KEY, "ab"),
        ClassChange(0, Change.KEY, " "),
        ClassChange(0, Change.COLOUR, "red"),
    ],
)
def test_what_cannot_be_is_refused(change):
    with pytest.raises(ClassError):
        three().apply(change)


def test_a_circle_of_merges_is_refused():
    with pytest.raises(ClassError, match="separate them first"):
        three().apply(merged(0, 1)).apply(merged(1, 0))


def test_a_key_belongs_to_one_class():
    classes = three().apply(ClassChange(0, Change.KEY, "c"))
    with pytest.raises(ClassError, match="belongs to cat"):
        classes.apply(ClassChange(1, Change.KEY, "C"))
    assert classes.apply(ClassChange(0, Change.KEY, "")).infos[0].key == ""


def test_colour_and_example():
    classes = (
        three().apply(ClassChange(1, Change.COLOUR, "#3366cc")).apply(ClassChange(1, Change.EXAMPLE, "17"))
    )
    assert (classes.infos[1].colour, classes.infos[1].example) == ("#3366cc", 17)
    assert classes.apply(ClassChange(1, Change.EXAMPLE, "")).infos[1].example is None


CHANGES = st.builds(
    ClassChange,
    st.integers(0, 5),
    st.sampled_from(Change),
    st.one_of(st.sampled_from(["a", "A", "b", "c", "d", ""]), st.integers(0, 5).map(str)),
)


@given(st.lists(CHANGES, max_size=25))
def test_whatever_happens_names_stay_apart_and_merges_end(changes):
    classes = ClassList()
    for change in changes:
        try:
            classes = classes.apply(change)
        except ClassError:
            continue
    keys = [name_key(info.name) for info in classes.standing]
    assert len(keys) == len(set(keys))
    for class_id in range(len(classes)):
        assert classes.infos[classes.resolve(class_id)].merged_into is None
    assert all(classes.id_of(info.name) == info.class_id for info in classes.standing)
