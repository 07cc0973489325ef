"""A project that is begun with a model keeps it, whatever becomes of the file, and begins with it at once."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from model.datasets.base import DataError, Source
from model.datasets.pixels.deep import Range, Ranges
from model.port import NullPort
from studies.labeling.facts.records import Change, ClassChange, Purpose
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.chosen_model import ChosenModel, describe, read_chosen
from studies.labeling.project.creation import Draft, create
from studies.labeling.project.project import Project
from studies.labeling.report.facts import collect_facts
from studies.labeling.rounds.request import given_model
from tests.studies.labeling.sample import begin_round, conductor, open_project
from tests.ui.labeling.live import CLASSES, images

CONTENT = b"a model, whatever it is"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def model(tmp_path: Path) -> ChosenModel:
    (tmp_path / "birds.pt").write_bytes(CONTENT)
    names = ("owl", "gull", "cat")
    return ChosenModel(tmp_path / "birds.pt", SHA256, "birds.pt", "", names, "small-cnn", 1200, None)


def make(place: Path, model: ChosenModel | None, classes: tuple[str, ...] = CLASSES) -> Project:
    folder = place / "animals"
    if not folder.exists():
        images(folder, 4)
    draft = Draft(Source("folder", folder), classes, ProjectSettings(holdout=2), model=model)
    create(place / "new.clarifier", draft, place, "0", NullPort()).close()
    return open_project(place / "new.clarifier")


def test_it_is_kept_with_the_project_and_its_file_may_go(tmp_path, model):
    make(tmp_path, model).store.close()
    model.file.unlink()
    project = open_project(tmp_path / "new.clarifier")
    begun = project.begun_with
    assert begun is not None
    assert (begun.name, begun.sha256, begun.class_ids) == ("birds.pt", SHA256, (2, -1, 0))
    assert project.store.begun_content() == CONTENT
    assert (project.settings.learner.network, project.round) == ("small-cnn", 0)
    assert begun.sentence == "Begun with birds.pt: a model of another project, trained on 1,200 labels there."
    project.store.close()


def test_its_ranges_are_the_projects(tmp_path, model):
    ranges = Ranges(Range(0, 4095))
    project = make(tmp_path, replace(model, display_ranges=ranges))
    assert project.settings.display_ranges == ranges
    project.store.close()


def test_a_round_is_wanted_at_once_and_needs_no_label(tmp_path, model):
    project = make(tmp_path, model)
    leads = conductor(project)
    assert leads.wants_round()
    assert leads.wants_round(grouping=True)
    assert leads.can_train
    leads.refill_queue()
    waiting = [task.purpose for task in project.store.pending_tasks()]
    assert (len(waiting), waiting.count(Purpose.AUDIT)) == (5, 1), "few come without a suggestion"
    asked = leads.request(leads.propose()).learn
    assert (asked.round, asked.given) == (1, given_model(project))
    assert asked.given is not None
    assert (asked.given.sha256, asked.given.outputs) == (SHA256, (2, -1, 0))
    assert not (asked.labels >= 0).any()
    begin_round(project, leads, [])
    assert not leads.wants_round(), "the next one learns from labels here"
    assert not leads.can_train
    project.store.close()


def test_without_a_model_nothing_is_given(tmp_path):
    project = make(tmp_path, None)
    assert (project.begun_with, given_model(project)) == (None, None)
    assert not conductor(project).wants_round()
    project.store.close()


def test_another_network_ends_it(tmp_path, model):
    project = make(tmp_path, model)
    learner = project.settings.learner.model_copy(update={"network": "resnet18"})
    project.change_settings(project.settings.model_copy(update={"learner": learner}))
    assert given_model(project) is None
    assert not conductor(project).wants_round(), "first labels, as in any project"
    project.store.close()


def test_classes_that_are_renamed_and_merged_are_followed(tmp_path, model):
    project = make(tmp_path, model, ("cat", "dog", "owl"))
    project.change_classes([ClassChange(2, Change.RENAMED, "night bird")])
    given = given_model(project)
    assert given is not None
    assert given.outputs == (2, -1, 0)
    project.change_classes([ClassChange(2, Change.MERGED, "0")])
    given = given_model(project)
    assert given is not None
    assert given.outputs == (-1, -1, 0), "that class has an output of its own"
    project.change_classes([ClassChange(0, Change.MERGED, "1")])
    given = given_model(project)
    assert given is not None
    assert given.outputs == (0, -1, 0), "no output of its own"
    project.store.close()


def test_a_model_that_knows_none_of_the_classes_is_refused(tmp_path, model):
    with pytest.raises(DataError, match="knows none of these classes"):
        make(tmp_path, model, ("lion", "bear"))
    assert not (tmp_path / "new.clarifier").exists()


def test_a_file_that_changed_or_went_since_it_was_chosen_is_refused(tmp_path, model):
    model.file.write_bytes(b"another one")
    with pytest.raises(DataError, match="has changed since it was chosen"):
        make(tmp_path, model)
    model.file.unlink()
    with pytest.raises(DataError, match="cannot be read"):
        make(tmp_path, model)
    assert not (tmp_path / "new.clarifier").exists()


def test_a_project_without_a_model_cannot_be_gone_on_from(tmp_path, model):
    make(tmp_path, None).store.close()
    with pytest.raises(DataError, match="has no model yet"):
        describe(tmp_path / "new.clarifier", tmp_path)


def test_a_report_says_what_it_was_begun_with(tmp_path, model):
    project = make(tmp_path, model)
    begin_round(project, conductor(project), [])
    project.store.close()
    with ProjectStore.open(tmp_path / "new.clarifier", writable=False) as store:
        facts = collect_facts(store)
    assert facts.model is not None
    assert facts.model.begun_with.startswith("Begun with birds.pt")
    assert "trained in full in the project of birds.pt" in facts.model.weights


def test_what_the_child_prints_is_what_is_chosen(tmp_path):
    text = (
        '{"file": "/a/b.pt", "sha256": "00", "name": "b.pt", "project": "", "classes": ["x", "y"], "network": "n", '
        '"trained_on": 3, "display_ranges": {"integers": {"low": 0, "high": 9}, "floats": null}}'
    )
    chosen = read_chosen(text)
    assert (chosen.file, chosen.classes) == (Path("/a/b.pt"), ("x", "y"))
    assert chosen.display_ranges == Ranges(Range(0, 9))
    assert chosen.sentence == "Begins with b.pt: 2 classes, n, trained on 3 labels."
