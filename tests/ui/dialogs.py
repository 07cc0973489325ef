"""Stands in for the system's dialogs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from ui.kit.file_dialogs import FileDialogs, FileKind


class Answers(FileDialogs):
    """Answers every dialog with ``to`` and keeps what was asked: the suggested name, or the title."""

    def __init__(self) -> None:
        super().__init__()
        self.to: Path | None = None
        self.asked: list[str] = []
        self.overwrites: list[bool] = []

    def save(
        self,
        parent: QWidget,
        title: str,
        suggestion: Path,
        kinds: Sequence[FileKind],
        *,
        overwrites: bool = True,
    ) -> Path | None:
        self.asked.append(suggestion.name)
        self.overwrites.append(overwrites)
        return self.to

    def open(self, parent: QWidget, title: str, folder: Path, kind: FileKind) -> Path | None:
        self.asked.append(title)
        return self.to

    def folder(self, parent: QWidget, title: str) -> Path | None:
        self.asked.append(title)
        return self.to
