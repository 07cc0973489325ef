"""Chance is spent, and never more than there is."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from studies.finish.looks import Looks


def test_looks_spend_a_half_of_what_is_left() -> None:
    looks, spent = Looks(0.05), []
    for _ in range(4):
        spent.append(looks.next_chance)
        looks = looks.take()
    assert spent == pytest.approx([0.025, 0.0125, 0.00625, 0.003125])
    assert looks.spent == pytest.approx(sum(spent))
    assert looks.spent + looks.left == pytest.approx(0.05)
    assert Looks(**asdict(looks)) == looks, "three numbers are all there is to store"


def test_one_look_at_the_end_spends_all() -> None:
    looks = Looks(0.05, spends=1.0)
    assert looks.next_chance == 0.05
    assert looks.take().next_chance == 0
    with pytest.raises(ValueError, match="has been taken"):
        looks.take().take()


@pytest.mark.parametrize("wrong", [{"chance": 0.0}, {"spends": 0.0}, {"spends": 1.5}, {"taken": -1}])
def test_impossible_looks_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="no looks"):
        Looks(**wrong)  # type: ignore[arg-type]
