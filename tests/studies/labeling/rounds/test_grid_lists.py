from __future__ import annotations

from pathlib import Path

import pytest

from model.rounds.live_values import Chosen
from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Verb
from studies.labeling.rounds.grid_lists import GridLists, ListKind
from tests.studies.labeling.sample import begin_round, conductor, create, open_project


@pytest.fixture
def project(tmp_path: Path):
    path = tmp_path / "animals.clarifier"
    create(path).close()
    opened = open_project(path)
    yield opened
    opened.store.close()


def say(project, items, verb=Verb.LABEL, class_id=None):
    project.record([LabelEvent(0, item, verb, Purpose.GRID, class_id) for item in items])


def listed(lists):
    """Every section's size and items, which must agree."""
    found = {}
    for section in lists.sections():
        items = lists.items(section).tolist()
        assert lists.size(section) == len(items)
        found[section.kind, section.class_id or section.verb] = items
    return found


def test_sections_follow_what_is_said(project):
    leads = conductor(project)
    lists = GridLists(project, leads)
    empty = listed(lists)
    assert len(empty[ListKind.OPEN, None]) == 35, "without the five held out"
    assert not any(items for key, items in empty.items() if key[0] is not ListKind.OPEN)

    auto = [Chosen(31, "easy", "certified", 1, 0.99), Chosen(34, "easy", "certified", 1, 0.9)]
    begin_round(project, leads, [], auto=auto)  # the model takes every item for its number modulo 3
    say(project, [10, 11], class_id=2)
    say(project, [12], Verb.SKIP)
    say(project, [13], Verb.FLAG)
    found = listed(lists)
    assert found[ListKind.AUTO, 1] == [34, 31], "the least sure first"
    assert found[ListKind.LABELED, 2] == [10, 11]
    assert found[ListKind.LIKELY, 1] == [i for i in range(5, 40) if i % 3 == 1 and i not in (10, 31, 34)]
    assert found[ListKind.REMARKED, Verb.SKIP] == [12]
    assert found[ListKind.FLAGGED, None] == [13]

    project.undo()
    assert listed(lists)[ListKind.FLAGGED, None] == []
    project.change_classes([ClassChange(2, Change.MERGED, "1")])
    merged = listed(lists)
    assert merged[ListKind.LABELED, 1] == [10, 11]
    assert (ListKind.LABELED, 2) not in merged
    assert set(merged[ListKind.LIKELY, 1]) > set(found[ListKind.LIKELY, 1])


def test_what_is_not_labeled_keeps_its_place_when_others_are(project):
    lists = GridLists(project, conductor(project))
    (section,) = (s for s in lists.sections() if s.kind is ListKind.OPEN)
    before = lists.items(section).tolist()
    assert before != sorted(before)
    say(project, before[1:4], class_id=0)
    assert lists.items(section).tolist() == [before[0], *before[4:]]
