"""What commands read of a study with simulated participants."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from clarifier_desktop.cli import main
from studies.timing.file.store import Store
from tests.studies.timing.sample import SHORT, add_study, sit


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite"
    with Store.open(path) as store:
        study = add_study(store)
        sit(store, study, "one", SHORT, "P1", 1)
        sit(store, study, "two", SHORT, "R2", 2, robot=True)
    return path


@pytest.mark.parametrize(
    ("asked", "codes", "said"),
    [
        ([], {"P1"}, "1 session of simulated participants left out. For all: --robots"),
        (["--robots"], {"P1", "R2"}, "With 1 session of simulated participants."),
    ],
)
def test_exports_and_figures_take_them_where_asked(
    asked: list[str], codes: set[str], said: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = file.with_name("trials.csv")
    assert main(["export", "trials", "--store", str(file), "--to", str(to), *asked]) == 0
    assert capsys.readouterr().out.splitlines()[0] == said
    lines = to.read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split(",")[1].strip('"') for line in lines} == codes
    assert main(["figures", "--store", str(file), "--to", str(file.parent / "figures"), *asked]) == 0
    assert capsys.readouterr().out.splitlines()[0] == said
    drawn = (file.parent / "figures" / "figure-2.csv").read_text(encoding="utf-8")
    assert ("R2" in drawn) == ("R2" in codes)


@pytest.mark.parametrize("asked", [[], ["--robots"]])
def test_a_bids_data_set_takes_them_where_asked(asked: list[str], file: Path) -> None:
    to = file.parent / "bids"
    assert main(["export", "bids", "--store", str(file), "--to", str(to), *asked]) == 0
    assert sorted(path.name for path in to.glob("sub-*")) == (["sub-P1", "sub-R2"] if asked else ["sub-P1"])
    assert len((to / "participants.tsv").read_text(encoding="utf-8").splitlines()) == 2 + len(asked)


@pytest.mark.parametrize("name", ["sessions", "events"])
def test_lists_have_all_of_them_unasked(name: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = file.with_name("list.csv")
    assert main(["export", name, "--store", str(file), "--to", str(to)]) == 0
    assert "simulated" not in capsys.readouterr().out
    with to.open(encoding="utf-8", newline="") as rows:
        assert {(row["participant"], row["robot"]) for row in csv.DictReader(rows)} == {
            ("P1", "0"),
            ("R2", "1"),
        }


def test_the_list_of_sessions_says_which_are_simulated(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "list", "--store", str(file)]) == 0
    one, two = capsys.readouterr().out.splitlines()[-2:]
    assert "P1" in one
    assert "simulated" not in one
    assert "R2" in two
    assert two.endswith("  simulated")
