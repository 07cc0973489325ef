"""The Qt application."""

from __future__ import annotations

import os
import sys

from PySide6.QtWidgets import QApplication

from clarifier_desktop import __version__
from ui.kit.look.icons import application_icon

_NAME = "clarifier-desktop"  # of the desktop file, and the task bar's group


def make_application(arguments: list[str]) -> QApplication:
    """The Qt application; a frame is painted when it is asked for, not up to 5 ms later."""
    os.environ.setdefault("QT_QPA_UPDATE_IDLE_TIME", "0")
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(_NAME)
    application = QApplication(arguments)
    application.setApplicationName("CLARIFIER Desktop")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName(_NAME)
    application.setWindowIcon(application_icon())
    return application
