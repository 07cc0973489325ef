"""The keys of cells: each its own, and none that does something else."""

from __future__ import annotations

import pytest

from ui.answering.pages.cell_codes import cell_codes, typed_code
from ui.answering.pages.page_layout import PAGE_SIZES


@pytest.mark.parametrize("cells", [0, 1, 7, *PAGE_SIZES])
def test_each_cell_has_a_code_of_its_own(cells: int) -> None:
    codes = cell_codes(cells)
    assert len(set(codes)) == len(codes) == cells
    assert not {code[0] for code in codes} & {"a", "z"}
    assert not any(one != other and one.startswith(other) for one in codes for other in codes)


def test_up_to_24_cells_one_key_is_enough() -> None:
    assert cell_codes(24)[0] == "b"
    assert cell_codes(24)[-1] == "y"
    assert cell_codes(48)[0] == "b1"
    assert cell_codes(48)[8] == "c1"
    assert cell_codes(48)[-1] == "g8"


@pytest.mark.parametrize(
    ("cells", "typed", "sign", "found"),
    [
        (24, "", "c", "c"),
        (24, "", "z", None),
        (12, "", "y", None),
        (48, "", "c", "c"),
        (48, "c", "3", "c3"),
        (48, "c", "d", "d"),
        (48, "c", "9", None),
        (48, "", "3", None),
        (48, "", "", None),
    ],
)
def test_what_typed_signs_lead_to(cells: int, typed: str, sign: str, found: str | None) -> None:
    assert typed_code(cell_codes(cells), typed, sign) == found
