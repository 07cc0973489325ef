"""What the answers to a page of the grid become: label events of one action, and tasks about the odd images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studies.answers import Timing
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.paging.page_tasks import make_returned_tasks
from studies.labeling.project.project import Project
from studies.labeling.rounds.grid_lists import ListKind, Section


@dataclass(frozen=True)
class GridOutcome:
    """What an answer to a page changed; both are 0 where the page only showed what holds already."""

    labeled: int  # images that have a new label
    returned: int  # images that were odd: their label does not hold, and they are asked about one by one


def confirm_page(
    project: Project,
    section: Section,
    accepted: Sequence[int],
    odd: Sequence[int],
    timing: Timing,
    next_best: Sequence[int] = (),
    shown: Sequence[int] = (),
) -> GridOutcome:
    """Label the accepted images with the section's class and ask about the odd ones, as one action.

    ``next_best``: the classes that the section's is confused with, the likeliest first; odd images that no task waits
    for are asked about with the first that they were not said to lack. ``shown``: the page's images in their places.
    In a list of what the annotator labeled the accepted images keep their labels. Raises ``StoreError`` with nothing
    changed, and ``ValueError`` for a section that is of no class.
    """
    class_id = section.class_id
    if class_id is None:
        raise ValueError(f'the list "{section.name}" is of no class')
    new = () if section.kind is ListKind.LABELED else accepted
    verb = Verb.REJECT if section.kind is ListKind.AUTO else Verb.RELEASE
    place = {item: number for number, item in enumerate(shown)}
    on_page = LabelEvent(0, 0, verb, Purpose.GRID, suggestion=class_id, timing=timing)
    labels = [
        replace(on_page, item=item, verb=Verb.LABEL, class_id=class_id, place=place.get(item)) for item in new
    ]
    returns = [replace(on_page, item=item, place=place.get(item)) for item in odd]

    def suggest(item: int) -> int | None:
        rejected = project.ledger.rejections.of(item, project.classes.resolve)
        return next((other for other in next_best if other not in rejected), None)

    project.record([*labels, *returns], make_returned_tasks(project, {item: suggest(item) for item in odd}))
    return GridOutcome(len(new), len(odd))


def label_by_hand(project: Project, items: Sequence[int], class_id: int, timing: Timing) -> None:
    """Label images that were searched for, as one action. Raises ``StoreError`` with nothing changed."""
    project.record(
        [LabelEvent(0, item, Verb.LABEL, Purpose.SEARCH, class_id, timing=timing) for item in items]
    )
