"""What stands around the image: tools and last answers always, a panel and examples on demand."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.labeling.one_by_one.example_strip import ExampleStrip
from ui.labeling.one_by_one.label_card import Card
from ui.labeling.one_by_one.label_effects import toggle

_NARROW = 640  # px: in less width there is no room beside the image


class Surroundings:
    """All of it is put away while the image has the window for itself, and comes again as it was."""

    def __init__(self, last: QWidget, tools: QWidget) -> None:
        self._last, self._tools = last, tools
        self._examples: ExampleStrip | None = None
        self._panel: QWidget | None = None
        self._put_away: list[QWidget] = []
        self._alone = False

    def set_panel(self, panel: QWidget, layout: QBoxLayout) -> None:
        """Put a widget at the side; it is shown on demand."""
        self._panel = panel
        layout.addWidget(panel)
        panel.hide()

    def set_examples(self, strip: ExampleStrip, layout: QBoxLayout) -> None:
        """Put a row for pictures of classes below the image; it is shown on demand."""
        self._examples = strip
        layout.insertWidget(1, strip)
        strip.hide()

    def toggle_panel(self) -> None:
        """Show or hide the panel."""
        toggle(self._panel)

    def toggle_examples(self) -> None:
        """Show or hide the examples."""
        toggle(self._examples)

    def follow(self, card: Card) -> None:
        """Another image is asked about."""
        if self._examples is not None:
            self._examples.follow(card)

    def fit(self, width: int) -> None:
        """Take no more room than there is."""
        self._last.setVisible(width >= _NARROW and not self._alone)

    def leave_alone(self, alone: bool) -> None:
        """Put all away, or bring it back."""
        self._alone = alone
        if alone:
            around = (self._tools, self._last, self._panel, self._examples)
            self._put_away = [widget for widget in around if widget is not None and not widget.isHidden()]
        for widget in self._put_away:
            widget.setVisible(not alone)
