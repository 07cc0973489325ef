"""An image that is looked at closely: with all its pixels, once they are decoded."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from studies.labeling.project.project import Project
from studies.labeling.state.desk import Phase
from ui.answering.decode_ahead import DecodeAhead
from ui.labeling.one_by_one.label_view import LabelView

_WAIT_MS = 4  # between two looks whether it is decoded


class CloseLook(QObject):
    """Gives the view its image in full when it asks for it."""

    def __init__(self, view: LabelView, decoder: DecodeAhead[int], project: Project) -> None:
        super().__init__(view)
        self._view, self._decoder, self._project = view, decoder, project
        self._wanted: tuple[int, Future[QImage]] | None = None
        self._wait = QTimer(self)
        self._wait.setInterval(_WAIT_MS)
        self._wait.timeout.connect(self._show)
        view.detail_wanted.connect(self._want)

    def close(self) -> None:
        """Wait for nothing more."""
        self._wait.stop()
        self._view.detail_wanted.disconnect(self._want)

    def _shown(self) -> int | None:
        desk = self._project.desk
        return desk.item if desk.phase is Phase.SHOWN else None

    def _want(self) -> None:
        item = self._shown()
        if item is not None:
            self._wanted = item, self._decoder.full(item)
            self._wait.start()

    def _show(self) -> None:
        if self._wanted is None or self._wanted[1].done():
            self._wait.stop()
        if self._wanted is None or not self._wanted[1].done():
            return
        (item, future), self._wanted = self._wanted, None
        if item == self._shown() and not future.cancelled() and future.exception() is None:
            self._view.set_detail(future.result())
