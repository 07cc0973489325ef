"""The command ``study withdraw``: a participant's answers are deleted where they are asked for after the study."""

from __future__ import annotations

from pathlib import Path

import pytest

from clarifier_desktop.cli import main
from studies.timing.file.store import Store
from tests.files_made_before.opened import unpack


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return unpack("study.sqlite", tmp_path)


def participants(store: Path) -> list[str]:
    with Store.open(store, writable=False) as opened:
        return [session.participant for session in opened.sessions()]


def test_whoever_withdraws_is_gone_from_the_file_in_whatever_case_the_code_is_typed(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(store):
        pass  # brought up to date
    before = participants(store)
    code = before[0]
    assert main(["study", "withdraw", "--participant", f" {code.lower()} ", "--store", str(store)]) == 1
    assert "would be deleted for good" in capsys.readouterr().out
    assert participants(store) == before

    assert main(["study", "withdraw", "--participant", code.lower(), "--store", str(store), "--yes"]) == 0
    said = capsys.readouterr().out
    assert "merged into those again" in said
    assert participants(store) == [other for other in before if other.lower() != code.lower()]
    with Store.open(store, writable=False) as opened:
        assert opened.withdrawn_count() > 0
    assert main(["study", "withdraw", "--participant", code, "--store", str(store), "--yes"]) == 2
    assert f"has no session of {code}" in capsys.readouterr().err


def test_merged_again_the_person_is_gone_there_too(store: Path, tmp_path: Path) -> None:
    pooled = tmp_path / "all.sqlite"
    assert main(["merge", str(store), "--into", str(pooled)]) == 0
    code = participants(pooled)[0]
    assert main(["study", "withdraw", "--participant", code, "--store", str(store), "--yes"]) == 0
    assert code in participants(pooled)
    assert main(["merge", str(store), "--into", str(pooled)]) == 0
    assert code not in participants(pooled)


def test_no_file_is_made_for_someone_who_withdraws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone.sqlite"
    assert main(["study", "withdraw", "--participant", "P1", "--store", str(gone), "--yes"]) == 2
    assert "gone.sqlite" in capsys.readouterr().err
    assert not gone.exists()
