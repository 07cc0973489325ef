"""Tables of results: units, three digits, reasons for what is undefined, sorting and copying."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QKeySequence

from studies.timing.results.analysis import FilterChoices
from tests.studies.timing.result_rows import exclusion_row, ratio_row, scratch_row, summary_row
from ui.kit.columns import TableColumn
from ui.kit.table import ChoiceTable, RowsModel, RowsTable
from ui.results.results_columns import exclusion_columns, person_columns, person_rows, summary_columns
from ui.results.results_data import ResultsData


@dataclass(frozen=True)
class Row:
    name: str
    count: int
    time_s: float | None


COLUMNS = [
    TableColumn("name", "Who it is.", attrgetter("name")),
    TableColumn("trials", "How many.", attrgetter("count")),
    TableColumn("c_v", "How long.", attrgetter("time_s"), "s", "No trial was kept."),
]
ROWS = [Row("b", 9, 1.2345), Row("A", 100, None), Row("c", 20, 0.5)]


@pytest.fixture
def choice(qtbot) -> ChoiceTable:
    made = ChoiceTable("Classes")
    qtbot.addWidget(made)
    made.set_rows(COLUMNS, ROWS)
    return made


@pytest.fixture
def table(qtbot) -> RowsTable:
    made = RowsTable("Times")
    qtbot.addWidget(made)
    made.set_rows(COLUMNS, ROWS)
    return made


def column_of(table: RowsTable, column: int) -> list[str]:
    model = table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def choose(table: RowsTable, row: int, column: int) -> None:
    only = QItemSelectionModel.SelectionFlag.ClearAndSelect
    table.selectionModel().setCurrentIndex(table.model().index(row, column), only)


def test_numbers_have_three_digits_and_stand_right(table: RowsTable) -> None:
    assert column_of(table, 2) == ["1.23", "–", "0.500"]
    assert column_of(table, 1) == ["9", "100", "20"]
    right = Qt.AlignmentFlag.AlignRight
    cell = table.model().index(0, 2)
    assert cell.data(Qt.ItemDataRole.TextAlignmentRole) & right
    assert not table.model().index(0, 0).data(Qt.ItemDataRole.TextAlignmentRole) & right


def test_the_header_holds_the_unit_and_the_meaning(table: RowsTable) -> None:
    header = table.model().headerData
    assert header(2, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) == "c_v (s)"
    assert header(2, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) == "How long."


def test_undefined_says_why(table: RowsTable) -> None:
    cell = table.model().index(1, 2)
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "No trial was kept."
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "A, c_v: No trial was kept."


def test_a_cell_is_read_out_with_its_row_column_and_unit(table: RowsTable) -> None:
    model = table.model()
    assert model.index(0, 2).data(Qt.ItemDataRole.AccessibleTextRole) == "b, c_v: 1.23 s"
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "b"
    assert model.index(0, 2).data(Qt.ItemDataRole.ToolTipRole) == "1.2345 s"


def test_sorting_is_by_value_and_leaves_undefined_last(table: RowsTable) -> None:
    table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert column_of(table, 1) == ["9", "20", "100"]
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert column_of(table, 0) == ["A", "b", "c"]
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert column_of(table, 2) == ["0.500", "1.23", "–"]
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert column_of(table, 2) == ["1.23", "0.500", "–"]


def test_what_is_selected_stays_selected_when_sorted(table: RowsTable) -> None:
    choose(table, 2, 0)
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert table.currentIndex().row() == 0
    assert table.selected_text() == "c"


def test_new_rows_come_in_the_order_given(table: RowsTable) -> None:
    table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    table.set_rows(COLUMNS, ROWS)
    assert column_of(table, 0) == ["b", "A", "c"]


def test_copy_gives_tab_separated_text_with_its_header(table: RowsTable, qtbot) -> None:
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == ("name\ttrials\tc_v (s)\nb\t9\t1.23\nA\t100\t\nc\t20\t0.500")
    assert QKeySequence(QKeySequence.StandardKey.Copy).toString() == "Ctrl+C"


def test_copy_of_one_cell_has_no_header_and_gaps_stay_gaps(table: RowsTable) -> None:
    choose(table, 0, 1)
    assert table.selected_text() == "9"
    select = QItemSelectionModel.SelectionFlag.Select
    table.selectionModel().select(table.model().index(2, 2), select)
    assert table.selected_text() == "trials\tc_v (s)\n9\t\n\t0.500"


def test_a_name_with_a_tab_does_not_shift_what_is_copied(table: RowsTable) -> None:
    table.set_rows(COLUMNS, [Row("a\tb\nc", 1, None)])
    assert table.selected_text() == "a b c"


def test_thousands_of_rows_sort(qapp) -> None:
    model = RowsModel()
    model.set_rows(COLUMNS, [Row(str(i), (i * 7919) % 10007, None) for i in range(10000)])
    model.sort(1)
    counts = [model.data(model.index(row, 1)) for row in range(10000)]
    assert counts == [str(n) for n in sorted(int(c) for c in counts)]


def data(**other) -> ResultsData:
    parts = {
        "choices": FilterChoices(("pilot",), ("digits",), ("keyboard",)),
        "ratios": (ratio_row("P01"), ratio_row("P02", ratio=None)),
        "scratch": (),
        "summary": (summary_row(),),
        "exclusions": (exclusion_row("focus_lost"),),
    }
    return ResultsData(**{**parts, **other})


def shown(columns: list[TableColumn], row: object) -> dict[str, object]:
    return {column.header: column.value(row) for column in columns}


def test_columns_of_a_participant() -> None:
    held = data()
    cells = shown(person_columns(held), person_rows(held)[0])
    assert cells["participant"] == "P01"
    assert cells["verified"] == 48
    assert cells["discarded"] == 7
    assert cells["c_v geom. mean (s)"] == 1.2
    assert cells["c_a median (s)"] == pytest.approx(0.9 * 3.6)
    assert cells["ratio, geom. mean"] == 3.0
    assert cells["under-corrected (%)"] == pytest.approx(4.0)
    assert cells["over-corrected (%)"] == 0.0
    assert "study" not in cells
    assert not [title for title in cells if title.startswith("c_0")]


def test_c_0_stands_beside_the_same_participant_or_alone() -> None:
    held = data(scratch=(scratch_row("P02"), scratch_row("P09")))
    rows = [shown(person_columns(held), row) for row in person_rows(held)]
    assert [row["participant"] for row in rows] == ["P01", "P02", "P09"]
    assert [row["c_0 mean (s)"] for row in rows] == [None, 3.1, 3.1]
    assert [row["ratio, mean"] is None for row in rows] == [False, True, True]


def test_every_undefined_number_has_a_reason() -> None:
    held = data(scratch=(scratch_row("P09"),))
    nothing = summary_row(
        ratio=None, c_v_geomean_s=None, under_correction_rate=None, over_correction_rate=None
    )
    exclusion = exclusion_row()
    for columns, rows in (
        (person_columns(held), person_rows(held)),
        (summary_columns(held), [nothing]),
        (exclusion_columns(held), [exclusion]),
    ):
        for row in rows:
            assert all(c.undefined for c in columns if c.value(row) is None)


def test_the_study_is_a_column_where_there_are_several() -> None:
    held = data(choices=FilterChoices(("main", "pilot"), ("digits",), ("keyboard",)))
    assert shown(summary_columns(held), summary_row())["study"] == "pilot"


def test_columns_of_the_exclusions() -> None:
    cells = shown(exclusion_columns(data()), exclusion_row("focus_lost"))
    assert cells["rule"] == "window lost the focus"
    assert cells["applies to (trials)"] == 12
    assert cells["alone removes (trials)"] == 9
    assert cells["ratio without rule"] == 2.94


def test_every_rule_of_the_analysis_has_words() -> None:
    from studies.timing.file.rules import RULES

    for rule in RULES:
        assert shown(exclusion_columns(data()), exclusion_row(rule))["rule"] != rule


def test_one_row_is_chosen_and_a_place_that_is_not_there_changes_nothing(choice: ChoiceTable, qtbot) -> None:
    assert choice.chosen == 0
    with qtbot.waitSignal(choice.chosen_changed):
        choice.choose(2)
    choice.choose(3)
    choice.choose(-1)
    assert choice.chosen == 2
    assert {index.row() for index in choice.selectedIndexes()} == {2}
    assert len(choice.selectedIndexes()) == len(COLUMNS)


def test_a_choice_table_of_no_rows_has_none_chosen(choice: ChoiceTable) -> None:
    choice.set_rows(COLUMNS, [])
    assert choice.chosen is None


def test_a_choice_table_keeps_the_order_that_it_was_given(choice: ChoiceTable) -> None:
    choice.horizontalHeader().sectionClicked.emit(0)
    assert [choice.model().index(row, 0).data() for row in range(3)] == ["b", "A", "c"]
    assert not choice.isSortingEnabled()


def test_a_column_may_write_its_values_and_mark_them_with_a_colour(choice: ChoiceTable) -> None:
    columns = [
        TableColumn(
            "name", "Who.", attrgetter("name"), colour=lambda row: "#ff0000" if row.name == "A" else ""
        ),
        TableColumn("trials", "How many.", attrgetter("count"), text="{:,}".format),
    ]
    choice.set_rows(columns, [Row("A", 12_345, None), Row("b", 7, None)])
    cells = [[choice.model().index(row, column) for column in (0, 1)] for row in (0, 1)]
    assert [cell.data() for cell in cells[0]] == ["A", "12,345"]
    assert cells[0][1].data(Qt.ItemDataRole.AccessibleTextRole) == "A, trials: 12,345"
    dot = cells[0][0].data(Qt.ItemDataRole.DecorationRole)
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
        assert dot.pixmap(16, mode).toImage().pixelColor(1, 1).name() == "#ff0000"
    assert cells[1][0].data(Qt.ItemDataRole.DecorationRole) is None
    assert cells[0][1].data(Qt.ItemDataRole.DecorationRole) is None
