"""What stands beside and above the image, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Task, Verb
from studies.labeling.paging.page_offers import PageOffer
from studies.labeling.project.project import Project
from tests.studies.labeling import sample
from ui.labeling.one_by_one.cards import card_of, status_of, suggested_class, waiting_text
from ui.labeling.one_by_one.label_card import Card, LabelStatus


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    sample.create(tmp_path / "p").close()
    opened = sample.open_project(tmp_path / "p")
    opened.record(
        [LabelEvent(0, 10, Verb.LABEL, Purpose.GRID, 0), LabelEvent(0, 11, Verb.LABEL, Purpose.GRID, 1)]
    )
    yield opened
    opened.store.close()


def test_the_card_of_a_suggestion(project: Project) -> None:
    leads = sample.conductor(project)
    sample.begin_round(project, leads, [(20, 1, "hard")])
    assert suggested_class(project) == 1
    card = card_of(project, (2, 0), leads.confused_with(1))
    assert card == Card(
        "Suggested   (Enter: accept)", suggestion=1, top=(1,), recent=(2, 0), confusable=(2,), tier=""
    )
    project.change_settings(project.settings.model_copy(update={"show_tier": True}))
    assert card_of(project, (), ()).tier == "hard"


def test_a_suggestion_of_a_merged_class_is_the_class_that_stands_for_it(project: Project) -> None:
    sample.begin_round(project, sample.conductor(project), [(20, 1, "hard")])
    project.change_classes([ClassChange(1, Change.MERGED, "0")])
    card = card_of(project, (), ())
    assert (suggested_class(project), card.suggestion, card.top) == (0, 0, (0,))


@pytest.mark.parametrize(
    ("purpose", "caption"), [(Purpose.SEED, "No suggestion"), (Purpose.RETURNED, "Marked as odd")]
)
def test_without_a_suggestion_nothing_is_confused_with_it(
    project: Project, purpose: Purpose, caption: str
) -> None:
    project.add_tasks([Task(0, 0, 20, purpose)])
    assert suggested_class(project) is None
    assert card_of(project, (), (1, 2)) == Card(caption)


def test_an_image_that_is_gone_back_to_shows_its_label(project: Project) -> None:
    project.add_tasks([Task(0, 0, 20, Purpose.SEED), Task(1, 0, 21, Purpose.SEED)])
    hand = sample.Hand(project)
    hand.answer(2)
    hand.press(ev.Back)
    card = card_of(project, (2,), ())
    assert card == Card("Your label   (Enter: keep)", suggestion=2, recent=(2,), history="1 back")
    hand.press(ev.Flag)
    assert card_of(project, (), ()).flagged


def test_the_seed_round_counts_classes_with_an_example(project: Project) -> None:
    leads = sample.conductor(project)
    assert status_of(project, leads, "Training") == LabelStatus(
        "First labels to learn from: 2 of 3 classes", "Training"
    )


def test_without_a_round_nothing_is_learned_for_once_nothing_is_left(project: Project) -> None:
    every = [item for item in range(len(project.items)) if project.ledger.state(item) is None]
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, item % 3) for item in every])
    assert status_of(project, sample.conductor(project), "") == LabelStatus("Nothing is left to label")


def test_a_round_counts_what_is_to_go_and_then_names_what_is_asked_beside_it(project: Project) -> None:
    leads, hand = sample.conductor(project), sample.Hand(project)
    sample.begin_round(project, leads, [(20, 1, "hard")], spare=sample.chosen(21, tier="hard"))
    assert status_of(project, leads, "") == LabelStatus("Round 1: 1 to go")
    offer = PageOffer(312, 250.0, 0)
    told = status_of(project, leads, "", offer).learner
    assert told == "Pages are quicker for 312 images: about 4 min less (F5)"
    assert status_of(project, leads, "Training", offer).learner == "Training", "what goes on is said first"
    hand.answer(1)
    assert status_of(project, leads, "").progress == "Round 1: ahead of the next round"
    hand.answer(1)
    assert status_of(project, leads, "").progress == "Round 1: done"
    leads.refill_queue()
    assert project.desk.item in range(5), "the held-out sample comes first"
    assert "to go" in status_of(project, leads, "").progress


def test_what_is_said_while_there_is_nothing_to_label(project: Project) -> None:
    assert waiting_text(project, "") == "One moment."
    assert (
        waiting_text(project, "Training")
        == "There is nothing to label until the next round is ready. Training"
    )
    rest = [item for item in range(40) if item not in (10, 11)]
    verbs = {rest[0]: Verb.SKIP, rest[1]: Verb.UNREADABLE, rest[2]: Verb.UNREADABLE}
    for item in rest:
        verb = verbs.get(item, Verb.LABEL)
        project.record([LabelEvent(0, item, verb, Purpose.GRID, 0 if verb is Verb.LABEL else None)])
    assert waiting_text(project, "Training").startswith(
        "Nothing is left. 37 of 40 images are labeled by you, 0 by the program. "
        "3 have no label: 1 skipped, 2 cannot be read."
    )
