"""One stored value of a study is changed for another of its kind: the file is refused, or no exported number changes.

What a value alone could tell is listed with the reason.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from model.errors import UserError
from model.port import NullPort
from studies.answers import Device, StampSource
from studies.timing.facts import inputs as ev
from studies.timing.facts.plan import parse_plan
from studies.timing.file.store import Store
from studies.timing.session.host import Host
from studies.timing.session.session import Participant
from studies.timing.session.trial import Phase

MS = 1_000_000
PLAN = """
name = "small"
seed = 5
[suggestions]
none_share = 0.2
[trials]
practice = 2
[[blocks]]
dataset = "digits"
images = 12
"""
ALONE = {
    "sessions": {
        "participant_number": "whether a number was given by hand or by the program is not stored",
        "app_version": "any version is one",
        "environment": "what a machine is",
        "robot": "who pressed the keys",
    },
    "planned_trials": {
        "item": "which images there are is known by the data set alone",
        "true_class": "as item",
        "suggestion": "drawn; the classes are the data set's",
    },
    "responses": {
        "answer": "what the person answered",
        "first_input_ns": "measured once; the bounds are onset and answer",
        "response_ns": "measured once",
        "handler_ns": "measured once",
        "stamp_source": "measured once",
        "device": "measured once",
        "backtracks": "counted once",
        "focus_lost": "seen once",
        "longest_stall_ns": "measured once",
        "utc": "the wall clock, which may be set; no time is measured by it",
    },
    "events": {"kind": "a flag is set or taken back by one event"},
}
"""Columns of which no other stored value tells, by table: only a checksum of each row could."""
VIEWS = ("trials", "ratios", "scratch", "exclusions", "summary")
PER_COLUMN = 3


def sit(session: Any, chance: random.Random) -> None:
    """Answer all trials, with a few errors, stalls and pauses."""
    now = 10**12

    def later(ms: float) -> int:
        nonlocal now
        now += round(ms * MS)
        return now

    while session.state.phase is not Phase.FINISHED:
        phase, trial = session.state.phase, session.state.trial
        if phase is Phase.CONSENT:
            session.send(ev.Agree(later(900)))
        elif phase is Phase.FIXATION:
            at = later(400)
            session.send(ev.Shown(at, at - MS, at))
        elif phase is Phase.STIMULUS and chance.random() < 0.1:
            session.send(ev.Pause(later(300)))
        elif phase is Phase.STIMULUS:
            answer = trial.true_class if chance.random() < 0.9 else trial.suggestion or "9"
            at = later(chance.gauss(900, 100))
            session.send(ev.Answer(at, later(1.5), StampSource.MONOTONIC, Device.KEYBOARD, 3 * MS, answer))
        elif phase is Phase.ENDING:
            session.send(ev.Finish(later(10)))
        else:
            session.send(ev.Continue(later(700)))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    with Store.open(folder / "s.sqlite") as store:
        host = Host(store, parse_plan(PLAN), folder, {}, "0", {})
        for number in (1, 2):
            session = host.start(Participant(f"P{number}"), number, host.draw(number, NullPort()))
            sit(session, random.Random(number))
    return folder / "s.sqlite"


def numbers(file: Path) -> list[object]:
    with Store.open(file, writable=False) as store:
        return [store.rows(f"SELECT * FROM {view}") for view in VIEWS]


def other(value: object, chance: random.Random, of_column: list[object]) -> object:
    """Another value that could stand there: of another row, a number nearby, or a text with one sign more."""
    rest = [one for one in of_column if one != value]
    if rest and chance.random() < 0.5:
        return chance.choice(rest)
    if isinstance(value, int):
        return value + chance.choice([1, -1, 1000])
    if isinstance(value, float):
        return value * 1.01
    return "x" if value is None else f"{value}x"


def test_no_number_changes_without_a_word(study: Path, tmp_path: Path) -> None:
    whole, chance, silent = numbers(study), random.Random(12), []
    tried = 0
    with closing(sqlite3.connect(study)) as read:
        tables = [t for (t,) in read.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in (t for t in tables if not t.startswith("_")):
            columns = read.execute(f"SELECT name, pk FROM pragma_table_info('{table}')").fetchall()
            keys = [name for name, pk in columns if pk]
            for column in (name for name, _ in columns if name not in ALONE.get(table, {})):
                held = [value for (value,) in read.execute(f'SELECT "{column}" FROM {table}')]
                rows = read.execute(f'SELECT "{column}", {", ".join(keys)} FROM {table}').fetchall()
                for value, *key in chance.sample(rows, min(PER_COLUMN, len(rows))):
                    copy = Path(shutil.copy(study, tmp_path / "s.sqlite"))
                    new = other(value, chance, held)
                    if not change(copy, table, column, new, dict(zip(keys, key, strict=True))):
                        continue
                    tried += 1
                    try:
                        if numbers(copy) != whole:
                            silent.append(f"{table}.{column}: {value!r} -> {new!r}")
                    except UserError as error:
                        assert "is damaged" in str(error)  # noqa: PT017 - it need not be raised
    assert tried > 60
    assert silent == []


def change(file: Path, table: str, column: str, new: object, key: dict[str, object]) -> bool:
    """Change a value as something else than this program would; whether the layout took it."""
    where = " AND ".join(f'"{name}" = ?' for name in key)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for name, text in connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
            assert text
        try:
            connection.execute(f'UPDATE {table} SET "{column}" = ? WHERE {where}', (new, *key.values()))
        except sqlite3.IntegrityError:
            return False
    return True
