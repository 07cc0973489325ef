"""What is known of Qt and the screen."""

from __future__ import annotations

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QApplication


def describe_screen(application: QApplication) -> dict[str, object]:
    """What is known of Qt, the screen and the keyboard: the record that a session keeps."""
    first = application.primaryScreen()
    return {
        "qt": qVersion(),
        "platform_plugin": application.platformName(),
        "keyboard_language": application.inputMethod().locale().name(),
        "screen_hz": round(first.refreshRate(), 3),
        "screen_px": f"{first.size().width()}x{first.size().height()}",
        "screen_ratio": first.devicePixelRatio(),
    }
