"""Finding a class by typed letters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.answering.type_ahead import digit_keys, fold, matches


def test_better_matches_come_first() -> None:
    classes = ("seastar", "starfish", "red star", "star", "moon")
    assert [classes[i] for i in matches(classes, "star")] == ["star", "starfish", "red star", "seastar"]
    assert matches(classes, "xyz") == []
    assert matches(classes, "") == []


def test_case_accents_and_joined_words_do_not_matter() -> None:
    assert matches(("Éclair", "tennis_court", "ÜBER"), "eclair") == [0]
    assert matches(("tennis_court", "golf-course"), "cour") == [0, 1]
    assert matches(("Straße",), "STRASSE") == [0]
    assert matches(("قطة", "كلب"), "كل") == [1]
    assert fold("Ångström") == "angstrom"


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=30, unique_by=fold), st.data())
def test_every_class_is_found_by_its_whole_name(classes: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(classes) - 1))
    found = matches(classes, classes[index])
    assert found[:1] == ([index] if fold(classes[index]) else [])
    assert len(found) == len(set(found))


def test_digits() -> None:
    assert digit_keys(10) == tuple("0123456789")
    assert digit_keys(3) == ("1", "2", "3")
    assert digit_keys(11) == ()


def test_of_classes_that_differ_only_in_case_the_one_typed_comes_first():
    assert matches(["A", "a", "B", "b", "abc"], "a") == [1, 0, 4]
    assert matches(["A", "a", "B", "b", "abc"], "A") == [0, 1, 4]
