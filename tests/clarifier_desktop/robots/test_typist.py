"""The keys that a simulated person presses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLineEdit

from clarifier_desktop.robots.typist import Typist, keys_for
from studies.timing.facts import inputs as ev
from studies.timing.facts.records import Interface, PlannedTrial
from studies.timing.session.trial import Phase, Rules, begin
from tests.studies.timing.sample import SECOND
from ui.answering.stimulus_view import Stimulus
from ui.main_window import MainWindow
from ui.study.trial_page import TrialPage


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


ODD = (
    *(
        "Straße",
        "STRAẞE",
        "ss",
        "cafe",
        "Cafe",
        "Café",
        "قطة",
        "ねこ",
        "🐕\u200d🦺 dog",
        "İzmir",
        "=1+1",
        "-1",
        "+1",
    ),
    *(
        "a",
        "aa",
        "aaa",
        "a b",
        "b a",
        "d",
        "D",
        '"dq"',
        "it's",
        "a;b",
        "007",
        "7",
        "1-2",
        "TRUE",
        "x" * 200,
        "x" * 199,
    ),
)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("classes", [ODD, ODD[:6], ODD[-10:-6], ("0", "1", "2", "3"), ("٠", "١", "٢")])
@pytest.mark.parametrize("interface", [Interface.KEYBOARD, Interface.DROPDOWN])
def test_a_class_of_any_name_is_answered_as_it_was_meant(classes, interface, qtbot):
    page = TrialPage()
    window = MainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(page)
    with qtbot.waitExposed(window):
        window.show()
    page.set_block("block", classes, interface)
    page.inputs.seen_after_ns = -SECOND  # the keys of tests have stamps of their own
    answers = []
    page.happened.connect(
        lambda event: answers.append(event.answer) if isinstance(event, ev.Answer) else None
    )
    typist = Typist(window, None)
    trials = tuple(
        PlannedTrial(place, 0, "odd", False, str(place), name, classes[place - 1 if place % 2 else place])
        for place, name in enumerate(classes)
    )
    for trial in trials:
        state = replace(begin(trials, Rules(False, 0)), phase=Phase.STIMULUS, queue=(trial.position,))
        page.setFocus()
        page.present(Stimulus(QImage(8, 8, QImage.Format.Format_RGB32)), state)
        for key in keys_for(trial.true_class, trial.suggestion, classes, interface):
            typist.press(key)
            qtbot.wait(2)  # at one stamp it would be the repeat of a held key
    assert answers == list(classes)
