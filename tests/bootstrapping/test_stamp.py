"""The stamp of a virtual environment, in a real folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrapping.stamp import FOR_TESTS, STUDY_ALONE, WHOLE_PROGRAM, read_stamp, stamp_is_right, write_stamp
from tests.bootstrapping.fake_machine import wanted


def test_a_stamp_survives_the_disk(project: Path) -> None:
    stamp = wanted(project, FOR_TESTS)
    write_stamp(project / "stamp", stamp)
    assert read_stamp(project / "stamp") == stamp
    assert not (project / "stamp.new").exists()


@pytest.mark.parametrize("text", [None, "", "{", "[]", "null", '{"pins": "x"}', '{"other": 1}'])
def test_a_broken_or_missing_stamp_is_none(project: Path, text: str | None) -> None:
    if text is not None:
        (project / "stamp").write_text(text)
    assert read_stamp(project / "stamp") is None


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_pins_change_the_stamp(project: Path, name: str) -> None:
    before = wanted(project)
    with (project / name).open("a") as file:
        file.write("# new\n")
    assert not stamp_is_right(before, wanted(project))


def test_another_python_or_place_changes_the_stamp_and_a_patch_release_does_not(project: Path) -> None:
    before = wanted(project)
    assert not stamp_is_right(before, wanted(project, version=(3, 12, 1)))
    assert not stamp_is_right(before._replace(root="/elsewhere"), wanted(project))
    assert stamp_is_right(before, wanted(project, version=(3, 11, 9)))


@pytest.mark.parametrize(
    ("made_for", "for_what", "right"),
    [
        (STUDY_ALONE, STUDY_ALONE, True),
        (STUDY_ALONE, WHOLE_PROGRAM, False),
        (WHOLE_PROGRAM, STUDY_ALONE, True),
        (WHOLE_PROGRAM, FOR_TESTS, False),
        (FOR_TESTS, FOR_TESTS, True),
        (FOR_TESTS, STUDY_ALONE, True),
        ("what is unknown", STUDY_ALONE, False),
    ],
)
def test_a_venv_made_for_more_serves_for_less(
    project: Path, made_for: str, for_what: str, right: bool
) -> None:
    found = wanted(project, made_for)
    assert stamp_is_right(found, wanted(project, for_what)) is right
