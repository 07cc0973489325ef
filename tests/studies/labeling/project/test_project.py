"""An open project: answers, costs, rounds and classes, each on disk before the next image comes."""

from __future__ import annotations

import pytest

from model.rounds.live_values import Chosen
from studies.files.store_errors import StoreError, StoreFull
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Change, ClassChange, Idle, LabelEvent, Purpose, Task, Verb
from studies.labeling.planning.costs import AnswerKind
from studies.labeling.state.desk import Phase
from tests.studies.labeling.sample import begin_round, conductor, open_project


def test_an_answer_is_on_disk_when_the_next_image_comes(project, hand):
    item = hand.answer(2)
    assert (item, project.label_of(item)) == (10, 2)
    assert (project.desk.phase, project.desk.item) == (Phase.COMING, 11)
    (event,) = project.store.events()
    assert (event.item, event.class_id, event.took_ns, event.purpose) == (10, 2, 500_000_000, Purpose.SEED)


def test_what_was_left_comes_again_when_the_project_is_opened(path, project, hand):
    hand.answer(0)
    hand.show()
    project.store.close()
    again = open_project(path)
    assert again.desk.item == 11
    assert again.label_of(10) == 0
    again.store.close()


def test_a_sitting_without_an_event_is_none(path, project, hand):
    project.store.add_idle(project.sitting, Idle(1, 2, "training"))
    assert (project.sitting, project.store.last_sitting()) == (1, 0)
    hand.answer(2)
    hand.answer(1)
    project.store.add_idle(project.sitting, Idle(3, 5, "training"))
    project.store.close()
    open_project(path).store.close()
    again = open_project(path)
    assert (again.sitting, again.store.last_sitting()) == (2, 1), "who only looked had no sitting"
    assert again.store.query("SELECT sitting, from_ns FROM idle") == [(1, 1), (1, 3)]
    assert again.store.query("SELECT sitting, annotator FROM sittings") == [(1, "A1")]
    again.store.close()


def test_a_sitting_whose_first_answer_was_not_stored_begins_with_the_next(project, hand, monkeypatch):
    with monkeypatch.context() as full:
        full.setattr("studies.labeling.file.store._add_class_changes", refuse)
        with pytest.raises(StoreFull):
            hand.answer(2)
    assert project.store.last_sitting() == 0
    hand.answer(2)
    assert (project.store.last_sitting(), len(list(project.store.events()))) == (1, 1)


def refuse(*_: object) -> None:
    raise StoreFull("full")


@pytest.mark.parametrize("verb", [Verb.NONE, Verb.SEVERAL, Verb.SKIP])
def test_a_remark_is_kept_and_the_item_not_asked_again(path, project, hand, verb):
    item = hand.remark(verb)
    assert (project.ledger.state(item), project.desk.item) == (verb, 11)
    assert not project.pool().free[item]
    project.store.close()
    again = open_project(path)
    assert again.ledger.state(item) is verb
    assert item not in again.queue.items()
    again.store.close()


def test_a_flag_is_set_and_taken_back(project, hand):
    hand.press(ev.Flag)
    assert project.ledger.flagged[10]
    hand.press(ev.Flag)
    assert not project.ledger.flagged[10]
    assert project.desk.item == 10


def test_an_image_that_cannot_be_read_is_left_out(project, hand):
    project.send(ev.ImageFailed(5, "cut short"))
    assert (project.ledger.state(10), project.desk.item) == (Verb.UNREADABLE, 11)


def test_verifying_correcting_and_unaided_labels_are_told_apart(project, hand):
    hand.answer(0, took_ms=900)
    begin_round(project, conductor(project), [(20, 0, "hard"), (21, 1, "intermediate"), (22, 2, "hard")])
    for task in [t for t in project.queue if t.purpose is Purpose.SEED]:
        project.queue.remove(task.task_id)
    project.desk = project.desk.__class__()
    project.offer()
    seen = {}
    for _ in range(3):
        task = project.desk.task
        right = task.suggestion if task.item != 22 else 0
        seen[task.item] = hand.answer(right, took_ms=400 if task.item != 22 else 1_600)
    tally = project.tally
    assert [tally.count(kind) for kind in AnswerKind] == [2, 1, 1]
    assert tally.trimmed_mean(AnswerKind.VERIFIED).value == pytest.approx(0.4)
    assert (tally.suggestions("hard").right, tally.suggestions("hard").total) == (1, 2)
    assert tally.spent_s(1) == pytest.approx(2.4)
    hand.press(ev.Undo)
    assert sum(tally.count(kind) for kind in AnswerKind) == 3


def test_long_absences_and_lost_focus_do_not_count_as_costs(project, hand):
    hand.answer(0, took_ms=20_001)
    hand.show()
    project.send(ev.LoseFocus(hand.now))
    hand.answer(0)
    assert project.tally.count(AnswerKind.UNAIDED) == 0
    assert (project.label_of(10), project.label_of(11)) == (0, 0)


def test_auto_labels_are_chosen_anew_each_round_and_yield_to_a_person(path, project, hand):
    leads = conductor(project)
    for class_id in (0, 1, 0):
        hand.answer(class_id)
    auto = [Chosen(30, "easy", "certified", 1, 0.99), Chosen(31, "easy", "certified", 1, 0.98)]
    begin_round(project, leads, [(20, 0, "hard")], auto=auto)
    assert project.ledger.auto[[30, 31]].tolist() == [1, 1]
    project.record([LabelEvent(0, 30, Verb.LABEL, Purpose.GRID, 2)])
    assert (project.ledger.auto[30], project.label_of(30)) == (-1, 2)
    begin_round(project, leads, [(21, 0, "hard")], auto=[Chosen(30, "easy", "certified", 0, 0.9)])
    assert project.label_of(30) == 2, "an auto-label never takes the place of a person's"
    assert project.ledger.auto[31] == -1
    project.store.close()
    again = open_project(path)
    assert (again.label_of(30), int(again.ledger.auto[31]), again.round) == (2, -1, 2)
    again.store.close()


def test_the_image_on_screen_stays_when_a_round_begins(project, hand):
    hand.answer(0)
    leads = conductor(project)
    begin_round(project, leads, [], spare=[Chosen(25, "hard", "badge", 1, 1.0)])
    while project.desk.item != 25:
        hand.answer(1)
    hand.show()
    begin_round(project, leads, [(26, 0, "hard")])
    assert (project.desk.phase, project.desk.item) == (Phase.SHOWN, 25)
    assert hand.answer(1) == 25
    assert project.desk.item == 26


def test_classes_are_renamed_and_merged_without_losing_a_label(path, project, hand):
    hand.answer(0)
    hand.answer(1)
    project.change_classes([ClassChange(0, Change.RENAMED, "lynx"), ClassChange(1, Change.MERGED, "0")])
    assert [project.classes.name(project.label_of(item)) for item in (10, 11)] == ["lynx", "lynx"]
    assert project.labels_by_class == {0: 2}
    project.store.close()
    again = open_project(path)
    assert [c.name for c in again.classes.standing] == ["lynx", "owl"]
    rows = dict(again.store.query("SELECT item, label FROM labels"))
    assert rows == {"010.png": "lynx", "011.png": "lynx"}
    again.store.close()


def test_a_merge_makes_suggestions_right_and_undo_knows_it(project, hand):
    project.queue.drop_items(range(40))
    project.desk = project.desk.__class__()
    project.add_tasks([Task(project.tasks_made, 1, 20, Purpose.QUEUE, "hard", "badge", 1, 0.5)])
    hand.answer(0)
    assert project.tally.count(AnswerKind.CORRECTED) == 1
    project.change_classes([ClassChange(1, Change.MERGED, "0")])
    assert (project.tally.count(AnswerKind.CORRECTED), project.tally.count(AnswerKind.VERIFIED)) == (0, 1)
    assert project.tally.suggestions("hard").right == 1
    hand.press(ev.Undo)
    assert [project.tally.count(kind) for kind in AnswerKind] == [0, 0, 0]
    assert project.tally.suggestions("hard").total == 0


def test_a_full_disk_changes_nothing_and_the_answer_may_be_given_again(project, hand, monkeypatch):
    hand.show()

    def full(*_: object) -> None:
        raise StoreFull("full")

    with monkeypatch.context() as patch:
        patch.setattr(project.store, "append", full)
        with pytest.raises(StoreError):
            hand.answer(1)
    assert (project.desk.phase, project.ledger.actions) == (Phase.SHOWN, 0)
    assert hand.answer(1) == 10


def test_a_sample_of_names_is_spread_over_all(project):
    project.store.move(project.store.path.parent, {20: "moved.png"})
    assert project.store.sample(4) == ["000.png", "010.png", "moved.png", "030.png"]
    assert len(project.store.sample(100)) == 40
