"""Opens a study for participants: its store, its plan and what is known of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QApplication

from clarifier_desktop import __version__
from clarifier_desktop.diagnostics import environment
from clarifier_desktop.settings import Paths
from studies.store import Store
from studies.store_errors import unwritable
from studies.timing.host import Host

if TYPE_CHECKING:
    from clarifier_desktop.app import Sitting


def make_host(sitting: Sitting, paths: Paths, application: QApplication) -> Host:
    """Open the store for writing; raises ``StoreError`` where it cannot be."""
    if sitting.store.parent == paths.studies:  # our own; a folder that a person names must be there
        _make_folder(paths.studies)
    return Host(
        store=Store.open(sitting.store),
        loaded=sitting.loaded,
        cache=paths.cache,
        folders=sitting.folders,
        app_version=__version__,
        environment={**environment(), **screen(application)},
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder) from error


def screen(application: QApplication) -> dict[str, object]:
    """What is known of Qt and the screen: the record that a session keeps."""
    first = application.primaryScreen()
    return {
        "qt": qVersion(),
        "platform_plugin": application.platformName(),
        "screen_hz": round(first.refreshRate(), 3),
        "screen_px": f"{first.size().width()}x{first.size().height()}",
        "screen_ratio": first.devicePixelRatio(),
    }
