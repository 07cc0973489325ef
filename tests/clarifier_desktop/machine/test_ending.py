"""The signals that end the program."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QColor
from PySide6.QtWidgets import QApplication, QColorDialog, QDialog, QMainWindow, QWidget

from clarifier_desktop.machine.ending import ends_in_order
from ui.kit.file_dialogs import FileDialogs, FileKind

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGHUP")
_LATE = 7


@pytest.fixture
def hung_up() -> Iterator[None]:
    """SIGHUP as nohup leaves it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGHUP, before)


def run(application: QApplication, number: signal.Signals) -> int:
    """Run the event loop, send the signal, and return the loop's exit code; ``_LATE`` if it did not end."""
    with ends_in_order(application):
        QTimer.singleShot(0, application, lambda: os.kill(os.getpid(), number))
        late = QTimer()
        late.setSingleShot(True)
        late.timeout.connect(lambda: application.exit(_LATE))
        late.start(1000)
        return application.exec()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_program(qapp: QApplication, name: str) -> None:
    assert run(qapp, signal.Signals[name]) == 0


def test_under_nohup_the_program_outlives_its_terminal(qapp: QApplication, hung_up: None) -> None:
    assert run(qapp, signal.SIGHUP) == _LATE
    assert run(qapp, signal.SIGTERM) == 0


def test_a_window_that_refuses_to_close_does_not_hold_up_the_end(qapp: QApplication) -> None:
    class Refusing(QDialog):
        def closeEvent(self, event: QCloseEvent) -> None:
            event.ignore()

    window = QMainWindow()
    window.show()
    dialog = Refusing(window)
    QTimer.singleShot(0, window, lambda: dialog.exec())
    try:
        assert run(qapp, signal.SIGTERM) == 0
    finally:
        dialog.done(0)
        window.close()


ASKS: dict[str, Callable[[QWidget], object]] = {
    "folder": lambda window: FileDialogs().folder(window, "Folder"),
    "file": lambda window: FileDialogs().open(window, "File", Path(), FileKind("CSV", "csv")),
    "save": lambda window: FileDialogs().save(window, "Save", Path("a.csv"), [FileKind("CSV", "csv")]),
    "colour": lambda window: QColorDialog.getColor(QColor("#0072b2"), window, "Colour").isValid() or None,
}


@pytest.mark.parametrize("asked", ASKS)
def test_an_open_chooser_chooses_nothing_and_does_not_hold_up_the_end(qapp: QApplication, asked: str) -> None:
    window, chosen = QMainWindow(), []
    window.show()
    QTimer.singleShot(0, window, lambda: chosen.append(ASKS[asked](window)))
    assert run(qapp, signal.SIGTERM) == 0
    assert chosen == [None]
    QTimer.singleShot(0, qapp, qapp.exit)
    qapp.exec()  # the chooser's own loop, ended within, leaves Qt where no later loop would run
