"""The command ``doctor``: checks in a real window whether this machine measures well, and says what to do."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from clarifier_desktop.machine.application import make_application
from clarifier_desktop.machine.checks import Check, Verdict, judge, percentile, run_checks
from clarifier_desktop.machine.diagnostics import environment
from studies.answers import StampSource
from ui.answering.stall_meter import StallMeter
from ui.answering.stamps import EventClock, Stamp
from ui.answering.stimulus_view import Stimulus, StimulusView
from ui.kit import theme
from ui.kit.screen import describe_screen

_PAINTS = 100
_LISTEN_MS = 1_000
_KEYS_WITHIN_MS = 20_000


def examine(store_folder: Path, real_keys: int) -> int:
    """Print every check with its verdict; returns 0 where timing can be trusted, else 1.

    ``real_keys``: how many key presses to ask of the person at the keyboard (0: simulated ones only).
    """
    application = make_application(sys.argv[:1])
    theme.apply(application)
    for name, value in {**environment(), **describe_screen(application)}.items():
        print(f"  {name}: {value}")
    checks = [*run_checks(store_folder), *window_checks(application, real_keys)]
    print("\n" + table(checks))
    worst = [check for check in checks if check.verdict is not Verdict.OK]
    if not worst:
        print("\nThis machine measures well.")
    elif any(check.verdict is Verdict.FAIL for check in worst):
        print("\nDo not measure on this machine before the lines marked FAIL are mended.")
    else:
        print("\nThis machine can measure; the lines marked WARN add noise to the times.")
    return int(any(check.verdict is Verdict.FAIL for check in checks))


def window_checks(application: QApplication, real_keys: int) -> list[Check]:
    """The checks that need a window: screen, paints, stamps of keys, stalls of the event loop."""
    window = _Window()
    window.resize(900, 760)
    window.show()
    QTest.qWaitForWindowExposed(window)
    checks = [check_screen(application), check_paints(window.view), check_event_loop()]
    checks.append(check_stamps(window.simulated_keys(_PAINTS), "simulated"))
    if real_keys:
        checks.append(check_stamps(window.keys_of_person(real_keys), "real"))
    window.close()
    return checks


def check_screen(application: QApplication) -> Check:
    """The refresh rate: an image becomes visible at most one refresh after it was handed over."""
    rate = application.primaryScreen().refreshRate()
    if rate <= 1:
        return Check(
            "Screen refresh", "unknown", Verdict.WARN, "Find out the screen's refresh rate for the report."
        )
    advice = "Use a screen of 60 Hz or more, or set the screen to its highest rate."
    verdict = judge(1000 / rate, 17, 50)
    value = f"{rate:.1f} Hz: images show up to {1000 / rate:.1f} ms after they are handed over"
    return Check("Screen refresh", value, verdict, "" if verdict is Verdict.OK else advice)


def check_paints(view: StimulusView) -> Check:
    """How long a stimulus takes from the call to the frame's hand-over to the window system."""
    image = QImage(480, 480, QImage.Format.Format_RGB32)
    times = []
    for number in range(_PAINTS):
        image.fill(Qt.GlobalColor.white if number % 2 else Qt.GlobalColor.darkGray)
        start = time.perf_counter_ns()
        times.append(view.present(Stimulus(image, "Suggested", "seven")).drawn_ns - start)
        QApplication.processEvents()
    return _delays("Paint of a stimulus", times, "Close other programs; a remote desktop also paints late.")


def check_event_loop() -> Check:
    """The event loop's longest stall in a second in which nothing happens."""
    meter = StallMeter()
    meter.start()
    QTest.qWait(_LISTEN_MS)
    longest = meter.stop() / 1e6
    verdict = judge(longest, 10, 50)
    advice = "" if verdict is Verdict.OK else "Something holds up the window. Close other programs."
    return Check("Longest stall of the event loop", f"{longest:.1f} ms", verdict, advice)


def check_stamps(stamps: Sequence[Stamp], kind: str) -> Check:
    """How late the program takes a key press, by the press's own stamp."""
    name = f"Delay of {kind} keys"
    if not stamps:
        return Check(
            name, "no key was pressed", Verdict.WARN, "Run doctor again and press the keys it asks for."
        )
    source = stamps[-1].source
    check = _delays(name, [s.handler_ns - s.at_ns for s in stamps], "Close programs that watch the keyboard.")
    value = f"{check.value} (stamps: {source.value})"
    if kind == "real" and source is StampSource.HANDLER:
        advice = (
            "The platform stamps no keys; times include the delay of delivery. Linux with X11 stamps them."
        )
        return Check(name, value, Verdict.WARN, advice)
    return Check(name, value, check.verdict, check.advice)


def table(checks: Sequence[Check]) -> str:
    """The checks in columns, each with its advice below it."""
    width = max(len(check.name) for check in checks)
    lines = []
    for check in checks:
        lines.append(f"{check.verdict.value.upper():<4}  {check.name.ljust(width)}  {check.value}")
        if check.advice:
            lines.append(f"      {'':{width}}  -> {check.advice}")
    return "\n".join(lines)


class _Window(QWidget):
    """Shows stimuli and takes keys as a trial does."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("CLARIFIER Desktop: doctor")
        self.view = StimulusView()
        self._text = QLabel("Checking ...")
        layout = QVBoxLayout(self)
        layout.addWidget(self._text)
        layout.addWidget(self.view, 1)
        self._clock = EventClock()
        self._stamps: list[Stamp] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a stamp."""
        if not event.isAutoRepeat():
            self._stamps.append(self._clock.stamp(event.timestamp(), time.perf_counter_ns()))
            self.pressed.emit()

    def simulated_keys(self, count: int) -> list[Stamp]:
        """Stamps of key presses that the program makes itself."""
        self._stamps = []
        for _ in range(count):
            start = time.perf_counter_ns()
            QTest.keyClick(self, Qt.Key.Key_Space)
            taken = self._stamps[-1]
            self._stamps[-1] = Stamp(start, taken.handler_ns, taken.source)
        return self._stamps

    def keys_of_person(self, count: int) -> list[Stamp]:
        """Stamps of key presses by the person at the keyboard; ends after some seconds all the same."""
        self._stamps = []
        self.activateWindow()
        self.setFocus()
        for left in range(count, 0, -1):
            self._text.setText(f"Please press the space bar: {left} more")
            if not QSignalSpy(self.pressed).wait(_KEYS_WITHIN_MS):
                break
        return self._stamps


def _delays(name: str, times_ns: Sequence[float], advice: str) -> Check:
    middle, high = percentile(times_ns, 50) / 1e6, percentile(times_ns, 99) / 1e6
    verdict = judge(high, 8, 33)
    value = f"median {middle:.2f} ms, 99 % within {high:.2f} ms"
    return Check(name, value, verdict, "" if verdict is Verdict.OK else advice)
