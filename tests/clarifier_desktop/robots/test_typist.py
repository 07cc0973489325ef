"""The keys that a simulated person presses."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from clarifier_desktop.robots.typist import Typist, keys_for
from studies.timing.facts.records import Interface
from ui.main_window import MainWindow


def test_the_robot_answers_by_the_shortest_unmistakable_keys():
    shapes = ("circle", "cloud", "crescent", "cross")
    assert keys_for("cloud", "cloud", shapes, Interface.KEYBOARD) == [Qt.Key.Key_Return]
    assert keys_for("cross", None, shapes, Interface.KEYBOARD) == ["4"]
    many = (*shapes, *"abdefghij")
    assert keys_for("cross", "cloud", many, Interface.KEYBOARD) == [*"cro", Qt.Key.Key_Return]
    assert keys_for("cloud", "cloud", many, Interface.DROPDOWN) == [Qt.Key.Key_D]


@pytest.mark.parametrize(
    "name", ["Straße", "Äpfel", "قطة", "ねこ", "🐈 x", "ﬁg", "e\u0301", "McD x-ray_2 =1"]
)
def test_the_robot_types_names_of_all_writings(name, qtbot):
    window = MainWindow()
    qtbot.addWidget(window)
    line = QLineEdit()
    window.setCentralWidget(line)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    line.setFocus()
    typist = Typist(window, None)
    for letter in name:
        typist.press(letter)
    assert line.text() == name
