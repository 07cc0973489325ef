"""Deep images of a project are shown by one range, chosen once, to the annotator as to the learner."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.datasets.base import Source
from model.datasets.pixels.deep import Range, Ranges
from model.port import NullPort
from studies.labeling.facts.settings import ProjectSettings, SettingsError, settings_from
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.creation import Draft, create
from studies.labeling.project.images import measure_project, open_project_images, stored_ranges
from studies.labeling.project.moving import look_beside
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.learner_child import open_request
from studies.labeling.rounds.request import Folders, request_round
from tests.ui.labeling.live import project_of

TWELVE_BITS = Ranges(Range(0, 4095))


def save_deep(folder: Path, name: str, top: int) -> None:
    folder.mkdir(exist_ok=True)
    Image.fromarray(np.array([[0, top // 2, top]], np.uint16)).save(folder / name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(12):
        save_deep(tmp_path / "scans", f"{number:02d}.png", 4095 - number)
    return tmp_path / "scans"


@pytest.fixture
def file(folder: Path, tmp_path: Path) -> Path:
    project_of(folder, tmp_path / "p.clarifier", holdout=0).close()
    return tmp_path / "p.clarifier"


def shown(images, item: str) -> list[int]:
    return [int(grey) for grey in np.asarray(images.image(images.index_of(item)))[0, :, 0]]


def add(file: Path, folder: Path, count: int, top: int) -> None:
    """More images, before those that are there, so that a sample of all is another one."""
    names = [f"{top}-{number:02d}.png" for number in range(count)]
    for name in names:
        save_deep(folder, name, top)
    with ProjectStore.open(file) as store:
        store.add_items(names)


def test_a_picture_looks_the_same_in_every_sitting_whatever_is_added(file, folder):
    with ProjectStore.open(file) as store:
        assert stored_ranges(store) == TWELVE_BITS
        before = shown(open_project_images(store, folder), "05.png")
    assert before == [0, 127, 255]
    add(file, folder, 40, 16383)
    with ProjectStore.open(file) as store:
        images = open_project_images(store, folder)
        assert shown(images, "05.png") == before
        assert "shown by its own: 0..16383" in images.image(images.index_of("16383-00.png")).info["note"]
        assert "note" not in images.image(0).info


def test_the_learner_sees_what_the_annotator_sees(file, folder, tmp_path):
    add(file, folder, 40, 16383)
    with ProjectStore.open(file) as store:
        project = Project.open(store, "A1", "0", {})
        work = Folders(tmp_path, tmp_path)
        learn = request_round(project, work, Conductor(project, work).propose()).learn
        assert learn.display_ranges == TWELVE_BITS
        assert shown(open_request(learn, folder), "05.png") == [0, 127, 255]
        other = replace(learn, display_ranges=Ranges(Range(0, 16383)))
        assert shown(open_request(other, folder), "05.png") == [0, 32, 64]


def test_new_images_beyond_the_range_are_named(file, folder):
    for name, top in (("x.png", 1023), ("y.png", 16383), ("z.png", 65535)):
        save_deep(folder, name, top)
    Image.new("RGB", (3, 3)).save(folder / "plain.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    found = look_beside(file, folder, folder, NullPort())
    assert sorted(found.new) == ["broken.png", "plain.png", "x.png", "y.png", "z.png"]
    assert found.beyond == ("y.png", "z.png")


def test_the_range_grows_when_it_is_measured_anew_over_all_images(file, folder):
    add(file, folder, 1, 16383)
    assert measure_project(file, folder, NullPort()) == Ranges(Range(0, 16383))
    for image in folder.iterdir():
        image.rename(image.with_suffix(".away"))
    assert measure_project(file, folder, NullPort()) is None


def test_a_project_of_plain_images_has_empty_ranges(tmp_path):
    (tmp_path / "plain").mkdir()
    Image.new("RGB", (3, 3)).save(tmp_path / "plain" / "1.png")
    with project_of(tmp_path / "plain", tmp_path / "p", holdout=0) as store:
        assert stored_ranges(store) == Ranges()


def test_ranges_are_read_as_they_were_stored():
    ranges = Ranges(Range(-1024, 3071), Range(0, 0.015625))
    values = settings_from({"display_ranges": ranges}).model_dump_json()
    assert settings_from(json.loads(values)).display_ranges == ranges
    assert settings_from({}).display_ranges is None


@pytest.mark.parametrize(("low", "high"), [(1, 0), ("-inf", 0), (0, "nan")])
def test_what_is_no_range_is_refused(low, high):
    with pytest.raises(SettingsError, match=r"display range|finite"):
        settings_from({"display_ranges": {"integers": {"low": low, "high": high}}})


def test_a_built_in_set_has_none(tmp_path):
    draft = Draft(Source("digits"), tuple("0123456789"), ProjectSettings(holdout=0))
    with create(tmp_path / "d", draft, tmp_path, "0", NullPort()) as store:
        assert stored_ranges(store) is None
        assert open_project_images(store, tmp_path).ranges() == Ranges()
