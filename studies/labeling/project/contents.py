"""Whether the files of a project still hold the pictures that were labeled, and where these are if not.

A label is of a picture, and the file's name only says where it was: renumbered, swapped and replaced files hold others.
"""

from __future__ import annotations

import re
import stat
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from model.datasets.base import ImageSet
from model.datasets.folder import FileSet
from model.datasets.image_files import ImageError
from model.errors import UserError
from model.port import Cancelled, Port
from studies.labeling.facts.file_state import FileState
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.images import is_local, open_project_images
from studies.labeling.project.moving import match_images
from studies.labeling.project.project import Project
from studies.numerals import counted

WINDOW = 1000  # items looked at in one go: noting them holds up the window for a moment
CHANGED = "something else than when labeled"
"""What the sentence of a :class:`ChangedError` holds."""

_LEAST_REST_S = 0.002
_GONE = re.compile(
    r" \(no longer there(, \d+)?\)$"
)  # at the end of the name of an item whose picture is nowhere


class ChangedError(UserError):
    """Files that hold other pictures than the ones that were labeled."""


@dataclass(frozen=True)
class Looked:
    """What a look at some files found, by item."""

    fresh: Mapping[int, FileState] = field(
        default_factory=dict
    )  # to be noted: they hold what they held, or are new
    changed: Mapping[int, FileState] = field(default_factory=dict)  # they hold something else


@dataclass(frozen=True)
class Contents:
    """Where the pictures of changed files are now."""

    renamed: Mapping[int, str]  # items whose picture lies under another name
    gone: tuple[int, ...]  # items whose picture is nowhere
    new: Mapping[str, FileState]  # changed files that hold a picture of no item
    states: Mapping[int, FileState]  # of the items as renamed


def look_at_files(file: Path, images: ImageSet, first: int, known_only: bool, port: Port) -> Looked:
    """Look at the files of up to ``WINDOW`` items from ``first`` on, beside whoever has the project open.

    What was noted before and has the same size and time is not read again; what was never noted is left out with
    ``known_only``. A file that cannot be read is in neither list: it is asked about at another look. Takes half of the
    time at most: the rest is the annotator's.
    """
    if not isinstance(images, FileSet):
        return Looked()
    with ProjectStore.peek(
        file
    ) as store:  # many times over: it was looked through when the project was opened
        states = store.file_states(first, WINDOW)
    window = range(first, min(first + WINDOW, len(images)))
    items = [item for item in window if item in states or not known_only]
    return _compare(images, states, items, port, at_rest=True)


def _compare(
    images: FileSet,
    states: Mapping[int, FileState],
    items: Iterable[int],
    port: Port,
    at_rest: bool,
) -> Looked:
    fresh: dict[int, FileState] = {}
    changed: dict[int, FileState] = {}
    for item in items:
        if port.cancelled():
            raise Cancelled
        known = states.get(item)
        started = time.perf_counter()
        now = look_at_file(images, item, known)
        if now is not None:
            (fresh if known is None or known.hash == now.hash else changed)[item] = now
            if at_rest:
                time.sleep(max(_LEAST_REST_S, time.perf_counter() - started))
    return Looked(fresh, changed)


def look_at_file(images: FileSet, item: int, known: FileState | None) -> FileState | None:
    """Return the state of a file; ``None`` if it is as it was, or cannot be read."""
    try:
        found = (images.root / images.items[item]).stat()
        if not stat.S_ISREG(found.st_mode):
            return None
        if known is not None and known.matches(found.st_size, found.st_mtime_ns):
            return None
        return FileState(images.content_hash(item), found.st_size, found.st_mtime_ns)
    except (OSError, ValueError, ImageError):
        return None


def find_returned(file: Path, images: ImageSet, port: Port) -> tuple[int, ...]:
    """Return the items that were left out because their files could not be opened, and whose files can be now."""
    with ProjectStore.open(file, writable=False) as store:
        missing = store.missing_items()
    found = []
    for item in missing:
        if port.cancelled():
            raise Cancelled
        try:
            images.content_hash(item)
        except ImageError:
            continue
        found.append(item)
    return tuple(found)


def ask_again(project: Project, items: Sequence[int]) -> None:
    """Let items that were left out be asked about again, as one action. Raises ``StoreError`` with nothing changed."""
    project.record([LabelEvent(0, item, Verb.RELEASE, Purpose.REVIEW) for item in items])


def leave_out(project: Project, part: str, reason: str) -> int:
    """Leave out the images whose names begin with ``part`` and that nothing was decided about, as one action.

    They are asked about again as others whose files could not be opened. Returns how many; raises ``StoreError`` with
    nothing changed.
    """
    settled = project.ledger.settled
    items = [i for i, name in enumerate(project.items) if name.startswith(part) and not settled[i]]
    tasks = {task.item: task for task in project.queue if task.purpose is not Purpose.CATCH}
    events = []
    for item in items:
        task = tasks.get(item)
        purpose, number = (Purpose.REVIEW, None) if task is None else (task.purpose, task.task_id)
        events.append(LabelEvent(0, item, Verb.UNREADABLE, purpose, task_id=number, detail=reason))
    project.record(events)
    return len(items)


def refuse_changed_of(file: Path, cache: Path, port: Port) -> None:
    """Do as :func:`refuse_changed` for the project in ``file``, whose images need not be open."""
    with ProjectStore.open(file, writable=False) as store:
        images = open_project_images(store, cache) if is_local(store.head().dataset) else None
    if images is not None:
        refuse_changed(file, images, port)


def refuse_changed(file: Path, images: ImageSet, port: Port) -> None:
    """Raise ``ChangedError`` if files hold other pictures than the ones that were labeled: labels would be wrong."""
    if not isinstance(images, FileSet):
        return
    with ProjectStore.open(file, writable=False) as store:
        states = store.file_states()
    items = [item for item in states if item < len(images)]
    changed = len(_compare(images, states, items, port, at_rest=False).changed)
    if changed:
        files = counted(changed, "file holds", "files hold")
        raise ChangedError(
            f"{files} {CHANGED}: open the project in the window, or close and open it there, which shows what can be "
            "done."
        )


def find_contents(
    file: Path, place: Path, cache: Path, changed: Mapping[int, FileState], port: Port
) -> Contents:
    """Look for the pictures of changed files in a project's folder, by content.

    Raises :class:`model.datasets.base.DataError` and :class:`Cancelled`.
    """
    with ProjectStore.open(file, writable=False) as store:
        found = match_images(store, place, cache, port, {item: now.hash for item, now in changed.items()})
    now = {found.items[item]: state for item, state in changed.items()}
    renamed = found.renamed
    return Contents(
        renamed,
        tuple(item for item in changed if found.items[item] not in found.names),
        {name: now[name] for name in sorted(now.keys() - set(found.names.values()))},
        {item: now[name] for item, name in renamed.items() if name in now},
    )


def follow_contents(store: ProjectStore, contents: Contents) -> None:
    """Let the labels go with their pictures; files that hold new ones become images without a label."""
    names = {**dict(enumerate(store.items())), **contents.renamed}
    gone = _gone_names(names, contents.gone)
    states = {**contents.states, **dict(enumerate(contents.new.values(), start=len(store.items())))}
    store.follow({**contents.renamed, **gone}, tuple(contents.new), states)


def give_back(store: ProjectStore, changed: Mapping[int, FileState]) -> tuple[int, ...]:
    """Let items whose pictures were nowhere have the files that hold them again; returns these items.

    ``changed``: what the files of items hold now that nobody decided about. A picture that was labeled before keeps
    its label, and is not asked about anew.
    """
    names, hashes = dict(enumerate(store.items())), store.hashes()
    nowhere = {hashes[item]: item for item, name in names.items() if _GONE.search(name) and item in hashes}
    back = {nowhere[now.hash]: item for item, now in changed.items() if now.hash in nowhere}
    if back:
        renamed = {old: names[item] for old, item in back.items()}
        gone = _gone_names({**names, **renamed}, back.values())
        store.follow({**renamed, **gone}, (), {old: changed[item] for old, item in back.items()})
    return tuple(back)


def _gone_names(names: Mapping[int, str], gone: Iterable[int]) -> dict[int, str]:
    """Names for items whose picture is nowhere: no two items have the same."""
    taken, found = set(names.values()), {}
    for item in gone:
        name = names[item]
        more = (f"{name} (no longer there, {number})" for number in count(2))
        found[item] = next(n for n in chain([f"{name} (no longer there)"], more) if n not in taken)
        taken.add(found[item])
    return found
