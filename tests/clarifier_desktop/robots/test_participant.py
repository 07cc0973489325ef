"""The simulated participant plays a whole session through the real window, by real key events."""

import csv
import subprocess
import sys

import pytest

from studies.timing.file.store import Store
from studies.timing.results.export import export

PLAN = """
name = "tiny"
seed = 3
[suggestions]
assignment = "balanced"
none_share = 0.2
[trials]
practice = 1
fixation_ms = 20
break_every = 4
too_fast_ms = 100
[session]
interface = "{interface}"
block_order = "fixed"
[[blocks]]
dataset = "digits"
images = 5
[[blocks]]
dataset = "shapes"
images = 6
"""


def run(*arguments, check=True):
    command = [sys.executable, "-m", "clarifier_desktop", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=check, timeout=120)


@pytest.mark.parametrize("interface", ["keyboard", "dropdown"])
def test_a_session_played_by_the_robot_is_stored_whole(tmp_path, interface):
    plan = tmp_path / "tiny.toml"
    plan.write_text(PLAN.format(interface=interface))
    store = tmp_path / "tiny.sqlite"
    shots = tmp_path / "shots"
    run(
        "study",
        "run",
        "--plan",
        plan,
        "--participant",
        "R1",
        "--store",
        store,
        "--robot",
        "--screenshots",
        shots,
    )

    with Store.open(store, writable=False) as opened:
        (session,) = opened.sessions()
        assert (session.state.value, session.answered, session.total) == ("finished", 13, 13)
        export(opened, "trials", tmp_path / "trials.csv")
    with (tmp_path / "trials.csv").open(encoding="utf-8", newline="") as file:
        trials = list(csv.DictReader(file))
    counted = [trial for trial in trials if trial["practice"] == "0"]
    assert [trial["kind"] for trial in counted].count("scratch") in (2, 3)
    assert all(trial["interface"] == interface for trial in trials)
    assert all(0.15 <= float(trial["response_time_s"]) < 10 for trial in trials)
    assert sum(trial["answer_right"] == "1" for trial in counted) >= 9  # it seldom errs
    pictures = {path.stem.split("-", 1)[1] for path in shots.iterdir()}
    assert {"consent", "instructions", "block_intro", "trial-digits", "trial-shapes", "finished"} <= pictures

    again = run(
        "study", "run", "--plan", plan, "--participant", "R1", "--store", store, "--robot", check=False
    )
    assert again.returncode == 2
    assert "has finished this study already" in again.stderr
