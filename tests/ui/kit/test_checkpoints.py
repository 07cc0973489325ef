"""A copy of the one file, taken while it is open, holds what was stored before the last pause."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QObject

from studies.timing.file.store import Store
from tests.studies.timing.sample import Answered, add_study, plan, record, response
from ui.kit import checkpoints
from ui.kit.checkpoints import Checkpoints


def copied_answers(store: Store, to: Path) -> int:
    shutil.copy(store.path, to)
    with Store.open(to, writable=False) as copy:
        return int(copy.query("SELECT count(*) FROM responses")[0][0])


def test_a_copy_of_the_open_file_is_whole_after_a_pause(qapp, qtbot, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(checkpoints, "_LOOK_MS", 40)
    parent = QObject()
    with Store.open(tmp_path / "s.sqlite") as store:
        store.start_session(add_study(store), record("s"), plan([Answered("a", 1.0)] * 200))
        store.append_response("s", response(0))
        at_pauses = Checkpoints(store, parent)
        store.append_response("s", response(1))
        qtbot.waitUntil(lambda: copied_answers(store, tmp_path / "copy.sqlite") == 2)
        for position in range(2, 100):  # no pause comes: after ten looks it is done all the same
            store.append_response("s", response(position))
            qtbot.wait(10)
        assert copied_answers(store, tmp_path / "copy.sqlite") > 2
        at_pauses.close()


def test_a_file_that_another_was_renamed_over_is_left_alone(qapp, qtbot, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(checkpoints, "_LOOK_MS", 40)
    parent = QObject()
    with Store.open(tmp_path / "other.sqlite") as other:
        other.start_session(add_study(other), record("o"), plan([Answered("a", 1.0)] * 900))
    content = (tmp_path / "other.sqlite").read_bytes()
    with Store.open(tmp_path / "s.sqlite") as store:
        store.start_session(add_study(store), record("s"), plan([Answered("a", 1.0)] * 20))
        at_pauses = Checkpoints(store, parent)
        store.append_response("s", response(0))
        (tmp_path / "other.sqlite").replace(store.path)
        qtbot.wait(300)
        at_pauses.close()
        assert store.path.read_bytes() == content
