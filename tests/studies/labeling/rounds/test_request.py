"""What the learner is asked for a round."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.rounds.live_values import Groups
from studies.labeling.facts.class_texts import ClassTexts
from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Task, Verb
from studies.labeling.rounds.request import FIRST_LOOK, request_features, request_groups
from tests.studies.labeling.rounds.test_conductor import leads as leads
from tests.studies.labeling.rounds.test_conductor import path as path
from tests.studies.labeling.rounds.test_conductor import project as project
from tests.studies.labeling.rounds.test_conductor import say
from tests.studies.labeling.sample import (
    Hand,
    begin_round,
    chosen,
    conductor,
    create,
    open_project,
)


def ask(project, leads):
    return leads.request(leads.propose()).learn


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


def test_texts_are_of_the_standing_classes(project, leads):
    assert ask(project, leads).names == ("a photo of a cat", "a photo of a dog", "a photo of a owl")
    own = ClassTexts(template="{}").with_own(2, "an owl at night").with_own(1, "a hound")
    project.change_settings(project.settings.model_copy(update={"names": own}))
    project.change_classes([ClassChange(1, Change.MERGED, "0"), ClassChange(2, Change.RENAMED, "barn owl")])
    assert ask(project, leads).names == ("cat", "an owl at night")
    off = project.settings.model_copy(update={"names": ClassTexts(use=False)})
    project.change_settings(off)
    assert ask(project, leads).names == ()


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


def test_the_intermediate_tier_is_a_random_sample_where_it_is_evenly_drawn(project, leads):
    say(project, (10, 0), (11, 1))
    sample = replace(chosen(21, tier="intermediate")[0], strategy="sample")
    begin_round(project, leads, [(20, 0, "hard"), (22, 0, "intermediate")], spare=[sample])
    assert {draw.strategy for draw in project.store.task_draws()} == {"badge", "sample"}
    hand = Hand(project)
    for _ in range(3):
        hand.answer(1)
    request = ask(project, leads)
    assert np.flatnonzero(request.random).tolist() == [21]
    assert request.order[20] < request.order[22] < request.order[21]


def test_the_answer_to_a_catch_trial_is_not_learned_from(project, leads):
    say(project, (10, 0))
    begin_round(project, leads, [])
    first = project.tasks_made
    project.add_tasks(
        [Task(first, 1, 10, Purpose.CATCH, "hard", "badge", 2), Task(first + 1, 1, 30, Purpose.QUEUE, "hard")]
    )
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


def test_a_first_model_looks_at_a_random_part_of_a_large_folder_and_at_all_labels(tmp_path):
    create(tmp_path / "large", items=3000).close()
    project = open_project(tmp_path / "large")
    leads = conductor(project)
    say(project, (2900, 0), (2901, 1))
    within = ask(project, leads).within
    assert within is not None
    assert FIRST_LOOK <= within.sum() <= FIRST_LOOK + 2
    assert within[[2900, 2901]].all()
    again = ask(project, leads).within
    assert again is not None
    assert np.array_equal(again, within), "the same ones each time"
    assert request_features(project, leads.folders).within is None
    groups = request_groups(project, leads.folders)
    assert groups.within is not None
    assert np.array_equal(groups.within, within)
    assert groups.clusters == 24
    begin_round(project, leads, [(20, 0, "hard")])
    assert ask(project, leads).within is None
    project.store.close()


def test_a_small_folder_is_looked_at_whole(project, leads):
    assert ask(project, leads).within is None


def test_first_labels_that_fall_away_may_be_chosen_by_the_first_round(project, leads):
    say(project, (10, 0), (11, 1))
    leads.refill_queue()
    hand = Hand(project)
    hand.show()
    on_desk = project.desk.item
    waiting = {task.item for task in project.queue if task.is_seed}
    excluded = set(np.flatnonzero(ask(project, leads).excluded).tolist())
    assert len(waiting) > 5
    assert excluded & waiting == {on_desk}


def test_images_typical_of_groups_are_asked_about_once(project, leads):
    groups = Groups(np.arange(20, 40), np.arange(20) % 4, np.arange(20.0))
    leads.ask_about_typical(groups)
    made = project.tasks_made
    leads.ask_about_typical(replace(groups, cluster=np.arange(20) % 5))
    assert project.tasks_made == made
