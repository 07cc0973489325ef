"""Every widget of the kit in every state: ``python -m ui.gallery``, or ``--to FOLDER`` for pictures of each look."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from ui.answering.class_chips import ClassChips
from ui.home_cards import FileCard, Recent
from ui.kit import theme
from ui.kit.charts.curve_view import CurveLine, CurveView
from ui.kit.icon_button import IconButton
from ui.kit.jobs import JobProgress
from ui.kit.layouts import ChoiceBox, NumberBox, button_row, scrolling
from ui.kit.look.icons import Icon
from ui.kit.look.style import palette, style_sheet
from ui.kit.look.tokens import GRID, tokens
from ui.kit.progress_panel import ProgressPanel

_SIZE = (1100, 800)
_LOOKS = {
    f"{name}{'-contrast' if strong else ''}": tokens(dark, strong)
    for name, dark in (("light", False), ("dark", True))
    for strong in (False, True)
}
_CLASSES = ("Forest", "Field", "Lake", "River", "Industrial", "Highway", "Residential")


def _words() -> list[QWidget]:
    message = theme.message_label()
    message.setText("The folder cannot be reached: put the stick back in, then press Enter.")
    return [
        theme.large_label("1,400 images are labeled"),
        theme.title_label("The title of a page"),
        theme.section_label("The heading of a part"),
        theme.body_label("A paragraph: at most 14 of 1,400 labels are wrong. 0123456789 1111111111"),
        theme.hint_label("A quiet line of explanation."),
        message,
    ]


def _buttons() -> list[QWidget]:
    rows: list[QWidget] = []
    for make in (theme.primary_button, theme.plain_button):
        usual, down, disabled = (make(text, "Enter") for text in ("Usual", "Pressed", "Disabled"))
        checked = make("Checked")
        down.setDown(True)
        disabled.setEnabled(False)
        checked.setCheckable(True)
        checked.setChecked(True)
        rows.append(button_row(usual, down, disabled, checked))
    rows.append(button_row(*(IconButton(icon, icon.value, "F1") for icon in Icon)))
    return rows


def _fields() -> list[QWidget]:
    line, empty, off = QLineEdit("What was typed"), QLineEdit(), QLineEdit("Disabled")
    empty.setPlaceholderText("What belongs here")
    off.setEnabled(False)
    box, number, tick, ticked = ChoiceBox(), NumberBox(), QCheckBox("Not chosen"), QCheckBox("Chosen")
    box.addItems(["A choice", "Another"])
    ticked.setChecked(True)
    return [line, empty, off, box, number, tick, ticked]


def _progress() -> list[QWidget]:
    bar, panel = QProgressBar(), ProgressPanel()
    bar.setTextVisible(False)
    bar.setValue(40)
    panel.begin("Training")
    panel.show_progress(JobProgress(0, 40, 100, "Training: epoch 4 of at most 10"))
    panel.show()
    curve = CurveView("Accuracy against minutes", "min")
    curve.show_lines(
        [CurveLine("you", ((0, 0.2), (3, 0.8), (9, 0.95))), CurveLine("no help", ((0, 0.2), (9, 0.7)))]
    )
    return [bar, panel, curve]


def _chips() -> list[QWidget]:
    made = []
    for suggested, typed in ((None, ""), (1, ""), (1, "R")):
        chips = ClassChips()
        chips.set_classes(_CLASSES, ())
        chips.suggest(suggested)
        chips.seek(typed, [3, 6] if typed else [])
        made.append(chips)
    return list(made)


def _cards() -> list[QWidget]:
    cards = [
        FileCard(
            Recent(Path("aerial photographs.clarifier"), "412 of 1,400 labeled", 412, 1400), "1", Icon.IMAGE
        ),
        FileCard(
            Recent(Path("birds of the north.clarifier"), "210 of 210 labeled", 210, 210), "2", Icon.IMAGE
        ),
        FileCard(Recent(Path("pilot.sqlite"), "3 days ago"), "3", Icon.STUDY),
    ]
    pictures = []
    for colour in ("#4A6B3A", "#8A8148", "#31546F", "#7B7672"):
        picture = QImage(64, 64, QImage.Format.Format_RGB32)
        picture.fill(QColor(colour))
        pictures.append(picture)
    cards[0].show_images(pictures)
    return [button_row(*cards)]


SHELVES: Mapping[str, Callable[[], list[QWidget]]] = {
    "Words": _words,
    "Buttons and tools": _buttons,
    "Fields": _fields,
    "Progress and curves": _progress,
    "Classes": _chips,
    "Files": _cards,
}


def gallery() -> QWidget:
    """All shelves below each other."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 3 * GRID)
    column.setSpacing(GRID)
    for title, make in SHELVES.items():
        column.addSpacing(GRID)
        column.addWidget(theme.section_label(title))
        for widget in make():
            column.addWidget(widget)
    column.addStretch()
    area = scrolling(inner)
    area.resize(*_SIZE)
    area.setWindowTitle("Gallery")
    return area


def write_pictures(app: QApplication, folder: Path) -> list[Path]:
    """Write a picture of each look; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, look in _LOOKS.items():
        app.setPalette(palette(look))
        app.setStyleSheet(style_sheet(look))
        shown = gallery()
        shown.resize(_SIZE[0], 1500)
        shown.show()
        app.processEvents()
        shown.grab().save(str(folder / f"gallery-{name}.png"))
        shown.close()
        written.append(folder / f"gallery-{name}.png")
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the gallery, or write its pictures."""
    parser = argparse.ArgumentParser(prog="python -m ui.gallery", description=__doc__)
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="write pictures instead")
    parser.add_argument("--dark", action="store_true", help="begin dark")
    options = parser.parse_args(arguments)
    if options.to is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    theme.apply(app, theme.Theme.DARK if options.dark else theme.Theme.LIGHT)
    if options.to is not None:
        write_pictures(app, options.to)
        return 0
    shown = gallery()
    shown.show()
    return int(app.exec())


if __name__ == "__main__":
    sys.exit(main())
