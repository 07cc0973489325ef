"""Random sessions of pages and trials in a real file, killed at any moment, against a model of what was stored."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from studies.pages.marking import LOOKED_AFTER_NS
from studies.timing.facts import inputs as ev
from studies.timing.facts.plan import parse_plan
from studies.timing.facts.records import PlannedTrial
from studies.timing.file.store import Store
from studies.timing.session import session as sessions
from studies.timing.session.session import Participant
from studies.timing.session.state import Phase, part_of
from tests.studies.timing.session.states import answer, confirm, plan

_Rule = TypeVar("_Rule", bound=Callable[..., object])
PLAN = """
name = "pages"
[trials]
break_every = 3
[pages]
break_every = 2
ask_marked = {ask_marked}
[[blocks]]
dataset = "digits"
images = 1
"""
CELLS = 4
MEMORY = Path("/dev/shm")  # thousands of commits wait for a disk
PARTS = st.sampled_from(["qg", "qqggg", "pm", "gg", "mm", "qgm"])


def in_phase(*phases: Phase) -> Callable[[_Rule], _Rule]:
    return precondition(lambda self: self.session.state.phase in phases)


class PagesInAFile(RuleBasedStateMachine):
    """``marks`` and ``confirmed`` are the model: what must be in the file once a step has returned."""

    @initialize(parts=st.lists(PARTS, min_size=1, max_size=3), ask_marked=st.booleans())
    def start(self, parts: list[str], ask_marked: bool) -> None:
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.exists() else None)
        self.path = Path(self.folder.name) / "study.sqlite"
        self.loaded = parse_plan(PLAN.format(ask_marked=str(ask_marked).lower()))
        self.units = plan(*parts)
        self.store = Store.open(self.path)
        self.session = sessions.start(
            self.store, self.loaded, Participant("P1"), self.units, number=1, app_version="", environment={}
        )
        self.clock = 0
        self.shown: Counter[int] = Counter()
        self.now: dict[int, bool] = {}  # the marks of the page on screen
        self.marks: list[tuple[int, int, int, int]] = []
        self.confirmed: dict[int, frozenset[int]] = {}
        self.answered: set[int] = set()

    def tick(self, ns: int = 10) -> int:
        self.clock += ns
        return self.clock

    @property
    def position(self) -> int:
        return self.session.state.queue[0]

    @in_phase(Phase.CONSENT)
    @rule()
    def agree(self) -> None:
        self.session.send(ev.Agree(self.tick()))

    @in_phase(
        Phase.INSTRUCTIONS,
        Phase.BLOCK_INTRO,
        Phase.BREAK,
        Phase.PAUSED,
        Phase.FEEDBACK,
        Phase.PAGE_FEEDBACK,
    )
    @rule()
    def go_on(self) -> None:
        self.session.send(ev.Continue(self.tick()))

    @in_phase(Phase.FIXATION)
    @rule()
    def show(self) -> None:
        self.shown[self.position] += 1
        self.now = {}
        self.session.send(ev.Shown(self.tick()))

    @in_phase(Phase.STIMULUS)
    @rule()
    def give_an_answer(self) -> None:
        self.answered.add(self.position)
        self.session.send(answer(self.tick()))

    @in_phase(Phase.PAGE)
    @rule(cells=st.sets(st.integers(0, CELLS - 1), min_size=1), marked=st.booleans())
    def mark(self, cells: set[int], marked: bool) -> None:
        at_ns = self.tick()
        for cell in sorted(cells):
            if self.now.get(cell, False) is not marked:
                self.now[cell] = marked
                self.marks.append((self.position, self.shown[self.position], cell, int(marked)))
        self.session.send(ev.Mark(at_ns, tuple(cells), marked))

    @in_phase(Phase.PAGE)
    @rule()
    def confirm_too_early(self) -> None:
        before = self.session.state
        page = before.page
        assert page is not None
        self.session.send(confirm(page.on_screen.onset_ns + LOOKED_AFTER_NS - 1))
        assert self.session.state == before

    @in_phase(Phase.PAGE)
    @rule()
    def confirm(self) -> None:
        position = self.position
        self.session.send(confirm(self.tick(LOOKED_AFTER_NS)))
        self.confirmed[position] = frozenset(cell for cell, marked in self.now.items() if marked)

    @in_phase(Phase.PAGE, Phase.STIMULUS, Phase.FIXATION)
    @rule()
    def pause(self) -> None:
        self.session.send(ev.Pause(self.tick()))

    @in_phase(Phase.ENDING)
    @rule()
    def finish(self) -> None:
        self.session.send(ev.Finish(self.tick()))

    @precondition(lambda self: self.session.state.phase is not Phase.FINISHED)
    @rule()
    def kill(self) -> None:
        """All but what was stored is lost, also between marks and confirmation."""
        self.store._connection.close()
        assert self.store._lock is not None
        self.store._lock.release()
        self.store = Store.open(self.path, create=False)
        (unfinished,) = self.store.unfinished_sessions()
        self.session = sessions.resume(self.store, self.loaded, unfinished, self.tick())

    @rule(steps=st.integers(1, 8))
    def play_on(self, steps: int) -> None:
        for _ in range(steps):
            self.one_step_on()

    @invariant()
    def every_mark_and_confirmation_is_in_the_file(self) -> None:
        marks = self.store.query("SELECT position, attempt, cell, marked FROM marks ORDER BY seq")
        assert marks == self.marks
        attempts = dict(self.store.query("SELECT position, attempt FROM page_responses"))
        assert attempts == {position: self.shown[position] for position in self.confirmed}
        marked = self.store.query("SELECT position, cell FROM cells WHERE marked ORDER BY position, cell")
        assert marked == [(p, c) for p, cells in sorted(self.confirmed.items()) for c in sorted(cells)]

    @invariant()
    def what_was_marked_is_asked_about_once(self) -> None:
        asked = [
            (unit.page, unit.cell)
            for unit in self.session.state.units
            if isinstance(unit, PlannedTrial) and unit.asked_after
        ]
        wanted = {
            (p, c)
            for p, cells in self.confirmed.items()
            for c in cells
            if self.loaded.plan.pages.ask_marked and not self.units[p].practice
        }
        assert len(asked) == len(wanted)
        assert set(asked) == wanted

    @invariant()
    def everything_is_over_or_to_come_in_order(self) -> None:
        state = self.session.state
        assert [unit.position for unit in state.units] == list(range(len(state.units)))
        assert sorted([*state.queue, *self.confirmed, *self.answered]) == list(range(len(state.units)))
        parts = [part_of(state.units[position]) for position in state.queue]
        assert parts == sorted(parts)
        assert (state.page is not None) == (state.phase is Phase.PAGE)
        assert (state.on_screen is not None) == (state.phase is Phase.STIMULUS)
        assert dict(state.presented) == dict(self.shown)

    def teardown(self) -> None:
        """Play to the end: whatever happened, a session can be finished, or withdrawn without a trace."""
        if not hasattr(self, "session"):
            return
        for _ in range(200):
            if self.session.state.phase is Phase.FINISHED:
                break
            self.one_step_on()
        else:
            pytest.fail("the session does not end")
        self.everything_is_over_or_to_come_in_order()
        self.every_mark_and_confirmation_is_in_the_file()
        self.store.withdraw(self.session.session_id)
        for table in (
            "planned_trials",
            "planned_pages",
            "planned_cells",
            "page_responses",
            "marks",
            "sessions",
        ):
            assert self.store.query(f"SELECT count(*) FROM {table}") == [(0,)]
        self.store.close()
        self.folder.cleanup()

    def one_step_on(self) -> None:
        phase = self.session.state.phase
        if phase is Phase.CONSENT:
            self.agree()
        elif phase is Phase.FIXATION:
            self.show()
        elif phase is Phase.STIMULUS:
            self.give_an_answer()
        elif phase is Phase.PAGE:
            self.mark({self.clock % CELLS}, True)
            self.confirm()
        elif phase is Phase.ENDING:
            self.finish()
        elif phase is not Phase.FINISHED:
            self.go_on()


PagesInAFile.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestPagesInAFile = PagesInAFile.TestCase
