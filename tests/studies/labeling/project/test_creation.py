from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from model.datasets.base import DataError, Source
from model.datasets.image_files import ImageError
from model.datasets.listing import describe
from model.port import NullPort
from studies.files.store_errors import StoreError
from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.facts.settings import ProjectSettings
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.creation import Draft, create, inspect
from studies.labeling.project.images import is_local, open_items, open_project_images, truth_of
from studies.labeling.state.classes import ClassError
from tests.studies.labeling.sample import open_project

NOTHING_HELD = ProjectSettings(holdout=0, annotator="A1")


def pictures(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (2, 2)).save(root / name)
    return root


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    return pictures(tmp_path / "pets", "cat/1.png", "cat/2.png", "dog/1.png", "new.png", "dog/deep/3.png")


def make(tmp_path: Path, source: Source, classes: tuple[str, ...], **more) -> ProjectStore:
    draft = Draft(source, classes, **({"settings": NOTHING_HELD} | more))
    return create(tmp_path / "p.clarifier", draft, tmp_path / "cache", "0", NullPort())


def labels(store: ProjectStore) -> dict[str, str]:
    return dict(store.query("SELECT item, label FROM labels"))


# What a source holds


def test_subfolders_name_the_classes(tmp_path, folders):
    found = inspect(Source("folder", folders), tmp_path, NullPort())
    assert (found.classes, found.images, found.labeled) == (("cat", "dog"), 5, 4), (
        "as many as the project has"
    )
    with make(tmp_path, Source("folder", folders), ("cat", "dog")) as store:
        assert len(store.items()) == found.images


def test_with_a_list_of_classes_the_whole_folder_counts(tmp_path, folders):
    (folders / "cat" / "readme.txt").write_text("no image")
    found = inspect(Source("folder", folders), tmp_path, NullPort(), ["cat", "owl"])
    assert (found.classes, found.images, found.labeled, found.problems) == (("cat", "owl"), 5, 2, ())


def test_a_flat_folder_names_no_class(tmp_path):
    root = pictures(tmp_path / "flat", "a.png", "b.png")
    found = inspect(Source("folder", root), tmp_path, NullPort())
    assert (found.classes, found.images, found.labeled) == ((), 2, 0)


def test_one_subfolder_is_no_choice_of_classes(tmp_path):
    root = pictures(tmp_path / "one", "holiday/a.png", "holiday/b.png")
    assert inspect(Source("folder", root), tmp_path, NullPort()).classes == ()


def test_a_built_in_set_names_its_own(tmp_path):
    found = inspect(Source("digits"), tmp_path, NullPort())
    assert found.classes == tuple("0123456789")
    assert found.labeled == found.images


def test_classes_are_offered_in_the_order_of_a_dictionary(tmp_path):
    names = ("1", "2", "10", "Äpfel", "Brücke", "Übergang", "Zebra")
    root = pictures(tmp_path / "words", *(f"{name}/1.png" for name in names))
    assert inspect(Source("folder", root), tmp_path, NullPort()).classes == names
    given_order = inspect(Source("folder", root), tmp_path, NullPort(), ["Zebra", "Äpfel"])
    assert given_order.classes == ("Zebra", "Äpfel"), "a person's own order"


def test_a_list_in_a_csv_file(tmp_path, folders):
    file = folders / "list.csv"
    file.write_text("path,label\ncat/1.png,cat\nnew.png,\ndog/1.png,dog\ngone.png,dog\n")
    found = inspect(Source("csv", file), tmp_path, NullPort())
    assert (found.classes, found.images, found.labeled) == (("cat", "dog"), 3, 2)
    assert describe(found.problems) == ["gone.png: The file is missing (line 5 of list.csv)."]


def test_what_is_not_there_gets_a_sentence(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        inspect(Source("folder", tmp_path / "none"), tmp_path, NullPort())


# A project


def test_a_project_of_a_folder_begins_without_labels(tmp_path, folders):
    with make(tmp_path, Source("folder", folders), ("cat", "dog", "owl")) as store:
        assert store.items() == ["new.png", "cat/1.png", "cat/2.png", "dog/1.png", "dog/deep/3.png"]
        assert [c.value for c in store.class_changes()] == ["cat", "dog", "owl"]
        assert (labels(store), store.holdout(), store.place()) == ({}, [], folders)
        head = store.head()
        assert (head.name, head.dataset, head.app_version) == ("p", "folder", "0")
        assert len(head.uuid) == 36


def test_what_lies_in_a_class_s_folder_may_count_as_labeled(tmp_path, folders):
    store = make(tmp_path, Source("folder", folders), ("Cat", "owl"), keep_labels=True)
    assert labels(store) == {"cat/1.png": "Cat", "cat/2.png": "Cat"}
    rows = store.query("SELECT origin, purpose, annotator, round FROM labels")
    assert set(rows) == {("person", "import", "A1", None)}
    store.close()
    project = open_project(tmp_path / "p.clarifier")
    assert project.labels_by_class == {0: 2}
    assert project.tally.seconds_a_label is None, "nobody took time for them"
    project.store.close()


def test_labels_of_a_csv_file_and_of_a_built_in_set_may_count_too(tmp_path, folders):
    file = folders / "list.csv"
    file.write_text("path,label\ncat/1.png,cat\nnew.png,\ndog/1.png,dog\n")
    with make(tmp_path, Source("csv", file), ("cat", "dog"), keep_labels=True) as store:
        assert labels(store) == {"cat/1.png": "cat", "dog/1.png": "dog"}
        assert open_project_images(store, tmp_path).image(0).size == (2, 2)
    digits = tmp_path / "digits"
    digits.mkdir()
    with make(digits, Source("digits"), tuple("0123456789"), keep_labels=True) as store:
        assert len(labels(store)) == len(store.items())
        assert store.place() is None


def test_the_held_out_sample_is_random_seeded_and_never_more_than_a_tenth(tmp_path):
    samples = {}
    for name, seed, held in (("a", 1, 50), ("b", 1, 50), ("c", 2, 50), ("d", 1, 100_000)):
        (tmp_path / name).mkdir()
        choices = ProjectSettings(holdout=held, seed=seed)
        with make(tmp_path / name, Source("digits"), tuple("0123456789"), settings=choices) as store:
            samples[name] = store.holdout()
            n = len(store.items())
    assert samples["a"] == samples["b"] != samples["c"]
    assert (len(samples["a"]), len(set(samples["a"])), len(samples["d"])) == (50, 50, n // 10)
    assert samples["a"] == sorted(samples["a"])
    assert 0.25 * n < sum(samples["d"]) / len(samples["d"]) < 0.75 * n, "from all over"


def test_a_project_that_cannot_be_gets_a_sentence_and_leaves_no_file(tmp_path, folders):
    source = Source("folder", folders)
    with pytest.raises(DataError, match="two"):
        make(tmp_path, source, ())
    with pytest.raises(DataError, match="again"):
        make(tmp_path, source, ("cat", " cat"))
    with pytest.raises(DataError, match="two classes"):
        make(tmp_path, source, ("cat",))
    assert not (tmp_path / "p.clarifier").exists()
    make(tmp_path, source, ("cat", "dog")).close()
    with pytest.raises(StoreError, match="is a project already"):
        make(tmp_path, source, ("cat", "dog"))


def test_a_set_with_classes_of_its_own_takes_a_persons_names_for_them(tmp_path):
    with pytest.raises(ClassError, match="visible characters"):
        make(tmp_path, Source("digits"), ("0", " "))


def test_a_failure_after_the_file_was_made_leaves_it_to_be_opened(tmp_path, folders, monkeypatch):
    def full(*_: object) -> None:
        raise StoreError("full")

    with monkeypatch.context() as patch:
        patch.setattr(ProjectStore, "append", full)
        with pytest.raises(StoreError, match="full"):
            make(tmp_path, Source("folder", folders), ("cat", "dog"), keep_labels=True)
    with ProjectStore.open(tmp_path / "p.clarifier", create=False) as store:
        assert labels(store) == {}


# Its images


def test_images_are_opened_by_name_without_a_search(tmp_path, folders):
    images = open_items(Source("folder", folders), ["new.png", "gone.png"], tmp_path)
    assert images.image(0).size == (2, 2)
    with pytest.raises(ImageError, match="not there any more"):
        images.image(1)
    assert (is_local("folder"), is_local("csv"), is_local("digits")) == (True, True, False)


def test_a_set_that_became_another_one_is_refused(tmp_path):
    with pytest.raises(DataError, match="not the one that this project was made with"):
        open_items(Source("digits"), ["0000", "0001"], tmp_path)


def test_the_truth_for_simulated_people(tmp_path, folders):
    assert truth_of(Source("folder", folders), ["dog/1.png", "cat/2.png"], tmp_path) == ["dog", "cat"]
    with pytest.raises(DataError, match="no subfolders"):
        truth_of(Source("folder", pictures(tmp_path / "flat", "a.png")), ["a.png"], tmp_path)


# Opening again


def test_a_project_that_is_opened_again_is_as_it_was(tmp_path, folders):
    store = make(tmp_path, Source("folder", folders), ("cat", "dog"), keep_labels=True)
    store.append(1, [LabelEvent(1, 0, Verb.FLAG, Purpose.REVIEW)])
    store.add_settings(ProjectSettings(seed=9).model_dump_json())
    store.move(tmp_path / "elsewhere", {0: "renamed.png"})
    store.close()
    project = open_project(tmp_path / "p.clarifier")
    assert project.items[0] == "renamed.png"
    assert (project.place, project.settings.seed, project.head.path) == (tmp_path / "elsewhere", 9, folders)
    assert project.ledger.flagged.tolist() == [True] + [False] * 4
    assert (project.round, project.tasks_made, len(project.queue)) == (0, 0, 0)
    assert project.sitting == 2
    project.store.close()
