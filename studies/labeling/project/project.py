"""An open labeling project: ledger, queue and desk joined to the store, so that what is acknowledged is on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from studies.labeling.facts import inputs as ev
from studies.labeling.facts.finish import Certified, FolderLabels, LookRecord, SampleDraw
from studies.labeling.facts.records import (
    AutoLabel,
    Change,
    ClassChange,
    LabelEvent,
    Likely,
    ModelRecord,
    Purpose,
    Refit,
    RoundRecord,
    Task,
    Verb,
)
from studies.labeling.facts.settings import FirstLabels, ProjectSettings
from studies.labeling.file.store import ProjectStore
from studies.labeling.planning.tasks import choose_held_out
from studies.labeling.planning.timed import as_stored, catch_trial_answer, count, timed_answer
from studies.labeling.project.loading import Loaded, load
from studies.labeling.project.project_desk import ProjectDesk
from studies.labeling.state import desk as desks
from studies.labeling.state.desk import Decided, Desk, Phase, Review
from studies.labeling.state.suggestions import Renewal


class Project(ProjectDesk):
    """One annotator's sitting at a project. State changes only after the record of the change is committed.

    A method that raises ``StoreError`` has changed nothing and may be called again.
    """

    def __init__(self, store: ProjectStore, loaded: Loaded, sitting: int) -> None:
        super().__init__(store, loaded, sitting)
        self.offer()

    @classmethod
    def open(
        cls, store: ProjectStore, annotator: str, app_version: str, environment: Mapping[str, object]
    ) -> Project:
        """Read a project from its store and begin a sitting."""
        loaded = load(store)
        who = annotator or loaded.settings.annotator
        return cls(store, loaded, store.start_sitting(who, app_version, environment))

    # What is on the desk

    def send(self, event: ev.Input, about: Desk | None = None) -> Desk:
        """Apply an input and store what it decided; returns the desk after it.

        ``about``: the desk that it was made at. Raises ``IllegalInputError`` for what its phase does not know.
        """
        self.desk = about or self.desk
        before = self.desk.phase
        if desks.takes(self.desk, event):
            _HANDLERS.get(type(event), Project._step)(self, event)
            desks.confirm(before, event, self.desk.phase)
        return self.desk

    def undo(self) -> tuple[int, ...]:
        """Take back the last action that stands; returns the items it was about, none where there is nothing."""
        action = self.ledger.can_undo()
        if action is None:
            return ()
        facts = self.ledger.undoing(action)
        first = facts[0]
        stored = self.store.events_of(action)
        self._append([LabelEvent(self.ledger.actions, first.item, Verb.UNDO, first.purpose, undoes=action)])
        for event in stored:
            answer = timed_answer(event, self.classes.resolve)
            if answer is not None:
                self.tally.remove(answer)
        self.catch_trials.take_back(action)
        self.pages.take_back(action)
        self._ask_again(facts)
        if self.desk.phase is not Phase.PAUSED:
            self.desk = self._next()
            given = self.ledger.given(first.item)
            if first.purpose is Purpose.REVIEW and given is not None and len(facts) == 1:
                self.desk = desks.look_back(self.desk, Review(1, first.item, given.action))
        return tuple(fact.item for fact in facts)

    # Records and rounds

    def record(
        self,
        events: Sequence[LabelEvent],
        tasks: Sequence[Task] = (),
        changes: Sequence[ClassChange] = (),
    ) -> None:
        """Store events as one action, whose number is given here; without events nothing is stored.

        ``tasks`` follow from the action, ``changes`` add the classes that it needs: all is stored, or nothing.
        """
        if not events:
            return
        action = self.ledger.actions
        numbered = [replace(event, action=action) for event in events]
        classes = self.classes.after(changes)
        self.store.append(self.sitting, numbered, tasks, changes)
        self.classes = classes
        self._apply(numbered)
        self._enqueue(tasks)  # before the next task is offered: it may be one of these
        self._follow_up(numbered)

    def add_tasks(self, tasks: Sequence[Task], draw: SampleDraw | None = None) -> None:
        """Store tasks, and the draw of a random sample that they are of, and put them in the queue."""
        self.store.add_tasks(tasks, draw)
        self._note_draw(draw, tasks)
        self._enqueue(tasks)

    def mix_in_tasks(self, tasks: Sequence[Task]) -> None:
        """Store tasks and put them between those that wait."""
        self.store.add_tasks(tasks)
        self.tasks_made += len(tasks)
        self.queue.mix_in(tasks)
        self.offer()

    def begin_round(
        self,
        model: ModelRecord,
        round_: RoundRecord,
        tasks: Sequence[Task],
        auto_labels: Sequence[AutoLabel],
        draw: SampleDraw | None = None,
        look: LookRecord | None = None,
    ) -> None:
        """Store a round, with its draw of the random sample and the look that its model took; its queue comes behind
        what is left of the last one.
        """
        self.store.begin_round(model, round_, tasks, auto_labels, draw, look)
        self._note_draw(draw, tasks)
        if look is not None:
            self.looks.append(look)
        self.rounds.append(round_)
        self.tasks_made += len(tasks)
        self.models.append(model)
        self.ledger.set_auto(auto_labels)
        on_desk = None if self.desk.task is None else self.queue.task(self.desk.task.task_id)
        self.queue.drop_ahead()
        self.queue.drop_pages(self.desk.page)  # that on screen stays as it is
        self.queue.drop_seeds()
        if on_desk is not None:
            self.queue.put_back(on_desk)  # what is on screen stays, of whatever ranking it is
        self.queue.add(tasks)
        self.renewal = None
        self.offer()

    def certify(self, look: int, labels: Certified, stored: Sequence[FolderLabels]) -> None:
        """Take labels that a look has certified, and what is ``stored`` of them: they hold over later rounds, and
        nothing asks about their items any more.
        """
        self.store.add_folder_labels(look, stored)
        self.ledger.certify(labels)
        certified = self.ledger.of_folder
        self.queue.drop_items([item for item in self.queue.items() if certified[item]])
        self._clear_desk()
        self.offer()

    def renew_suggestions(self, refit: Refit, top: Mapping[int, tuple[Likely, ...]]) -> None:
        """Let the items that wait have a newer model's suggestions; ``top``: its likeliest classes by item.

        The image on the desk keeps the words that are, or are about to be, beside it.
        """
        self.store.add_refit(refit)
        self.refits_made += 1
        self.renewal = Renewal(refit.refit, top)

    def change_classes(self, changes: Sequence[ClassChange]) -> None:
        """Change the list of classes; raises ``ClassError`` where that cannot be, with nothing changed."""
        after = self.classes.after(changes)
        # A merge makes suggestions right that were wrong.
        merges = any(change.change is Change.MERGED for change in changes)
        counts = count(self.store.events(), after.resolve) if merges else None
        self.store.add_class_changes(changes)
        self.classes = after
        if counts is not None:
            self.tally, self.catch_trials, self.pages = counts.tally, counts.catch_trials, counts.pages

    def change_settings(self, settings: ProjectSettings) -> None:
        """Take other settings; they hold from the next round. The held-out sample may grow, at random."""
        if settings == self.settings:
            return
        more = choose_held_out(len(self.items), settings, self.ledger.holdout)
        if more:
            self.store.add_holdout(more)
            self.ledger.hold_out(more)
            self.queue.drop_items(more)
        if not settings.pages:
            self.queue.end_pages()
        if settings.first_labels is not FirstLabels.CLUSTERS:
            self.queue.drop_clusters()
        self._clear_desk()
        self.store.add_settings(settings.model_dump_json())
        self.settings = settings
        self.offer()

    # How it is done

    def _step(self, event: ev.Input) -> None:
        """Make a transition that needs the desk alone, and store what it decided."""
        after, decided = desks.step(self.desk, event)
        if decided is None:
            self.desk = after
            if isinstance(event, ev.Continue):
                self.offer()  # what comes may be a page
        else:
            self._decide(decided)

    def _decide(self, decided: Decided) -> None:
        desk, review = self.desk, self.desk.review
        keeps = review is not None and (
            decided.verb is Verb.SKIP or (desk.item is not None and self.agrees(desk.item, decided))
        )
        if not keeps:
            event = desks.label_event(desk, decided, self.ledger.actions, self.classes.resolve)
            self._append([event])
            self._follow_up([event], None if review is not None else desk.task)
        self.desk = self._next()
        if review is not None and review.depth > 1:
            # A change is an action of its own: all that was answered before it lies one answer further back.
            self._look_forward(review if keeps else replace(review, depth=review.depth + 1))

    def _follow_up(self, events: Sequence[LabelEvent], task: Task | None = None) -> None:
        """Bring queue, tally and catch trials up to an action that was stored."""
        for event in events:
            if event.task_id is not None:
                self.queue.remove(event.task_id)
            stored = as_stored(event, task)
            self.pages.add(stored)
            answer = timed_answer(stored, self.classes.resolve)
            if answer is not None:
                self.tally.add(answer)
            catch_trial = catch_trial_answer(stored, self.classes.resolve)
            if catch_trial is not None:
                self.catch_trials.add(catch_trial)
        if task is None:
            self.queue.drop_items(event.item for event in events if event.verb.meaning.final)
            self._clear_desk()
            self.offer()

    def _flag(self) -> None:
        item = self.desk.item
        assert item is not None  # something is on screen
        verb = Verb.UNFLAG if self.ledger.flagged[item] else Verb.FLAG
        purpose = self.desk.task.purpose if self.desk.task and self.desk.review is None else Purpose.REVIEW
        self._append([LabelEvent(self.ledger.actions, item, verb, purpose)])

    def _leave_out(self, event: ev.ImageFailed) -> None:
        task, item = self.desk.task, self.desk.item
        if self.desk.review is not None or task is None or item is None:
            self._return_to_present()
            return
        verb = Verb.ANSWER if task.purpose is Purpose.CATCH else Verb.UNREADABLE
        self.record([LabelEvent(0, item, verb, task.purpose, task_id=task.task_id, detail=event.reason)])

    def _put_off(self) -> None:
        task = None if self.desk.task is None else self.queue.task(self.desk.task.task_id)
        if self.desk.review is not None or task is None:
            self._return_to_present()
            return
        self.queue.put_off(task)
        self.desk = self._next()

    def _append(self, events: Sequence[LabelEvent]) -> None:
        self.store.append(self.sitting, events)
        self._apply(events)

    def _apply(self, events: Sequence[LabelEvent]) -> None:
        for event in events:
            self.ledger.apply(event)

    def _enqueue(self, tasks: Sequence[Task]) -> None:
        self.tasks_made += len(tasks)
        self.queue.add(tasks)
        self.offer()


# Inputs that need more than the desk; all others are handled by ``Project._step``.
_HANDLERS: Mapping[type[ev.Input], Callable[[Project, Any], object]] = MappingProxyType(
    {
        ev.Undo: lambda project, _: project.undo(),
        ev.Back: lambda project, _: project._look_back(),
        ev.Forward: lambda project, _: project._look_forward(project.desk.review),
        ev.Flag: lambda project, _: project._flag(),
        ev.ImageFailed: Project._leave_out,
        ev.PutOff: lambda project, _: project._put_off(),
    }
)
