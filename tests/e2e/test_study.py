"""A whole short study in the real window: the exported times are the ones that were pressed."""

from __future__ import annotations

import csv
import json
import statistics
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from studies.timing.facts.records import EventKind, Interface, PlannedTrial
from studies.timing.file.store import Store
from tests.e2e.participant import Participant
from tests.e2e.screen import REPO, Program, Screen, command
from tests.e2e.sitting import Doing, Sitting

pytestmark = pytest.mark.e2e

BREAK_EVERY = 6
WITHIN_S = 0.020  # no benchmark: what a busy machine reaches too
PLAN = """\
name = "end-to-end"
seed = {seed}

[suggestions]
assignment = "balanced"

[trials]
practice = {practice}
fixation_ms = 150
break_every = {break_every}

[session]
interface = "{interface}"
block_order = "fixed"

[[blocks]]
dataset = "digits"
images = {digits}

[[blocks]]
dataset = "shapes"
images = {shapes}
"""


def counting(trials: Sequence[PlannedTrial], dataset: str, right: bool | None = None) -> list[PlannedTrial]:
    return [
        t
        for t in trials
        if t.dataset == dataset and not t.practice and (right is None or t.suggestion_right is right)
    ]


def doings(trials: Sequence[PlannedTrial]) -> dict[int, Doing]:
    """One flagged and one paused trial a block; a wrong suggestion accepted, and a right one changed."""
    verify, correct = counting(trials, "digits", True), counting(trials, "digits", False)
    shapes_verify, shapes_correct = counting(trials, "shapes", True), counting(trials, "shapes", False)
    return {
        verify[1].position: Doing.PAUSE,
        verify[2].position: Doing.FLAG,
        correct[0].position: Doing.WRONG,
        shapes_verify[0].position: Doing.WRONG,
        shapes_correct[1].position: Doing.FLAG,
        shapes_correct[2].position: Doing.PAUSE,
    }


def export(table: str, store: Path, to: Path) -> list[dict[str, str]]:
    done = subprocess.run(
        command("export", table, "--store", store, "--to", to),
        cwd=REPO,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    with to.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert set(json.loads(to.with_suffix(".dictionary.json").read_text())["columns"]) == set(rows[0])
    return rows


def stalled(store: Path) -> set[int]:
    """Trials that a busy machine held up for more than 0.1 s: the program leaves them out, and rightly so."""
    with Store.open(store, writable=False) as opened:
        return {
            p for (p,) in opened.query("SELECT position FROM responses WHERE longest_stall_ns > 100000000")
        }


def check_ratios(rows: list[dict[str, str]], sitting: Sitting, held_up: set[int]) -> None:
    for row in rows:
        shown = counting(sitting.participant.trials, row["dataset"])
        special = {t.position: sitting.doings[t.position] for t in shown if t.position in sitting.doings}
        wrong = {p for p, doing in special.items() if doing is Doing.WRONG}
        excluded = {p for p, doing in special.items() if doing is not Doing.WRONG} | held_up - wrong
        excluded &= {t.position for t in shown}
        kept = [t for t in shown if t.position not in wrong | excluded]
        verify = [sitting.delays_s[t.position] for t in kept if t.suggestion_right]
        correct = [sitting.delays_s[t.position] for t in kept if not t.suggestion_right]
        assert len(verify) >= 2
        assert len(correct) >= 2
        assert int(row["n_shown"]) == len(shown)
        assert int(row["n_discarded"]) == len(wrong)
        assert int(row["n_excluded"]) == len(excluded)
        assert int(row["n_verify_kept"]) == len(verify)
        assert int(row["n_correct_kept"]) == len(correct)
        assert float(row["c_v_mean_s"]) == pytest.approx(statistics.mean(verify), abs=WITHIN_S)
        assert float(row["c_a_mean_s"]) == pytest.approx(statistics.mean(correct), abs=WITHIN_S)
        ratio = float(row["c_a_mean_s"]) / float(row["c_v_mean_s"])
        assert float(row["ratio_mean"]) == pytest.approx(ratio)


def play(
    screen: Screen, folder: Path, plan: str, interface: Interface, special: bool
) -> tuple[Sitting, Path, Counter[str]]:
    plan_file, store = folder / "plan.toml", folder / "study.sqlite"
    plan_file.write_text(plan)
    arguments = ("study", "run", "--plan", plan_file, "--participant", "P01", "--store", store)
    with Program(screen, folder / "home", *arguments) as program:
        participant = Participant(screen, program, store)
        try:
            participant.wait_for_session()
            chosen = doings(participant.trials) if special else {}
            sitting = Sitting(participant, interface, BREAK_EVERY, chosen)
            sitting.play()
            kinds = Counter(event.kind for event in participant.events())
            assert program.close_window() == 0
        finally:
            participant.close()
        assert program.said == ""
    return sitting, store, kinds


def test_the_exported_times_are_those_of_the_keys(screen: Screen, tmp_path: Path) -> None:
    plan = PLAN.format(
        seed=11, practice=2, break_every=BREAK_EVERY, interface="keyboard", digits=10, shapes=10
    )
    sitting, store, kinds = play(screen, tmp_path, plan, Interface.KEYBOARD, special=True)
    assert kinds == {
        EventKind.CONSENTED: 1,
        EventKind.INSTRUCTED: 1,
        EventKind.BLOCK_STARTED: 4,
        EventKind.BREAK_ENDED: 2,
        EventKind.PRESENTED: 26,
        EventKind.FLAGGED: 2,
        EventKind.PAUSED: 2,
        EventKind.RESUMED: 2,
        EventKind.FINISHED: 1,
    }

    rows = export("trials", store, tmp_path / "trials.csv")
    assert len(rows) == len(sitting.participant.trials) == 24
    assert {int(row["position"]): row["answer"] for row in rows} == sitting.answers
    for row in rows:
        doing = sitting.doings.get(int(row["position"]), Doing.RIGHT)
        reasons = set(filter(None, row["excluded_by"].split(",")))
        assert ("flagged" in reasons) == (doing is Doing.FLAG)
        assert ("repeated" in reasons) == (doing is Doing.PAUSE)
        assert ("wrong_answer" in reasons) == (doing is Doing.WRONG)
        assert reasons <= {"flagged", "repeated", "wrong_answer", "stalled"}
        assert row["device"] == "keyboard"
        assert row["stamp_source"] == "monotonic"
        assert (row["first_input_s"] < row["response_time_s"]) == (
            row["dataset"] == "shapes" and row["answer"] != row["suggestion"]
        )

    ratios = export("ratios", store, tmp_path / "ratios.csv")
    assert [row["dataset"] for row in ratios] == ["digits", "shapes"]
    assert [float(row["under_correction_rate"]) for row in ratios] == [pytest.approx(1 / 5), 0]
    assert [float(row["over_correction_rate"]) for row in ratios] == [0, pytest.approx(1 / 5)]
    check_ratios(ratios, sitting, stalled(store))


def test_the_same_with_the_list(screen: Screen, tmp_path: Path) -> None:
    plan = PLAN.format(seed=12, practice=0, break_every=0, interface="dropdown", digits=6, shapes=6)
    sitting, store, kinds = play(screen, tmp_path, plan, Interface.DROPDOWN, special=False)
    assert kinds[EventKind.PRESENTED] == 12
    rows = export("trials", store, tmp_path / "trials.csv")
    assert {int(row["position"]): row["answer"] for row in rows} == sitting.answers
    assert {row["focus_lost"] for row in rows} == {"0"}, "opening the list is no loss of focus"
    ratios = export("ratios", store, tmp_path / "ratios.csv")
    assert {row["interface"] for row in ratios} == {"dropdown"}
    check_ratios(ratios, sitting, stalled(store))
