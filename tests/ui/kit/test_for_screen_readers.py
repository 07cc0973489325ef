"""What a screen reader finds on every page: names, roles, and an order of Tab that is the order of reading."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.on_screen import open_in_window
from tests.ui.pages import PAGES
from ui.kit import theme
from ui.labeling.project.new_project_page import NewProjectPage
from ui.labeling.project.settings_page import SettingsPage

_NO_ROLE = (QAccessible.Role.NoRole,)


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, qapp: QApplication, qtbot) -> Iterator[QWidget]:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = PAGES[request.param]()
    if isinstance(made.page, NewProjectPage):
        made.page._show_more(True)
    if isinstance(made.page, (NewProjectPage, SettingsPage)):
        made.page.form.show_researcher(True)
    _window = open_in_window(qtbot, made.page, 1100, 4000)
    yield made.page
    made.close()


def stops(page: QWidget) -> list[QWidget]:
    """Where Tab stops on a page, in its order."""
    found: list[QWidget] = []
    widget: QWidget | None = page
    while widget is not None:
        takes = widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and widget.focusProxy() is None and (widget is page or page.isAncestorOf(widget)):
            found.append(widget)
        widget = widget.nextInFocusChain()
        if widget is page:
            break
    return found


def test_all_that_takes_the_keyboard_has_a_name_and_a_role(page: QWidget) -> None:
    assert stops(page)
    for widget in stops(page):
        read = QAccessible.queryAccessibleInterface(widget)
        assert read is not None, widget
        assert read.text(QAccessible.Text.Name).strip(), widget
        assert read.role() not in _NO_ROLE, widget


def test_tab_goes_as_one_reads(page: QWidget) -> None:
    parts = [widget for widget in stops(page) if widget is not page and not widget.isAncestorOf(page)]
    places = [QRect(widget.mapTo(page, QPoint()), widget.size()) for widget in parts]
    for i in range(1, len(places)):
        before, here = places[i - 1], places[i]
        wrong = here.bottom() < before.top() and here.left() < before.right()
        back = here.right() < before.left() and here.top() < before.bottom() and before.top() < here.bottom()
        assert not wrong, (parts[i - 1].accessibleName(), parts[i].accessibleName())
        assert not back, (parts[i - 1].accessibleName(), parts[i].accessibleName())
