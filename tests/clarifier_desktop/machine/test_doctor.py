"""What ``doctor`` says of what it finds."""

from clarifier_desktop.machine import doctor
from clarifier_desktop.machine.checks import Check, Verdict
from studies.answers import StampSource
from ui.answering.stamps import Stamp

MS = 1_000_000


def stamps(delays_ms, source=StampSource.MONOTONIC):
    return [Stamp(10**9, 10**9 + round(d * MS), source) for d in delays_ms]


def test_prompt_keys_are_fine():
    check = doctor.check_stamps(stamps([0.3] * 20), "real")
    assert (check.verdict, check.advice) == (Verdict.OK, "")
    assert "median 0.30 ms" in check.value
    assert "monotonic" in check.value


def test_late_keys_get_advice():
    check = doctor.check_stamps(stamps([0.3] * 10 + [50.0]), "real")
    assert check.verdict is Verdict.FAIL
    assert check.advice


def test_real_keys_without_stamps_are_named():
    check = doctor.check_stamps(stamps([0.0], StampSource.HANDLER), "real")
    assert check.verdict is Verdict.WARN
    assert "stamps no keys" in check.advice


def test_no_key_pressed_is_no_pass():
    assert doctor.check_stamps([], "real").verdict is Verdict.WARN


def test_the_table_shows_each_verdict_and_the_advice_below_it():
    text = doctor.table(
        [Check("Clock", "1 µs", Verdict.OK), Check("Disk", "full", Verdict.FAIL, "Free some.")]
    )
    lines = text.splitlines()
    assert lines[0].startswith("OK ")
    assert lines[1].startswith("FAIL")
    assert lines[2].strip() == "-> Free some."


def test_all_window_checks_run(qapp):
    names = [check.name for check in doctor.window_checks(qapp, real_keys=0)]
    assert names == [
        "Screen refresh",
        "Paint of a stimulus",
        "Longest stall of the event loop",
        "Delay of simulated keys",
    ]
