"""The ledger: the state of every item, as the fold of a project's label events.

It holds, for each item, the event behind its state (the latest that stands among those whose verb is a state by
:data:`studies.labeling.facts.records.MEANINGS`), whether it is flagged, whether it is held out, and the auto-label of
the last round. It changes by four inputs, and by nothing else:

``apply``     one label event. A state's verb becomes the item's state; a flag sets or clears the mark; ANSWER (to a
              catch trial) changes no item. UNDO takes back the latest action that stands, and only that one: each of
              its items has the state again that it had before.
``set_auto``  the auto-labels of a new round. One holds while a person has not decided about its item.
``certify``   labels of the program that hold over later rounds.
``hold_out``  more items for the held-out sample: their labels train no model.

Events of one action have one number and follow each other; the actions that stand form a stack. What does not follow
from what was before raises ``ValueError`` and changes nothing. The same events give the same ledger, so a project is
opened by applying the events of its file.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import UNKNOWN
from studies.labeling.facts.finish import Certified
from studies.labeling.facts.records import AutoLabel, LabelEvent, Purpose, Verb
from studies.labeling.facts.stored_event import StoredEvent
from studies.labeling.state.auto_labels import AutoLabels
from studies.labeling.state.fact import Fact as Fact
from studies.labeling.state.progress import Progress
from studies.labeling.state.rejections import Rejections

_VERBS = tuple(Verb)
_PURPOSES = tuple(Purpose)
_CODE = {verb: code for code, verb in enumerate(_VERBS)}
_PURPOSE_CODE = {purpose: code for code, purpose in enumerate(_PURPOSES)}
_IS_STATE = tuple(verb.meaning.state for verb in _VERBS)
_FLAGS = {Verb.FLAG: True, Verb.UNFLAG: False}
NOTHING = -1
_SETTLES = np.array([verb.meaning.settles for verb in _VERBS])
_LABEL = _CODE[Verb.LABEL]
_UNAIDED = (Purpose.SEED, Purpose.SAMPLE, Purpose.AUDIT)


class Ledger:
    """The state of n items; events live in flat arrays, 30 bytes each."""

    def __init__(self, items: int, holdout: Sequence[int] = ()) -> None:
        self.holdout = np.zeros(items, np.bool_)  # never trained on
        self.holdout[list(holdout)] = True
        self._held = np.array(sorted(holdout), np.int64)
        self.class_counts: Counter[int] = Counter()  # labels of a person to train on, by class id, unresolved
        self.open_items = items - len(holdout)  # to train on, about which no person has decided
        self.auto_count = 0  # auto-labels that hold
        self.rejections = Rejections()
        self._verb = np.full(items, NOTHING, np.int8)  # code of the state, -1: none
        self._label = np.full(items, UNKNOWN, np.int32)  # class id as given
        self._head = np.full(items, NOTHING, np.int64)  # the event behind the state
        self._in_state = [*[0] * len(_VERBS), items]  # by the code of the state, the last -1: none
        self._flagged = np.zeros(items, np.bool_)
        self._auto = AutoLabels(items)
        # One entry an event.
        self._event_item, self._event_before, self._event_task = array("q"), array("q"), array("q")
        self._event_class, self._event_verb, self._event_purpose = array("i"), array("b"), array("b")
        self._action_from = array("q")  # one entry an action: its first event
        self._standing = array("q")  # actions that stand and can be undone, the latest last

    def __len__(self) -> int:
        return len(self._verb)

    @property
    def actions(self) -> int:
        """How many actions there were: the number of the next one."""
        return len(self._action_from)

    @property
    def labels(self) -> NDArray[np.int32]:
        """(n,) class id of each item that a person labeled, -1 for all others; unresolved."""
        return np.where(self._verb == _LABEL, self._label, UNKNOWN).astype(np.int32)

    @property
    def settled(self) -> NDArray[np.bool_]:
        """(n,) whether a person has decided about the item."""
        return np.asarray((self._verb >= 0) & _SETTLES[self._verb])

    @property
    def flagged(self) -> NDArray[np.bool_]:
        """(n,) whether the item is marked to be looked at again."""
        return self._flagged

    @property
    def auto(self) -> NDArray[np.int32]:
        """(n,) class id of each auto-label that holds, -1 for all others; unresolved. A person's decision ends it."""
        return np.where(self._verb >= 0, UNKNOWN, self._auto.classes).astype(np.int32)

    @property
    def auto_scores(self) -> NDArray[np.float32]:
        """(n,) what the strategy thought of each auto-label."""
        return self._auto.scores

    def with_state(self, verb: Verb) -> NDArray[np.int64]:
        """Items whose state is ``verb``, ascending."""
        return np.flatnonzero(self._verb == _CODE[verb])

    def progress(self) -> Progress:
        """How far the project is."""
        by_state = {verb: n for verb, n in zip(_VERBS, self._in_state, strict=False) if n}
        return Progress(len(self), by_state, self.auto_count)

    def state(self, item: int) -> Verb | None:
        """The state of an item; ``None`` if nobody has decided anything about it."""
        code = int(self._verb[item])
        return None if code == NOTHING else _VERBS[code]

    def label(self, item: int) -> int | None:
        """The class id that a person gave, unresolved."""
        return int(self._label[item]) if int(self._verb[item]) == _LABEL else None

    def given(self, item: int) -> Fact | None:
        """The event behind an item's state."""
        event = int(self._head[item])
        return None if event == NOTHING else self._fact(event)

    def random_labels(self) -> NDArray[np.bool_]:
        """(n,) labels of items that were drawn at random and shown without a suggestion."""
        return self.labels_for(_UNAIDED)

    def labels_for(self, purposes: Iterable[Purpose]) -> NDArray[np.bool_]:
        """(n,) labels that a person gave when an image was shown for one of ``purposes``."""
        asked = np.isin(np.array(self._event_purpose, np.int8), [_PURPOSE_CODE[why] for why in purposes])
        return np.asarray((self._verb == _LABEL) & np.append(asked, False)[self._head])  # no event: the last

    @property
    def answered_at(self) -> NDArray[np.int64]:
        """(n,) the number of the event behind each item's state, -1 where there is none: larger is later."""
        return self._head.copy()

    @property
    def tasks_behind(self) -> NDArray[np.int64]:
        """(n,) the task of the event behind each item's state, -1 where there is none."""
        if not self._event_task:
            return np.full(len(self), NOTHING, np.int64)
        task = np.frombuffer(self._event_task, np.int64)[self._head]
        return np.where(self._head == NOTHING, NOTHING, task)

    def first_event(self, action: int) -> int:
        """The number of the first event of an action, also of one that is still to come."""
        return self._action_from[action] if action < self.actions else len(self._event_item)

    def hold_out(self, items: Iterable[int]) -> None:
        """Measure accuracy with more items; their labels no longer train a model."""
        for item in items:
            if not self.holdout[item]:
                self._count(item, -1)
                self.holdout[item] = True
                self.open_items -= 1
        self._held = np.flatnonzero(self.holdout)

    @property
    def open_held_out(self) -> int:
        """How many held-out items no person has decided about."""
        verbs = self._verb[self._held]
        return int(np.count_nonzero((verbs < 0) | ~_SETTLES[verbs]))

    def set_auto(self, labels: Iterable[AutoLabel]) -> None:
        """The auto-labels of a new round; those of the one before no longer hold, but for certified ones."""
        self._auto.renew(labels)
        self._count_auto()

    def certify(self, labels: Certified) -> None:
        """Labels of the program that a certificate of the folder covers: they hold over later rounds. Others go."""
        self._auto.certify(labels)
        self._count_auto()

    @property
    def of_folder(self) -> NDArray[np.bool_]:
        """(n,) whether an item has an auto-label that holds and that a certificate of the folder covers."""
        return self._auto.of_folder & (self._verb < 0)

    def tasks_answered(self, item: int) -> Iterator[int]:
        """The tasks of the events that led to an item's state, the latest first; -1 for one of none."""
        event = int(self._head[item])
        while event != NOTHING:
            yield self._event_task[event]
            event = self._event_before[event]

    def apply(self, event: LabelEvent | StoredEvent) -> None:
        """Take in an event. Raises ``ValueError``, with nothing changed, if it does not follow from the others."""
        if event.verb is Verb.UNDO:
            if event.undoes is None or self.can_undo() != event.undoes:
                raise ValueError(f"action {event.undoes} cannot be undone after {self.actions} actions")
            self._begin_action(event.action)
            self._undo(event.undoes)
            return
        if event.action == self.actions:
            self._begin_action(event.action)
            self._standing.append(event.action)
        elif event.action != self.actions - 1:
            raise ValueError(f"action {event.action} after {self.actions} actions")
        self._note(event)

    def can_undo(self) -> int | None:
        """The action that an undo would take back."""
        return self._standing[-1] if self._standing else None

    def undoing(self, action: int) -> tuple[Fact, ...]:
        """The events of an action, in order."""
        return tuple(self._fact(event) for event in self._events_of(action))

    def only_fact(self, action: int) -> Fact | None:
        """The event of an action that was about one image; ``None`` of one about several."""
        events = self._events_of(action)
        return self._fact(events[0]) if len(events) == 1 else None

    def before(self, action: int) -> Iterator[int]:
        """Standing actions before ``action`` (which need not stand), the latest first."""
        for place in range(bisect_left(self._standing, action) - 1, -1, -1):
            yield self._standing[place]

    def after(self, action: int) -> Iterator[int]:
        """Standing actions after ``action`` (which need not stand), the earliest first."""
        for place in range(bisect_right(self._standing, action), len(self._standing)):
            yield self._standing[place]

    def _begin_action(self, action: int) -> None:
        if action != self.actions:
            raise ValueError(f"action {action} after {self.actions} actions")
        self._action_from.append(len(self._event_item))

    def _note(self, event: LabelEvent | StoredEvent) -> None:
        number = len(self._event_item)
        self._event_item.append(event.item)
        self._event_before.append(int(self._head[event.item]))
        self._event_task.append(NOTHING if event.task_id is None else event.task_id)
        self._event_class.append(UNKNOWN if event.class_id is None else event.class_id)
        self._event_verb.append(_CODE[event.verb])
        self._event_purpose.append(_PURPOSE_CODE[event.purpose])
        self.rejections.add(event)
        if event.verb in _FLAGS:
            self._flagged[event.item] = _FLAGS[event.verb]
        elif _IS_STATE[_CODE[event.verb]]:
            self._set_head(event.item, number)

    def _undo(self, action: int) -> None:
        self._standing.pop()
        self.rejections.take_back(action)
        for number in reversed(self._events_of(action)):
            verb, item = _VERBS[self._event_verb[number]], self._event_item[number]
            if verb in _FLAGS:
                self._flagged[item] = not _FLAGS[verb]
            elif _IS_STATE[self._event_verb[number]]:
                self._set_head(item, self._event_before[number])

    def _set_head(self, item: int, event: int) -> None:
        was_auto = self._holds_auto(item)
        if not self.holdout[item]:
            self._count(item, -1)
        self._in_state[self._verb[item]] -= 1
        self._head[item] = event
        self._verb[item] = NOTHING if event == NOTHING else self._event_verb[event]
        self._in_state[self._verb[item]] += 1
        self._label[item] = UNKNOWN if event == NOTHING else self._event_class[event]
        if not self.holdout[item]:
            self._count(item, 1)
        self.auto_count += self._holds_auto(item) - was_auto

    def _count_auto(self) -> None:
        self.auto_count = int(np.count_nonzero(self.auto != UNKNOWN))

    def _holds_auto(self, item: int) -> bool:
        return bool(self._auto.classes[item] != UNKNOWN and self._verb[item] == NOTHING)

    def _count(self, item: int, by: int) -> None:
        code = int(self._verb[item])
        if code == _LABEL:
            self.class_counts[int(self._label[item])] += by
        if code >= 0 and _SETTLES[code]:
            self.open_items -= by

    def _events_of(self, action: int) -> Sequence[int]:
        last = action + 1 == self.actions
        return range(
            self._action_from[action], len(self._event_item) if last else self._action_from[action + 1]
        )

    def _fact(self, event: int) -> Fact:
        class_id, task = self._event_class[event], self._event_task[event]
        return Fact(
            action=int(np.searchsorted(np.frombuffer(self._action_from, np.int64), event, side="right")) - 1,
            item=self._event_item[event],
            verb=_VERBS[self._event_verb[event]],
            purpose=_PURPOSES[self._event_purpose[event]],
            class_id=None if class_id == UNKNOWN else class_id,
            task_id=None if task == NOTHING else task,
        )
