"""An export says what it leaves out: the counts are those of the rows that it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.file.export_labels import export_table
from studies.labeling.file.left_out import Rows, tell_left_out
from studies.labeling.project.project import Project
from tests.studies.labeling.sample import begin_round, chosen, conductor, create, open_project


@pytest.fixture
def project(tmp_path: Path):
    create(tmp_path / "p", items=20, holdout=2).close()
    opened = open_project(tmp_path / "p")
    yield opened
    opened.store.close()


def say(project: Project, verb: Verb, *items: int) -> None:
    class_id = 1 if verb is Verb.LABEL else None
    project.record([LabelEvent(0, item, verb, Purpose.SEARCH, class_id) for item in items])


def test_what_is_not_in_it_is_counted_by_why(project: Project, tmp_path: Path) -> None:
    say(project, Verb.LABEL, 3, 4, 5)
    say(project, Verb.SKIP, 6, 7)
    say(project, Verb.UNREADABLE, 8)
    say(project, Verb.RELEASE, 9)
    say(project, Verb.FLAG, 3, 10)
    begin_round(project, conductor(project), [], auto=[*chosen(11), *chosen(12), *chosen(13)])
    say(project, Verb.REJECT, 13)
    say(project, Verb.FLAG, 14)
    say(project, Verb.UNFLAG, 14)
    flagged = "Flagged to be looked at again: 2."
    assert tell_left_out(project.store, Rows.DECIDED) == (
        "Left out: 11 not labeled yet. In it without a label: 2 skipped, 1 cannot be read, 1 whose label of the "
        f"program was wrong. {flagged}"
    )
    assert export_table(project.store, "labels", tmp_path / "a.csv").rows == 20 - 11
    assert tell_left_out(project.store, Rows.DECIDED, with_auto=False).startswith(
        "Left out: 11 not labeled yet, 2 labeled by the program alone. In it"
    )
    assert export_table(project.store, "labels", tmp_path / "b.csv", with_auto=False).rows == 20 - 13
    assert tell_left_out(project.store, Rows.LABELED) == (
        "Left out: 2 skipped, 1 cannot be read, 1 whose label of the program was wrong, 11 not labeled yet. "
        + flagged
    )
    assert tell_left_out(project.store, Rows.ALL) == (
        "All 20 images are in it. In it without a label: 2 skipped, 1 cannot be read, 1 whose label of the program "
        f"was wrong, 11 not labeled yet. {flagged}"
    )
    project.undo()  # of the flag that was taken off
    assert tell_left_out(project.store, Rows.ALL).endswith("looked at again: 3.")


def test_where_nothing_is_left_out_it_says_so(project: Project) -> None:
    say(project, Verb.LABEL, *range(20))
    for rows in Rows:
        assert tell_left_out(project.store, rows) == "All 20 images are in it."
