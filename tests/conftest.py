"""What every test gets: no screen, folders of its own, and a look at what it left running."""

from __future__ import annotations

import os
import shutil
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile_folder import hostile_folder

__all__ = ["hostile_folder"]

# Before Qt is imported, and whatever the shell says; the end-to-end tests start processes with screens of their own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

WINDOWS = "tests/e2e/"
E2E_PROGRAMS = ("Xvfb", "xdotool")
_ENDING_S = 10.0  # what a thread that is about to end may take on a busy machine


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    groups = {}
    for item in items:
        groups[item] = _group(item.nodeid.partition("::")[0])
        item.add_marker(pytest.mark.xdist_group(groups[item]))
    items.sort(key=lambda item: not groups[item].startswith(WINDOWS))  # the longest begin first
    missing = [name for name in E2E_PROGRAMS if shutil.which(name) is None]
    if missing:
        skip = pytest.mark.skip(reason=f"needs {', '.join(missing)}, which bootstrap.py installs on Debian")
        for item in items:
            if item.get_closest_marker("e2e"):
                item.add_marker(skip)


def _group(file: str) -> str:
    """What stays in one of several processes: a file; of real windows half of them, which have one screen."""
    if not file.startswith(WINDOWS):
        return file
    return WINDOWS + ("in folders" if "/" in file.removeprefix(WINDOWS) else "itself")


@pytest.fixture(autouse=True)
def own_folders(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Keep the program off the person's own settings and data; processes of e2e tests open real windows."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("CLARIFIER_HOME", str(home))
    if request.node.get_closest_marker("e2e"):
        monkeypatch.delenv("QT_QPA_PLATFORM")
    return home


class Leaks:
    """What a test started: Python threads by comparison, Qt's threads and timers as they are started."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from PySide6.QtCore import QThread, QTimer

        self._before = set(threading.enumerate())
        self._started: list[weakref.ref[Any]] = []
        for kind in (QThread, QTimer):
            monkeypatch.setattr(kind, "start", self._noting(kind.start))

    def _noting(self, start: Any) -> Any:
        def noted(started: Any, *args: Any) -> Any:
            self._started.append(weakref.ref(started))
            return start(started, *args)

        return noted

    def found(self) -> list[str]:
        """What still runs, in words; what is only just ending gets a moment."""
        from PySide6.QtCore import QCoreApplication, QEvent, QThread
        from shiboken6 import isValid

        if QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        running = []
        for thread in set(threading.enumerate()) - self._before:
            if isinstance(thread, threading._DummyThread):
                continue  # Python's view of a QThread, which never ends by itself; Qt's own is looked at below
            thread.join(_ENDING_S)
            if thread.is_alive():
                running.append(f"thread {thread.name}")
        for started in (reference() for reference in self._started):
            if started is None or not isValid(started):
                continue
            if isinstance(started, QThread):
                if started.isRunning() and not started.wait(round(1000 * _ENDING_S)):
                    running.append(f"QThread {started.objectName() or repr(started)}")
            elif started.isActive():
                running.append(f"QTimer {started.objectName() or repr(started)}")
        return running


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail a test that leaves a Python thread, a QThread or a QTimer running."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        leaks = Leaks(monkeypatch)
        yield
        found = leaks.found()
    if found:
        pytest.fail("left running: " + ", ".join(found))
