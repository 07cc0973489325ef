"""The form of all choices: what it shows is what it reads back, and a mistake is named in its own words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPushButton, QWidget

from studies.labeling.facts.settings import (
    CostOrigin,
    ProjectSettings,
    SettingsError,
    settings_from,
)
from tests.ui.dialogs import Answers
from tests.ui.driving import unnamed
from ui.labeling.choices.choices import PARTS
from ui.labeling.choices.choices_form import ChoicesForm
from ui.labeling.choices.form_files import FormFiles

OTHER = settings_from(
    {
        "annotator": "A7",
        "goal": {"kind": "model", "share": 0.03, "accuracy": 0.9},
        "budgets": {"mode": "ramped", "hard": 11, "intermediate": 12, "easy": 13, "minutes": 2.5},
        "costs": {"origin": "given", "verify": 0.75, "correct": 2.25, "unaided": 3},
        "learner": {
            "network": "vit_b_16",
            "weights": "w.pth",
            "preset": "paper-cifar",
            "hard": "margin",
            "intermediate": "gcmi",
            "easy": "highest-confidence",
            "published": True,
            "engine": "submodlib",
            "max_error": 0.02,
        },
        "names": {"use": False, "template": "ein Foto von {}"},
        "holdout": 0,
        "seed_labels": 7,
        "plant_rate": 0.125,
        "show_tier": True,
        "second_look": True,
        "seed": 9,
    }
)


@pytest.fixture
def form(qapp: QApplication, qtbot) -> ChoicesForm:
    made = ChoicesForm()
    qtbot.addWidget(made)
    return made


def field(form: ChoicesForm, text: str, kind: type[Any]) -> Any:
    return next(w for w in form.findChildren(kind) if text in w.accessibleName())


@pytest.mark.parametrize("settings", [ProjectSettings(), OTHER], ids=["default", "everything else"])
def test_what_it_shows_is_what_it_reads(form: ChoicesForm, settings: ProjectSettings) -> None:
    form.show_settings(settings)
    assert form.settings() == settings


def test_every_choice_is_on_the_form_but_the_seed_a_round_s_own_numbers_and_what_has_a_key() -> None:
    ways = {f.way for part in PARTS for f in part.choices}
    assert set(leaves(ProjectSettings().model_dump())) - ways == {
        ("seed",),
        ("budgets", "chosen"),
        ("display_ranges",),
    }


def leaves(values: dict[str, Any], way: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from leaves(value, (*way, name))
        else:
            yield (*way, name)


def test_a_mistake_is_named_as_the_form_names_it(form: ChoicesForm) -> None:
    field(form, "minutes", QLineEdit).setText("soon")
    with pytest.raises(SettingsError, match=r"A round takes about .*: it must be a valid number"):
        form.settings()
    field(form, "minutes", QLineEdit).setText("5")
    field(form, "catch trials", QLineEdit).setText("many")
    with pytest.raises(SettingsError, match=r"Wrong on purpose.*it must be a number"):
        form.settings()
    field(form, "catch trials", QLineEdit).setText("3")
    field(form, "c_a", QLineEdit).setText("0.5")
    with pytest.raises(SettingsError, match=r"c_a .correcting. is less than c_v"):
        form.settings()


def test_empty_fields_mean_what_they_say(form: ChoicesForm) -> None:
    field(form, "minutes", QLineEdit).setText("")
    field(form, "c_0", QLineEdit).setText("")
    read = form.settings()
    assert read.budgets.minutes is None
    assert read.costs.unaided is None
    assert read.learner.weights is None


def test_a_network_can_be_named_that_is_not_in_the_list(form: ChoicesForm) -> None:
    field(form, "Network", QComboBox).setEditText("convnext_tiny")
    assert form.settings().learner.network == "convnext_tiny"


def test_a_wrong_path_of_weights_is_said_at_once(form: ChoicesForm, tmp_path: Path) -> None:
    field(form, "Weights", QLineEdit).setText(str(tmp_path / "none.pth"))
    with pytest.raises(SettingsError, match=r"Weights: there is no file .*none\.pth"):
        form.settings()
    (tmp_path / "some.pth").write_bytes(b"")
    form.show_weights(tmp_path / "some.pth")
    assert form.settings().learner.weights == tmp_path / "some.pth"


def test_the_file_of_weights_is_chosen_by_a_dialog(form: ChoicesForm, tmp_path: Path) -> None:
    answers = Answers()
    files = FormFiles(form, form, answers)
    answers.to = tmp_path / "some.pth"
    button = next(b for b in form.findChildren(QPushButton) if "weights" in b.text())
    button.click()
    assert field(form, "Weights", QLineEdit).text() == str(answers.to)
    assert files is not None


def test_costs_of_a_study_fill_the_form(form: ChoicesForm) -> None:
    form.show_costs(0.9, 2.8, None)
    costs = form.settings().costs
    assert (costs.origin, costs.verify, costs.correct, costs.unaided) == (CostOrigin.STUDY, 0.9, 2.8, None)


def test_all_is_named(form: ChoicesForm) -> None:
    assert unnamed(form) == []
    assert len(form.findChildren(QCheckBox)) == 5


def test_a_researcher_s_choices_are_behind_one_button_that_says_what_is_not_as_usual(
    form: ChoicesForm, qtbot
) -> None:
    show(qtbot, form)
    (more,) = (b for b in form.findChildren(QPushButton) if "researcher" in b.text())
    network = field(form, "Network", QComboBox)
    assert more.text() == "Show what a researcher needs"
    assert field(form, "Who labels", QLineEdit).isVisible()
    assert not network.isVisible()
    form.show_settings(ProjectSettings(show_tier=True, seed_labels=7))
    assert more.text() == "Show what a researcher needs (2 not as usual)"
    more.click()
    assert network.isVisible()
    network.setEditText("convnext_tiny")
    assert more.text() == "Hide what a researcher needs (3 not as usual)"
    more.click()
    assert not network.isVisible()


def test_a_mistake_among_a_researcher_s_choices_is_shown(form: ChoicesForm, qtbot) -> None:
    show(qtbot, form)
    wrong = field(form, "seed labels", QLineEdit)
    wrong.setText("none")
    with pytest.raises(SettingsError):
        form.settings()
    qtbot.waitUntil(wrong.hasFocus)
    assert wrong.isVisible()


def test_all_fields_begin_at_one_edge(form: ChoicesForm, qtbot) -> None:
    show(qtbot, form)
    form.show_researcher(True)
    QApplication.processEvents()
    fields = [
        widget
        for widget in form.findChildren(QWidget)
        if widget.accessibleName() and widget.isVisible() and not isinstance(widget, QPushButton)
    ]
    edges = {
        widget.mapTo(form, QPoint()).x()
        for widget in fields
        if "Wrong at most" not in widget.accessibleName()
    }
    assert len(edges) == 1, edges
    assert len(fields) > 20


def show(qtbot, form: ChoicesForm) -> None:
    form.resize(700, 1600)
    with qtbot.waitExposed(form):
        form.show()
