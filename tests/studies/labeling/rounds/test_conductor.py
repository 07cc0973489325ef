from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from model.rounds.predictions import Predictions, keep_predictions
from model.tiers import Tier
from studies.files.store_errors import StoreFull
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Task, Verb
from studies.labeling.planning.tasks import LEAST_CONFIRMED, OF_THE_REST
from studies.labeling.rounds.conductor import SupersededError
from tests.studies.labeling.sample import (
    MODEL,
    Hand,
    begin_round,
    chosen,
    conductor,
    create,
    open_project,
    result,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    create(tmp_path / "p").close()
    return tmp_path / "p"


@pytest.fixture
def project(path: Path):
    opened = open_project(path)
    yield opened
    opened.store.close()


@pytest.fixture
def leads(project):
    return conductor(project)


def say(project, *said: tuple[int, int], purpose: Purpose = Purpose.GRID) -> None:
    for item, class_id in said:
        project.record([LabelEvent(0, item, Verb.LABEL, purpose, class_id)])


def test_a_model_of_before_a_merge_suggests_what_stands_for_its_class_now(project, leads):
    say(project, (10, 0), (11, 1), (12, 2))
    request = leads.request(leads.propose())
    project.change_classes([ClassChange(1, Change.MERGED, "0"), ClassChange(3, Change.ADDED, "eel")])
    leads.begin_round(request, result(project, 1, [(20, 1, "hard")]))
    assert project.store.models()[0].class_ids == (0, 1, 2)
    assert project.classes.resolve(project.desk.task.suggestion) == 0


# What the learner's answer becomes


def test_what_was_labeled_while_the_learner_worked_is_left_out(project, leads):
    say(project, (10, 0), (11, 1))
    request = leads.request(leads.propose())
    say(project, (20, 2), (22, 2), (24, 2))
    found = result(
        project, 1, [(20, 0, "hard"), (21, 0, "hard")], spare=chosen(22, 23, tier="hard"), auto=chosen(24, 25)
    )
    leads.begin_round(request, found)
    assert [(t.item, t.purpose) for t in project.queue] == [(21, Purpose.QUEUE), (23, Purpose.AHEAD)]
    assert np.flatnonzero(project.ledger.auto >= 0).tolist() == [25]
    assert [label.item for label in project.store.auto_labels(1)] == [25]
    (model,) = project.store.models()
    assert model.upto_action == 2, "it has not seen the three labels of meanwhile"
    assert project.rounds[0].from_action == 5
    assert leads.standing().new_labels == 3


def test_a_new_ranking_may_ask_what_the_last_one_put_off(path, project, leads):
    say(project, (10, 0), (11, 1))
    begin_round(project, leads, [(20, 0, "hard")], spare=chosen(22, 23, tier="hard"))
    begin_round(project, leads, [(23, 2, "hard")], spare=chosen(24, tier="hard"))
    assert [(t.item, t.purpose, t.suggestion) for t in project.queue] == [
        (20, Purpose.QUEUE, 0), (23, Purpose.QUEUE, 2), (24, Purpose.AHEAD, 1),
    ]  # fmt: skip
    project.store.close()
    again = open_project(path)
    assert [t.item for t in again.queue] == [20, 23, 24]
    again.store.close()


def test_nothing_is_asked_twice_at_a_time(project, leads):
    """Of two images of the last ranking that were taken back one is on screen, and one comes after it."""
    say(project, (10, 0), (11, 1))
    begin_round(project, leads, [], spare=chosen(22, 23, 24, tier="hard"))
    hand = Hand(project)
    hand.answer(0)
    hand.answer(0)
    hand.press(ev.Undo)
    hand.press(ev.Undo)
    begin_round(project, leads, [(22, 0, "hard"), (23, 0, "hard"), (24, 0, "hard")])
    assert sorted(t.item for t in project.queue) == [22, 23, 24]


def test_everything_of_a_round_is_written_down(project, leads):
    say(project, (10, 0), (11, 1))
    proposal = leads.propose()
    begin_round(project, leads, [(20, 2, "hard")])
    (model,), (round_,) = project.store.models(), project.store.rounds()
    assert (model.sha256, model.file, model.trained_on, model.device) == (MODEL.sha256, MODEL.file, 6, "cpu")
    assert (model.holdout_n, model.holdout_right, model.history) == (5, 4, MODEL.history)
    plan = json.loads(round_.plan)
    assert (plan["mode"], plan["hard"], plan["easy"]) == ("planned", "badge", "certified")
    assert {name: plan[f"{name}_budget"] for name in proposal.budgets.by_name} == proposal.budgets.by_name
    assert (round_.predicted_s, round_.reason) == (proposal.expected_s, proposal.sentence)
    assert json.loads(round_.seconds) == {"training": 2.0}
    (task,) = project.queue
    assert (task.tier, task.strategy, task.suggestion, task.score, task.model_id) == (
        "hard",
        "badge",
        2,
        1.0,
        0,
    )


def test_catch_trials_are_wrong_suggestions_on_confirmed_labels(tmp_path):
    create(tmp_path / "q", plant_rate=0.5).close()
    project = open_project(tmp_path / "q")
    leads = conductor(project)
    say(project, *((10 + n, n % 3) for n in range(LEAST_CONFIRMED)))
    begin_round(project, leads, [(30 + n, 0, "hard") for n in range(6)])
    trials = [t for t in project.queue if t.purpose is Purpose.CATCH]
    assert len(trials) == 3
    for task in trials:
        assert project.label_of(task.item) not in (None, task.suggestion)
    project.store.close()


def test_an_answer_to_a_superseded_request_is_refused_and_changes_nothing(project, leads):
    say(project, (10, 0), (11, 1))
    first = leads.request(leads.propose())
    project.change_classes([ClassChange(0, Change.MERGED, "1")])  # outputs of the two requests differ
    say(project, (12, 2))
    second = leads.request(leads.propose())
    assert (first.class_ids, first.actions) == ((0, 1, 2), 2)
    assert (second.class_ids, second.actions) == ((1, 2), 3)
    before = (project.round, list(project.queue), project.tasks_made, leads.predictions)
    with pytest.raises(SupersededError):
        leads.begin_round(first, result(project, 1, [(20, 0, "hard")]))
    assert (project.round, list(project.queue), project.tasks_made, leads.predictions) == before
    assert (project.store.models(), project.store.rounds()) == ((), ())
    leads.begin_round(second, result(project, 1, [(20, 0, "hard")]))
    (model,) = project.store.models()
    assert (model.class_ids, model.upto_action) == ((1, 2), 3)
    assert project.desk.task.suggestion == 1


def test_a_round_begins_once(project, leads):
    say(project, (10, 0), (11, 1))
    request = leads.request(leads.propose())
    leads.begin_round(request, result(project, 1, [(20, 0, "hard")]))
    with pytest.raises(SupersededError):
        leads.begin_round(request, result(project, 1, [(21, 0, "hard")]))
    assert [task.item for task in project.queue] == [20]


def test_a_round_that_could_not_be_stored_begins_later_by_the_same_request(project, leads, monkeypatch):
    def full(*_: object) -> None:
        raise StoreFull("The disk is full: make room.")

    say(project, (10, 0), (11, 1))
    request = leads.request(leads.propose())
    with monkeypatch.context() as disk:
        disk.setattr(project.store, "begin_round", full)
        with pytest.raises(StoreFull):
            leads.begin_round(request, result(project, 1, [(20, 0, "hard")]))
    leads.begin_round(request, result(project, 1, [(20, 0, "hard")]))
    assert project.round == 1


# What there is to do meanwhile


def test_before_the_first_model_random_items_are_asked(project, leads):
    leads.refill_queue()
    assert {t.purpose for t in project.queue} == {Purpose.SEED, Purpose.AUDIT}
    assert {t.round for t in project.queue} == {0}
    before = project.tasks_made
    leads.refill_queue()
    assert project.tasks_made == before, "there is enough to do"


def test_the_order_of_supply_is_queue_ranking_held_out_sample_random(project, leads):
    say(project, *((n, n % 3) for n in range(30, 40)))
    begin_round(project, leads, [(20, 0, "hard")], spare=chosen(21, tier="hard"))
    hand = Hand(project)
    seen = []
    while True:
        leads.refill_queue()
        if project.desk.task is None:
            break
        seen.append(project.desk.task)
        hand.answer(0)
    assert [(t.item, t.purpose) for t in seen[:2]] == [(20, Purpose.QUEUE), (21, Purpose.AHEAD)]
    assert {(t.item, t.purpose) for t in seen[2:7]} == {(n, Purpose.AUDIT) for n in range(5)}
    rest = seen[7:]
    assert sorted(t.item for t in rest) == [n for n in range(5, 30) if n not in (20, 21)]
    assert {t.purpose for t in rest} == {Purpose.AHEAD}
    assert all(t.suggestion == t.item % 3 for t in rest), "with what the model takes them for"
    assert {(t.tier, t.strategy) for t in rest} == {(None, "random")}, (
        "of no tier, whose accuracy they are not"
    )
    assert {t.round for t in seen} == {1}


def test_without_predictions_the_later_rounds_go_on_unaided(path, project, leads):
    say(project, (10, 0), (11, 1))
    begin_round(project, leads, [])
    again = conductor(project)
    again.load_predictions()  # there is no file
    assert again.predictions is None
    for item in range(5):
        say(project, (item, 0))
    again.refill_queue()
    assert {(t.purpose, t.suggestion, t.round) for t in project.queue} == {(Purpose.SEED, None, 1)}


def test_predictions_are_found_again_and_those_of_another_model_are_not(project, leads):
    say(project, (10, 0), (11, 1))
    begin_round(project, leads, [])
    work = project.store.path.parent / "work"
    said = (np.arange(40, dtype=np.int32) % 3, np.full(40, 0.5, np.float32), ((1,), (2,), (0,)))
    for sha256, known in ((MODEL.sha256, True), ("cd" * 32, False)):
        keep_predictions(work, Predictions(sha256, *said))
        again = conductor(project)
        again.load_predictions()
        assert (again.predictions is not None) is known


# When


def test_where_the_project_stands(project, leads):
    say(project, (0, 1), (10, 0), (11, 1))
    now = leads.standing()
    assert (now.labels, now.with_example, now.classes, now.first) == (2, 2, 3, True)
    assert now.left == 33  # 40 - 5 held out - 2 labeled
    assert leads.seeding
    leads.enough = True
    assert not leads.seeding
    assert leads.wants_round()


def test_only_what_a_round_can_be_about_is_left(project, leads):
    """Held-out items and catch trials in the queue take nothing away; what waits ahead can be ranked anew."""
    say(project, (10, 0), (11, 1))
    begin_round(project, leads, [(20, 0, "hard")], spare=chosen(22, 23, tier="hard"))
    project.add_tasks(
        [
            Task(project.tasks_made, 1, 0, Purpose.AUDIT),
            Task(project.tasks_made + 1, 1, 10, Purpose.CATCH, "hard", "badge", 2),
        ]
    )
    assert leads.standing().left == 40 - 5 - 2 - 1
    assert sum(leads.propose().budgets.values()) <= 32
    assert leads.standing().waiting == 3


def test_only_the_last_three_rounds_say_how_often_a_tier_is_right(project, leads):
    say(project, (10, 0), (11, 1))
    hand = Hand(project)
    for number, right in enumerate([True, False, False, False]):
        begin_round(project, leads, [(20 + number, 0, "hard")])
        hand.answer(0 if right else 1)
    assert leads.propose().right[Tier.HARD] == pytest.approx(2 / 7)  # 0 of 3, with the prior's 2 of 4


def test_certified_labels_are_not_asked_about_until_the_certificate_is_withdrawn(project, leads):
    say(project, (10, 0), (11, 1))
    begin_round(project, leads, [(20, 0, "hard")], auto=chosen(21, 22, 23))
    assert np.flatnonzero(leads.request(leads.propose()).learn.certified).tolist() == [21, 22, 23]
    Hand(project).answer(0)
    leads.refill_queue()
    while len(project.queue) and project.queue.items() <= set(range(5)):  # the held-out sample
        Hand(project).answer(0)
        leads.refill_queue()
    drawn = [task for task in project.queue if task.strategy == OF_THE_REST]
    assert drawn
    assert not {task.item for task in drawn} & {21, 22, 23}
    assert not project.ledger.random_labels()[[task.item for task in drawn]].any()
    say(project, (21, 1))
    begin_round(project, leads, [], auto=chosen(22))
    assert leads.withdrawn == 1, "23; a person has decided about 21"
    assert np.flatnonzero(project.certified).tolist() == [22]
