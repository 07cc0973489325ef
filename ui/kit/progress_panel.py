"""What long work shows: what is being done, how far it is, how long it will take, and Cancel."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QProgressBar, QWidget

from studies.numerals import duration_text as duration_text
from ui.kit import theme
from ui.kit.jobs import JobProgress

_APPEARS_AFTER_MS = 300  # shorter work leaves the page still
_JUDGED_AFTER_S = 1.0  # before that, a rate is a guess


def seconds_left(done: int, total: int, elapsed_s: float) -> float | None:
    """Return the time left in seconds at the rate so far; ``None`` if it cannot be told yet."""
    if done <= 0 or total <= 0 or elapsed_s < _JUDGED_AFTER_S:
        return None
    return max(0.0, elapsed_s * (total - done) / done)


class ProgressPanel(QWidget):
    """One line of long work; keeps its place while it is hidden, so that nothing jumps."""

    cancel_requested = Signal()

    def __init__(
        self,
        cancel_key: str = "Esc",
        clock_ns: Callable[[], int] = time.perf_counter_ns,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock_ns = clock_ns
        self._began_ns = 0
        self.text = theme.hint_label("")
        self.text.setWordWrap(False)
        self.left = theme.hint_label("")
        self.left.setWordWrap(False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.cancel = theme.plain_button("Cancel", cancel_key)
        self.cancel.clicked.connect(self._cancel)
        bar_place = self.bar.sizePolicy()
        bar_place.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(bar_place)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(2 * theme.GRID)
        layout.setVerticalSpacing(theme.GRID // 2)
        layout.addWidget(self.text, 0, 0)
        layout.addWidget(self.left, 0, 1, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self.bar, 1, 0, 1, 2)
        layout.addWidget(self.cancel, 0, 2, 2, 1)
        layout.setColumnStretch(0, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_APPEARS_AFTER_MS)
        self._timer.timeout.connect(self._appear)
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._show_times)
        self._latest: JobProgress | None = None
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()

    def begin(self, text: str) -> None:
        """Say what begins; the panel appears if it takes longer than a moment."""
        self._began_ns = self._clock_ns()
        self.text.setText(text)
        self.left.setText("")
        self.bar.hide()
        self._latest = None
        self.cancel.setEnabled(True)
        self._timer.start()

    def show_progress(self, report: JobProgress) -> None:
        """Show how far the work is."""
        self._latest = report
        if report.text:
            self.text.setText(report.text)
        self.bar.setVisible(report.total > 0)
        if report.total > 0:
            # A bar counts in 32 bits; thousandths are finer than its pixels.
            self.bar.setRange(0, 1000)
            self.bar.setValue(min(1000, 1000 * report.done // report.total))
        self._show_times()

    def end(self) -> None:
        """Take the panel away."""
        self._timer.stop()
        self._tick.stop()
        self.hide()

    def cancel_shown(self) -> bool:
        """Cancel the work that the panel shows; whether it shows any."""
        if not self.isVisible():
            return False
        self.cancel.click()
        return True

    def _appear(self) -> None:
        self.show()
        self._tick.start()

    def _show_times(self) -> None:
        report = self._latest
        elapsed_s = (self._clock_ns() - self._began_ns) / 1e9
        if report is None or report.total <= 0:
            self.left.setText(f"{duration_text(elapsed_s)} so far")
            return
        remaining = seconds_left(report.done, report.total, elapsed_s)
        share = f"{report.done:,} of {report.total:,}"
        self.left.setText(share if remaining is None else f"{share}, {duration_text(remaining)} left")

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.text.setText("Stopping ...")
        self.cancel_requested.emit()
