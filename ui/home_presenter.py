"""Lists on the home page what was open lately; how far a project is, and its pictures, follow once the window shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from model.disk import is_there
from model.errors import UserError
from model.threads import Worker
from ui.home_cards import PICTURES, Recent
from ui.home_page import HomePage
from ui.labeling.project.files import PROJECT_SUFFIX
from ui.labeling.project.to_go import read_to_go
from ui.shell import Shell

_DESCRIBE_MS = 200  # after the page is there: the window comes first
_LOOK_MS = 30  # between two looks for pictures
_PICTURE = 64  # px, and twice as many on a screen of twice the pixels


class HomePresenter(QObject):
    """The home page and its list of files."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.page = HomePage()
        shell.pages.addWidget(self.page)
        self._thread = Worker("home pictures")
        self._coming: dict[Path, Future[tuple[QImage, ...]]] = {}
        self._pictures: dict[Path, Sequence[QImage]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DESCRIBE_MS)
        self._timer.timeout.connect(self._describe_projects)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._collect)

    def show(self) -> None:
        """Show the page; projects are opened for their description a moment later."""
        self._list_recent(describe_day)
        self._shell.pages.setCurrentWidget(self.page)
        self.page.setFocus()
        self._timer.start()

    def close(self) -> None:
        """Stop reading the files of projects."""
        self._timer.stop()
        self._look.stop()
        self._thread.close()

    def _describe_projects(self) -> None:
        projects = [p for p in self._shell.preferences.recent_files if p.suffix == PROJECT_SUFFIX]
        if not projects or self._shell.pages.currentWidget() is not self.page:
            return
        self._list_recent(partial(describe_file, cache=self._shell.paths.cache))
        for path in projects:
            if path not in self._pictures and path not in self._coming and is_there(path):
                self._coming[path] = self._thread.submit(read_pictures, path, self._shell.paths.cache)
        self._look.start()

    def _collect(self) -> None:
        for path, future in list(self._coming.items()):
            if future.done():
                del self._coming[path]
                self._pictures[path] = future.result()
                self.page.show_pictures(self._pictures)
        if not self._coming:
            self._look.stop()

    def _list_recent(self, describe: Callable[[Path], Recent]) -> None:
        files = self._shell.preferences.recent_files
        self.page.set_recent([describe(path) for path in files if is_there(path)])
        self.page.show_pictures(self._pictures)


def describe_file(path: Path, cache: Path) -> Recent:
    """How far a project is and how long it still takes, and when a file was last written."""
    if path.suffix != PROJECT_SUFFIX:
        return describe_day(path)
    from studies.labeling.file.store import ProjectStore  # the window comes first

    try:
        with ProjectStore.peek(path) as store:
            progress, uuid = store.progress(), store.head().uuid
    except UserError:
        return describe_day(path)  # opening it says what is wrong
    parts = (progress.in_words(), read_to_go(cache, uuid, progress.labeled), days_ago(path))
    words = "   ·   ".join(part for part in parts if part)
    return Recent(path, words, progress.images - progress.left, progress.images)


def describe_day(path: Path) -> Recent:
    """When a file was last written."""
    return Recent(path, days_ago(path))


def days_ago(path: Path) -> str:
    """When a file was last written, in words."""
    days = (date.today() - date.fromtimestamp(path.stat().st_mtime)).days
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"


def read_pictures(path: Path, cache: Path) -> tuple[QImage, ...]:
    """A few images of a project, each as a square; none where they cannot be read."""
    from model.datasets.base import Source
    from studies.labeling.file.store import ProjectStore
    from studies.labeling.project.images import is_local, open_items
    from ui.answering.thumbnails import squares

    try:
        with ProjectStore.peek(path) as store:
            head, place = store.head(), store.place()
            names = store.sample(PICTURES) if is_local(head.dataset) else []
        if not names:
            return ()
        images = open_items(Source(head.dataset, place), names, cache)
    except UserError:
        return ()
    return squares(images, PICTURES, 2 * _PICTURE)
