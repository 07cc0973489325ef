"""The panel of long work: what, how far, how long, Cancel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from ui.kit.jobs import JobProgress
from ui.kit.progress_panel import ProgressPanel, duration_text, seconds_left


class Clock:
    now_ns = 5_000_000_000

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def panel(qtbot, clock: Clock) -> ProgressPanel:
    made = ProgressPanel(clock_ns=clock)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (40.2, "40 s"), (59.6, "1 min"), (150, "2 min"), (3599, "1 h 0 min"), (7500, "2 h 5 min")],
)
def test_durations_as_people_say_them(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_time_left_at_the_rate_so_far() -> None:
    assert seconds_left(25, 100, 10.0) == pytest.approx(30.0)
    assert seconds_left(0, 100, 10.0) is None
    assert seconds_left(25, 100, 0.5) is None  # too early to tell
    assert seconds_left(25, 0, 10.0) is None


def test_it_says_what_how_far_and_how_long(panel: ProgressPanel, clock: Clock) -> None:
    panel.begin("Reading")
    clock.now_ns += 10_000_000_000
    panel.show_progress(JobProgress(1, 2**40 // 4, 2**40, "Reading sessions"))
    assert panel.text.text() == "Reading sessions"
    assert panel.left.text().endswith("30 s left")
    assert panel.bar.value() / panel.bar.maximum() == pytest.approx(0.25)


def test_without_a_known_total_it_says_how_long_it_has_taken(panel: ProgressPanel, clock: Clock) -> None:
    panel.begin("Reading")
    clock.now_ns += 3_000_000_000
    panel.show_progress(JobProgress(1, 7, 0, ""))
    assert panel.text.text() == "Reading"
    assert panel.left.text() == "3 s so far"


def test_short_work_never_shows_it(panel: ProgressPanel, qtbot) -> None:
    panel.begin("Reading")
    assert panel.isHidden()
    panel.end()
    qtbot.wait(350)
    assert panel.isHidden()


def test_long_work_shows_it_until_the_end(panel: ProgressPanel, qtbot) -> None:
    panel.begin("Reading")
    qtbot.waitUntil(lambda: not panel.isHidden(), timeout=2000)
    panel.end()
    assert panel.isHidden()


def test_cancel_is_asked_for_once(panel: ProgressPanel, qtbot) -> None:
    panel.begin("Reading")
    panel.show()
    with qtbot.waitSignal(panel.cancel_requested):
        qtbot.mouseClick(panel.cancel, Qt.MouseButton.LeftButton)
    assert not panel.cancel.isEnabled()
    panel.begin("Again")
    assert panel.cancel.isEnabled()
