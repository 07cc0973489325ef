"""Pages written through the store, for the tests of what reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studies.answers import Device, StampSource, Timing
from studies.pages.marking import Marked
from studies.timing.facts.pages import PageMarks, PageResponse, PlannedCell, PlannedPage, Unit
from studies.timing.facts.records import Event, EventKind, Interface, PlannedTrial
from studies.timing.file.store import Store
from tests.studies.timing.sample import SECOND, Answered, add_study, answer, record


@dataclass(frozen=True)
class Looked:
    """A page said to be of "a", its images' true classes, and what came of it."""

    classes: str
    marked: tuple[int, ...]
    time_s: float
    taken_back: tuple[int, ...] = ()  # marked first, and then no more
    odd_share: float = 0.25
    practice: bool = False
    presented: int = 1
    focus_lost: bool = False
    stall_s: float = 0.0
    dataset: str = "d"


def planned(looked: Looked, position: int, block: int = 0) -> PlannedPage:
    cells = tuple(PlannedCell(f"img{position}.{i}", name) for i, name in enumerate(looked.classes))
    return PlannedPage(position, block, looked.dataset, looked.practice, "a", looked.odd_share, cells)


def onset_of(position: int) -> int:
    return (position + 1) * 1000 * SECOND


def page_response(looked: Looked, position: int, asked: tuple[PlannedTrial, ...] = ()) -> PageResponse:
    onset = onset_of(position)
    given = onset + round(looked.time_s * SECOND)
    timing = Timing(
        onset_ns=onset,
        first_input_ns=onset + SECOND // 2,
        response_ns=given,
        handler_ns=given + 2_000_000,
        stamp_source=StampSource.MONOTONIC,
        device=Device.KEYBOARD,
        backtracks=0,
        focus_lost=looked.focus_lost,
        longest_stall_ns=round(looked.stall_s * SECOND),
        images=len(looked.classes),
    )
    return PageResponse(position, looked.presented, frozenset(looked.marked), timing, asked)


def look(
    store: Store, session_id: str, looked: Looked, position: int, asked: tuple[PlannedTrial, ...] = ()
) -> None:
    """Show a page as often as it says, mark it, and confirm it. What was marked in a void attempt does not count."""
    onset = onset_of(position)
    for attempt in range(1, looked.presented + 1):
        store.append(session_id, Event(EventKind.PRESENTED, onset, position))
        if attempt < looked.presented:
            store.append_marks(session_id, PageMarks(position, attempt, (Marked(0, True, onset + 1),)))
    for number, cell in enumerate((*looked.marked, *looked.taken_back), start=1):
        at_ns = onset + number * SECOND // 2
        store.append_marks(session_id, PageMarks(position, looked.presented, (Marked(cell, True, at_ns),)))
    for cell in looked.taken_back:
        at_ns = onset + 3 * SECOND
        store.append_marks(session_id, PageMarks(position, looked.presented, (Marked(cell, False, at_ns),)))
    store.append_page(session_id, page_response(looked, position, asked))


def asked_about(position: int, page: int, cell: int, true_class: str = "b") -> PlannedTrial:
    return PlannedTrial(
        position, 0, "d", False, f"img{page}.{cell}", true_class, None, Interface.KEYBOARD, page, cell
    )


def sit_pages(
    store: Store, session_id: str, pages: Sequence[Looked], participant: str = "P1", robot: bool = False
) -> None:
    """Run a session of pages."""
    units: list[Unit] = [planned(looked, position) for position, looked in enumerate(pages)]
    store.start_session(add_study(store), record(session_id, participant, robot=robot), units)
    for position, looked in enumerate(pages):
        look(store, session_id, looked, position)


# Practice, four kept pages, and one that each rule removes. a = 1, c_g = 0.5, c_m = 2 fit the kept ones exactly.
PAGES = (
    Looked("aab", (2,), 9.0, practice=True),
    Looked("aaab", (3,), 1 + 0.5 * 4 + 2 * 1),
    Looked("aabb", (2,), 1 + 0.5 * 4 + 2 * 1, taken_back=(3,)),  # one is missed
    Looked("aaaaaaab", (0, 7), 1 + 0.5 * 8 + 2 * 2, odd_share=0.1),  # one falsely marked
    Looked("aaaaaa", (), 1 + 0.5 * 6, odd_share=0.1),
    Looked("aaaabc", (4, 5), 1 + 0.5 * 6 + 2 * 2),
    Looked("aaaaaaaabc", (8, 9), 1 + 0.5 * 10 + 2 * 2, odd_share=0.1),
    Looked("bb", (0, 1), 50.0, presented=2),
    Looked("bb", (0, 1), 60.0, focus_lost=True),
    Looked("bb", (0, 1), 70.0, stall_s=0.2),
)


def answer_asked(store: Store, session_id: str, position: int, time_s: float, given: str = "b") -> None:
    """Answer a trial that asks about a marked image; its true class is "b"."""
    answer(store, session_id, position, Answered(None, time_s, given))
