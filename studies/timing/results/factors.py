"""Costs by what a design varies: the interface, the number of classes, the share of odd images on pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from studies.table_files import Column
from studies.timing.file.store import Store
from studies.timing.results.groups import geometric_mean, over_people
from studies.timing.results.page_rows import PageRow
from studies.timing.results.rows import RatioRow, describe_columns, number, seconds, text

_RATIO = describe_columns(RatioRow)
_ENDS = "Empty with fewer than two participants."


@dataclass(frozen=True)
class FactorRow:
    """One level of one factor over participants, all data sets of a study together."""

    study: Annotated[str, _RATIO["study"]]
    factor: Annotated[
        str,
        text(
            "interface; classes (different true classes among the images planned for a block, practice too); or "
            "odd_share (the chance with which images of a page were drawn odd)."
        ),
    ]
    level: Annotated[str, text("The interface, the number of classes, or the share.")]
    n_participants: Annotated[
        int,
        Column(
            "integer", "participants", "Who have a kept right and a kept wrong suggestion; or kept pages."
        ),
    ]
    n_kept: Annotated[
        int, Column("integer", "", "Their kept trials with a suggestion; or images of kept pages.")
    ]
    c_v_geomean_s: Annotated[
        float | None, seconds("Geometric mean over participants of theirs, to verify. Empty for pages.")
    ]
    c_a_geomean_s: Annotated[float | None, seconds("The same, to correct.")]
    ratio_geomean: Annotated[
        float | None, number("Geometric mean over participants of c_a_geomean_s / c_v_geomean_s.")
    ]
    ratio_geomean_low: Annotated[
        float | None, number(f"Lower end of its 95 % interval (Student's t on log ratios). {_ENDS}")
    ]
    ratio_geomean_high: Annotated[float | None, number("Upper end of the same interval.")]
    image_s: Annotated[
        float | None,
        seconds(
            "Geometric mean over participants of their time of kept pages by their images. Empty for trials."
        ),
    ]
    image_low_s: Annotated[float | None, seconds(f"Lower end of its 95 % interval. {_ENDS}")]
    image_high_s: Annotated[float | None, seconds("Upper end of the same interval.")]
    miss_share: Annotated[
        float | None, number("Odd images of these pages that were not marked, as a share. Empty without one.")
    ]


_Times = tuple[list[float], list[float]]


def factor_rows(store: Store) -> tuple[FactorRow, ...]:
    """The table ``factors``, sorted by study, factor and level."""
    return tuple(
        sorted((*_of_trials(store), *_of_pages(store)), key=lambda r: (r.study, r.factor, _order(r.level)))
    )


def _order(level: str) -> tuple[float, str]:
    return (0.0, level) if level.isalpha() else (float(level), "")


def _of_trials(store: Store) -> Iterator[FactorRow]:
    classes = {
        (session, block): str(number_)
        for session, block, number_ in store.table(
            "block_classes", ("session_id", "block", "classes"), "session_id"
        )
    }
    groups: defaultdict[tuple[str, str, str], defaultdict[str, _Times]] = defaultdict(
        lambda: defaultdict(lambda: ([], []))
    )
    columns = ("study", "participant", "interface", "session", "block", "suggestion_right", "response_time_s")
    for study, person, interface, session, block, right, time_s in store.table(
        "trials", columns, "study, participant", "kept AND suggestion IS NOT NULL AND response_time_s > 0"
    ):
        for factor, level in (("interface", interface), ("classes", classes[session, block])):
            groups[study, factor, level][person][0 if right else 1].append(time_s)
    for (study, factor, level), people in groups.items():
        both = [times for times in people.values() if all(times)]
        yield _trial_row(study, factor, level, both)


def _trial_row(study: str, factor: str, level: str, people: Sequence[_Times]) -> FactorRow:
    means = [(geometric_mean(verify), geometric_mean(correct)) for verify, correct in people]
    ratios = [c_a / c_v for c_v, c_a in means]
    interval = over_people(ratios)
    return FactorRow(
        study,
        factor,
        level,
        len(people),
        sum(len(verify) + len(correct) for verify, correct in people),
        geometric_mean([c_v for c_v, _ in means]) if means else None,
        geometric_mean([c_a for _, c_a in means]) if means else None,
        geometric_mean(ratios) if ratios else None,
        interval.low if interval else None,
        interval.high if interval else None,
        None,
        None,
        None,
        None,
    )


def _of_pages(store: Store) -> Iterator[FactorRow]:
    groups: defaultdict[tuple[str, float], defaultdict[str, list[PageRow]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for page in store.rows_where(PageRow, "pages", "study, participant, session, position", {"study": None}):
        if page.kept:
            groups[page.study, page.odd_share][page.participant].append(page)
    for (study, share), people in groups.items():
        times = [
            sum(page.page_time_s for page in own) / sum(page.cells for page in own) for own in people.values()
        ]
        pages = [page for own in people.values() for page in own]
        odd = sum(page.odd for page in pages)
        interval = over_people(times)
        yield FactorRow(
            study,
            "odd_share",
            repr(share),
            len(times),
            sum(page.cells for page in pages),
            None,
            None,
            None,
            None,
            None,
            geometric_mean(times),
            interval.low if interval else None,
            interval.high if interval else None,
            sum(page.misses for page in pages) / odd if odd else None,
        )
