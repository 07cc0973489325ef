"""A defect of PySide6 6.12.0 that would end a long session: it must not come back with an update."""

import sys

import pytest
from PySide6.QtWidgets import QLabel


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is not counted from Python 3.12 on")
def test_calls_of_void_methods_take_no_reference_from_none(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    label.setText("once")
    before = sys.getrefcount(None)
    for _ in range(500):
        label.setText("again")
    assert abs(sys.getrefcount(None) - before) < 50
