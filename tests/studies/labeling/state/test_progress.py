"""How far a project is: one number, whoever asks."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.state.progress import Progress
from tests.studies.labeling import sample

ITEMS = 12
STATES = [verb for verb in Verb if verb.meaning.state]


def test_each_image_is_counted_once() -> None:
    now = Progress(10, {Verb.LABEL: 4, Verb.SKIP: 1, Verb.UNREADABLE: 2, Verb.REJECT: 1}, 1)
    assert (now.by_person, now.by_program, now.labeled, now.left) == (4, 1, 5, 2)
    assert now.in_words() == "5 of 10 labeled"
    assert now.sentence() == (
        "4 of 10 images are labeled by you, 1 by the program. "
        "3 have no label: 1 skipped, 2 cannot be read. 2 are left."
    )


@settings(max_examples=25, deadline=None)
@given(
    events=st.lists(st.tuples(st.integers(0, ITEMS - 1), st.sampled_from(STATES)), max_size=25),
    auto=st.sets(st.integers(0, ITEMS - 1)),
    undone=st.integers(0, 4),
)
def test_the_file_says_what_the_open_project_says(
    tmp_path_factory, events: list[tuple[int, Verb]], auto: set[int], undone: int
) -> None:
    file: Path = tmp_path_factory.mktemp("p") / "p"
    sample.create(file, items=ITEMS, holdout=3).close()
    project = sample.open_project(file)
    project.record(
        [LabelEvent(0, 0, Verb.LABEL, Purpose.GRID, 0), LabelEvent(0, 1, Verb.LABEL, Purpose.GRID, 1)]
    )
    leads = sample.conductor(project)
    sample.begin_round(project, leads, [], auto=sample.chosen(*sorted(auto)))
    for item, verb in events:
        project.record([LabelEvent(0, item, verb, Purpose.GRID, 0 if verb is Verb.LABEL else None)])
    for _ in range(undone):
        project.undo()
    assert project.store.progress() == project.ledger.progress()
    project.store.close()
