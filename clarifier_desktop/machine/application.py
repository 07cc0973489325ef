"""The Qt application."""

from __future__ import annotations

import os

from PySide6.QtWidgets import QApplication

from clarifier_desktop import __version__


def make_application(arguments: list[str]) -> QApplication:
    """The Qt application; a frame is painted when it is asked for, not up to 5 ms later."""
    os.environ.setdefault("QT_QPA_UPDATE_IDLE_TIME", "0")
    application = QApplication(arguments)
    application.setApplicationName("CLARIFIER Desktop")
    application.setApplicationVersion(__version__)
    return application
