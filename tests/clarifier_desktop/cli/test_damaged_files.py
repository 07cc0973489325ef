"""A damaged file is opened, or refused in one sentence that names it; never in a traceback, and it stays as it was."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from clarifier_desktop.cli.commands import main
from studies.labeling.file.store import ProjectStore
from studies.simulation.file.store import ExperimentStore
from studies.timing.file.store import Store
from tests.clarifier_desktop.cli.damage import DAMAGES, WAYS, edit, outcome
from tests.files_made_before.opened import unpack

_STORES = {"study.sqlite": Store, "planned.clarifier": ProjectStore, "experiment.sqlite": ExperimentStore}
_FILES = 4  # of each kind of damage
_WAYS = 2  # in which each is opened


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLARIFIER_HOME", str(tmp_path / "home"))


def made_today(name: str, folder: Path) -> Path:
    """A file in this version's layout."""
    file = unpack(name, folder)
    _STORES[name].open(file).close()
    return file


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", WAYS)
def test_damage_ends_in_a_sentence(name: str, damage: str, tmp_path: Path) -> None:
    chance = random.Random(f"{name} {damage}")
    older = unpack(name, tmp_path).read_bytes()
    file = made_today(name, tmp_path)
    layouts = (older, file.read_bytes())
    ways = [
        way for way in WAYS[name] if way not in ("figures", "export model")
    ]  # slow; the others read the same
    for number in range(_FILES):
        content = bytearray(layouts[number % 2])
        DAMAGES[damage](content, chance)
        file.write_bytes(content)
        for way in chance.sample(ways, _WAYS):
            outcome(WAYS[name][way], file, tmp_path / "opened", layouts[1])


@pytest.mark.parametrize("name", WAYS)
def test_a_whole_file_is_opened_in_every_way(name: str, tmp_path: Path) -> None:
    file = made_today(name, tmp_path)
    content = file.read_bytes()
    for way, opens in WAYS[name].items():
        if way != "export model":  # it lies elsewhere
            assert outcome(opens, file, tmp_path / "opened", content) == "whole", way


IMPOSSIBLE = {
    "planned.clarifier": (
        "DELETE FROM project",
        "DELETE FROM places",
        "DELETE FROM settings",
        "INSERT INTO settings (json, utc) VALUES ('not JSON', '')",
        "INSERT INTO settings (json, utc) SELECT printf('%.*c', 100000, '['), ''",
        "INSERT INTO settings (json, utc) VALUES ('[]', '')",
        """INSERT INTO settings (json, utc) VALUES ('{"holdout": -1}', '')""",
        "UPDATE label_events SET class_id = 99 WHERE seq = (SELECT min(seq) FROM label_events WHERE verb = 'label')",
        "UPDATE label_events SET class_id = -1 WHERE verb = 'label'",
        "UPDATE label_events SET class_id = NULL WHERE verb = 'label'",
        "UPDATE label_events SET verb = 'guessed' WHERE seq = 1",
        "UPDATE label_events SET item = 1000000 WHERE seq = 1",
        "UPDATE label_events SET item = -1 WHERE seq = 1",
        "UPDATE label_events SET action = 'first' WHERE seq = 1",
        "UPDATE label_events SET action = 77777 WHERE seq = 1",
        "UPDATE label_events SET response_ns = 'late' WHERE seq = (SELECT max(seq) FROM label_events)",
        "UPDATE tasks SET suggestion = 99",
        "UPDATE tasks SET purpose = 'none' WHERE task_id = (SELECT max(task_id) FROM tasks)",
        "UPDATE tasks SET top = '[[\"a\", 1]]'",
        "UPDATE tasks SET round = 1000 WHERE task_id = 1",
        "UPDATE tasks SET page = 0",
        "UPDATE tasks SET page = 4611686018427387904 WHERE task_id = 1",
        "UPDATE tasks SET page = -1 WHERE task_id = (SELECT max(task_id) FROM tasks)",
        "UPDATE tasks SET page = 0.5 WHERE task_id = (SELECT max(task_id) FROM tasks)",
        "UPDATE label_events SET response_ns = response_ns + 0.5 WHERE response_ns IS NOT NULL",
        "UPDATE auto_labels SET class_id = 99",
        "UPDATE class_changes SET change = 'painted' WHERE id = 1",
        "UPDATE class_changes SET class_id = 99 WHERE id = 1",
        "INSERT INTO class_changes (class_id, change, value, utc) VALUES (0, 'example', '1000000', '')",
        "INSERT INTO holdout VALUES (1000000)",
        "INSERT INTO items VALUES (1000000, 'far.png')",
        "DELETE FROM models WHERE model_id = (SELECT max(model_id) FROM models)",
        "UPDATE models SET history = '7'",
        "UPDATE rounds SET seconds = 'soon'",
        "UPDATE rounds SET notes = '[1]'",
    ),
    "study.sqlite": (
        "UPDATE sessions SET interface = 'by voice'",
        "UPDATE sessions SET study_id = 99",
        "UPDATE responses SET response_ns = 'late'",
        "UPDATE responses SET response_ns = response_ns + 0.5",
        "UPDATE responses SET response_ns = onset_ns - 1",
        "UPDATE responses SET device = 'by voice'",
        "UPDATE responses SET stamp_source = ''",
        "UPDATE responses SET attempt = 0",
        "UPDATE responses SET position = 1000000 WHERE position = 1",
        "UPDATE planned_trials SET practice = 'perhaps'",
        "UPDATE responses SET response_ns = onset_ns + 1000000000000000000",
        "UPDATE responses SET onset_ns = -1",
        "UPDATE responses SET first_input_ns = 7",
        "UPDATE responses SET longest_stall_ns = -1",
        "UPDATE responses SET answer = ''",
        "UPDATE responses SET focus_lost = 7",
        "UPDATE responses SET utc = 'nan'",
        "UPDATE planned_trials SET dataset = 'none' WHERE position = 1",
        "UPDATE planned_trials SET true_class = '' WHERE position = 1",
        "UPDATE planned_trials SET page = -1 WHERE position = 1",
        "UPDATE sessions SET participant = ''",
        "UPDATE sessions SET participant_number = 0",
        "UPDATE sessions SET utc = '2026-13-45T99:99:00.000+00:00'",
        "UPDATE studies SET too_fast_ms = -1",
        "UPDATE studies SET sha256 = 'abc' WHERE id = 1",
        "UPDATE events SET kind = 'guessed'",
        "UPDATE events SET position = 1000000 WHERE kind = 'presented'",
        "UPDATE events SET position = NULL WHERE kind = 'presented'",
        "UPDATE events SET utc = 'soon'",
        "UPDATE t_quantiles SET t975 = 0 WHERE df = 1",
        "UPDATE t_quantiles SET df = 100000 WHERE df = 5",
        "UPDATE events SET utc = CAST(x'ff' AS TEXT)",
        "DELETE FROM studies",
    ),
    "experiment.sqlite": (
        "UPDATE methods SET kind = 'magic'",
        "DELETE FROM methods",
        "DELETE FROM cost_settings",
        "DELETE FROM datasets",
        "UPDATE rounds SET accuracy = 'good'",
        "UPDATE states SET state = x'00'",
        "UPDATE rounds SET versions = '['",
    ),
}


@pytest.mark.parametrize(
    ("name", "sql"), [(name, sql) for name, texts in IMPOSSIBLE.items() for sql in texts]
)
def test_rows_that_nothing_stored_are_refused_in_a_sentence(name: str, sql: str, tmp_path: Path) -> None:
    file = made_today(name, tmp_path)
    whole = file.read_bytes()
    edit(file, sql)
    found = {
        way: outcome(opens, file, tmp_path / "opened", whole)
        for way, opens in WAYS[name].items()
        if way not in ("figures", "export model")
    }
    opened = {
        "study.sqlite": ("list", "open", "merge", "results"),
        "experiment.sqlite": ("resume", "results"),
    }
    ways = opened.get(name, ("open",))
    assert any("is damaged" in found[way] for way in ways), found
    if name == "study.sqlite" and "DELETE" not in sql and "x'ff'" not in sql:
        table = sql.split()[1]
        assert all(f'its table "{table}" holds' in found[way] for way in ways), found


@pytest.mark.parametrize("name", WAYS)
def test_opening_a_file_of_today_writes_nothing(name: str, tmp_path: Path) -> None:
    file = made_today(name, tmp_path)
    content = file.read_bytes()
    _STORES[name].open(file).close()
    assert file.read_bytes() == content


def test_a_mistake_in_a_statement_is_no_damage(tmp_path: Path) -> None:
    with Store.open(made_today("study.sqlite", tmp_path)) as store, pytest.raises(sqlite3.OperationalError):
        store.query("SELECT answers FROM responses")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b"backtracks INTEGER", b"backtrocks INTEGER"),
        (b"events (session_id, pos", b"events (session_id, pRs"),
    ],
)
def test_a_table_that_lost_a_column_is_damage(
    was: bytes, now: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = made_today("study.sqlite", tmp_path)
    content = file.read_bytes()
    assert content.count(was) == 1
    file.write_bytes(content.replace(was, now))
    assert main(["export", "trials", "--store", str(file), "--to", str(tmp_path / "trials.csv")]) == 2
    assert f"{file} is damaged" in capsys.readouterr().err


def test_a_damaged_view_is_read_as_this_version_has_it(tmp_path: Path) -> None:
    file = made_today("planned.clarifier", tmp_path)
    content = file.read_bytes()
    was, now = b"AS response_time_s", b"AS response_time_x"
    assert was in content
    file.write_bytes(content.replace(was, now))
    assert outcome(WAYS[file.name]["export rounds"], file, tmp_path / "opened", content) == "whole"
