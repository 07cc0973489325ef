"""What the answers to a page of labels that are looked at again become: label events of one action, and tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from studies.answers import Timing
from studies.labeling.doubts.label_checks import ListedLabel, note_look
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.paging.page_tasks import make_returned_tasks
from studies.labeling.project.project import Project


def confirm_looks(
    project: Project,
    purpose: Purpose,
    listed: Mapping[int, ListedLabel],
    accepted: Sequence[int],
    odd: Mapping[int, int | None],
    timing: Timing,
    shown: Sequence[int],
) -> int:
    """Note that labels are right, and ask about the odd images again, as one action.

    ``listed``: the labels that are looked at, by item; others are left as they are. ``odd``: the marked items, each
    with the class that it is asked about with. ``shown``: the page's images in their places. Returns how many labels
    were looked at. Raises ``StoreError`` with nothing changed.
    """
    place = {item: number for number, item in enumerate(shown)}

    def event(label: ListedLabel, verb: Verb) -> LabelEvent:
        noted = LabelEvent(0, label.item, verb, purpose, timing=timing, detail=note_look(label))
        noted = replace(noted, place=place.get(label.item))
        if verb is Verb.CONFIRM:
            return replace(noted, class_id=label.given)
        return replace(noted, suggestion=label.given)

    again = [listed[item] for item in odd if item in listed]
    events = [event(listed[item], Verb.CONFIRM) for item in accepted if item in listed]
    tasks = make_returned_tasks(project, {label.item: odd[label.item] for label in again})
    project.record([*events, *(event(label, Verb.RELEASE) for label in again)], tasks)
    return len(events) + len(again)


def label_looks(
    project: Project,
    purpose: Purpose,
    listed: Mapping[int, ListedLabel],
    items: Sequence[int],
    class_id: int,
    timing: Timing,
) -> None:
    """Label images that are looked at by hand, as one action. Raises ``StoreError`` with nothing changed."""
    noted = LabelEvent(0, 0, Verb.LABEL, purpose, class_id, timing=timing)
    project.record([replace(noted, item=i, detail=note_look(listed[i])) for i in items if i in listed])
