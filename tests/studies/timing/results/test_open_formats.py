"""A study as BIDS and as a Frictionless Data Package, and its tables of sessions and events."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from studies.table_files import ExportError
from studies.timing.facts.records import Event, EventKind
from studies.timing.file.store import Store
from studies.timing.results.bids import export_bids
from studies.timing.results.data_package import export_package
from studies.timing.results.export import WHAT
from tests.studies.timing.page_sample import PAGES, sit_pages
from tests.studies.timing.person_sample import REPLIES, say
from tests.studies.timing.sample import SECOND, SHORT, add_study, plan, record, sit, two_participants

VALIDATOR = shutil.which("bids-validator")


def written(store: Store) -> None:
    two_participants(store)
    sit_pages(store, "pages", PAGES, "P 3/ä")
    say(store, "pages")
    sit(store, add_study(store, "other one", "e" * 64), "again", SHORT, "p1", 1)


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def test_sessions_say_how_they_went(store: Store) -> None:
    environment = json.dumps({"screen_hz": 59.95, "screen_px": "1280x720"})
    store.start_session(add_study(store), record("s", environment=environment), plan(SHORT))
    for kind, detail in (
        (EventKind.PAUSED, ""),
        (EventKind.INTERRUPTED, "12.5 s"),
        (EventKind.INTERRUPTED, "2.0 s"),
        (EventKind.INTERRUPTED, "-34559994.9 s"),  # the clock was set back meanwhile
    ):
        store.append("s", Event(kind, SECOND, None, detail))
    columns = "finished, planned, answered, pauses, interruptions, gaps_s, early, screen_hz, screen_px, qt"
    found = store.query(f"SELECT {columns} FROM session_facts")
    assert found == [(0, 2, 0, 1, 3, 14.5, 0, 59.95, "1280x720", None)]
    assert store.query("SELECT seq, kind, detail FROM event_facts ORDER BY seq")[1] == (
        2,
        "interrupted",
        "12.5 s",
    )


def test_every_trial_stands_where_bids_looks_for_it(store: Store, tmp_path: Path) -> None:
    written(store)
    to = tmp_path / "bids"
    assert sorted(export_bids(store, to, "1.0")) == ["sub-P1x2", "sub-P2", "sub-P3", "sub-p1"]
    trials = [
        row for file in to.glob("sub-*/beh/*_beh.tsv") if "Pages" not in file.name for row in rows_of(file)
    ]
    assert len(trials) == store.query("SELECT count(*) FROM trials")[0][0]
    times = sorted(float(row["response_time_s"]) for row in trials)
    assert times == sorted(time for (time,) in store.query("SELECT response_time_s FROM trials"))
    for file in to.glob("sub-*/beh/*_beh.tsv"):
        task = file.name.split("_")[1]
        sidecar = json.loads((to / f"{task}_beh.json").read_text(encoding="utf-8"))
        assert set(rows_of(file)[0]) == set(sidecar) - {"TaskName"}
        assert sidecar["kept"]["Levels"] == {"0": "no", "1": "yes"}
        assert "" not in [cell for row in rows_of(file) for cell in row.values()]
    people = {row["code"]: row for row in rows_of(to / "participants.tsv") if row["study"] == "study"}
    assert people["P 3/ä"]["question_age"] == next(r.answer for r in REPLIES if r.question == "age")
    assert people["P2"]["question_age"] == "n/a"


def test_sessions_of_one_person_are_told_apart(store: Store, tmp_path: Path) -> None:
    study = add_study(store)
    sit(store, study, "one", SHORT, "P1")
    sit(store, study, "two", SHORT, "P1")
    export_bids(store, tmp_path / "b", "1.0")
    files = sorted(file.relative_to(tmp_path / "b").as_posix() for file in (tmp_path / "b").rglob("*.tsv"))
    assert files[1:] == [f"sub-P1/ses-0{n}/beh/sub-P1_ses-0{n}_task-study_beh.tsv" for n in (1, 2)]
    with pytest.raises(ExportError, match="not empty"):
        export_bids(store, tmp_path / "b", "1.0")


@pytest.mark.skipif(VALIDATOR is None, reason="needs the validator of BIDS: npm i bids-validator")
@pytest.mark.parametrize("several", [False, True])
def test_the_validator_of_bids_finds_no_error(store: Store, tmp_path: Path, several: bool) -> None:
    written(store)
    if several:
        sit(store, add_study(store), "more", SHORT, "P2", 2)
    export_bids(store, tmp_path / "b", "1.0")
    assert VALIDATOR is not None
    done = subprocess.run(
        [VALIDATOR, str(tmp_path / "b"), "--json"], capture_output=True, text=True, check=False
    )
    issues = json.loads(done.stdout)["issues"]
    assert issues["errors"] == [], issues["errors"]


def test_a_package_describes_every_column_of_every_table(store: Store, tmp_path: Path) -> None:
    written(store)
    results = export_package(store, tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert [resource["name"] for resource in package["resources"]] == list(WHAT)
    kinds: dict[str, Callable[[str], object]] = {
        "string": str,
        "integer": int,
        "number": float,
        "boolean": lambda cell: {"1": True, "0": False}[cell],
    }
    for resource, result in zip(package["resources"], results, strict=True):
        with (tmp_path / resource["path"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=resource["dialect"]["delimiter"]))
        fields = resource["schema"]["fields"]
        assert len(rows) == result.rows
        for row in rows:
            assert list(row) == [field["name"] for field in fields]
            for field in fields:
                cell = row[field["name"]]
                assert cell in resource["schema"]["missingValues"] or kinds[field["type"]](cell) is not None
