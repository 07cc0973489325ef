"""Finding a class by typed letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.answering.type_ahead import digit_keys, digits_find, fold, matches


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
    assert digit_keys(tuple("abcdefghij")) == tuple("0123456789")
    assert digit_keys(tuple("abc")) == ("1", "2", "3")
    assert digit_keys(tuple("abcdefghijk")) == ()


@pytest.mark.parametrize(
    ("classes", "digits"),
    [
        (["0", "1", "2", "3", "4"], "01234"),
        (["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"], "1234567890"),
        (["٠", "١", "٢"], "012"),
        (["1 benign", "2 unclear", "0 no picture"], "120"),
        (["01", "02", "10"], "120"),
        (["none", "1", "2"], "312"),
        (["Grade 0", "Grade 1"], "01"),
        (["4", "3", "2"], "432"),
        (["0", "10"], ""),
        (["1", "2", "12"], ""),
        (["1 left", "1 right"], ""),
    ],
)
def test_a_class_with_a_number_has_its_own_digit(classes: list[str], digits: str) -> None:
    assert "".join(digit_keys(classes)) == digits
    assert digits_find(classes) is (not digits)


def test_a_number_means_its_class_before_those_that_begin_with_it() -> None:
    numbered = [f"{number:02d} kind" for number in range(1, 25)]
    assert digits_find(numbered)
    assert [matches(numbered, typed)[0] for typed in ("1", "01", "2", "12", "١٢")] == [0, 0, 1, 11, 11]
    assert not digits_find([f"species {number:03d}" for number in range(24)])


def test_of_classes_that_differ_only_in_case_the_one_typed_comes_first():
    assert matches(["A", "a", "B", "b", "abc"], "a") == [1, 0, 4]
    assert matches(["A", "a", "B", "b", "abc"], "A") == [0, 1, 4]
