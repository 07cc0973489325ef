"""The real program, which writes what its key sheet says to a file whenever one is open: ``python -m ... FILE``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

from clarifier_desktop.app import Program, run
from ui.kit.help_sheet import HelpSheet

_LOOK_EVERY_MS = 50


def watch(program: Program, file: Path) -> None:
    """Write the page that is open and the labels of its sheet, as JSON; an empty list where none is open."""

    def look() -> None:
        sheet = program.window.findChild(HelpSheet)
        open_ = sheet is not None and sheet.isVisible()
        labels = [label.text() for label in sheet.findChildren(QLabel)] if sheet and open_ else []
        page = type(program.pages.currentWidget()).__name__
        part = file.with_suffix(".part")
        part.write_text(json.dumps([page, labels]))
        part.rename(file)

    timer = QTimer(program)
    timer.timeout.connect(look)
    timer.start(_LOOK_EVERY_MS)


if __name__ == "__main__":
    sys.exit(run(started=lambda program: watch(program, Path(sys.argv[1]))))
