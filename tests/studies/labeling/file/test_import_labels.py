from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import UserError
from studies.labeling.file.import_labels import Import, read_labels
from studies.labeling.project.project import Project
from studies.table_files import harmless, plain
from tests.studies.labeling.sample import create, open_project


@pytest.fixture
def project(tmp_path: Path):
    create(tmp_path / "p").close()
    opened = open_project(tmp_path / "p")
    yield opened
    opened.store.close()


def read(project: Project, file: Path) -> Import:
    known = {name: item for item, name in enumerate(project.items)}
    return read_labels(file, known, project.classes, project.ledger)


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    file = tmp_path / "labels.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("image,class\na,b\n", "no columns item and label"),
        ("", "no columns item and label"),
        ("item;label\n010.png;cat\n", "no columns item and label"),
        ("item,label\n010.png,\u200b\n", "visible characters"),
        (f"item,label\n010.png,{'x' * 140_000}\n", "Line 2 of labels.csv cannot be read"),
    ],
)
def test_files_that_cannot_be_used_get_a_sentence(project, tmp_path, text, sentence):
    with pytest.raises(UserError, match=sentence):
        read(project, written(tmp_path, text))


def test_a_missing_file_gets_a_sentence(project, tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read(project, tmp_path / "none.csv")


@given(st.text(alphabet="'=+-@ \t\r\nab"))
@settings(max_examples=300)
def test_the_apostrophe_against_spreadsheets_comes_off_again(text):
    kept = harmless(text)
    assert isinstance(kept, str)
    assert plain(kept) == text


def test_reading_changes_nothing_and_says_what_would_be_added(project, tmp_path):
    labels = read(project, written(tmp_path, "item,label\n010.png,Eel\n011.png,CAT\n"))
    assert [c.value for c in labels.changes] == ["Eel"]
    assert [(e.item, e.class_id) for e in labels.events] == [(10, 3), (11, 0)]
    assert (project.ledger.actions, len(project.classes)) == (0, 3)
