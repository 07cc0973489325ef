from __future__ import annotations

from pathlib import Path

from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Verb
from tests.studies.labeling import sample
from ui.labeling.classes.class_rows import ClassRow, class_rows


def test_every_class_has_a_row_with_what_it_is_merged_into(tmp_path: Path) -> None:
    sample.create(tmp_path / "p").close()
    project = sample.open_project(tmp_path / "p")
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 1) for item in (10, 11)])
    project.change_classes(
        [
            ClassChange(0, Change.KEY, "c"),
            ClassChange(0, Change.EXAMPLE, "7"),
            ClassChange(1, Change.MERGED, "0"),
            ClassChange(2, Change.COLOUR, "#3366cc"),
        ]
    )
    assert class_rows(project) == [
        ClassRow(0, "cat", 0, "c", "", "007.png", text="a photo of a cat"),
        ClassRow(1, "dog", 2, "", "", "", part_of="cat", text="a photo of a dog"),
        ClassRow(2, "owl", 0, "", "#3366cc", "", text="a photo of a owl"),
    ]
    project.store.close()


def test_labels_of_held_out_images_are_counted_too(tmp_path: Path) -> None:
    sample.create(tmp_path / "p").close()
    project = sample.open_project(tmp_path / "p")
    held_out = next(iter(project.ledger.holdout.nonzero()[0]))
    project.record([LabelEvent(0, int(held_out), Verb.LABEL, Purpose.AUDIT, 1)])
    assert [row.labels for row in class_rows(project)] == [0, 1, 0]
    project.store.close()
