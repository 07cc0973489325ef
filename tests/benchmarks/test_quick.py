"""Every benchmark runs and tells a sane story; times are never judged here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.against import HERE
from benchmarks.catalogue import BENCHMARKS, run
from benchmarks.report import Line, Peer, Size, SkippedError
from benchmarks.study import response_time
from benchmarks.witness import tools
from tests.benchmarks.reading import numbers

WITNESS = (
    "response-time",
    "key-to-pixels",
    "startup",
    "memory",
    "page-to-page",
    *(n for n in BENCHMARKS if n.startswith("label-")),
)


def test_commit():
    found = numbers(run("commit", Size.QUICK))
    assert 0 < found["commit of an answer, median"] <= found["commit of an answer, 99 %"]


def test_coverage():
    report = run("coverage", Size.QUICK)
    found = numbers(report)
    assert report.met, "the same seed always gives the same intervals"
    assert found["geometric mean of the estimates"] == pytest.approx(found["the true ratio"], rel=0.03)
    # Only errors, which are 4 %, are left out: no simulated time is too fast.
    assert found["trials kept of 100 shown"] == pytest.approx(96, abs=0.5)


def test_page_coverage():
    found = numbers(run("page-coverage", Size.QUICK))
    assert all(
        found[f"intervals that cover {name}"] >= 85 for name in ("a", "c_g", "c_m", "the share of misses")
    )
    assert found["median estimate of c_g, of the true one"] == pytest.approx(100, abs=5)
    assert found["median estimate of c_m, of the true one"] == pytest.approx(100, abs=10)


def test_certificate():
    report = run("certificate", Size.QUICK)
    found = numbers(report)
    assert found["broken at 1%, of all projects"] == found["broken at 3%, of all projects"] == 0, "one seed"
    assert 0 < found["given at 3%"] <= 100
    assert found["rest told: covered"] > 50
    assert "sure first, on pages" in report.details


def test_certificate_suggested():
    found = numbers(run("certificate-suggested", Size.QUICK))
    assert found["broken at 1%"] == found["broken at 3%"] == 0, "one seed"
    assert 0 <= found["given at 3%"] <= 100


def test_doubtful_labels():
    found = numbers(run("doubtful-labels", Size.QUICK))
    assert found["digits, any class: 36 slips, among the first 48"] > 70
    assert 1 <= found["digits, any class: told after 48"] < 2


def test_certificate_size():
    found = numbers(run("certificate-size", Size.QUICK))
    assert found["600 images, spread 1.0, 3%: wrong"] <= 3
    assert found["600 images, spread 1.0, 3%: over"] >= 1


@pytest.mark.e2e
def test_startup():
    found = numbers(run("startup", Size.QUICK))
    assert 0 < found["first window, median"] <= found["first window, slowest"]
    assert found["runs with torch loaded"] == 0


@pytest.mark.e2e
def test_response_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(response_time, "CONDITIONS", response_time.CONDITIONS[:1])
    found = numbers(run("response-time", Size.QUICK))
    # A stamp on another clock or of another trial would be off by far more than any load makes of it.
    assert all(abs(value) < 200 for value in found.values())


@pytest.mark.e2e
def test_key_to_pixels():
    found = numbers(run("key-to-pixels", Size.QUICK))
    assert all(value > 0 for what, value in found.items() if "key to pixels" in what)


@pytest.mark.e2e
def test_memory():
    found = numbers(run("memory", Size.QUICK))
    assert found["torch loaded"] == 0
    assert found["answers stored"] == 60


def test_the_names_are_listed(capsys: pytest.CaptureFixture[str]):
    assert main([]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(BENCHMARKS)


def test_two_versions_are_run_in_turn(capsys: pytest.CaptureFixture[str]):
    assert main(["commit", "--quick", "--against", str(HERE), "--times", "1"]) == 0
    rows = [line.split("|") for line in capsys.readouterr().out.splitlines() if "commit of an answer" in line]
    for _, _, here, there, ratio, *_ in rows:
        assert float(ratio) == pytest.approx(float(here) / float(there), abs=0.02)
    assert len(rows) >= 3


def test_a_checkout_that_measures_nothing_is_skipped_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["commit", "--quick", "--against", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("commit: skipped. It did not run in")


@pytest.mark.parametrize("name", WITNESS)
def test_without_its_programs_the_witness_is_skipped_in_a_sentence(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tools, "PROGRAMS", ("no-such-program",))
    with pytest.raises(SkippedError):
        run(name, Size.QUICK)
    assert main([name, "--quick"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"{name}: skipped.")
    assert "no-such-program" in printed


def test_json_holds_numbers_and_verdicts(tmp_path: Path):
    file = tmp_path / "commit.json"
    main(["commit", "--quick", "--json", str(file)])
    (report,) = json.loads(file.read_text(encoding="utf-8"))
    assert report["name"] == "commit"
    assert [line["met"] for line in report["lines"]][:2] == [None, None]
    assert isinstance(report["lines"][2]["met"], bool)


@pytest.mark.parametrize(
    ("ours", "low", "high", "met", "goal"),
    [
        (0.2, -0.3, 0.3, True, "within 0.3"),
        (-0.4, -0.3, 0.3, False, "within 0.3"),
        (6.0, None, 6.0, True, "at most 6"),
        (6.1, None, 6.0, False, "at most 6"),
        (94.0, 93.6, 96.4, True, "93.6 to 96.4"),
        (93.0, 93.6, 96.4, False, "93.6 to 96.4"),
        (1.0, None, None, None, ""),
    ],
)
def test_a_goal_is_judged(ours: float, low: float | None, high: float | None, met: bool | None, goal: str):
    line = Line("x", ours, "ms", low=low, high=high)
    assert (line.met, line.goal) == (met, goal)


def test_the_ratio_is_ours_over_the_peers():
    assert Line("x", -3.0, "ms", peer=Peer("other", 12.0)).ratio == 0.25
