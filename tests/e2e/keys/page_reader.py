"""The real program, which writes what its page shows and where to a file: ``python -m ... FILE COMMAND...``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QPushButton,
    QTableView,
    QWidget,
)

from clarifier_desktop import app
from clarifier_desktop.app import Program
from clarifier_desktop.cli import main

_LOOK_EVERY_MS = 30


def middle(widget: QWidget) -> tuple[int, int]:
    """In px of the screen."""
    at = widget.mapToGlobal(widget.rect().center())
    return at.x(), at.y()


def read(page: QWidget) -> dict[str, Any]:
    """The page's words, its buttons, its table and the list of a drop-down, with places."""
    shown = [part for part in page.findChildren(QWidget) if part.isVisible()]
    seen: dict[str, Any] = {
        "page": type(page).__name__,
        "says": [part.text() for part in shown if isinstance(part, QLabel)],
        "buttons": {part.text(): middle(part) for part in shown if isinstance(part, QPushButton)},
        "choice": "",
        "list": {},
        "rows": {},
    }
    for table in (part for part in shown if isinstance(part, QTableView)):
        for row in range(table.model().rowCount()):
            index = table.model().index(row, 0)
            at = table.viewport().mapToGlobal(table.visualRect(index).center())
            seen["rows"][str(index.data())] = (at.x(), at.y())
    for box in (part for part in shown if isinstance(part, QComboBox)):
        seen["choice"], seen["box"] = box.currentText(), middle(box)
        at = box.mapToGlobal(QPoint(box.width() - 8, box.height() // 2))
        seen["arrow"] = (at.x(), at.y())
    popup = QApplication.activePopupWidget()
    for rows in [] if popup is None else [popup, *popup.findChildren(QAbstractItemView)]:
        if isinstance(rows, QAbstractItemView) and rows.isVisible():
            for row in range(rows.model().rowCount()):
                index = rows.model().index(row, 0)
                at = rows.viewport().mapToGlobal(rows.visualRect(index).center())
                seen["list"][str(index.data())] = (at.x(), at.y())
    return seen


def watch(program: Program, file: Path) -> None:
    """Write what is seen, as JSON."""

    def look() -> None:
        page = program.pages.currentWidget()
        if page is not None:
            part = file.with_suffix(".part")
            part.write_text(json.dumps(read(page)))
            part.rename(file)

    timer = QTimer(program)
    timer.timeout.connect(look)
    timer.start(_LOOK_EVERY_MS)


if __name__ == "__main__":
    run, seen_file = app.run, Path(sys.argv[1])

    def run_watched(
        opening: Any = None, started: Callable[[Program], object] | None = None, **options: bool
    ) -> int:
        def begin(program: Program) -> None:
            watch(program, seen_file)
            if started is not None:
                started(program)

        return run(opening, begin, **options)

    app.run = run_watched
    sys.exit(main(sys.argv[2:]))
