from __future__ import annotations

from studies.numerals import counted


def test_what_is_counted_stands_in_its_number() -> None:
    assert [counted(number, "image") for number in (0, 1, 2, 1204)] == [
        "0 images",
        "1 image",
        "2 images",
        "1,204 images",
    ]
    assert counted(1, "class is", "classes are") == "1 class is"
    assert counted(3, "class is", "classes are") == "3 classes are"
