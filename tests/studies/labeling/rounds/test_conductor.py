from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from model.rounds.predictions import Predictions, keep_predictions
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Task, Verb
from studies.labeling.planning.tasks import LEAST_CONFIRMED
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


def ask(project, leads):
    return leads.request(leads.propose())


# What the learner is asked


def test_the_learner_gets_labels_and_auto_labels_told_apart(project, leads):
    say(project, (0, 2), (10, 0), (11, 1))
    begin_round(project, leads, [], auto=chosen(20, 11))
    request = ask(project, leads)
    assert request.classes == ("cat", "dog", "owl")
    assert {i: int(c) for i, c in enumerate(request.labels) if c >= 0} == {0: 2, 10: 0, 11: 1, 20: 1}
    assert np.flatnonzero(request.auto).tolist() == [20], "a person's label is never the program's"
    assert np.flatnonzero(request.holdout).tolist() == [0, 1, 2, 3, 4]
    assert (request.round, request.seed, request.spare) == (2, 1, 100)
    say(project, (20, 2))
    request = ask(project, leads)
    assert (request.labels[20], request.auto.any()) == (2, False)


def test_labels_are_indices_of_the_standing_classes(project, leads):
    """dog becomes part of cat, and owl moves up: outputs of the model are without gaps."""
    say(project, (10, 0), (11, 1), (12, 2))
    project.change_classes([ClassChange(1, Change.MERGED, "0"), ClassChange(2, Change.RENAMED, "barn owl")])
    request = ask(project, leads)
    assert request.classes == ("cat", "barn owl")
    assert request.labels[[10, 11, 12]].tolist() == [0, 0, 1]
    begin_round(project, leads, [(20, 1, "hard")])
    assert project.desk.task.suggestion == 2, "the model's output 1 is the class with the id 2"


def test_a_model_of_before_a_merge_suggests_what_stands_for_its_class_now(project, leads):
    say(project, (10, 0), (11, 1), (12, 2))
    proposal = leads.propose()
    request = leads.request(proposal)
    project.change_classes([ClassChange(1, Change.MERGED, "0"), ClassChange(3, Change.ADDED, "eel")])
    leads.begin_round(request, result(project, 1, [(20, 1, "hard")]), proposal)
    assert project.store.models()[0].class_ids == (0, 1, 2)
    assert project.classes.resolve(project.desk.task.suggestion) == 0


@pytest.mark.parametrize("verb", [Verb.NONE, Verb.SEVERAL, Verb.SKIP, Verb.UNREADABLE, Verb.REJECT])
def test_what_was_remarked_on_is_not_chosen_again(project, leads, verb):
    project.record([LabelEvent(0, 10, verb, Purpose.GRID)])
    assert ask(project, leads).excluded[10]


def test_what_waits_in_the_queue_is_not_chosen_but_the_last_ranking_may_be(project, leads):
    say(project, (10, 0), (11, 1))
    begin_round(project, leads, [(20, 0, "hard"), (21, 0, "hard")], spare=chosen(22, 23, tier="hard"))
    assert np.flatnonzero(ask(project, leads).excluded).tolist() == [20, 21]
    hand = Hand(project)
    hand.answer(0)
    hand.answer(0)
    assert project.desk.item == 22
    assert np.flatnonzero(ask(project, leads).excluded).tolist() == [22], "what is on screen stays"


def test_random_labels_are_named(project, leads):
    project.add_tasks([Task(0, 0, 10, Purpose.SEED), Task(1, 0, 1, Purpose.AUDIT)])
    hand = Hand(project)
    hand.answer(0)
    hand.answer(1)
    say(project, (12, 2))
    assert np.flatnonzero(ask(project, leads).random).tolist() == [1, 10]


def test_the_answer_to_a_planted_suggestion_is_not_learned_from(project, leads):
    say(project, (10, 0))
    begin_round(project, leads, [])
    project.add_tasks([Task(project.tasks_made, 1, 10, Purpose.PLANT, "hard", "badge", 2)])
    Hand(project).answer(2)
    request = ask(project, leads)
    assert request.labels[10] == 0
    assert not request.random[10]


def test_a_rejected_auto_label_is_not_learned_from(project, leads):
    say(project, (10, 0), (11, 1))
    begin_round(project, leads, [], auto=chosen(20, 21))
    project.record([LabelEvent(0, 20, Verb.REJECT, Purpose.GRID, suggestion=1)])
    request = ask(project, leads)
    assert (request.labels[20], request.labels[21]) == (-1, 1)


def test_a_label_sent_back_does_not_bring_the_auto_label_back(project, leads):
    say(project, (10, 0), (11, 1))
    begin_round(project, leads, [], auto=chosen(20))
    say(project, (20, 1))
    project.record([LabelEvent(0, 20, Verb.RELEASE, Purpose.GRID)])
    assert ask(project, leads).labels[20] == -1
    assert project.store.query("SELECT * FROM labels WHERE item = '020.png'") == []
    project.undo()
    project.undo()
    assert ask(project, leads).labels[20] == 1, "nobody has said anything of it now"


# What its answer becomes


def test_what_was_labeled_while_the_learner_worked_is_left_out(project, leads):
    say(project, (10, 0), (11, 1))
    proposal = leads.propose()
    request = leads.request(proposal)
    say(project, (20, 2), (22, 2), (24, 2))
    found = result(
        project, 1, [(20, 0, "hard"), (21, 0, "hard")], spare=chosen(22, 23, tier="hard"), auto=chosen(24, 25)
    )
    leads.begin_round(request, found, proposal)
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
    assert (plan["hard_budget"], plan["intermediate_budget"]) == (proposal.hard, proposal.intermediate)
    assert (round_.predicted_s, round_.reason) == (proposal.expected_s, proposal.sentence)
    assert json.loads(round_.seconds) == {"training": 2.0}
    assert leads.accuracy == 0.8
    (task,) = project.queue
    assert (task.tier, task.strategy, task.suggestion, task.score, task.model_id) == (
        "hard",
        "badge",
        2,
        1.0,
        0,
    )


def test_planted_suggestions_are_wrong_ones_on_confirmed_labels(tmp_path):
    create(tmp_path / "q", plant_rate=0.5).close()
    project = open_project(tmp_path / "q")
    leads = conductor(project)
    say(project, *((10 + n, n % 3) for n in range(LEAST_CONFIRMED)))
    begin_round(project, leads, [(30 + n, 0, "hard") for n in range(6)])
    plants = [t for t in project.queue if t.purpose is Purpose.PLANT]
    assert len(plants) == 3
    for task in plants:
        assert project.label_of(task.item) not in (None, task.suggestion)
    project.store.close()


# What there is to do meanwhile


def test_before_the_first_model_random_items_are_asked(project, leads):
    leads.supply()
    assert {t.purpose for t in project.queue} == {Purpose.SEED, Purpose.AUDIT}
    assert {t.round for t in project.queue} == {0}
    before = project.tasks_made
    leads.supply()
    assert project.tasks_made == before, "there is enough to do"


def test_the_order_of_supply_is_queue_ranking_held_out_sample_random(project, leads):
    say(project, *((n, n % 3) for n in range(30, 40)))
    begin_round(project, leads, [(20, 0, "hard")], spare=chosen(21, tier="hard"))
    hand = Hand(project)
    seen = []
    while True:
        leads.supply()
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
    again.remember()  # there is no file
    assert again.seen is None
    assert again.accuracy == 0.8
    for item in range(5):
        say(project, (item, 0))
    again.supply()
    assert {(t.purpose, t.suggestion, t.round) for t in project.queue} == {(Purpose.SEED, None, 1)}


def test_predictions_are_found_again_and_those_of_another_model_are_not(project, leads):
    say(project, (10, 0), (11, 1))
    begin_round(project, leads, [])
    work = project.store.path.parent / "work"
    said = (np.arange(40, dtype=np.int32) % 3, np.full(40, 0.5, np.float32), ((1,), (2,), (0,)))
    for sha256, known in ((MODEL.sha256, True), ("cd" * 32, False)):
        keep_predictions(work, Predictions(sha256, *said))
        again = conductor(project)
        again.remember()
        assert (again.seen is not None) is known


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
    """Held-out and planted ones in the queue take nothing away; what waits to be labeled ahead can be ranked anew."""
    say(project, (10, 0), (11, 1))
    begin_round(project, leads, [(20, 0, "hard")], spare=chosen(22, 23, tier="hard"))
    project.add_tasks(
        [
            Task(project.tasks_made, 1, 0, Purpose.AUDIT),
            Task(project.tasks_made + 1, 1, 10, Purpose.PLANT, "hard", "badge", 2),
        ]
    )
    assert leads.standing().left == 40 - 5 - 2 - 1
    assert leads.propose().hard + leads.propose().intermediate + leads.propose().easy <= 32
    assert leads.standing().waiting == 3


def test_only_the_last_three_rounds_say_how_often_a_tier_is_right(project, leads):
    say(project, (10, 0), (11, 1))
    hand = Hand(project)
    for number, right in enumerate([True, False, False, False]):
        begin_round(project, leads, [(20 + number, 0, "hard")])
        hand.answer(0 if right else 1)
    assert leads.propose().right["hard"] == pytest.approx(2 / 7)  # 0 of 3, with the prior's 2 of 4
