"""What pages and their presenters may ask of the program around them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.kit.file_dialogs import FileDialogs
from ui.kit.jobs import JobRunner
from ui.preferences import Paths, Preferences


class Shell(Protocol):
    """The program as presenters know it: a stack of pages, preferences, and a place for messages."""

    @property
    def pages(self) -> QStackedWidget:
        """The window's pages; one of them shows."""
        ...

    @property
    def paths(self) -> Paths:
        """The folders of this user."""
        ...

    @property
    def preferences(self) -> Preferences:
        """The preferences as they stand."""
        ...

    @property
    def jobs(self) -> JobRunner:
        """The background thread of studies and results; a new job there ends the one before."""
        ...

    @property
    def dialogs(self) -> FileDialogs:
        """The system's dialogs for files and folders."""
        ...

    @property
    def version(self) -> str:
        """The program's version, stored with all that it writes."""
        ...

    def record(self) -> dict[str, object]:
        """What this machine is, stored with each sitting; nothing that names a person or a machine."""
        ...

    def keep(self, preferences: Preferences) -> None:
        """Keep changed preferences for the next time; where that fails, for this time."""
        ...

    def say(self, text: str) -> None:
        """Say something that went wrong; nobody is held up by it."""
        ...

    def take_back(self, text: str) -> None:
        """Say no longer what holds no longer, if it is what was said last."""
        ...

    def show_strip(self, strip: QWidget | None) -> None:
        """Have a strip above every page; ``None``: none any more."""
        ...

    def show_help(self) -> None:
        """Show the keys of the page that is open."""
        ...

    def set_full_screen(self, on: bool) -> None:
        """Fill the screen, or show a window again."""
        ...

    def go_home(self) -> None:
        """Show the home page."""
        ...

    def begin_with(self, model: Path) -> None:
        """Show the page of a new project that begins with a model: that of a project, or of a file."""
        ...

    def store_path(self) -> Path:
        """The study's file used last, or the default one."""
        ...
