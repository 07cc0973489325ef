"""Where the cells of a page are, by table and for rooms of every size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.answering.pages.page_layout import LEAST_SIDE, PAGE_SIZES, PageLayout, lay_out, page_size

CAPTIONS = st.sampled_from([0, 15])


@pytest.mark.parametrize(
    ("cells", "width", "height", "columns", "rows"),
    [
        (24, 900, 600, 6, 4),
        (12, 800, 600, 4, 3),
        (12, 600, 800, 3, 4),
        (48, 1200, 900, 8, 6),
        (24, 1600, 400, 8, 3),
        (24, 240, 900, 3, 8),
        (12, 600, 160, 6, 2),
        (5, 900, 300, 5, 1),
        (7, 400, 400, 3, 3),
        (1, 900, 300, 1, 1),
    ],
)
def test_columns_and_rows_in_which_squares_are_largest(
    cells: int, width: int, height: int, columns: int, rows: int
) -> None:
    layout = lay_out(cells, width, height)
    assert (layout.columns, layout.rows) == (columns, rows)


@given(st.integers(1, 60), st.integers(100, 4000), st.integers(100, 3000), CAPTIONS)
def test_no_other_number_of_columns_has_larger_squares(
    cells: int, width: int, height: int, caption: int
) -> None:
    best = min(lay_out(cells, width, height, caption).image_size)
    others = (
        PageLayout(cells, width, height, caption, columns, -(-cells // columns))
        for columns in range(1, cells + 1)
    )
    assert best == max(min(other.image_size) for other in others)


@given(st.integers(1, 60), st.integers(100, 4000), st.integers(100, 3000), CAPTIONS)
def test_cells_fill_the_room_and_overlap_nowhere(cells: int, width: int, height: int, caption: int) -> None:
    layout = lay_out(cells, width, height, caption)
    places = [layout.cell(index) for index in range(layout.columns * layout.rows)]
    assert sum(place.width * place.height for place in places) == width * height
    assert (places[0].left, places[0].top) == (0, 0)
    assert (places[-1].left + places[-1].width, places[-1].top + places[-1].height) == (width, height)
    for index in range(cells):
        cell, image = layout.cell(index), layout.image(index)
        assert (image.width, image.height) == layout.image_size
        if min(layout.image_size) > 1:  # a cell of a few px has no room for what is around an image
            assert cell.left <= image.left
            assert image.left + image.width <= cell.left + cell.width
            assert cell.top <= image.top
            assert image.top + image.height + caption <= cell.top + cell.height


@given(st.integers(1, 60), st.integers(100, 2000), st.integers(100, 2000), st.data())
def test_each_point_is_in_the_cell_that_is_there(
    cells: int, width: int, height: int, data: st.DataObject
) -> None:
    layout = lay_out(cells, width, height)
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    found = [
        index
        for index in range(cells)
        for place in [layout.cell(index)]
        if place.left <= x < place.left + place.width and place.top <= y < place.top + place.height
    ]
    assert layout.at(x, y) == (found[0] if found else None)
    assert layout.at(-1, y) is layout.at(x, height) is None


def test_a_stroke_passes_the_cells_on_its_way() -> None:
    layout = lay_out(24, 600, 400)
    assert (layout.columns, layout.rows) == (6, 4)
    assert layout.between((50, 50), (350, 50)) == (0, 1, 2, 3)
    assert layout.between((350, 50), (50, 50)) == (3, 2, 1, 0)
    assert layout.between((50, 50), (50, 390)) == (0, 6, 12, 18)
    assert layout.between((50, 50), (900, 50)) == (0, 1, 2, 3, 4, 5)
    assert layout.between((50, 50), (52, 51)) == (0,)


@pytest.mark.parametrize(
    ("wanted", "width", "height", "size"),
    [
        (48, 1200, 900, 48),
        (48, 700, 500, 48),
        (48, 560, 400, 24),
        (24, 480, 320, 24),
        (24, 400, 300, 12),
        (12, 200, 150, 12),
        (12, 2000, 2000, 12),
    ],
)
def test_below_a_side_that_can_be_judged_the_next_smaller_size_is_taken(
    wanted: int, width: int, height: int, size: int
) -> None:
    assert page_size(wanted, width, height) == size


@given(st.sampled_from(PAGE_SIZES), st.integers(50, 3000), st.integers(50, 3000), CAPTIONS)
def test_a_page_has_a_size_that_fits_or_the_smallest(
    wanted: int, width: int, height: int, caption: int
) -> None:
    size = page_size(wanted, width, height, caption)
    assert size in PAGE_SIZES
    assert size <= wanted
    assert size == PAGE_SIZES[0] or min(lay_out(size, width, height, caption).image_size) >= LEAST_SIDE
