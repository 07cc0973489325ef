"""The simulated participant plays a whole session through the real window, by real key events."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

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
        assert session.robot
        opened.count_robots()
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


NO_IMAGES_LATER = """
import sys
from pathlib import Path

from clarifier_desktop.cli.commands import main
from clarifier_desktop.robots import participant
from studies.timing.session.host import Host

begun = Host.start


def take_away(*arguments, **others):
    Path("images").rename("elsewhere")
    return begun(*arguments, **others)


participant._PATIENCE_S = 2
Host.start = take_away
sys.exit(main("study run --plan plan.toml --participant R1 --store away.sqlite --robot".split()))
"""


def test_a_session_that_does_not_go_on_ends_with_a_sentence(tmp_path):
    for name in "abababab":
        folder = tmp_path / "images" / name
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8)).save(folder / f"{len(list(folder.iterdir()))}.png")
    plan = "name = 'x'\n[trials]\npractice = 0\n[[blocks]]\ndataset = 'folder'\nimages = 4\npath = 'images'\n"
    (tmp_path / "plan.toml").write_text(plan)
    command = [sys.executable, "-c", NO_IMAGES_LATER]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path, env=environment()
    )
    assert done.returncode == 1
    assert "waited 2 s in vain: after 0 of 4 trials and pages the image" in done.stderr
    assert "Traceback" not in done.stderr


def environment():
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


QUESTIONS = """
[[questions]]
name = "age"
text = "How old are you?"
kind = "number"
least = 18
most = 20
[[questions]]
name = "hand"
text = "Which hand do you write with?"
kind = "choice"
choices = ["left", "right"]
[[questions]]
name = "else"
text = "Anything else?"
kind = "text"
longest = 4
"""


def test_a_robot_answers_the_questions_of_a_plan(tmp_path):
    plan = tmp_path / "asks.toml"
    block = '[[blocks]]\ndataset = "digits"\nimages = 1\n'
    plan.write_text(f'name = "asks"\n[trials]\npractice = 0\nfixation_ms = 0\n{block}{QUESTIONS}')
    store = tmp_path / "asks.sqlite"
    run("study", "run", "--plan", plan, "--participant", "R1", "--store", store, "--robot")
    with Store.open(store, writable=False) as opened:
        (age, hand, other) = [
            answer for (answer,) in opened.query("SELECT answer FROM replies ORDER BY place")
        ]
    assert age in ("18", "19", "20")
    assert hand in ("left", "right")
    assert other == "no w"
