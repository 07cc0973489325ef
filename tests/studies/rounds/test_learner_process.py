from __future__ import annotations

import pytest

from studies.rounds import learner_process


def test_the_learners_threads_sleep_while_they_wait_unless_a_person_said_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    assert learner_process._environment()["OMP_WAIT_POLICY"] == "passive"
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    assert learner_process._environment()["OMP_WAIT_POLICY"] == "active"
