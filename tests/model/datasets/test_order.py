from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from model.datasets.lists.order import order_for_people


def test_names_stand_as_in_a_dictionary_and_numbers_by_their_size():
    names = [
        "Straßenbahn",
        "10",
        "2",
        "Zebra",
        "Übergang",
        "Äpfel",
        "apfel",
        "Brücke",
        "item 10",
        "item 9",
        "A",
        "a",
    ]
    assert order_for_people(names) == (
        "2", "10", "a", "A", "apfel", "Äpfel", "Brücke", "item 9", "item 10", "Straßenbahn", "Übergang", "Zebra",
    )  # fmt: skip


@given(st.lists(st.text(max_size=8)))
def test_any_names_have_an_order_whatever_they_came_in(names):
    assert order_for_people(reversed(names)) == order_for_people(names)
    assert sorted(order_for_people(names)) == sorted(names)
