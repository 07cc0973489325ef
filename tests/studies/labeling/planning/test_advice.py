from __future__ import annotations

from studies.estimates import Share
from studies.labeling.planning.advice import Measured, advise


def measured(*right: int, total: int = 100, minutes: float = 5.0) -> list[Measured]:
    return [Measured(Share(n, total), minutes) for n in right]


def test_before_the_first_round():
    assert advise([]).startswith("After the first round")


def test_without_a_held_out_sample_accuracy_is_not_known():
    assert "accuracy is not known" in advise(measured(0, 0, 0, total=0))


def test_few_labels_are_said_to_be_few():
    text = advise(measured(10, 15, 20, total=29))
    assert "Accuracy 69%" in text
    assert text.endswith("These are few: the estimate may be far off.")


def test_accuracy_comes_with_its_interval():
    assert advise(measured(50)) == "Accuracy 50% (40% to 60%, 100 held-out images)."


def test_the_gain_of_the_last_two_rounds_for_their_minutes():
    """From 60 % to 80 % in 4 + 6 minutes: 2 points per minute. What came before does not count."""
    rounds = [*measured(0, 60), Measured(Share(75, 100), 4.0), Measured(Share(80, 100), 6.0)]
    assert advise(rounds).endswith("The last two rounds brought 2.0 points per minute.")


def test_no_gain_is_said_and_not_enforced():
    text = advise(measured(60, 80, 80, 81))
    assert text.endswith("brought no measurable gain: this may be the time to stop.")
    assert advise(measured(80, 80, 82)).endswith("0.2 points per minute.")
    assert "no measurable gain" in advise(measured(80, 70, 60))


def test_rounds_without_a_measured_minute_say_nothing_of_gain():
    assert advise(measured(60, 70, 80, minutes=0.0)).endswith("held-out images).")
