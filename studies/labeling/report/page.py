"""A report of a project as one HTML file, for somebody who was not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path

from studies.charts.html_page import escape, write_page, write_picture, write_table
from studies.estimates import Share
from studies.finish.looks import CHANCE
from studies.labeling.facts.finish import LookRecord
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.summary import NO_PROMISE, tell_accuracy
from studies.labeling.report.facts import Doubts, ImageList, ReportFacts, RoundFacts, collect_facts
from studies.labeling.rounds.figure import labels_figure
from studies.numerals import counted
from studies.table_files import write_text
from studies.timing.results.figure_2 import image_bytes

_NAMED = 200  # images of a list, and doubtful labels
_NOT_IN_IT = (
    "Answers one at a time count but for those that took more than 20 s, or less than 0.25 s, or during which another "
    "window was active. Not in it: naming groups of images, looking again at labels, searching, breaks and training."
)


def export_report(file: Path, to: Path, version: str, doubts: Doubts | None = None) -> None:
    """Write the report of a project's file, which is only read; ``version``: of the program.

    ``doubts``: what the window knows of doubtful labels. Raises ``StoreError`` and ``ExportError``.
    """
    with ProjectStore.open(file, writable=False) as store, store.snapshot():
        facts = collect_facts(store, doubts)
    write_text(to, report_html(facts, version, datetime.now(timezone.utc)))


def report_html(facts: ReportFacts, version: str, now: datetime) -> str:
    """The report as text."""
    title = f"Report: {facts.head.name}"
    body = (
        f"<h1>{escape(title)}</h1>",
        *_tell_project(facts),
        "<h2>What is promised</h2>",
        *_tell_promise(facts),
        "<h2>Labels</h2>",
        *_tell_labels(facts),
        "<h2>Images to look at</h2>",
        *_tell_lists(facts.lists),
        "<h2>Doubtful labels</h2>",
        *_tell_doubts(facts.doubts),
        "<h2>Time</h2>",
        *_tell_minutes(facts.minutes),
        "<h2>Model</h2>",
        *_tell_model(facts),
        f'<p class="hint">Written by CLARIFIER Desktop {escape(version)} on {now:%Y-%m-%d %H:%M} UTC.</p>',
    )
    return write_page(title, body)


def _tell_project(facts: ReportFacts) -> Iterator[str]:
    done = facts.progress
    imported = sum(one.imported for one in facts.counts)
    of_these = f" Of the person's labels {counted(imported, 'was', 'were')} imported." if imported else ""
    told = f"{done.sentence('a person')}{of_these}"
    yield f"<p><strong>{escape(done.in_words())}.</strong> {escape(told)}</p>"
    when = facts.sittings
    people = ", ".join(code or "without a code" for code in when.annotators) or "nobody"
    worked = (
        f"{_day(when.first)} to {_day(when.last)}, in {counted(when.count, 'sitting')}"
        if when.count
        else "not yet"
    )
    yield write_table(
        (),
        (
            ("images", str(facts.folder) if facts.folder is not None else facts.head.dataset),
            ("project's file", facts.file),
            ("worked on", worked),
            ("by", people),
        ),
        text=True,
    )


def _tell_promise(facts: ReportFacts) -> Iterator[str]:
    if facts.look is not None:
        yield _p("A certificate. As it was told to the person who labeled:")
        yield f"<blockquote>{_p(facts.look.sentence)}</blockquote>"
        yield write_table((), _explain(facts.look, facts), text=True)
        yield _hint(
            "It is against the answers that this person would give one image at a time, not against a truth. What is "
            "promised counts the person's own misses on pages of many images. A wrong suggestion that the person "
            "accepted for an image by itself is that person's answer, and is not counted."
        )
        return
    none = "There is no certificate: nothing is promised of how many labels are wrong."
    if facts.wants_certificate and not facts.progress.by_program:
        none += f" {NO_PROMISE}"
    elif facts.progress.by_program:
        labels = counted(facts.progress.by_program, "label")
        none += f" The program's {labels} are predictions that nobody has confirmed."
        if facts.by_bound:
            none += (
                f" {counted(facts.by_bound, 'is', 'are')} of the certified tier, which bounds how many of its own "
                "labels are wrong: that says nothing of the others."
            )
    yield _p(none)


def _explain(look: LookRecord, facts: ReportFacts) -> Iterator[tuple[str, str]]:
    yield "of how much", f"all {counted(look.items, 'image')} of the folder as it was then"
    yield "wrong at most", f"{look.share:.1%} of them"
    yield "against whose answers", "those of the person who labeled"
    yield "confidence", f"{1 - CHANCE:.0%}, of all looks together"
    yield "after", f"{counted(look.look + 1, 'look')} at a random sample of {counted(look.sampled, 'label')}"
    yield "labeled by it", f"{counted(facts.by_certificate, 'image')} by the program"


def _tell_labels(facts: ReportFacts) -> Iterator[str]:
    rows = [(c.name, c.by_person - c.imported, c.imported, c.by_program, c.total) for c in facts.counts]
    sums = (
        ("in all", *(sum(column) for column in list(zip(*rows, strict=True))[1:]))
        if rows
        else ("in all", 0, 0, 0, 0)
    )
    head = ("class", "by a person", "imported", "by the program", "in all")
    yield write_table(head, [(str(name), *(f"{n:,}" for n in numbers)) for name, *numbers in (*rows, sums)])
    yield _hint(
        "Imported: from a file of labels, or from the folder's own subfolders; no one was asked about them."
    )


def _tell_lists(lists: Iterable[ImageList]) -> Iterator[str]:
    told = list(lists)
    if not told:
        yield _p("None was skipped, remarked on, unreadable or marked for review.")
    for one in told:
        names = "".join(f"<li>{escape(name)}</li>" for name in one.names[:_NAMED])
        more = len(one.names) - _NAMED
        rest = _hint(f"And {more:,} more; the export of labels names all.") if more > 0 else ""
        summary = f"{escape(one.title)}: {len(one.names):,}"
        yield f"<details><summary>{summary}</summary><ul>{names}</ul>{rest}</details>"


def _tell_doubts(doubts: Doubts) -> Iterator[str]:
    if doubts.sentence or not doubts.labels:
        yield _p(doubts.sentence or "No label was found doubtful.")
    if doubts.labels:
        rows = [
            (d.image, d.given, d.other if d.other != d.given else "answered too fast") for d in doubts.labels
        ]
        yield write_table(("image", "label", "may be"), rows[:_NAMED], text=True)
        if len(rows) > _NAMED:
            yield _hint(f"And {len(rows) - _NAMED:,} more that are less doubtful.")


def _tell_minutes(minutes: dict[str, float]) -> Iterator[str]:
    spent = {name: value for name, value in minutes.items() if value}
    if not spent:
        yield _p("No answer was timed.")
        return
    rows = [
        *((name, f"{value:.1f}") for name, value in spent.items()),
        ("in all", f"{sum(spent.values()):.1f}"),
    ]
    yield write_table(("what for", "minutes"), rows)
    yield _hint(_NOT_IN_IT)


def _tell_model(facts: ReportFacts) -> Iterator[str]:
    if facts.model is None:
        yield _p("No model was trained.")
        return
    yield _p(
        tell_accuracy(facts.accuracy)
        or "How often it is right was not measured: no image was held out and labeled."
    )
    knows = counted(facts.model.classes, "class", "classes")
    yield f"<p>It knows {knows}. {_markdown(facts.model.weights)}</p>"
    if facts.model.begun_with:
        yield _p(facts.model.begun_with)
    measured = [(one.labels, one.accuracy) for one in facts.rounds if one.accuracy.total]
    if measured:
        light, dark = (image_bytes(labels_figure(measured, dark), "svg", 300.0) for dark in (False, True))
        words = "Accuracy against labels, round by round; the numbers stand in the table below."
        caption = "Accuracy of each round's model on held-out images, with 95 % intervals (Wilson)."
        yield write_picture(light, dark, words, caption)
    head = (
        "round",
        "labels",
        "minutes one by one until then",
        "right of held-out",
        "accuracy",
        "95 % interval",
    )
    yield write_table(head, [_row(number, one) for number, one in enumerate(facts.rounds, start=1)])


def _row(number: int, one: RoundFacts) -> tuple[str, ...]:
    right = f"{one.accuracy.right:,} of {one.accuracy.total:,}"
    return (str(number), f"{one.labels:,}", f"{one.minutes:.1f}", right, *_interval(one.accuracy))


def _interval(share: Share) -> tuple[str, str]:
    found = share.wilson()
    return ("", "") if found is None else (f"{found.value:.0%}", f"{found.low:.0%} to {found.high:.0%}")


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _hint(text: str) -> str:
    return f'<p class="hint">{escape(text)}</p>'


def _markdown(text: str) -> str:
    """Text in which names stand between backticks."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))


def _day(utc: str) -> str:
    return f"{utc[:10]} {utc[11:16]} UTC"
