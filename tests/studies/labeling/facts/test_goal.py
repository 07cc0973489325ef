"""A project's goal, in files of before too."""

from __future__ import annotations

import json

from studies.labeling.facts.goal import Goal, GoalKind
from studies.labeling.facts.settings import ProjectSettings, stored_settings


def test_a_file_of_before_there_were_goals_has_none() -> None:
    before = json.loads(ProjectSettings().model_dump_json())
    del before["goal"]
    assert stored_settings(json.dumps(before)).goal.kind is GoalKind.NONE
    assert stored_settings(ProjectSettings().model_dump_json()).goal == Goal(share=0.01)
