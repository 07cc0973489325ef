"""A project of forty images with six tasks."""

from __future__ import annotations

from pathlib import Path

import pytest

from studies.labeling.facts.records import Purpose, Task
from tests.studies.labeling.sample import Hand, create, open_project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "animals.clarifier"
    create(path).close()
    return path


@pytest.fixture
def project(path: Path):
    opened = open_project(path)
    yield opened
    opened.store.close()


@pytest.fixture
def hand(project) -> Hand:
    project.add_tasks([Task(n, 0, 10 + n, Purpose.SEED) for n in range(6)])
    return Hand(project)
