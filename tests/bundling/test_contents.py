"""What the bundle leaves out, on each system."""

from __future__ import annotations

import sys

import pytest

from bundling import names
from bundling.contents import LEFT_OUT, belongs, kept

NEEDED = (
    "PySide6/Qt/lib/libQt6Core.so.6",
    "PySide6/Qt/lib/libQt6XcbQpa.so.6",
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/Qt/plugins/platforms/libqoffscreen.so",
    "PySide6/Qt/lib/QtWidgets.framework/Versions/A/QtWidgets",
    "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
    "PySide6\\Qt6Gui.dll",
    "PySide6\\plugins\\platforms\\qwindows.dll",
    "PySide6/QtTest.abi3.so",
    "PySide6/Qt/translations/qtbase_de.qm",
    "PySide6/libpyside6.abi3.so.6.11",
    "libicudata.so.73",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf",
    "studies/timing/facts/plans/demo.toml",
    "base_library.zip",
)
NOT_USED = (
    "PySide6/Qt/lib/libQt6Quick.so.6",
    "libQt6Qml.so.6",
    "PySide6/Qt/qml/QtQuick/qmldir",
    "PySide6/Qt/lib/QtPdf.framework/Versions/A/QtPdf",
    "PySide6\\Qt6Network.dll",
    "PySide6\\opengl32sw.dll",
    "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
    "PySide6/Qt/plugins/platforms/libqeglfs.so",
    "PySide6/Qt/plugins/imageformats/libqpdf.so",
    "PySide6/Qt/translations/qtlinguist_de.qm",
    "matplotlib/mpl-data/sample_data/goog.npz",
)


@pytest.mark.parametrize("name", NEEDED)
def test_what_the_study_uses_is_kept(name: str) -> None:
    assert belongs(name)


@pytest.mark.parametrize("name", NOT_USED)
def test_what_it_does_not_use_is_left_out(name: str) -> None:
    assert not belongs(name)


def test_entries_are_kept_as_they_are() -> None:
    entries = [("base_library.zip", "/tmp/base_library.zip", "DATA"), (NOT_USED[0], "/x", "BINARY")]
    assert kept(entries) == entries[:1]


def test_the_learner_stays_outside() -> None:
    assert {"torch", "torchvision", "scipy"} <= set(LEFT_OUT)


@pytest.mark.parametrize(
    ("system", "program", "part"),
    [
        ("linux", "clarifier-study/clarifier-study", "-linux-"),
        ("win32", "clarifier-study/clarifier-study.exe", "-windows-"),
        ("darwin", "clarifier-study.app/Contents/MacOS/clarifier-study", "-macos-"),
    ],
)
def test_names_on_each_system(system: str, program: str, part: str, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert names.program_in(tmp_path) == tmp_path / program
    assert part in names.archive_name()
