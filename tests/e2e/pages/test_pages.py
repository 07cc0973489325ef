"""Pages in the real window: kills between marks and confirmations lose nothing, and a robot's costs are found again."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from studies.pages.marking import LOOKED_AFTER_NS
from studies.timing.facts.records import EventKind
from studies.timing.file.sittings import Completion
from studies.timing.file.store import Store
from studies.timing.results.page_costs import page_cost_rows
from tests.e2e.participant import Participant, sleep_until
from tests.e2e.screen import GoneError, Program, Screen
from ui.answering.pages.cell_codes import cell_codes

pytestmark = pytest.mark.e2e

KILLS = 8
PAGES = 10
CELLS = 6
KILLED = f"""\
name = "killed"
seed = 5
[trials]
fixation_ms = 40
[pages]
practice = 0
break_every = 0
[[blocks]]
dataset = "digits"
interface = "page"
page_count = {PAGES}
page_sizes = {CELLS}
odd_share = 0.3
"""
ROBOT = """\
name = "recovered"
seed = 11
[trials]
fixation_ms = 20
[pages]
practice = 0
break_every = 0
[[blocks]]
dataset = "digits"
interface = "page"
page_count = 40
page_sizes = [12, 24]
odd_share = [0.1, 0.3]
"""
COSTS = {"page": 0.6, "cell": 0.06, "mark": 0.3, "page-spread": 0.01, "miss": 0.1, "false-mark": 0.02}


class Marker(Participant):
    """Marks pages by keys, and notes what the file acknowledged."""

    def marks(self) -> list[tuple[int, int, int, int]]:
        assert self._store is not None
        return self._store.query("SELECT position, attempt, cell, marked FROM marks ORDER BY seq")

    def confirmed(self) -> dict[int, int]:
        """The attempts of confirmed pages by position."""
        assert self._store is not None
        return dict(self._store.query("SELECT position, attempt FROM page_responses"))

    def _has_mark(self, mark: tuple[int, int, int, int]) -> bool:
        return mark in self.marks()

    def _has_page(self, position: int) -> bool:
        return position in self.confirmed()

    def go_on(self) -> None:
        """From the first page after a start to the first page of images."""
        for kind in (EventKind.CONSENTED, EventKind.INSTRUCTED):
            if not self.events(kind):
                self.turn_page(kind)
        self.turn_page(EventKind.BLOCK_STARTED)

    def mark_on(self, acknowledged: Acknowledged, chance: random.Random) -> None:
        """Mark and confirm one page after another until all are confirmed or the program is gone."""
        codes = cell_codes(CELLS)
        while len(self.confirmed()) < PAGES:
            shown = self.wait_for(EventKind.PRESENTED, self._presented + 1)
            self._presented += 1
            assert shown.position is not None
            position = shown.position
            assert position not in acknowledged.pages, "a page whose confirmation was acknowledged came again"
            attempt = Counter(e.position for e in self.events(EventKind.PRESENTED))[position]
            self.see(shown)
            cells = chance.sample(range(CELLS), chance.randint(1, 3))
            for cell in cells:
                mark = (position, attempt, cell, 1)
                self.press_until(codes[cell], partial(self._has_mark, mark), "a mark")
                acknowledged.marks.append(mark)
            sleep_until(shown.at_ns + LOOKED_AFTER_NS + 20_000_000)
            self.press_until("Return", partial(self._has_page, position), "a page")
            acknowledged.pages[position] = frozenset(cells)


class Acknowledged:
    """What the file held before a kill."""

    def __init__(self) -> None:
        self.marks: list[tuple[int, int, int, int]] = []
        self.pages: dict[int, frozenset[int]] = {}


def test_kills_between_marks_and_confirmations_lose_nothing(screen: Screen, tmp_path: Path) -> None:
    plan, store = tmp_path / "plan.toml", tmp_path / "study.sqlite"
    plan.write_text(KILLED)
    run = ("study", "run", "--plan", plan, "--participant", "P01", "--store", store)
    chance = random.Random(8)
    acknowledged = Acknowledged()
    for kill in range(KILLS + 1):
        with Program(screen, tmp_path / "home", *run) as program:
            marker = Marker(screen, program, store)
            try:
                marker.wait_for_session()
                if kill:
                    marker.wait_for(EventKind.INTERRUPTED, kill)
                marker.skip_seen()
                marker.go_on()
                if kill < KILLS:
                    killer = threading.Timer(chance.uniform(0.3, 1.9), program.kill)
                    killer.start()
                marker.mark_on(acknowledged, chance)
                killer.cancel()
                break
            except GoneError:
                killer.join()
                assert not program.running, program.said
                assert "Traceback" not in program.said
            finally:
                marker.close()
    check(store, acknowledged)


def check(path: Path, acknowledged: Acknowledged) -> None:
    with Store.open(path, writable=False) as store:
        assert store.query("PRAGMA foreign_key_check") == []
        (session,) = store.sessions()
        assert (session.answered, session.total) == (PAGES, PAGES)
        marks = store.query("SELECT position, attempt, cell, marked FROM marks ORDER BY seq")
        assert not Counter(acknowledged.marks) - Counter(marks)
        marked = store.query("SELECT position, cell FROM cells WHERE marked")
        for position, cells in acknowledged.pages.items():
            assert {cell for at, cell in marked if at == position} == cells
        shown = Counter(
            dict(store.query("SELECT position, count(*) FROM events WHERE kind = 'presented' GROUP BY 1"))
        )
        assert dict(store.query("SELECT position, attempt FROM page_responses")) == shown
        assert sum(shown.values()) > PAGES, "pages that were on screen came again"


def test_the_costs_of_a_robot_are_found_within_five_per_cent(screen: Screen, tmp_path: Path) -> None:
    plan, path = tmp_path / "plan.toml", tmp_path / "study.sqlite"
    plan.write_text(ROBOT)
    options = [word for name, value in COSTS.items() for word in (f"--robot-{name}", str(value))]
    run: tuple[str | Path, ...] = (
        "study",
        "run",
        "--plan",
        plan,
        "--participant",
        "R1",
        "--store",
        path,
        "--robot",
    )
    started = time.monotonic()
    with Program(screen, tmp_path / "home", *run, *options) as program:
        assert program.wait(400) == 0, program.said
    assert time.monotonic() - started > 40 * COSTS["page"]
    with Store.open(path, writable=False) as store:
        store.count_robots()
        assert [session.state for session in store.sessions()] == [Completion.FINISHED]
        costs = page_cost_rows(store)[0]
    assert costs.n_pages == 40
    if costs.n_kept < 25:
        pytest.skip("the machine stalled on too many pages")
    found = (costs.a_s, costs.c_g_s, costs.c_m_s)
    assert found == pytest.approx((COSTS["page"], COSTS["cell"], COSTS["mark"]), rel=0.05)
    assert costs.miss_low is not None
    assert costs.miss_high is not None
    assert costs.miss_low <= COSTS["miss"] <= costs.miss_high
