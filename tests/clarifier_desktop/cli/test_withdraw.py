"""The command that deletes what a person answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from clarifier_desktop.cli import main
from studies.timing.facts.consent import deletion_code
from studies.timing.file.merge import merge
from studies.timing.file.store import Store
from tests.studies.timing.sample import SHORT, add_study, sit


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two sessions of P1 under two plans, and one of P2; ``pool.sqlite`` beside it holds them too."""
    with Store.open(tmp_path / "a.sqlite") as store:
        sit(store, add_study(store), "one", SHORT, "P1", 1)
        sit(store, add_study(store), "two", SHORT, "P2", 2)
        sit(store, add_study(store, "other", "f" * 64), "three", SHORT, "p1 ", 1)
    merge([tmp_path / "a.sqlite"], tmp_path / "pool.sqlite")
    return tmp_path / "a.sqlite"


def left(path: Path) -> set[str]:
    with Store.open(path, writable=False) as store:
        return {session.session_id for session in store.sessions()}


def test_nothing_is_deleted_before_it_is_said_twice(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "withdraw", "--participant", "p1", "--store", str(file)]) == 1
    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith("  P1, study, finished, 2 of 2 answered, ")
    assert second.startswith("  p1 , other, finished")
    assert last == f"2 sessions in {file}. Nothing is deleted yet: add --yes to delete for good."
    assert left(file) == {"one", "two", "three"}


def test_all_sessions_of_a_person_go_and_copies_that_hold_them_are_named(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = file.with_name("pool.sqlite")
    arguments = [
        "study",
        "withdraw",
        "--participant",
        "P1",
        "--store",
        str(file),
        "--copy",
        str(copy),
        "--yes",
    ]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert f"2 sessions deleted in {file}." in said
    assert f"{copy} still holds them: clarifier-desktop merge {file} --into {copy}" in said
    assert left(file) == {"two"}
    assert left(copy) == {"one", "two", "three"}
    assert main(["merge", str(file), "--into", str(copy)]) == 0
    assert left(copy) == {"two"}


def test_one_session_goes_by_the_code_that_its_participant_was_shown(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = deletion_code("one").lower().replace("-", "")
    arguments = ["study", "withdraw", "--code", code, "--store", str(file), "--yes"]
    assert main(arguments) == 0
    assert left(file) == {"two", "three"}
    assert main(arguments) == 2
    assert f"The session with the code {code} is withdrawn already in {file}." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Give either --participant or --code"),
        (("--participant", "P1", "--code", "x"), "Give either --participant or --code"),
        (("--participant", "P7"), "There is no session of the participant P7 in"),
        (("--code", "ABCD-EFGH"), "There is no session with the code ABCD-EFGH in"),
    ],
)
def test_a_mistake_is_told(
    file: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    assert main(["study", "withdraw", *arguments, "--store", str(file), "--yes"]) == 2
    assert sentence in capsys.readouterr().err
    assert left(file) == {"one", "two", "three"}


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "no.sqlite"
    assert main(["study", "withdraw", "--participant", "P1", "--store", str(path), "--yes"]) == 2
    assert not path.exists()
