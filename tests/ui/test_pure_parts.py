"""The parts of the window's layer that know no Qt: values, rows and words, which are tested without a window."""

from __future__ import annotations

import grimp
import pytest

PURE = (
    "ui.answering.answer_keys",
    "ui.answering.choosing",
    "ui.answering.pages.cell_codes",
    "ui.answering.pages.page_cursor",
    "ui.answering.pages.page_layout",
    "ui.answering.pages.page_values",
    "ui.answering.quiet",
    "ui.answering.stamps",
    "ui.answering.type_ahead",
    "ui.kit.columns",
    "ui.labeling.grid.grid_data",
    "ui.labeling.one_by_one.cards",
    "ui.labeling.one_by_one.label_actions",
    "ui.labeling.one_by_one.label_card",
    "ui.labeling.classes.class_rows",
    "ui.labeling.project.files",
    "ui.labeling.project.offer",
    "ui.labeling.rounds.round_data",
    "ui.preferences",
    "ui.results.results_columns",
    "ui.results.results_data",
    "ui.study.setup_data",
)


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    """All but the table of keys: it asks Qt how the platform writes a key, so that a sentence can name one."""
    graph = grimp.build_graph("ui", "studies", "model", include_external_packages=True, cache_dir=None)
    graph.remove_module("ui.kit.keys")
    return graph


@pytest.mark.parametrize("module", PURE)
def test_no_chain_of_imports_leads_to_qt(imports: grimp.ImportGraph, module: str) -> None:
    """Imports in functions and those for types alone count, too."""
    assert imports.find_shortest_chain(module, "PySide6") is None


def test_a_page_is_not_pure(imports: grimp.ImportGraph) -> None:
    assert imports.find_shortest_chain("ui.labeling.grid.grid_page", "PySide6") is not None
