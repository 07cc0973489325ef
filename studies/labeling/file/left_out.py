"""What an export of labels leaves out, and what of it has no label, in a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from studies.labeling.facts.records import Verb
from studies.labeling.file.store import ProjectStore
from studies.numerals import counted

_FLAGGED = """
    SELECT count(*) FROM (
        SELECT max(f.seq) AS seq FROM label_events AS f
        WHERE f.verb IN ('flag', 'unflag')
            AND NOT EXISTS (SELECT 1 FROM label_events AS u WHERE u.undoes = f.action)
        GROUP BY f.item
    ) AS latest JOIN label_events AS e ON e.seq = latest.seq WHERE e.verb = 'flag'"""


class Rows(Enum):
    """Which images an export holds."""

    ALL = "all"  # every image of the project
    DECIDED = "decided"  # images with a label, or with a remark in place of one
    LABELED = "labeled"  # images with a label


def tell_left_out(store: ProjectStore, rows: Rows, with_auto: bool = True) -> str:
    """A sentence or two; never empty, so that nobody has to guess what is in a file."""
    progress = store.progress()
    remarks = [(n, verb.meaning.remark.lower()) for verb, n in progress.without_label.items()]
    rejected = progress.by_state.get(Verb.REJECT, 0)  # they count as left, and yet have a row
    remarks.append((rejected, "whose label of the program was wrong"))
    undecided = [(progress.left - rejected, "not labeled yet")]
    program = [(progress.by_program, "labeled by the program alone")]
    absent, bare = {
        Rows.ALL: ([], [*remarks, *undecided]),
        Rows.DECIDED: ([*undecided, *([] if with_auto else program)], remarks),
        Rows.LABELED: ([*remarks, *undecided, *([] if with_auto else program)], []),
    }[rows]
    sentences = [_list("Left out", absent) or f"All {counted(progress.images, 'image')} are in it."]
    sentences.append(_list("In it without a label", bare))
    flagged: int = store.query(_FLAGGED)[0][0]
    if flagged:
        sentences.append(f"Flagged to be looked at again: {flagged:,}.")
    return " ".join(filter(None, sentences))


def _list(what: str, counts: Iterable[tuple[int, str]]) -> str:
    named = ", ".join(f"{n:,} {words}" for n, words in counts if n)
    return f"{what}: {named}." if named else ""
