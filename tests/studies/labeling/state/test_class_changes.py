from __future__ import annotations

import pytest

from studies.labeling.state import class_changes
from studies.labeling.state.classes import ClassError, ClassInfo, ClassList

CLASSES = ClassList.of(ClassList().additions(["cat", "dog"]))


def test_every_change_does_what_it_is_called() -> None:
    classes = CLASSES.apply(class_changes.add(CLASSES, "owl"))
    classes = classes.after(
        [
            class_changes.rename(0, "tabby"),
            class_changes.set_key(0, "t"),
            class_changes.set_colour(0, "#3366cc"),
            class_changes.set_example(0, 17),
            class_changes.merge(2, into=1),
        ]
    )
    assert classes.infos == (
        ClassInfo(0, "tabby", "t", "#3366cc", 17),
        ClassInfo(1, "dog"),
        ClassInfo(2, "owl", merged_into=1),
    )
    assert classes.resolve(2) == 1


def test_what_was_given_is_taken_away_again() -> None:
    given = CLASSES.after(
        [
            class_changes.set_key(0, "c"),
            class_changes.set_colour(0, "#3366cc"),
            class_changes.merge(1, into=0),
        ]
    )
    taken = given.after(
        [class_changes.set_key(0, ""), class_changes.set_colour(0, ""), class_changes.separate(1)]
    )
    assert taken == CLASSES


def test_a_name_that_there_is_cannot_be_added() -> None:
    with pytest.raises(ClassError, match='There is a class "cat" already'):
        CLASSES.apply(class_changes.add(CLASSES, " cat "))
