"""How long a project still takes is told on the home page too, while it has the labels that it was told of."""

from __future__ import annotations

from clarifier_desktop.app import Program
from ui.home_presenter import describe_file


def test_how_long_it_takes_is_told_of_the_labels_that_it_has(labeled: Program, qtbot) -> None:
    assert labeled.labeling is not None
    path, cache = labeled.labeling.project.store.path, labeled.paths.cache
    labeled.presenters.project.close_project()
    told = describe_file(path, cache).text
    assert told.startswith("8 of 60 labeled   ·   at most about ")
    assert "to go   ·   today" in told
    (kept,) = cache.rglob("to-go.json")
    kept.write_text('{"labeled": 7, "text": "3 min to go"}')
    assert describe_file(path, cache).text == "8 of 60 labeled   ·   today"
    kept.write_text("nothing")
    assert describe_file(path, cache).text == "8 of 60 labeled   ·   today"
