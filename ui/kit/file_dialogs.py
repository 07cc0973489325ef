"""Asking for a file to write or to open, or for a folder: the one place that opens the system's dialogs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget


@dataclass(frozen=True)
class FileKind:
    """A kind of file in words, its ending without the dot, and whether others may be opened as well."""

    text: str
    ending: str
    or_any: bool = False

    @property
    def name_filter(self) -> str:
        """The kind as Qt's dialogs want it."""
        own = f"{self.text} (*.{self.ending})"
        return f"{own};;All (*)" if self.or_any else own


class _SaveDialog(QFileDialog):
    """A dialog whose default ending follows the chosen kind, so that it warns of the right file."""

    def __init__(
        self, parent: QWidget, title: str, suggestion: Path, kinds: Sequence[FileKind], overwrites: bool
    ) -> None:
        super().__init__(parent, title, str(suggestion.parent))
        self._endings = {kind.name_filter: kind.ending for kind in kinds}
        self.setOption(QFileDialog.Option.DontConfirmOverwrite, not overwrites)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters([kind.name_filter for kind in kinds])
        self.setDefaultSuffix(kinds[0].ending)
        self.filterSelected.connect(self._follow_kind)
        self.selectFile(suggestion.name)

    def _follow_kind(self, name_filter: str) -> None:
        self.setDefaultSuffix(self._endings.get(name_filter, ""))


class FileDialogs:
    """The system's file dialogs; each returns ``None`` if the person cancels. Tests put answers in their place.

    They begin where a person finds a file again: never in ``own``, the program's own folder, but where the last dialog
    ended, or among the documents.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._own = own
        self._last: Path | None = None

    def save(
        self,
        parent: QWidget,
        title: str,
        suggestion: Path,
        kinds: Sequence[FileKind],
        *,
        overwrites: bool = True,
    ) -> Path | None:
        """Ask where to write; an existing file needs a confirmation where it ``overwrites``."""
        place = self._begin_at(suggestion.parent) / suggestion.name
        dialog = _SaveDialog(parent, title, place, kinds, overwrites)
        chosen = dialog.selectedFiles() if dialog.exec() else []
        dialog.deleteLater()
        return self._note(chosen[0] if chosen else "")

    def open(self, parent: QWidget, title: str, folder: Path, kind: FileKind) -> Path | None:
        """Ask which file to open."""
        chosen, _ = QFileDialog.getOpenFileName(parent, title, str(self._begin_at(folder)), kind.name_filter)
        return self._note(chosen)

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """Ask for a folder."""
        chosen = QFileDialog.getExistingDirectory(parent, title, str(self._begin_at(Path())))
        return self._note(chosen)

    def _begin_at(self, wanted: Path) -> Path:
        """The folder that a dialog shows first; ``wanted`` unless it says nothing or is the program's own."""
        own = self._own is not None and wanted.is_relative_to(self._own)
        if wanted.is_absolute() and not own:
            return wanted
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return self._last or Path(documents)

    def _note(self, chosen: str) -> Path | None:
        if not chosen:
            return None
        path = Path(chosen)
        self._last = path.parent
        return path
