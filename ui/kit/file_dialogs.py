"""Asking for a file to write or to open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


@dataclass(frozen=True)
class FileKind:
    """A kind of file in words, and its ending without the dot."""

    text: str
    ending: str

    @property
    def name_filter(self) -> str:
        """The kind as Qt's dialogs want it."""
        return f"{self.text} (*.{self.ending})"


class _SaveDialog(QFileDialog):
    """A dialog whose default ending follows the chosen kind, so that it warns of the right file."""

    def __init__(self, parent: QWidget, title: str, suggestion: Path, kinds: Sequence[FileKind]) -> None:
        super().__init__(parent, title, str(suggestion.parent))
        self._endings = {kind.name_filter: kind.ending for kind in kinds}
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters([kind.name_filter for kind in kinds])
        self.setDefaultSuffix(kinds[0].ending)
        self.filterSelected.connect(self._kind_chosen)
        self.selectFile(suggestion.name)

    def _kind_chosen(self, name_filter: str) -> None:
        self.setDefaultSuffix(self._endings.get(name_filter, ""))


class FileDialogs:
    """The system's file dialogs; tests put answers in their place."""

    def save(self, parent: QWidget, title: str, suggestion: Path, kinds: Sequence[FileKind]) -> Path | None:
        """Ask where to write; ``None`` if the person thinks better of it."""
        dialog = _SaveDialog(parent, title, suggestion, kinds)
        chosen = dialog.selectedFiles() if dialog.exec() else []
        dialog.deleteLater()
        return Path(chosen[0]) if chosen else None

    def open(self, parent: QWidget, title: str, folder: Path, kind: FileKind) -> Path | None:
        """Ask what to open; ``None`` if the person thinks better of it."""
        chosen, _ = QFileDialog.getOpenFileName(parent, title, str(folder), kind.name_filter)
        return Path(chosen) if chosen else None
