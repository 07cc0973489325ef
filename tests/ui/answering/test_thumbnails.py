"""Small images: those that were away come when they are back, and a damaged one is not asked for again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PIL import Image
from PySide6.QtWidgets import QWidget

from model.datasets.image_files import ImageError, MissingImageError, PlaceError
from ui.answering.thumbnails import Thumbnails

AWAY = PlaceError("The folder /pictures cannot be reached.", True)


class Shown:
    """Thumbnails in a widget, some of whose images fail."""

    def __init__(self, qtbot) -> None:
        self.widget = QWidget()
        qtbot.addWidget(self.widget)
        self.widget.show()
        self.errors: dict[int, Exception] = {}
        self.loaded: list[int] = []
        self.returned = 0
        self.thumbnails = Thumbnails(self._load, self.widget)
        self.thumbnails.returned.connect(self._note)

    def _note(self) -> None:
        self.returned += 1

    def _load(self, item: int, _fit: tuple[int, int]) -> tuple[Image.Image, bool]:
        self.loaded.append(item)
        if item in self.errors:
            raise self.errors[item]
        return Image.new("RGB", (8, 8)), False

    def there(self) -> set[int]:
        return {item for item, image in self.thumbnails.images.items() if image is not None}


@pytest.fixture
def shown(qtbot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    monkeypatch.setattr("ui.answering.thumbnails.AGAIN_MS", 30)
    made = Shown(qtbot)
    yield made
    made.thumbnails.close()


def want(shown: Shown, qtbot, items: list[int]) -> None:
    with qtbot.waitSignal(shown.thumbnails.filled):
        shown.thumbnails.want(items, 8, 1.0)


def test_those_that_were_away_come_by_themselves(shown: Shown, qtbot) -> None:
    shown.errors = {0: AWAY, 1: MissingImageError("The image 1.png is not there any more.")}
    want(shown, qtbot, [0, 1, 2])
    assert shown.there() == {2}
    qtbot.waitUntil(lambda: shown.loaded.count(0) > 2)
    assert shown.loaded.count(2) == 1
    assert shown.returned == 0
    shown.errors = {}
    qtbot.waitUntil(lambda: shown.there() == {0, 1, 2})
    assert shown.returned > 0


def test_a_damaged_one_is_not_asked_for_again(shown: Shown, qtbot) -> None:
    shown.errors = {0: ImageError("The image 0.png is damaged.")}
    want(shown, qtbot, [0, 1])
    qtbot.wait(150)
    assert shown.loaded == [0, 1]


def test_nothing_is_asked_for_while_nobody_sees_it(shown: Shown, qtbot) -> None:
    shown.errors = {0: AWAY}
    want(shown, qtbot, [0])
    shown.widget.hide()
    tried = len(shown.loaded)
    qtbot.wait(150)
    assert len(shown.loaded) <= tried + 1
    shown.errors = {}
    shown.widget.show()
    qtbot.waitUntil(lambda: shown.there() == {0})


def test_another_page_has_its_own(shown: Shown, qtbot) -> None:
    shown.errors = {0: AWAY}
    want(shown, qtbot, [0])
    want(shown, qtbot, [1])
    tried = len(shown.loaded)
    qtbot.wait(150)
    assert len(shown.loaded) == tried
    shown.errors = {}
    want(shown, qtbot, [0, 1])
    assert shown.there() == {0, 1}
