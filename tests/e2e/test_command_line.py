"""The command line: every mistake gets a sentence and exit code 2, every command an example."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from clarifier_desktop.cli import main
from studies.timing.file.store import Store
from studies.timing.file.tables import STUDY
from tests.e2e.participant import Participant
from tests.e2e.screen import REPO, Program, Screen, command
from tests.studies.timing.disks import mounted, read_only

RUN = ("study", "run", "--plan", "built-in", "--participant", "P01", "--store")


def check_sentence(code: int, out: str, err: str, *parts: str) -> None:
    assert code == 2
    assert out == ""
    assert err.startswith("clarifier-desktop: ")
    assert "Traceback" not in err
    assert err.count("\n") <= 2
    for part in parts:
        assert part in err


def plan_file(folder: Path, text: str) -> Path:
    file = folder / "mine.toml"
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            'name = "x"\n[trials]\npractise = 3\n[[blocks]]\ndataset = "digits"\nimages = 5\n',
            "trials.practise",
        ),
        (
            'name = "x"\n[suggestions]\np_right = 2\n[[blocks]]\ndataset = "digits"\nimages = 5\n',
            "suggestions.p_right",
        ),
        ('name = "x"\n[[blocks]]\ndataset = "digitz"\nimages = 5\n', "dataset"),
        ('name = "x"\n', "blocks"),
        ("name = \n", "TOML"),
    ],
)
def test_a_wrong_plan_names_the_key(
    text: str, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, store = plan_file(tmp_path, text), tmp_path / "s.sqlite"
    code = main(["study", "run", "--plan", str(file), "--participant", "P", "--store", str(store)])
    check_sentence(code, *capsys.readouterr(), key, "mine.toml")
    assert not store.exists()


def test_an_unknown_plan_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["study", "run", "--plan", "papre", "--participant", "P"])
    check_sentence(code, *capsys.readouterr(), "papre", "paper", "demo", "built-in")


def test_a_data_set_that_is_not_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["study", "run", "--plan", "paper", "--participant", "P"])
    check_sentence(code, *capsys.readouterr(), "clarifier-desktop download cifar10")
    file = plan_file(tmp_path, 'name = "x"\n[[blocks]]\ndataset = "ucmerced"\nimages = 5\n')
    code = main(["study", "run", "--plan", str(file), "--participant", "P"])
    check_sentence(code, *capsys.readouterr(), "--folder ucmerced=FOLDER")
    file = plan_file(tmp_path, 'name = "x"\n[[blocks]]\ndataset = "folder"\npath = "birds"\nimages = 5\n')
    code = main(["study", "run", "--plan", str(file), "--participant", "P"])
    check_sentence(code, *capsys.readouterr(), "birds")


@pytest.mark.parametrize(
    "arguments",
    [
        ["study", "run", "--plan", "built-in", "--participant", " "],
        ["study", "run", "--plan", "built-in", "--participant", "P" * 81],
        ["study", "run", "--plan", "built-in", "--participant", "P", "--folder", "ucmerced"],
        ["study", "check", "--plan", "nowhere.toml"],
        ["export", "ratios", "--store", "nowhere.sqlite", "--to", "ratios.csv"],
        ["figures", "--store", "nowhere.sqlite", "--to", "figures"],
        ["merge", "nowhere.sqlite", "--into", "all.sqlite"],
        ["download", "cifar11"],
    ],
    ids=" ".join,
)
def test_a_wrong_argument(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    check_sentence(main(arguments), *capsys.readouterr())
    assert list(tmp_path.iterdir()) == [], "a refused command leaves nothing behind"


def test_an_export_that_has_nowhere_to_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = tmp_path / "s.sqlite"
    Store.open(store).close()
    target = tmp_path / "missing" / "ratios.csv"
    code = main(["export", "ratios", "--store", str(store), "--to", str(target)])
    check_sentence(code, *capsys.readouterr(), "ratios")


def test_words_that_no_command_knows(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["exprot"],
        ["export", "ration"],
        ["study", "run"],
        ["doctor", "--keys", "x"],
    ):
        assert main(arguments) == 2
        assert "error:" in capsys.readouterr().err


def opened(screen: Screen, home: Path, *arguments: str | Path) -> tuple[int, str, str]:
    """Run the program where it must refuse, in a process of its own."""
    done = subprocess.run(
        command(*arguments),
        env={**screen.environment, "CLARIFIER_HOME": str(home)},
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.e2e
def test_a_file_that_cannot_be_used(screen: Screen, tmp_path: Path) -> None:
    newer, foreign, text = tmp_path / "newer.sqlite", tmp_path / "foreign.sqlite", tmp_path / "text.sqlite"
    Store.open(newer).close()
    for file, statement in (
        (newer, f"PRAGMA user_version = {STUDY.version + 1}"),
        (foreign, "CREATE TABLE t (x)"),
    ):
        connection = sqlite3.connect(file)
        connection.execute(statement)
        connection.close()
    text.write_text("dear diary, " * 20)
    for file, words in (
        (newer, "written by a newer version"),
        (foreign, "a database of another program"),
        (text, "is not a CLARIFIER file"),
    ):
        before = digest(file)
        check_sentence(*opened(screen, tmp_path / "home", *RUN, file), file.name, words)
        assert digest(file) == before
    missing = tmp_path / "missing" / "s.sqlite"
    check_sentence(*opened(screen, tmp_path / "home", *RUN, missing), "There is no folder")
    assert not missing.parent.exists()


@pytest.mark.e2e
def test_a_folder_that_may_not_be_written(screen: Screen, tmp_path: Path) -> None:
    if os.geteuid():
        folder = tmp_path / "locked"
        folder.mkdir(mode=0o500)
        check_sentence(*opened(screen, tmp_path / "home", *RUN, folder / "s.sqlite"), "cannot be written")
        return
    with mounted(tmp_path / "disk", "1m") as disk:
        Store.open(disk / "there.sqlite").close()
        before = digest(disk / "there.sqlite")
        with read_only(disk):
            for name in ("new.sqlite", "there.sqlite"):
                check_sentence(
                    *opened(screen, tmp_path / "home", *RUN, disk / name), name, "cannot be written"
                )
            # The program's own folder on such a disk: the default file cannot be made.
            check_sentence(*opened(screen, disk / "home", *RUN[:-1]), "cannot be written")
        assert digest(disk / "there.sqlite") == before


@pytest.mark.e2e
def test_the_second_program_on_a_file_is_refused(screen: Screen, tmp_path: Path) -> None:
    store = tmp_path / "study.sqlite"
    with Program(screen, tmp_path / "home", *RUN, store) as first:
        participant = Participant(screen, first, store)
        try:
            participant.wait_for_session()
            said = opened(screen, tmp_path / "home-2", *RUN, store)
            check_sentence(*said, "study.sqlite is in use by another CLARIFIER window")
            assert first.running
        finally:
            participant.close()
        assert first.close_window() == 0
        assert first.said == ""
