"""The keys that a simulated person presses."""

from __future__ import annotations

from PySide6.QtCore import Qt

from clarifier_desktop.robots.typist import keys_for
from studies.timing.facts.records import Interface


def test_the_robot_answers_by_the_shortest_unmistakable_keys():
    shapes = ("circle", "cloud", "crescent", "cross")
    assert keys_for("cloud", "cloud", shapes, Interface.KEYBOARD) == [Qt.Key.Key_Return]
    assert keys_for("cross", None, shapes, Interface.KEYBOARD) == ["4"]
    many = (*shapes, *"abdefghij")
    assert keys_for("cross", "cloud", many, Interface.KEYBOARD) == [*"cro", Qt.Key.Key_Return]
    assert keys_for("cloud", "cloud", many, Interface.DROPDOWN) == [Qt.Key.Key_D]
