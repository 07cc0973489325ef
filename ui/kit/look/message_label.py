"""A line that warns."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel


class MessageLabel(QLabel):
    """Without words nothing is seen of it; with words it stands on the ground of warnings, with a bar beside it."""

    def setText(self, text: str) -> None:
        """Say ``text``."""
        super().setText(text)
        if bool(text) is not bool(self.property("warning")):
            self.setProperty("warning", bool(text))
            self.style().polish(self)
