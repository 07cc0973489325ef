"""Lists on the home page what was open lately; how far a project is follows once the window shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from model.disk import is_there
from model.errors import UserError
from ui.home_page import HomePage, Recent
from ui.labeling.project.files import PROJECT_SUFFIX
from ui.shell import Shell

_DESCRIBE_MS = 200  # after the page is there: the window comes first


class HomePresenter(QObject):
    """The home page and its list of files."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.page = HomePage()
        shell.pages.addWidget(self.page)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DESCRIBE_MS)
        self._timer.timeout.connect(self._describe_projects)

    def show(self) -> None:
        """Show the page; projects are opened for their description a moment later."""
        self._list_recent(describe_day)
        self._shell.pages.setCurrentWidget(self.page)
        self.page.setFocus()
        self._timer.start()

    def close(self) -> None:
        """Stop reading the files of projects."""
        self._timer.stop()

    def _describe_projects(self) -> None:
        if any(path.suffix == PROJECT_SUFFIX for path in self._shell.preferences.recent_files):
            self._list_recent(describe_file)

    def _list_recent(self, describe: Callable[[Path], str]) -> None:
        files = self._shell.preferences.recent_files
        self.page.set_recent([Recent(path, describe(path)) for path in files if is_there(path)])


def describe_file(path: Path) -> str:
    """How far a project is, and when a file was last written."""
    if path.suffix != PROJECT_SUFFIX:
        return describe_day(path)
    from studies.labeling.file.store import ProjectStore  # the window comes first

    try:
        with ProjectStore.peek(path) as store:
            return f"{store.progress().in_words()}   {describe_day(path)}"
    except UserError:
        return describe_day(path)  # opening it says what is wrong


def describe_day(path: Path) -> str:
    """When a file was last written, in words."""
    days = (date.today() - date.fromtimestamp(path.stat().st_mtime)).days
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
