"""What the bundle leaves out: packages that the study never loads, and files of Qt that nothing here uses."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

# The learner, clusters and the tools of developers; and what libraries would take if it happens to be there.
LEFT_OUT = (
    "torch",
    "torchvision",
    "timm",
    "scipy",
    "pooch",
    "submodlib",
    "submodlib_cpp",
    "distributed",
    "dask",
    "onnx",
    "onnxscript",
    "onnxruntime",
    "pandas",
    "sklearn",
    "skactiveml",
    "numba",
    "hypothesis",
    "pytest",
    "mypy",
    "IPython",
    "tkinter",
    "setuptools",
    "pip",
    "fontTools.ufoLib",
    "model.rounds.live",
    "model.rounds.learner",
    "studies.simulation.crews",
)

# The parts of Qt that the program imports, and what those and the window systems need. libQt6Core is Qt6Core.dll on
# Windows, and a framework QtCore on macOS.
_MODULES = (
    *("Core", "Gui", "Widgets", "Test", "Svg", "DBus", "XcbQpa", "OpenGL"),
    *("WaylandClient", "WaylandEglClientHwIntegration", "WlShellIntegration"),
)
_PLUGINS = (
    *("platforms", "platforminputcontexts", "platformthemes", "styles", "imageformats", "iconengines"),
    *("xcbglintegrations", "egldeviceintegrations", "wayland-shell-integration"),
    *("wayland-graphics-integration-client", "wayland-decoration-client"),
)
# For screens without a window system, on-screen keyboards, and formats that the program itself reads.
_PLUGIN_FILES = ("virtualkeyboard", "qpdf", "eglfs", "linuxfb", "vkkhrdisplay", "vnc", "minimalegl")

Entry = tuple[str, Any, Any]


def kept(entries: Iterable[Entry]) -> list[Entry]:
    """The entries (name in the bundle, file, kind) of PyInstaller's lists that belong into the bundle."""
    return [entry for entry in entries if belongs(entry[0])]


def belongs(name: str) -> bool:
    """Whether a file, by its place in the bundle, is used by the study."""
    parts = PurePosixPath(PureWindowsPath(name).as_posix()).parts
    file = parts[-1].lower()
    if "PySide6" not in parts[:-1]:
        return not (parts[0] == "matplotlib" and "sample_data" in parts) and _is_used_of_qt(parts[-1])
    if "translations" in parts:
        return file.startswith("qtbase_")
    if "qml" in parts:
        return False
    if "plugins" in parts:
        group = parts[parts.index("plugins") + 1]
        return group in _PLUGINS and not any(word in file for word in _PLUGIN_FILES)
    return _is_used_of_qt(parts[-1])


def _is_used_of_qt(file: str) -> bool:
    """Whether a library is one of Qt's that are used, or none of Qt's."""
    stem = file.split(".")[0].removeprefix("lib")
    if file.lower() == "opengl32sw.dll":
        return False  # Qt Quick's, where a graphics card is missing
    for start in ("Qt6", "Qt"):
        if stem.startswith(start):
            return stem.removeprefix(start) in _MODULES
    return True
