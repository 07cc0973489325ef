"""One promise of the folder: the chance is split, limits are added, and it holds with a person who misses."""

from __future__ import annotations

import numpy as np
import pytest

from studies.finish.exact import Draw, upper_limit
from studies.finish.folder_rule import Sample, certify
from studies.finish.looks import Looks
from studies.finish.misses import Caught, limit_unseen, split_chance
from studies.finish.promise import Parts, limit_folder, split, take_look
from studies.finish.sample import MOST_OVERLOOKED, count_to_plant, limit_overlooked

PAGES = Caught(20, 600, 60, 3)
SAMPLE = Sample((Draw(2000, 500),), np.linspace(1, 0, 500), np.arange(500) % 250 == 249)


def test_without_pages_all_the_chance_is_the_rules() -> None:
    promise = take_look(SAMPLE, 2400, 0.01, Looks(0.05))
    assert promise.certificate == certify(SAMPLE, 2400, 0.01, 0.025)
    assert promise.looks.taken == 1
    assert promise.sentence == (
        "At most 1.0% of 2,400 images (24) have another class than you would give them: 95% sure after 1 look, "
        "by 500 random labels."
    )


def test_with_pages_the_limit_of_the_misses_is_taken_off() -> None:
    promise = take_look(SAMPLE, 2400, 0.03, Looks(0.05, spends=1.0), [PAGES, Caught(0, 0, 0, 0)])
    elsewhere = limit_unseen(PAGES, 0.01)
    rule, _ = split_chance(0.05, pages=True)
    assert promise.certificate == certify(SAMPLE, 2400, 0.03, rule, elsewhere)
    assert promise.certificate.allowed == 72 - elsewhere
    assert (
        f"(72) have another class than you would give them, up to {elsewhere} of them among those you labeled:"
        in promise.sentence
    )
    assert promise.miss_chance == pytest.approx(0.01)
    assert limit_folder(promise, [PAGES]) == 72
    assert limit_folder(promise, [Caught(200, 5000, 60, 3)]) > 72, "more pages came than the look knew of"
    held_back = take_look(SAMPLE, 2400, 0.03, Looks(0.05, spends=1.0), [PAGES], reserve=9)
    assert held_back.certificate.allowed == 72 - elsewhere - 9


def test_pages_that_are_to_come_need_a_part_of_the_chance() -> None:
    ahead = take_look(SAMPLE, 2400, 0.03, Looks(spends=1.0), reserve=12)
    assert ahead.miss_chance == pytest.approx(0.01)
    assert ahead.certificate.allowed == 60
    assert limit_folder(ahead, [PAGES]) == 60 + limit_unseen(PAGES, 0.01)
    never = take_look(SAMPLE, 2400, 0.03, Looks(spends=1.0))
    assert limit_folder(never, []) == 72
    with pytest.raises(ValueError, match="kept no chance"):
        limit_folder(never, [PAGES])


def test_suggestions_in_the_sample_take_their_part() -> None:
    planted = Caught(0, 0, 80, 1)
    parts = split(0.05, [PAGES], planted)
    assert parts.rule == pytest.approx(0.04)
    assert parts.pages == pytest.approx(0.005)
    assert parts.elsewhere == limit_unseen(PAGES, 0.005)
    assert parts.overlooked == pytest.approx(upper_limit(1, 80, 0.005))
    assert split(0.05, [], planted).overlooked == pytest.approx(upper_limit(1, 80, 0.01))
    assert split(0.05, []) == Parts(0.05, 0.0, 0, 0.0)


def test_what_is_not_certified_is_said() -> None:
    promise = take_look(Sample((Draw(2000, 20),), np.ones(20), np.zeros(20, bool)), 2400, 0.01, Looks())
    assert promise.sentence.startswith("Nothing is certified after 1 look: 20 random labels are")


@pytest.mark.parametrize("miss", [0.05, 0.2])
def test_with_a_person_who_misses_at_most_5_percent_are_broken(miss: float) -> None:
    """A folder of 1,000: 400 on pages with 40 odd ones, 250 at random from the others, and the rest by the program."""
    chance = np.random.default_rng(11)
    broken = given = 0
    for _ in range(800):
        odd = int(chance.integers(0, 40))
        unseen, missed = chance.binomial(odd, miss), chance.binomial(60, miss)
        pages = Caught(odd - int(unseen), 360, 60, int(missed))
        score = chance.random(600)
        wrong = chance.random(600) < 0.3 * (1 - score)
        drawn = chance.permutation(600) < 250
        sample = Sample((Draw(600, 250),), score[drawn], wrong[drawn])
        found = take_look(sample, 1000, 0.03, Looks(spends=1.0), [pages]).certificate
        given += found.given
        total = int(unseen) + int((wrong & ~drawn & found.select(score)).sum())
        broken += found.given and total > 30
    assert given > 400
    assert broken / 800 <= 0.05


@pytest.mark.parametrize("overlooks", [0.0, 0.05, 0.1, 0.2])
def test_with_a_person_who_accepts_wrong_suggestions_at_most_5_percent_are_broken(overlooks: float) -> None:
    """Folders of 1,000, of which 300 are drawn with suggestions; wrong ones are planted until suggestions count, or 150
    were. A look then knows only what the person saw, and lets the program label the others.
    """
    chance = np.random.default_rng(12)
    broken = given = 0
    for _ in range(400):
        planted = missed = 0
        while (more := min(count_to_plant(planted, missed), 150 - planted)) > 0:
            missed += int(chance.binomial(more, overlooks))
            planted += more
        score = chance.random(1000)
        wrong = chance.random(1000) < 0.25 * (1 - score)
        drawn = chance.permutation(1000) < 300
        seen = wrong & (chance.random(1000) >= overlooks)
        if limit_overlooked(planted, missed, 0.05) > MOST_OVERLOOKED:
            continue
        sample = Sample((Draw(1000, 300),), score[drawn], seen[drawn])
        looks, pages = Looks(spends=1.0), [Caught(0, 0, 0, 0)]
        found = take_look(sample, 1000, 0.03, looks, pages, Caught(0, 0, planted, missed)).certificate
        given += found.given
        broken += found.given and (wrong & ~drawn & found.select(score)).sum() > 30
    assert given > 200 or overlooks >= 0.1
    assert broken / 400 <= 0.05
