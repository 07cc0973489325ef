"""A whole session in the window: pages follow the state, and nothing is lost when saving fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from model.errors import UserError
from studies.timing.facts.records import Event, EventKind, PlannedTrial, Response
from studies.timing.file.store import StoreError, StoreFull
from studies.timing.session.trial import Phase
from tests.ui.driving import Stage, key_event, make_stage, press_here, unnamed
from ui.kit import theme

PLAN = """\
name = "s"
seed = 2
[suggestions]
assignment = "balanced"
[trials]
practice = {practice}
fixation_ms = {fixation_ms}
break_every = {break_every}
[session]
interface = "{interface}"
[[blocks]]
dataset = "digits"
images = {images}
"""

# Of the list's pop-up, on a platform without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Make = Callable[..., Stage]


@pytest.fixture
def make(qapp: QApplication, qtbot, tmp_path: Path) -> Iterator[Make]:
    theme.apply(qapp, theme.Theme.LIGHT)
    made: list[Stage] = []

    def one(**changes: object) -> Stage:
        usual = {"practice": 0, "fixation_ms": 0, "break_every": 0, "interface": "keyboard", "images": 4}
        made.append(make_stage(qtbot, tmp_path, PLAN.format(**{**usual, **changes})))
        return made[-1]

    yield one
    for stage in made:
        stage.close()


def test_a_session_from_consent_to_thanks(make: Make, qtbot) -> None:
    stage = make(practice=1, break_every=2)
    assert stage.title == "s"
    seen = []
    over = []
    stage.controller.over.connect(lambda: over.append(True))
    stage.to_first_image(qtbot)
    while stage.state.phase is not Phase.FINISHED:
        seen.append(stage.state.phase)
        if stage.state.phase is Phase.STIMULUS:
            press_here(Qt.Key.Key_5, "5")
        elif stage.state.phase is Phase.FIXATION:
            seen.pop()
            stage.to_image(qtbot)
        else:
            press_here(Qt.Key.Key_Return)
    image = Phase.STIMULUS
    assert seen == [image, Phase.FEEDBACK, Phase.BLOCK_INTRO, image, image, Phase.BREAK, image, image]
    assert stage.answers() == [(position, "5") for position in range(5)]
    assert stage.title == "Thank you"
    press_here(Qt.Key.Key_Return)
    assert over == [True]


def test_the_fixation_comes_first(make: Make, qtbot) -> None:
    stage = make(fixation_ms=100)
    for _ in range(3):
        press_here(Qt.Key.Key_Return)
    assert stage.state.phase is Phase.FIXATION
    press_here(Qt.Key.Key_5, "5")
    stage.to_image(qtbot)
    assert stage.answers() == []


def test_a_pause_voids_the_image_and_it_comes_again(make: Make, qtbot) -> None:
    stage = make(images=3)
    first = stage.to_first_image(qtbot)
    press_here(Qt.Key.Key_Escape)
    assert stage.title == "Paused"
    press_here(Qt.Key.Key_Return)
    order = []
    for _ in range(3):
        order.append(stage.to_image(qtbot).position)
        press_here(Qt.Key.Key_5, "5")
    assert order == [1, 2, first.position]
    rows = stage.host.store.query("SELECT position, attempt FROM responses ORDER BY position")
    assert rows == [(0, 2), (1, 1), (2, 1)]


def test_flags_are_stored_apart_from_the_answer(make: Make, qtbot) -> None:
    stage = make()
    stage.to_first_image(qtbot)
    for _ in range(3):
        press_here(Qt.Key.Key_F8)
    press_here(Qt.Key.Key_5, "5")
    assert [k for k in stage.kinds() if "flag" in k] == ["flagged", "unflagged", "flagged"]
    assert stage.answers() == [(0, "5")]


def test_a_window_that_is_left_marks_the_trial(make: Make, qtbot) -> None:
    stage = make(images=2)
    stage.to_first_image(qtbot)
    QApplication.sendEvent(stage.window, QEvent(QEvent.Type.WindowDeactivate))
    press_here(Qt.Key.Key_5, "5")
    stage.to_image(qtbot)
    press_here(Qt.Key.Key_5, "5")
    assert stage.host.store.query("SELECT focus_lost FROM responses ORDER BY position") == [(1,), (0,)]


class FullDisk:
    """Makes a store's method fail until there is room; for events, those of a kind."""

    def __init__(
        self, stage: Stage, method: str, monkeypatch: pytest.MonkeyPatch, kind: EventKind | None = None
    ) -> None:
        self.full = True
        self.tried = 0
        usual = getattr(stage.host.store, method)

        def write(session_id: str, fact: Event | Response) -> None:
            self.tried += 1
            if self.full and (isinstance(fact, Response) or fact.kind is kind):
                raise StoreFull("The disk is full: free some space, then try again.")
            usual(session_id, fact)

        monkeypatch.setattr(stage.host.store, method, write)


def test_an_answer_that_could_not_be_saved_is_saved_once(make: Make, qtbot, monkeypatch) -> None:
    stage = make()
    stage.to_first_image(qtbot)
    disk = FullDisk(stage, "append_response", monkeypatch)
    press_here(Qt.Key.Key_5, "5")
    assert stage.title == "The last step could not be saved yet"
    assert "disk is full" in (stage.words.accessibleDescription() if stage.words else "")
    press_here(Qt.Key.Key_Return)
    assert stage.title == "The last step could not be saved yet"
    assert stage.answers() == []
    disk.full = False
    press_here(Qt.Key.Key_Return)
    assert disk.tried == 3
    assert stage.answers() == [(0, "5")]
    assert stage.to_image(qtbot).position == 1
    assert stage.count(EventKind.PAUSED) == 0, "no image was covered"


def test_an_onset_that_could_not_be_saved_voids_its_image(make: Make, qtbot, monkeypatch) -> None:
    stage = make(images=2)
    for _ in range(2):
        press_here(Qt.Key.Key_Return)
    disk = FullDisk(stage, "append", monkeypatch, EventKind.PRESENTED)
    press_here(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stage.title == "The last step could not be saved yet")
    disk.full = False
    press_here(Qt.Key.Key_Return)
    assert stage.title == "Paused"
    press_here(Qt.Key.Key_Return)
    order = []
    for _ in range(2):
        order.append(stage.to_image(qtbot).position)
        press_here(Qt.Key.Key_5, "5")
    assert order == [1, 0]
    assert stage.state.phase is Phase.FINISHED


def test_no_key_changes_anything_while_saving_fails(make: Make, qtbot, monkeypatch) -> None:
    stage = make()
    stage.to_first_image(qtbot)
    disk = FullDisk(stage, "append_response", monkeypatch)
    press_here(Qt.Key.Key_5, "5")
    before = stage.state
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_F8, Qt.Key.Key_F9, Qt.Key.Key_3):
        press_here(key)
    stage.controller.pause()
    QApplication.sendEvent(stage.window, QEvent(QEvent.Type.WindowDeactivate))
    assert stage.state is before
    disk.full = False
    press_here(Qt.Key.Key_Return)
    assert stage.answers() == [(0, "5")]
    stage.to_image(qtbot)


def test_an_image_that_cannot_be_read_is_left_out(make: Make, qtbot, monkeypatch) -> None:
    stage = make(images=3)
    usual = stage.controller._decoder._load

    def load(trial: PlannedTrial, fit: tuple[int, int]) -> tuple[Image.Image, bool]:
        if trial.position == 0:
            raise UserError("The image is gone.")
        return usual(trial, fit)

    monkeypatch.setattr(stage.controller._decoder, "_load", load)
    order = []
    for _ in range(3):
        press_here(Qt.Key.Key_Return)
    for _ in range(2):
        order.append(stage.to_image(qtbot).position)
        press_here(Qt.Key.Key_5, "5")
    assert order == [1, 2]
    assert stage.state.phase is Phase.FINISHED
    assert stage.host.store.query("SELECT position, detail FROM events WHERE kind = 'image_failed'") == [
        (0, "The image is gone.")
    ]


def tables(stage: Stage) -> list[int]:
    names = ("sessions", "planned_trials", "responses", "events", "withdrawals")
    return [stage.host.store.query(f"SELECT count(*) FROM {name}")[0][0] for name in names]


def test_a_withdrawal_asks_once_and_deletes(make: Make, qtbot) -> None:
    stage = make()
    stage.to_first_image(qtbot)
    press_here(Qt.Key.Key_5, "5")
    stage.to_image(qtbot)
    press_here(Qt.Key.Key_Escape)
    press_here(Qt.Key.Key_F9)
    assert stage.title == "Delete your data?"
    press_here(Qt.Key.Key_Escape)
    assert stage.title == "Paused", "kept"
    assert tables(stage)[-1] == 0
    press_here(Qt.Key.Key_F9)
    press_here(Qt.Key.Key_Return)
    assert stage.title == "Paused", "Enter, the key of all the pages before, never deletes"
    press_here(Qt.Key.Key_F9)
    press_here(Qt.Key.Key_F9)
    assert tables(stage) == [0, 0, 0, 0, 1]
    assert stage.title == "Your data is deleted"
    with qtbot.waitSignal(stage.controller.over):
        press_here(Qt.Key.Key_Return)


def test_a_withdrawal_that_fails_can_be_tried_again(make: Make, qtbot, monkeypatch) -> None:
    stage = make()
    press_here(Qt.Key.Key_Return)
    press_here(Qt.Key.Key_F9)
    with monkeypatch.context() as broken:

        def fail(_session: str) -> None:
            raise StoreError("The file is in use.")

        broken.setattr(stage.host.store, "withdraw", fail)
        press_here(Qt.Key.Key_F9)
        assert stage.title == "The last step could not be saved yet"
    press_here(Qt.Key.Key_Return)
    assert tables(stage) == [0, 0, 0, 0, 1]


def test_who_does_not_agree_leaves_nothing(make: Make, qtbot) -> None:
    stage = make()
    press_here(Qt.Key.Key_Escape)
    assert stage.title == "Your data is deleted"
    assert tables(stage) == [0, 0, 0, 0, 1]


def test_the_list_answers_by_searching(make: Make, qtbot) -> None:
    stage = make(interface="dropdown", images=2)
    trial = stage.to_first_image(qtbot)
    press_here(Qt.Key.Key_F4)
    press_here(Qt.Key.Key_7, "7")
    press_here(Qt.Key.Key_Return)
    # Straight to the page: without a screen, no window is the active one for a while after a pop-up has gone.
    key_event(stage.page, Qt.Key.Key_D, "d")
    following = stage.to_image(qtbot)
    assert following is not trial
    key_event(stage.page, Qt.Key.Key_D, "d")
    assert stage.answers() == [(0, "7"), (1, following.suggestion)]
    assert stage.host.store.query("SELECT first_input_ns < response_ns FROM responses ORDER BY position") == [
        (1,),
        (0,),
    ]


def test_every_page_of_a_session_names_its_controls(make: Make, qtbot) -> None:
    stage = make(practice=1, break_every=2)
    while stage.state.phase is not Phase.FINISHED:
        assert unnamed(stage.window) == [], stage.state.phase
        if stage.state.phase is Phase.FIXATION:
            stage.to_image(qtbot)
        elif stage.state.phase is Phase.STIMULUS:
            press_here(Qt.Key.Key_5, "5")
        else:
            press_here(Qt.Key.Key_Return)
    assert unnamed(stage.window) == []
