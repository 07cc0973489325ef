"""The columns of the table of what pages cost."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from studies.timing.results.page_rows import PageCostRow
from ui.kit.columns import TableColumn, Value
from ui.results.results_data import ResultsData

_TOO_FEW = (
    "A fit needs at least six kept pages whose sizes and marks differ; it is over all shares of odd ones."
)
_NONE = "There was no such image on a kept page."
_NOT_ASKED = "No image that was marked was asked about afterwards."
_NO_SINGLES = "It needs the costs of pages, c_v and c_a of the same data set."


def page_columns(data: ResultsData) -> list[TableColumn]:
    """The columns of ``data.page_costs``."""
    own = attrgetter
    columns = [
        TableColumn("participant", "The participant's code.", own("participant")),
        TableColumn("data set", "The data set's name.", own("dataset")),
    ]
    if len(data.choices.studies) > 1:
        columns.append(TableColumn("study", "The study's name.", own("study")))
    columns += [
        TableColumn("odd share", "Of pages that were drawn with this share of odd ones.", _share_drawn),
        TableColumn("pages", "Confirmed pages, practice left out.", own("n_pages"), "pages"),
        TableColumn("kept", "Those that no rule removes.", own("n_kept"), "pages"),
        TableColumn("an image", "Time of kept pages by their images.", own("image_s"), "s", _NONE),
    ]
    for symbol, what in (("a", "a page"), ("c_g", "an image looked at"), ("c_m", "a mark")):
        columns += _with_ends(symbol, f"Cost of {what}.", f"{symbol}", "s", _TOO_FEW)
    columns += _with_ends("missed", "Odd images that were not marked.", "miss", "%", _NONE)
    columns += _with_ends("falsely marked", "Right images that were marked.", "false_mark", "%", _NONE)
    return [
        *columns,
        TableColumn("c_a'", "Mean time for a marked image by itself.", own("asked_s"), "s", _NOT_ASKED),
        TableColumn(
            "page cheaper above",
            "The chance of a right suggestion above which a page costs less than one by one.",
            _percent(own("break_even")),
            "%",
            _NO_SINGLES,
        ),
    ]


def _with_ends(title: str, meaning: str, field: str, unit: str, undefined: str) -> list[TableColumn]:
    names = [f"{field}{end}{'_s' if unit == 's' else ''}" for end in ("", "_low", "_high")]
    shown = [attrgetter(name) if unit == "s" else _percent(attrgetter(name)) for name in names]
    titles = (title, f"{title} from", f"{title} to")
    words = (
        meaning,
        f"{meaning} Lower end of its 95 % interval.",
        f"{meaning} Upper end of its 95 % interval.",
    )
    return [
        TableColumn(name, text, value, unit, undefined)
        for name, text, value in zip(titles, words, shown, strict=True)
    ]


def _share_drawn(row: PageCostRow) -> Value:
    return "all" if row.odd_share is None else f"{row.odd_share:.0%}"


def _percent(getter: Callable[[PageCostRow], float | None]) -> Callable[[PageCostRow], Value]:
    def value(row: PageCostRow) -> Value:
        share = getter(row)
        return None if share is None else 100.0 * share

    return value
