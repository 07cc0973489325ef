from __future__ import annotations

import random

import pytest

from model.datasets import ImageSet, match_items
from model.datasets.image_files import ImageError
from model.port import Cancelled, NullPort


class Pool(ImageSet):
    """Images whose content is a text; ``None`` cannot be read."""

    def __init__(self, contents):
        super().__init__("pool", ["a", "b"], list(contents), [-1] * len(contents))
        self.contents = list(contents.values())
        self.read = []

    def image(self, index, fit=None):
        raise NotImplementedError

    def content_hash(self, index):
        self.read.append(self.items[index])
        if self.contents[index] is None:
            raise ImageError("broken")
        return self.contents[index]


def matched(old, new):
    pool = Pool(new)
    return match_items(old, pool, NullPort()), pool.read


def test_the_same_path_is_the_same_image_and_nothing_is_read():
    assert matched({"a/1": "x", "a/2": "y"}, {"a/2": "z", "a/1": "x", "a/3": "x"}) == (
        {"a/1": "a/1", "a/2": "a/2"},
        [],
    )


def test_a_moved_folder_is_known_by_content_and_only_likely_files_are_read():
    old = {"a/1": "x", "a/2": "y", "b/1": "z"}
    new = {"b/1": "z", "b/3": "q", "c/1": "x", "c/2": "y", "c/9": "w"}
    assert matched(old, new) == ({"b/1": "b/1", "a/1": "c/1", "a/2": "c/2"}, ["c/1", "c/2"])


def test_renamed_files_are_found_too_and_reading_stops_when_none_is_missing():
    old = {"1": "x", "2": "y", "3": "gone"}
    new = {"2": "y", "one": "x", "other": "w", "broken": None}
    assert matched(old, new) == ({"2": "2", "1": "one"}, ["one", "other", "broken"])
    del old["3"]
    assert matched(old, new) == ({"2": "2", "1": "one"}, ["one"])


def test_duplicates_go_to_their_file_names_and_then_in_order():
    old = {"d/10": "x", "d/9": "x", "e/7": "x"}
    # 7 keeps its name; of the ids that are left, 9 comes first in natural order, and so does p in the set.
    new = {"n/p": "x", "n/q": "x", "n/7": "x"}
    assert matched(old, new)[0] == {"e/7": "n/7", "d/9": "n/p", "d/10": "n/q"}
    # One copy of three is left: it is one image, and not three.
    assert matched(old, {"n/p": "x"})[0] == {"d/9": "n/p"}


def test_names_exchanged_between_images():
    old = {"a/1": "x", "a/2": "y"}
    assert matched(old, {"b/1": "y", "b/2": "x"})[0] == {"a/1": "b/2", "a/2": "b/1"}


def test_an_unknown_hash_is_matched_by_path_alone():
    assert matched({"1": "", "2": ""}, {"2": "x", "3": "y"}) == ({"2": "2"}, [])


def test_nothing_is_matched_twice():
    chance = random.Random(5)
    for _ in range(300):
        names = [f"{chance.choice('abc')}/{n}" for n in range(8)]
        old = {name: chance.choice("xyz") for name in chance.sample(names, 5)}
        new = {name: chance.choice("xyz") for name in [*chance.sample(names, 4), "n/1", "n/2", "n/3"]}
        found, _ = matched(old, new)
        assert len(set(found.values())) == len(found)
        assert all(
            new_item in new and (old[item] == new[new_item] or item == new_item)
            for item, new_item in found.items()
        )
        # As many as there can be: of each content, what is missing or what is new, whichever is less.
        missing = [old[item] for item in old if item not in new]
        added = [new[item] for item in new if item not in old]
        most = sum(min(missing.count(c), added.count(c)) for c in "xyz")
        assert len(found) == most + sum(item in new for item in old)
        assert matched(dict(reversed(old.items())), new)[0] == found


def test_cancelled():
    class Port(NullPort):
        told = []

        def progress(self, done, total, text):
            self.told.append((done, total))

        def cancelled(self):
            return bool(self.told)

    pool = Pool({"n/1": "x", "n/2": "y"})
    with pytest.raises(Cancelled):
        match_items({"1": "z"}, pool, Port())
    assert Port.told == [(0, 1)]
    assert pool.read == ["n/1"]
