"""The labeling page with an image on screen."""

from __future__ import annotations

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from studies.answers import Device, StampSource
from studies.labeling.facts import inputs as ev
from tests.ui.driving import MS, ONSET_NS, key_event
from ui.answering.decode_ahead import to_qimage
from ui.labeling.one_by_one.label_actions import LabelAction
from ui.labeling.one_by_one.label_card import Card, ClassItem
from ui.labeling.one_by_one.label_page import LabelPage

ONSET_MS = ONSET_NS // MS


FEW = ("ant", "bee", "cat")


MANY = ("ant", "bee", "cat", *(f"species {n}" for n in range(20)))


CTRL = Qt.KeyboardModifier.ControlModifier


def items(names: tuple[str, ...]) -> tuple[ClassItem, ...]:
    return tuple(ClassItem(10 + place, name) for place, name in enumerate(names))


def names_of(count: int) -> tuple[str, ...]:
    """Long names, many of which begin alike or hold one another."""
    kinds = ("Great", "Lesser", "Common", "White-throated", "Black-and-white")
    birds = ("Kingfisher", "Sandwich Tern", "Warbler of the Pacific Coast", "Gull", "Gull Chick")
    parts = [f"{kind} {bird}" for bird in birds for kind in kinds]
    return tuple(f"{parts[n % len(parts)]} {n // len(parts)}".removesuffix(" 0") for n in range(count))


class Shown:
    """A page with an image on screen since ``ONSET_NS``; ``sent`` holds what it told."""

    def __init__(self, page: LabelPage, classes: tuple[ClassItem, ...], card: Card) -> None:
        self.page = page
        self.sent: list[ev.Input] = []
        self.wanted: list[LabelAction] = []
        page.happened.connect(self.sent.append)
        page.wanted.connect(self.wanted.append)
        page.set_classes(classes)
        QApplication.processEvents()
        self.names = {item.class_id: item.name for item in classes}
        self.present(card)

    def present(self, card: Card) -> None:
        self.page.present(to_qimage(Image.new("RGB", (20, 20), (90, 140, 60))), card)

    def press(
        self, key: Qt.Key, text: str = "", after_ms: int = 500, held: Qt.KeyboardModifier | None = None
    ) -> None:
        key_event(self.page, key, text, ONSET_MS + after_ms, held=held or Qt.KeyboardModifier.NoModifier)

    def type(self, text: str, after_ms: int = 300) -> None:
        for place, letter in enumerate(text):
            self.press(Qt.Key(ord(letter.upper())), letter, after_ms + place)

    def answer(self, class_id: int, after_ms: int = 500, device: Device = Device.KEYBOARD) -> None:
        """The last input is this answer, and carries its own stamp."""
        at_ms, last = ONSET_MS + after_ms, self.sent[-1]
        assert isinstance(last, ev.Answer)
        how = (at_ms * MS + 3 * MS, StampSource.MONOTONIC, device, last.longest_stall_ns)
        assert last == ev.Answer(at_ms * MS, *how, class_id)

    def hint(self) -> str:
        return self.page.pause.words.text() if self.page._paused else self.page._hint.text()


SUGGESTED = Card("Suggested", suggestion=11)
