"""The parts joined: from the home page through a study to its results, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from clarifier_desktop.app import Program
from clarifier_desktop.settings import load
from model.errors import UserError
from studies.timing.facts.plan import load_plan, parse_plan
from studies.timing.file.store import Store, StoreError
from studies.timing.session.opening import Opening
from studies.timing.session.session import Participant
from studies.timing.session.trial import Phase
from tests.ui.dialogs import Answers
from ui.preferences import Paths
from ui.study.setup_page import SetupPage
from ui.study.welcome_page import WelcomePage

PLAN = """
name = "short"
[trials]
practice = 0
fixation_ms = 0
[[blocks]]
dataset = "digits"
images = 3
"""


@pytest.fixture
def program(qapp: QApplication, qtbot, own_folders: Path):
    made = Program(qapp, Paths.of_user())
    qtbot.addWidget(made.window)
    made.show()
    qtbot.waitExposed(made.window)
    yield made
    made.close()


def texts(page) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def button(page, text: str):
    return next(b for b in page.findChildren(QPushButton) if text in b.text())


def answer_one(program, qtbot, pages_of_words: int, first: str = "") -> None:
    program.flow.begin(Participant("P1"))
    qtbot.waitUntil(lambda: program.flow.controller is not None)
    assert first in texts(program.window.pages.currentWidget())
    for _ in range(pages_of_words):
        qtbot.keyClick(program.window.pages.currentWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.flow.controller.state.phase is Phase.STIMULUS)
    qtbot.keyClick(program.window.pages.currentWidget(), Qt.Key.Key_Return)


def test_from_home_to_the_first_trial_and_resumed_after_closing(program, qtbot, tmp_path):
    program.home.setFocus()
    qtbot.keyClick(program.home, Qt.Key.Key_S)
    page = program.window.pages.currentWidget()
    assert isinstance(page, SetupPage)
    plan = tmp_path / "short.toml"
    plan.write_text(PLAN)
    page.plan_chosen.emit(str(plan))
    store = tmp_path / "answers"
    page.store_chosen.emit(store)
    qtbot.keyClick(page, Qt.Key.Key_Return)
    welcome = program.window.pages.currentWidget()
    assert isinstance(welcome, WelcomePage)

    answer_one(program, qtbot, pages_of_words=3)  # consent, instructions, the part's first page
    program.presenters.study.close()
    program.open_study(Opening(load_plan(str(plan)), tmp_path / "answers.sqlite", {}))
    answer_one(program, qtbot, pages_of_words=1, first="Welcome back. 1 image is done")
    program.presenters.study.close()
    with Store.open(tmp_path / "answers.sqlite", writable=False) as opened:
        (session,) = opened.sessions()
        assert session.answered == 2
    assert load(program.paths)[0].recent_files == (tmp_path / "answers.sqlite",)


def test_a_bad_plan_is_told_and_the_last_one_stays(program, tmp_path):
    program.prepare_study()
    page = program.window.pages.currentWidget()
    bad = tmp_path / "bad.toml"
    bad.write_text(PLAN.replace("images = 3", "images = 0"))
    page.plan_chosen.emit(str(bad))
    assert "images is 0; allowed is a whole number" in texts(page)
    assert button(page, "Open for participants").isEnabled()


def test_a_plan_whose_images_are_missing_cannot_be_opened_until_they_are_chosen(program, tmp_path):
    program.dialogs = Answers()
    program.prepare_study()
    page = program.window.pages.currentWidget()
    plan = tmp_path / "land.toml"
    plan.write_text(PLAN.replace('"digits"', '"ucmerced"'))
    page.plan_chosen.emit(str(plan))
    assert not button(page, "Open for participants").isEnabled()
    for name in ("beach", "forest"):
        (tmp_path / "land" / name).mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(tmp_path / "land" / name / f"{name}00.tif")
    program.dialogs.to = tmp_path / "land"
    button(page, "Choose folder").click()
    assert button(page, "Open for participants").isEnabled()
    assert load(program.paths)[0].data_folders == {"ucmerced": tmp_path / "land"}


def test_a_download_shows_its_end_on_the_page(program, qtbot, monkeypatch):
    program.prepare_study()
    page = program.window.pages.currentWidget()
    asked = []

    def download(name, cache, progress, cancelled):
        asked.append((name, cache))
        progress(1, 2, "half")
        raise UserError("There is no network. Try again later.")

    monkeypatch.setattr("ui.study.setup_presenter.download", download)
    page.plan_chosen.emit("paper")
    button(page, "Download").click()
    qtbot.waitUntil(lambda: "There is no network" in texts(page))
    assert asked == [("cifar10", program.paths.cache)]


def test_a_file_in_use_is_told_on_the_page(program, tmp_path):
    program.prepare_study()
    page = program.window.pages.currentWidget()
    store = tmp_path / "used.sqlite"
    with Store.open(store):
        page.store_chosen.emit(store)
        page.open_wanted.emit()
        assert program.window.pages.currentWidget() is page
        assert "used.sqlite" in texts(page)
        with pytest.raises(StoreError):
            program.open_study(Opening(parse_plan(PLAN), store, {}))
    page.open_wanted.emit()
    assert isinstance(program.window.pages.currentWidget(), WelcomePage)


def test_results_of_a_recent_file_open_by_its_number(program, qtbot, tmp_path):
    program.open_study(Opening(parse_plan(PLAN), tmp_path / "one.sqlite", {}))
    program.flow.left.emit()
    assert program.window.pages.currentWidget() is program.home
    qtbot.keyClick(program.home, Qt.Key.Key_1)
    page = program.window.pages.currentWidget()
    qtbot.waitUntil(lambda: "No sessions yet" in texts(page))


def test_the_look_is_kept(program, qtbot):
    before = load(program.paths)[0].theme
    qtbot.keyClick(program.home, Qt.Key.Key_T)
    kept = load(program.paths)[0].theme
    assert kept is not before
    assert kept.value in ("light", "dark")
