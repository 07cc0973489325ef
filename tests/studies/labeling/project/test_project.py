from __future__ import annotations

from pathlib import Path

import pytest

from model.rounds.live_values import Chosen
from studies.files.store_errors import StoreError, StoreFull
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Task, Verb
from studies.labeling.planning.costs import Kind
from studies.labeling.state.desk import Phase
from tests.studies.labeling.sample import Hand, begin_round, conductor, create, open_project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "animals.clarifier"
    create(path).close()
    return path


@pytest.fixture
def project(path: Path):
    opened = open_project(path)
    yield opened
    opened.store.close()


@pytest.fixture
def hand(project) -> Hand:
    project.add_tasks([Task(n, 0, 10 + n, Purpose.SEED) for n in range(6)])
    return Hand(project)


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


def test_undo_brings_back_one_image_after_another(project, hand):
    hand.answer(0)
    hand.answer(1)
    hand.press(ev.Undo)
    assert (project.desk.item, project.label_of(11)) == (11, None)
    hand.press(ev.Undo)
    assert (project.desk.item, project.label_of(10)) == (10, None)
    hand.press(ev.Undo)  # nothing is left to take back
    assert [hand.answer(2) for _ in range(3)] == [10, 11, 12]


def test_history_keeps_or_changes_a_label(project, hand):
    for class_id in (0, 1, 2):
        hand.answer(class_id)
    hand.press(ev.Back)
    hand.press(ev.Back)
    assert (project.desk.item, project.desk.review.depth) == (11, 2)
    hand.answer(2)  # a change
    assert project.label_of(11) == 2
    assert project.desk.item == 12, "one toward the present; the change itself is the latest answer now"
    hand.press(ev.Forward)
    assert project.desk.item == 11
    hand.press(ev.Forward)
    assert (project.desk.item, project.desk.review) == (13, None)
    hand.press(ev.Undo)
    assert (project.label_of(11), project.desk.item) == (1, 11)


def test_a_change_of_the_last_answer_leads_back_to_the_present(project, hand):
    hand.answer(0)
    hand.press(ev.Back)
    hand.answer(1)
    assert (project.label_of(10), project.desk.item, project.desk.review) == (1, 11, None)
    hand.press(ev.Back)
    assert (project.desk.item, project.desk.review.depth) == (10, 1)


def test_history_goes_to_its_beginning_and_all_the_way_back_past_what_was_done_in_the_grid(project, hand):
    answered = [hand.answer(0), hand.answer(1)]
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 1) for item in (30, 31)])
    answered.append(hand.answer(2))
    seen: list[tuple[int | None, int]] = []
    for _ in range(5):
        coming = project.behind or seen[-1][0]
        hand.press(ev.Back)
        assert project.desk.item == coming
        seen.append((project.desk.item, project.desk.review.depth))
    back = [(item, depth) for depth, item in enumerate(reversed(answered), start=1)]
    assert seen == [*back, back[-1], back[-1]]
    for expected in [*reversed(back[:-1])]:
        hand.press(ev.Forward)
        assert (project.desk.item, project.desk.review.depth) == expected
    hand.press(ev.Forward)
    assert (project.desk.item, project.desk.review) == (13, None)


def test_a_label_that_is_kept_makes_no_event(project, hand):
    hand.answer(0)
    before = project.ledger.actions
    hand.press(ev.Back)
    hand.answer(0)
    assert project.ledger.actions == before
    assert project.desk.item == 11


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
    assert [tally.count(kind) for kind in Kind] == [2, 1, 1]
    assert tally.mean(Kind.VERIFIED).value == pytest.approx(0.4)
    assert (tally.suggestions("hard").right, tally.suggestions("hard").total) == (1, 2)
    assert tally.spent_s(1) == pytest.approx(2.4)
    hand.press(ev.Undo)
    assert sum(tally.count(kind) for kind in Kind) == 3


def test_long_absences_and_lost_focus_do_not_count_as_costs(project, hand):
    hand.answer(0, took_ms=20_001)
    hand.show()
    project.send(ev.LoseFocus(hand.now))
    hand.answer(0)
    assert project.tally.count(Kind.UNAIDED) == 0
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


def test_a_planted_suggestion_changes_no_label_and_is_counted(project, hand):
    hand.answer(0)
    project.queue.drop_items(range(40))
    project.desk = project.desk.__class__()
    project.add_tasks([Task(project.tasks_made, 1, 10, Purpose.PLANT, "hard", "badge", 2)])
    hand.answer(2)
    assert (project.label_of(10), project.guard.missed) == (0, 1)
    assert "hard" in project.guard.sentence()
    hand.press(ev.Undo)
    assert project.guard.answered == 0


def test_a_grid_action_is_taken_back_whole_with_what_it_did_to_the_queue(project, hand):
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 1) for item in (10, 11, 30)])
    assert project.desk.item == 12
    assert project.undo() == (10, 11, 30)
    assert [project.label_of(item) for item in (10, 11, 30)] == [None] * 3
    assert project.queue.items() == {10, 11, 12, 13, 14, 15}


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
    assert project.tally.count(Kind.CORRECTED) == 1
    project.change_classes([ClassChange(1, Change.MERGED, "0")])
    assert (project.tally.count(Kind.CORRECTED), project.tally.count(Kind.VERIFIED)) == (0, 1)
    assert project.tally.suggestions("hard").right == 1
    hand.press(ev.Undo)
    assert [project.tally.count(kind) for kind in Kind] == [0, 0, 0]
    assert project.tally.suggestions("hard").total == 0


@pytest.fixture
def planted(project, hand) -> Task:
    """A wrong suggestion on the first image, whose label is class 0."""
    hand.answer(0)
    project.queue.drop_items(range(40))
    project.desk = project.desk.__class__()
    task = Task(project.tasks_made, 1, 10, Purpose.PLANT, "hard", "badge", 2)
    project.add_tasks([task])
    assert project.desk.task == task
    return task


def test_a_planted_suggestion_that_became_right_is_not_shown(path, project, hand, planted):
    hand.press(ev.Back)
    hand.answer(2)
    assert (project.label_of(10), project.desk.task) == (2, None)
    project.store.close()
    again = open_project(path)
    assert planted.task_id not in {t.task_id for t in again.queue}
    again.store.close()


def test_a_planted_suggestion_on_a_label_that_was_taken_back_is_not_shown(project, hand, planted):
    hand.press(ev.Undo)
    assert project.desk.task.purpose is Purpose.SEED
    assert hand.answer(1) == 10
    assert (project.label_of(10), project.guard.answered) == (1, 0)


def test_a_label_changed_in_the_grid_takes_the_planted_suggestion_off_the_desk(project, hand, planted):
    hand.show()
    project.record([LabelEvent(0, 10, Verb.LABEL, Purpose.GRID, 2)])
    assert project.desk.task is None


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
