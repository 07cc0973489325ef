"""A page of images in a window, with what it told."""

from __future__ import annotations

import threading

from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studies.answers import Input
from studies.pages.marking import Mark
from tests.ui.driving import key_event
from tests.ui.on_screen import open_on_screen
from ui.answering.pages.page_values import PageCell, PageConfirmed, PageShown
from ui.answering.pages.page_view import PageView

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
MS = 1_000_000


class Page:
    """A page of colours, with what it told."""

    def __init__(self, qtbot) -> None:
        self.qtbot = qtbot
        self.gate = threading.Event()
        self.gate.set()
        self.bad: set[int] = set()
        self.asked: list[tuple[int, tuple[int, int]]] = []
        self.view = PageView(self.load)
        self.shown: list[PageShown] = []
        self.marks: list[Mark] = []
        self.touched: list[Input] = []
        self.confirmed: list[PageConfirmed] = []
        self.refused: list[str] = []
        self.view.shown.connect(self.shown.append)
        self.view.marks_changed.connect(self.marks.append)
        self.view.touched.connect(self.touched.append)
        self.view.confirmed.connect(self.confirmed.append)
        self.view.refused.connect(self.refused.append)
        open_on_screen(qtbot, self.view, 900, 600)
        self.view.setFocus()

    def load(self, key: int, room: tuple[int, int]) -> tuple[Image.Image, bool]:
        assert self.gate.wait(10)
        self.asked.append((key, room))
        if key in self.bad:
            raise OSError("cut short")
        return Image.new("RGB", (400, 300), (key, 200, 40)), True

    def cells(self, count: int = 24, first: int = 100) -> list[PageCell]:
        return [PageCell(first + number) for number in range(count)]

    def open(self, count: int = 24) -> None:
        """Show a page and wait until it is on screen."""
        self.view.show_page(self.cells(count))
        self.qtbot.waitUntil(lambda: self.view.page is not None)

    def press(self, key: Qt.Key, text: str = "", held: Qt.KeyboardModifier | None = None) -> None:
        key_event(self.view, key, text, held=held or Qt.KeyboardModifier.NoModifier)

    def type(self, text: str) -> None:
        for sign in text:
            self.press(Qt.Key(ord(sign.upper())), sign)

    def middle(self, index: int) -> QPoint:
        return self.view.image_place(index).center()

    def click(self, index: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.view, LEFT, held, self.middle(index))

    def drag(self, *cells: int) -> None:
        """Press on the first cell, lead the pointer to each of the others, and let go."""
        QTest.mousePress(self.view, LEFT, pos=self.middle(cells[0]))
        for index in cells[1:]:
            where = QPointF(self.middle(index))
            move = QMouseEvent(
                QEvent.Type.MouseMove,
                where,
                self.view.mapToGlobal(where),
                Qt.MouseButton.NoButton,
                LEFT,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(self.view, move)
        QTest.mouseRelease(self.view, LEFT, pos=self.middle(cells[-1]))

    @property
    def marked(self) -> set[int]:
        page = self.view.page
        assert page is not None
        assert page.marked == self.view.marked
        return set(page.marked)

    def ink(self) -> QImage:
        return self.view.grab().toImage()
