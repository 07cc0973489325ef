"""The page of questions in the real window: by Tab, typing and Enter."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.timing.facts.consent import deletion_code
from studies.timing.facts.records import EventKind
from studies.timing.file.store import Store
from tests.e2e.participant import Participant
from tests.e2e.screen import Program, Screen

pytestmark = pytest.mark.e2e
PLAN = """\
name = "asks"
[trials]
practice = 0
[consent]
version = "1"
[[blocks]]
dataset = "digits"
images = 2
[[questions]]
name = "age"
text = "How old are you?"
kind = "number"
least = 18
most = 99
unit = "years"
[[questions]]
name = "hand"
text = "Which hand do you write with?"
kind = "choice"
choices = ["left", "right", "both"]
[[questions]]
name = "else"
text = "Which languages do you speak?"
kind = "text"
required = false
"""


def test_tab_typing_and_enter_answer_all(screen: Screen, tmp_path: Path) -> None:
    (tmp_path / "asks.toml").write_text(PLAN)
    path = tmp_path / "asks.sqlite"
    arguments = ("study", "run", "--plan", tmp_path / "asks.toml", "--participant", "P1", "--store", path)
    with Program(screen, tmp_path / "home", *arguments) as program:
        one = Participant(screen, program, path)
        one.wait_for_session()
        one.turn_page(EventKind.CONSENTED)
        screen.do("sleep 0.7")  # until the page takes an Enter
        screen.key("7", "Return")  # too young: it stays
        screen.key("BackSpace", "2", "3", "Tab", "Down", "Down", "Down", "Tab", "d", "e")
        one.turn_page(EventKind.QUESTIONED)
        one.close()
        program.kill()
    with Store.open(path, writable=False) as store:
        assert store.query("SELECT question, answer FROM replies ORDER BY place") == [
            ("age", "23"),
            ("hand", "both"),
            ("else", "de"),
        ]
        (session,) = store.sessions()
        code = deletion_code(session.session_id)
        assert store.query("SELECT version, code FROM consents") == [("1", code)]
