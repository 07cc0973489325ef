"""What a page offers in the menu bar and by a right click: every action of its keys, with the key beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QMenuBar, QSizePolicy, QWidget


@dataclass(frozen=True)
class MenuEntry:
    """An action with its key, and whether it can be done now."""

    text: str
    key: str
    does: Callable[[], object]
    enabled: bool = True


@dataclass(frozen=True)
class PageMenu:
    """A menu; its entries are asked for whenever it opens."""

    title: str
    entries: Callable[[], tuple[MenuEntry, ...]]


@runtime_checkable
class HasMenus(Protocol):
    """A page with menus; pages for participants have none."""

    def menus(self) -> tuple[PageMenu, ...]:
        """The page's menus, from where reading begins; empty: no menu bar on this page."""
        ...


class MenuBar(QMenuBar):
    """The menus of the page that shows, and those of the window; without any of the page it is gone.

    It changes with the page alone, so nothing moves while a page is worked on.
    """

    def __init__(self, of_window: PageMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Menus")
        self._of_window = of_window
        self._open: list[tuple[QMenu, PageMenu]] = []
        self.setSizePolicy(
            QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed
        )  # what is beside it has the rest
        self.hide()

    def show_page(self, page: QWidget | None) -> None:
        """Show the menus of a page."""
        self.clear()
        for menu, _ in self._open:
            menu.deleteLater()
        own = page.menus() if isinstance(page, HasMenus) else ()
        self._open = [(QMenu(menu.title, self), menu) for menu in (*own, self._of_window) if own]
        for made, _ in self._open:
            self.addMenu(made)
            made.aboutToShow.connect(self._fill)
        self.setVisible(bool(own))

    def make_room(self, room: bool) -> None:
        """Be gone for a while, or stand there again, where the page has menus."""
        self.setVisible(bool(self._open) and not room)

    def pop_up(self, at: QPoint) -> None:
        """Show all entries of the page as one menu, at a place of the screen, if it has any."""
        if not self._open:
            return
        together = QMenu(self)
        together.aboutToHide.connect(together.deleteLater)
        for _, menu in self._open:
            together.addSeparator()
            _add_entries(together, menu.entries())
        together.popup(at)

    def _fill(self) -> None:
        made = self.sender()
        for menu, of_page in self._open:
            if menu is made:
                menu.clear()
                _add_entries(menu, of_page.entries())


def _add_entries(menu: QMenu, entries: tuple[MenuEntry, ...]) -> None:
    for entry in entries:
        action = menu.addAction(f"{entry.text.replace('&', '&&')}\t{entry.key}")
        action.setEnabled(entry.enabled)
        action.triggered.connect(lambda _checked=False, does=entry.does: does())
