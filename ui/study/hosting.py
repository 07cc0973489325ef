"""Opens a study for participants: its file, its plan, and the record of this machine."""

from __future__ import annotations

from pathlib import Path

from studies.files.store_errors import unwritable
from studies.timing.file.store import Store
from studies.timing.session.host import Host
from studies.timing.session.opening import Opening
from ui.shell import Shell


def make_host(opening: Opening, shell: Shell) -> Host:
    """Open the store for writing; raises ``StoreError`` where it cannot be."""
    if opening.store.parent == shell.paths.studies:  # our own; a folder that a person names must be there
        _make_folder(shell.paths.studies)
    return Host(
        store=Store.open(opening.store),
        loaded=opening.loaded,
        cache=shell.paths.cache,
        folders=opening.folders,
        app_version=shell.version,
        environment=shell.record(),
        robot=opening.robot,
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder) from error
