from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.answering.pages.page_in_window import Page
from ui.kit import theme


@pytest.fixture
def page(qapp: QApplication, qtbot) -> Iterator[Page]:
    theme.apply(qapp, theme.Theme.LIGHT)
    made = Page(qtbot)
    yield made
    made.gate.set()
    made.view.close_threads()
