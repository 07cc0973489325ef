"""Damage of files, and what every way of opening them makes of it."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from clarifier_desktop.cli.commands import main
from clarifier_desktop.cli.export import PROJECT_TABLES, STUDY_TABLES
from model.errors import UserError
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.project import Project
from studies.labeling.rounds import panel
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.request import Folders
from studies.simulation.file.store import ExperimentStore
from studies.timing.file.store import Store
from studies.timing.results.analysis import Filter
from ui.labeling.rounds.round_data import round_page_data
from ui.results.sources import make_experiment_source, make_source

Opens = Callable[[Path, Path], object]
"""Opens a file in one way, with a folder for what it writes; raises ``UserError`` where that cannot be."""


def change_bytes(count: int, content: bytearray, chance: random.Random) -> None:
    """Some bytes anywhere hold another value."""
    for place in chance.sample(range(len(content)), count):
        content[place] ^= chance.randrange(1, 256)


def cut(content: bytearray, chance: random.Random) -> None:
    """The end is missing."""
    del content[chance.randrange(1, len(content)) :]


def zero_pages(content: bytearray, chance: random.Random) -> None:
    """A stretch of the file is empty, as after a crash of the machine."""
    start = chance.randrange(0, len(content), 4096)
    length = min(4096 * chance.randrange(1, 4), len(content) - start)
    content[start : start + length] = bytes(length)


DAMAGES: Mapping[str, Callable[[bytearray, random.Random], None]] = {
    **{f"{count} bytes": partial(change_bytes, count) for count in (1, 2, 8, 64)},
    "cut": cut,
    "zeroed": zero_pages,
}


def run(*words: str) -> Opens:
    """A command, with ``FILE`` for the file and ``TO`` for what it writes."""

    def opens(file: Path, to: Path) -> None:
        arguments = [word.replace("FILE", str(file)).replace("TO", str(to)) for word in words]
        with pytest.MonkeyPatch.context() as patch:
            said: list[str] = []
            patch.setattr("sys.stderr.write", said.append)
            code = main(arguments)
        if code:
            raise UserError("".join(said).strip())

    return opens


def open_project(file: Path, to: Path) -> None:
    """As the window does."""
    with ProjectStore.open(file, create=False) as store:
        project = Project.open(store, "A1", "0", {})
        conductor = Conductor(project, Folders(to, to))
        panel.collect(project, conductor)
        round_page_data(project, conductor, working=False)


def peek_at_project(file: Path, to: Path) -> None:
    """As the home page does."""
    with ProjectStore.peek(file) as store:
        store.head()
        store.progress().in_words()


def open_study(file: Path, to: Path) -> None:
    """As the window does before a session goes on."""
    with Store.open(file, create=False) as store:
        for session in store.unfinished_sessions():
            store.progress(session.session_id)
            store.planned_trials(session.session_id)
        store.next_participant_number(1)


def merge_into(file: Path, to: Path) -> None:
    """The damaged file takes the sessions of a whole one."""
    run("merge", str(to.parent / "whole"), "--into", str(file))(file, to)


def show_results(file: Path, to: Path) -> None:
    """As the results page does."""
    make_source(file).load(Filter())


def show_experiments(file: Path, to: Path) -> None:
    """As the results page does."""
    make_experiment_source(file).load()


def resume_experiment(file: Path, to: Path) -> None:
    """As a command does that goes on with it."""
    with ExperimentStore.open(file, create=False) as store:
        for key in store.standing([key for (key,) in store.query("SELECT run_key FROM runs")]):
            store.state(key)


WAYS: Mapping[str, Mapping[str, Opens]] = {
    "study.sqlite": {
        **{
            f"export {table}": run("export", table, "--store", "FILE", "--to", "TO.csv")
            for table in STUDY_TABLES
        },
        "list": run("study", "list", "--store", "FILE"),
        "merge": run("merge", "FILE", "--into", "TO.sqlite"),
        "figures": run("figures", "--store", "FILE", "--to", "TO"),
        "results": show_results,
        "merge into": merge_into,
        "open": open_study,
    },
    "planned.clarifier": {
        **{
            f"export {table}": run("export", table, "--project", "FILE", "--to", "TO.csv")
            for table in (*PROJECT_TABLES, "images")
        },
        "export jsonl": run("export", "labels", "--format", "jsonl", "--project", "FILE", "--to", "TO.jsonl"),
        "export figure": run("export", "figure", "--project", "FILE", "--to", "TO.svg"),
        "export model": run("export", "model", "--project", "FILE", "--to", "TO.pt"),
        "peek": peek_at_project,
        "open": open_project,
    },
    "experiment.sqlite": {
        "figures": run("figures", "--store", "FILE", "--to", "TO"),
        "results": show_experiments,
        "resume": resume_experiment,
    },
}


def edit(file: Path, sql: str) -> None:
    """Change rows of a file, as something else than this program would; triggers stay as they are."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        triggers = dict(
            connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        )
        for name in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        assert connection.execute(sql).rowcount
        for text in triggers.values():
            connection.execute(text)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def outcome(opens: Opens, file: Path, folder: Path, whole: bytes) -> str:
    """Open a copy of a file: "whole", or what the refusal said. Any other exception passes.

    A refusal is one sentence that names the file and leaves it as it is. ``whole``: a file of the same kind.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    copy = folder / file.name
    shutil.copyfile(file, copy)
    (folder / "whole").write_bytes(whole)
    try:
        opens(copy, folder / "out")
        return "whole"
    except UserError as error:
        said = str(error)
    assert copy.read_bytes() == file.read_bytes(), "a refused file was changed"
    assert str(copy) in said, said
    assert len(said.splitlines()) == 1, said
    return said
