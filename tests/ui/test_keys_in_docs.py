"""The keys that the user's documents name are those that the program binds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from ui.answering.answer_keys import DROPDOWN_KEYS, KEYBOARD_KEYS, SEARCH_KEYS
from ui.kit.keys import WINDOW_KEYS, KeyTable, key_name
from ui.labeling.classes.classes_page import CLASSES_KEYS
from ui.labeling.export.export_page import EXPORT_KEYS
from ui.labeling.grid.grid_keys import GRID_KEYS
from ui.labeling.one_by_one.label_actions import LABEL_KEYS
from ui.labeling.project.new_project_page import PROJECT_KEYS
from ui.labeling.project.settings_page import SETTINGS_KEYS
from ui.labeling.rounds.round_page import ROUND_KEYS
from ui.results.results_actions import RESULTS_KEYS
from ui.study.text_page import TEXT_KEYS
from ui.study.trial_keys import TRIAL_KEYS

DOCS = Path(__file__).resolve().parents[2] / "docs"
STUDY = (KEYBOARD_KEYS, DROPDOWN_KEYS, SEARCH_KEYS, TRIAL_KEYS, TEXT_KEYS, RESULTS_KEYS, WINDOW_KEYS)
LABELING = (
    KEYBOARD_KEYS, LABEL_KEYS, GRID_KEYS, ROUND_KEYS, CLASSES_KEYS, SETTINGS_KEYS, EXPORT_KEYS, PROJECT_KEYS,
    WINDOW_KEYS,
)  # fmt: skip
_KEY = re.compile(r"\b(?:Ctrl|Alt)\+(?:[A-Z][a-z]*|\S)|\bF(?:1[0-2]|[1-9])\b|\bEsc\b|\bPg(?:Up|Down)\b")


def bound(tables: Iterable[KeyTable]) -> set[str]:  # type: ignore[type-arg]
    return {key_name(name) for table in tables for key in table.keys for name in key.keys}


@pytest.mark.parametrize(("document", "tables"), [("guide.md", STUDY), ("labeling.md", LABELING)])
def test_every_key_of_a_document_is_bound(document: str, tables: tuple[KeyTable, ...]) -> None:  # type: ignore[type-arg]
    named = set(_KEY.findall((DOCS / document).read_text()))
    assert len(named) > 3
    assert named <= bound(tables)


def test_labeling_md_lists_every_key_of_the_labeling_page() -> None:
    text = (DOCS / "labeling.md").read_text().split("## Label\n")[1].split("\n## ")[0]
    first_column = " ".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| "))
    listed = set(_KEY.findall(first_column))
    assert {key.hint for key in LABEL_KEYS.keys} <= listed
