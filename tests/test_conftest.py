"""The guards of conftest.py, tried on tests that break them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
ROOT = Path(__file__).resolve().parent.parent

CASES = """
import os, threading, pytest
from PySide6.QtCore import QThread, QTimer, qInfo, qWarning

STOP = threading.Event()

class Loop(QThread):
    def run(self):
        self.exec()

KEPT = []

def test_clean(qtbot):
    timer, thread = QTimer(), Loop()
    KEPT.extend([timer, thread])
    timer.start(1)
    thread.start()
    timer.stop()
    thread.quit()
    assert thread.wait(5000)
    worker = threading.Thread(target=lambda: None)
    worker.start()

def test_deleted(qtbot):
    timer = QTimer()
    timer.start(1000)
    timer.deleteLater()

def test_offscreen(qapp):
    assert qapp.platformName() == "offscreen"
    assert os.environ["CLARIFIER_HOME"]

@pytest.mark.e2e
def test_e2e_gets_a_real_platform():
    assert "QT_QPA_PLATFORM" not in os.environ

def test_leaves_thread():
    threading.Thread(target=STOP.wait, name="left-thread", daemon=True).start()

def test_leaves_timer(qtbot):
    timer = QTimer()
    timer.setObjectName("left-timer")
    timer.start(100000)
    KEPT.append(timer)

def test_leaves_qthread(qtbot):
    thread = Loop()
    thread.setObjectName("left-qthread")
    thread.start()
    KEPT.append(thread)

def test_end(qtbot):
    STOP.set()
    KEPT[-1].quit()
    assert KEPT[-1].wait(5000)

def test_qt_warning():
    qWarning("an unexpected warning")

def test_qt_line():
    qInfo("an unexpected line")
"""


def test_guards_fail_what_leaks_or_warns_and_pass_the_rest(pytester: pytest.Pytester, monkeypatch) -> None:
    shutil.copy(ROOT / "pyproject.toml", pytester.path)
    (pytester.path / "tests").mkdir()
    for name in ("__init__.py", "conftest.py", "hostile_folder.py"):
        shutil.copy(ROOT / "tests" / name, pytester.path / "tests")
    (pytester.path / "tests" / "test_cases.py").write_text(CASES)
    programs = pytester.mkdir("programs")
    for name in ("Xvfb", "xdotool"):
        (programs / name).write_text("")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=120)
    result.assert_outcomes(passed=8, errors=3, failed=2)
    result.stdout.fnmatch_lines_random(
        [
            "*left running: thread left-thread",
            "*left running: QTimer left-timer",
            "*left running: QThread left-qthread",
            "*an unexpected warning*",
            "*an unexpected line*",
        ]
    )
