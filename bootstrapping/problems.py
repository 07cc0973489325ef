"""Plain sentences for what pip and Qt report."""

from __future__ import annotations

import platform
import tempfile

from bootstrapping.places import VENV
from bootstrapping.stamp import STUDY_ALONE, WHOLE_PROGRAM
from bootstrapping.system_packages import QT_PACKAGES, sudo_line


def gigabytes_needed(system: str, parts: str, fresh: bool) -> float:
    """Free disk space that a set-up takes, downloads and pip's cache included; Linux's PyTorch is large."""
    if not fresh or parts == STUDY_ALONE:
        return 1.0
    return 8.0 if system == "Linux" else 3.0


def pip_problem(output: str, exit_code: int, parts: str = WHOLE_PROGRAM) -> str:
    """A plain sentence for what pip wrote to its error stream."""
    gigabytes = gigabytes_needed(platform.system(), parts, True)
    reasons = (
        (
            ("No space left", "Errno 28", "not enough space", "Errno 122", "quota exceeded"),
            f"The disk is full. Free {gigabytes:.0f} GB where this folder and the folder for "
            f"temporary files ({tempfile.gettempdir()}) lie",
        ),
        (
            ("CERTIFICATE_VERIFY_FAILED", "SSLError"),
            "The secure connection to the package server was refused. Check this machine's clock and, "
            "behind a company's proxy, its certificate (pip's option 'cert')",
        ),
        (
            (
                "Failed to establish a new connection",
                "Name or service not known",
                "Temporary failure in name resolution",
                "getaddrinfo failed",
                "NameResolutionError",
                "NewConnectionError",
                "ProxyError",
                "ConnectTimeoutError",
                "ReadTimeoutError",
                "Read timed out",
                "Connection aborted",
                "Connection broken",
                "ConnectionResetError",
                "incomplete-download",
            ),
            "The package server could not be reached, or the connection broke. Check the network",
        ),
        (
            ("No matching distribution", "Could not find a version"),
            f"A pinned package does not exist for this system ({platform.platform()}, {platform.machine()}). "
            "It runs on Linux with glibc 2.34 or newer (Debian 12, Ubuntu 22.04; on ARM 2.39), on macOS 14 or "
            "newer with Apple's own processors, and on 64-bit Windows. Where this is one of those, report "
            "pip's lines above",
        ),
        (
            ("Permission denied", "Errno 13", "Access is denied"),
            f"pip may not write in {VENV}. Make the folder yours, or delete .venv if another user made it",
        ),
        (
            ("ResolutionImpossible", "conflicting dependencies"),
            "The pins in constraints.txt contradict pyproject.toml. Make them agree",
        ),
    )
    for marks, sentence in reasons:
        if any(mark.lower() in output.lower() for mark in marks):
            return sentence + ". Then run the same command again."
    return f"pip ended with exit code {exit_code}; its lines above say why."


def qt_problem(output: str, on_debian: bool) -> str:
    """A plain sentence for a Qt that does not load; ``output`` is what Python wrote about it."""
    reason = output.strip().splitlines()[-1] if output.strip() else "it ended without a word"
    if on_debian:
        advice = "Install what it needs: " + sudo_line(QT_PACKAGES)
    else:
        advice = (
            "Install what it needs from your system's packages: EGL, OpenGL, xkbcommon, D-Bus, fontconfig "
            "and GLib, and for a window xcb with its cursor, icccm, image, keysyms, render-util, shape "
            "and xkb libraries."
        )
    return f"Qt does not load here ({reason}). {advice}"
