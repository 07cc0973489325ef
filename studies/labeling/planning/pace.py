"""When the next round is worth training for, so that the annotator never waits for it and it comes not too early."""

from __future__ import annotations

from dataclasses import dataclass

_MARGIN = 1.25  # a run may take longer than the last one
_FIRST_RUN_S = 20.0  # assumed of a first run: torch is loaded, images are read
_MOST_SEED = (
    32  # labels, 40 answers with those held out: so long classes without an example hold a first model up
)
_LEAST_NEW = 5


@dataclass(frozen=True)
class SeedProgress:
    """Where a project stands between two answers."""

    labels: int  # that a model may be trained on
    new_labels: int  # since the last model
    classes: int
    with_example: int  # classes that have a label
    seed_labels: int  # wanted before the first model
    enough: bool  # the annotator ended the seed round
    first: bool  # there is no model yet
    waiting: int  # of the round's queue, without those to label ahead
    seconds_a_label: float
    learner_s: float | None  # how long the last run took
    left: int  # items that nothing is known of
    waiting_on_pages: int = 0  # images that the round asks about on pages, still to come
    seconds_an_image: float = 0.0  # on a page
    to_name: int = 0  # images on pages that the person names
    given: bool = False  # the project was begun with a model, which is the first


def seed_is_done(now: SeedProgress) -> bool:
    """Whether a first model may be trained: there are seed labels and each class has one, or no more are waited for.

    With 200 classes every class has an example after some 800 answers, and until then nothing would be suggested. Pages
    that the person names are waited for while a class lacks an example: two of them hold more labels than a first model
    waits for, but of two classes.
    """
    if now.with_example < 2:
        return False
    if now.enough:
        return True
    if now.labels < now.seed_labels:
        return False
    return now.with_example >= now.classes or (
        now.labels >= max(now.seed_labels, _MOST_SEED) and now.to_name == 0
    )


def wants_round(now: SeedProgress) -> bool:
    """Whether to train for the next round now: what is left of this one takes as long as that will."""
    if now.first and now.given:
        return True
    if now.left == 0 or now.with_example < 2:
        return False
    if now.first:
        return seed_is_done(now)
    if now.new_labels < _LEAST_NEW and now.waiting + now.waiting_on_pages > 0:
        return False
    if now.new_labels == 0:
        return False
    expected_s = _FIRST_RUN_S if now.learner_s is None else now.learner_s
    left_s = now.waiting * now.seconds_a_label + now.waiting_on_pages * now.seconds_an_image
    return left_s <= _MARGIN * expected_s
