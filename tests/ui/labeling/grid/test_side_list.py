"""The lists beside a page: their numbers are read whole."""

from __future__ import annotations

from ui.labeling.grid.grid_data import QUEUE, ListRow
from ui.labeling.grid.side_list import SideList


def test_no_number_is_cut_also_where_the_list_is_the_one_on_the_page(qtbot) -> None:
    rows = [
        ListRow("owl", (0, 1, 2), (23_456, 45_678, 67_890), of_class=True),
        ListRow("No label yet", (None, None, 3), (0, 0, 88_888), of_class=False),
    ]
    side = SideList()
    qtbot.addWidget(side)
    for chosen in range(4):
        side.show_rows(rows, chosen)
        for row, column in [(0, 1), (0, 2), (0, 3), (1, 3)]:
            index = side.model().index(row, column)
            assert side.sizeHintForIndex(index).width() <= side.columnWidth(column), (chosen, row, column)


def test_of_a_page_of_the_queue_no_list_is_chosen(qtbot) -> None:
    side = SideList()
    qtbot.addWidget(side)
    side.show_rows([ListRow("owl", (0, 1, 2), (3, 4, 5), of_class=True)], QUEUE)
    assert not side.currentIndex().isValid()
