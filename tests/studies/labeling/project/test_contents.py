"""Labels are of pictures: files that were renumbered, swapped, replaced or edited are seen, and labels can follow."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from model.datasets.base import Source
from model.datasets.image_files import MissingImageError, PlaceError
from model.port import NullPort
from studies.labeling.facts.file_state import FileState
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.contents import (
    ChangedError,
    Contents,
    Looked,
    ask_again,
    find_contents,
    find_returned,
    follow_contents,
    give_back,
    leave_out,
    look_at_files,
    refuse_changed_of,
)
from studies.labeling.project.images import open_project_images
from studies.labeling.project.project import Project
from studies.labeling.rounds.learner_child import open_request
from tests.ui.labeling.live import project_of

N = 12


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pictures"
    made.mkdir()
    for number in range(N):
        pixels = np.random.default_rng(number).integers(0, 255, (8, 8, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(made / f"img_{number:03}.png")
    return made


@pytest.fixture
def store(folder: Path, tmp_path: Path) -> Iterator[ProjectStore]:
    """All twelve labeled and noted; the class of each is told by its number."""
    project = Project.open(project_of(folder, tmp_path / "p.clarifier", holdout=0), "A", "0", {})
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, item % 3) for item in range(N)])
    opened = project.store
    looked = look(opened, tmp_path)
    assert len(looked.fresh) == N
    opened.add_file_states(looked.fresh)
    yield opened
    opened.close()


def look(store: ProjectStore, cache: Path, known_only: bool = False) -> Looked:
    return look_at_files(store.path, open_project_images(store, cache), 0, known_only, NullPort())


def labels_by_picture(store: ProjectStore, folder: Path) -> dict[int, str]:
    """By the number of the picture that a file holds now the label that an export gives for its name."""
    pixels = {
        np.random.default_rng(number).integers(0, 255, (8, 8, 3), dtype=np.uint8).tobytes(): number
        for number in range(N)
    }
    rows = dict(store.table("labels", ("item", "label"), "item"))
    found = {}
    for file in folder.glob("*.png"):
        number = pixels.get(np.asarray(Image.open(file)).tobytes())
        if number is not None and file.name in rows:
            found[number] = rows[file.name]
    return found


def renumber(folder: Path) -> None:
    """The fourth is deleted, and all behind it get the number before."""
    (folder / "img_003.png").unlink()
    for number in range(4, N):
        (folder / f"img_{number:03}.png").rename(folder / f"img_{number - 1:03}.png")


def swap(folder: Path) -> None:
    (folder / "img_001.png").rename(folder / "x")
    (folder / "img_008.png").rename(folder / "img_001.png")
    (folder / "x").rename(folder / "img_008.png")


def replace(folder: Path) -> None:
    Image.new("RGB", (8, 8), "red").save(folder / "img_005.png")


CHANGES: list[tuple[Callable[[Path], None], int, int, int, int]] = [
    (renumber, 8, 8, 1, 0),
    (swap, 2, 2, 0, 0),
    (replace, 1, 0, 1, 1),
]


@pytest.mark.parametrize(("change", "changed", "elsewhere", "gone", "new"), CHANGES)
def test_labels_follow_their_pictures(
    store: ProjectStore, folder: Path, tmp_path: Path, change, changed, elsewhere, gone, new
) -> None:
    before = labels_by_picture(store, folder)
    assert len(before) == N
    change(folder)
    looked = look(store, tmp_path, known_only=True)
    assert len(looked.changed) == changed
    with pytest.raises(ChangedError, match=f"{changed} files? holds? something else"):
        refuse_changed_of(store.path, tmp_path, NullPort())
    contents: Contents = find_contents(store.path, folder, tmp_path, looked.changed, NullPort())
    assert (len(contents.renamed), len(contents.gone), len(contents.new)) == (elsewhere, gone, new)
    follow_contents(store, contents)
    after = labels_by_picture(store, folder)
    assert after.items() <= before.items(), "no label is on another picture"
    assert len(after) == N - gone
    gone_rows = [
        row for row in store.table("labels", ("item", "label"), "item") if "no longer there" in row[0]
    ]
    assert len(gone_rows) == gone
    refuse_changed_of(store.path, tmp_path, NullPort())
    store.add_file_states(look(store, tmp_path).fresh)
    assert not look(store, tmp_path).changed


def test_a_picture_that_comes_back_has_its_label_back(
    store: ProjectStore, folder: Path, tmp_path: Path
) -> None:
    before = labels_by_picture(store, folder)
    kept = (folder / "img_005.png").read_bytes()
    for colour in ("red", "blue"):  # twice another picture: no two items have one name
        Image.new("RGB", (8, 8), colour).save(folder / "img_005.png")
        changed = look(store, tmp_path).changed
        follow_contents(store, find_contents(store.path, folder, tmp_path, changed, NullPort()))
        store.add_file_states(look(store, tmp_path).fresh)
    assert len(set(store.items())) == len(store.items()) == N + 2
    assert 5 not in labels_by_picture(store, folder)
    assert give_back(store, {N + 1: FileState("another", 1, 1)}) == ()
    (folder / "img_005.png").write_bytes(kept)
    changed = look(store, tmp_path).changed
    assert list(changed) == [N + 1], "the file's item of now, which nobody has labeled"
    assert give_back(store, changed) == (5,)
    assert store.items()[5] == "img_005.png"
    assert labels_by_picture(store, folder) == before
    assert len(set(store.items())) == N + 2
    assert not look(store, tmp_path).changed
    assert give_back(store, {}) == ()


def test_pictures_that_were_only_edited_keep_their_labels(
    store: ProjectStore, folder: Path, tmp_path: Path
) -> None:
    replace(folder)
    store.add_file_states(look(store, tmp_path).changed)
    refuse_changed_of(store.path, tmp_path, NullPort())
    assert store.progress().by_person == N


def test_a_file_that_only_was_touched_is_the_same(store: ProjectStore, folder: Path, tmp_path: Path) -> None:
    os.utime(folder / "img_002.png", ns=(1, 1))
    looked = look(store, tmp_path)
    assert (list(looked.fresh), looked.changed) == ([2], {})


def test_a_file_that_cannot_be_read_is_looked_at_again(
    store: ProjectStore, folder: Path, tmp_path: Path
) -> None:
    (folder / "img_002.png").rename(folder / "away")
    assert look(store, tmp_path) == Looked()
    (folder / "img_002.png").mkdir()
    assert look(store, tmp_path) == Looked()


def test_what_older_versions_noted_is_compared_once(folder: Path, tmp_path: Path) -> None:
    store = project_of(folder, tmp_path / "old.clarifier", holdout=0)
    images = open_project_images(store, tmp_path)
    with store.transaction() as connection:
        for item in range(N):
            digest = images.content_hash(item) if item else ""  # one could not be read then
            connection.execute("INSERT INTO item_hashes (item, hash) VALUES (?, ?)", (item, digest))
    assert 0 not in store.hashes()
    swap(folder)
    looked = look(store, tmp_path)
    assert (sorted(looked.changed), len(looked.fresh)) == ([1, 8], N - 2)
    store.close()


def test_images_that_were_away_are_asked_about_again(folder: Path, tmp_path: Path) -> None:
    """Those that are damaged stay left out, and so do those that are still away."""
    project = Project.open(project_of(folder, tmp_path / "away.clarifier", holdout=0), "A", "0", {})
    (folder / "img_004.png").unlink()
    reasons = {
        1: "The image img_001.png is not there any more; put it back, or take it out.",
        2: "The image img_002.png cannot be opened (Input/output error); check the file.",
        5: "The images around img_005.png in /media/stick cannot be reached.",
        3: "The image img_003.png is damaged or cut short and cannot be read; replace it, or take it out.",
        4: "The image img_004.png is not there any more; put it back, or take it out.",
    }
    for item, reason in reasons.items():
        project.record([LabelEvent(0, item, Verb.UNREADABLE, Purpose.SEED, detail=reason)])
    images = open_project_images(project.store, tmp_path)
    found = find_returned(project.store.path, images, NullPort())
    assert found == (1, 2, 5)
    before = project.ledger.open_items
    ask_again(project, found)
    assert project.ledger.open_items == before + 3
    assert project.ledger.with_state(Verb.UNREADABLE).tolist() == [3, 4]
    assert find_returned(project.store.path, images, NullPort()) == ()
    project.store.close()


def test_what_a_person_goes_on_without_holds_up_no_round(folder: Path, tmp_path: Path) -> None:
    """Of it alone the learner takes what it finds; anything else that is away stops it."""
    (folder / "owl").mkdir()
    for number in range(5):
        (folder / f"img_{number:03d}.png").rename(folder / "owl" / f"{number}.png")
    project = Project.open(project_of(folder, tmp_path / "gone.clarifier", holdout=0), "A", "0", {})
    names = list(project.items)
    (folder / "owl").rename(tmp_path / "away")
    source = Source("folder", folder)
    owl = names.index("owl/2.png")
    request: Any = SimpleNamespace(  # all that it reads of one
        project=project.store.path, source=source, display_ranges=None
    )
    with pytest.raises(PlaceError) as caught:
        open_request(request, tmp_path).content_hash(owl)
    assert leave_out(project, caught.value.part, str(caught.value)) == 5
    assert project.store.given_up_items() == [i for i, name in enumerate(names) if name.startswith("owl/")]
    with pytest.raises(MissingImageError):
        open_request(request, tmp_path).content_hash(owl)
    folder.rename(tmp_path / "all away")
    with pytest.raises(PlaceError):
        open_request(request, tmp_path).content_hash(owl)
    project.store.close()
