"""The report of a project: the window's numbers, readable by who was not there, in one file that runs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from studies.answers import Timing
from studies.estimates import Share
from studies.labeling.doubts.label_checks import note_look
from studies.labeling.facts.finish import Certified, LookRecord
from studies.labeling.facts.records import Change, ClassChange, LabelEvent, Purpose, Task, Verb
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.project import Project
from studies.labeling.project.summary import ClassCount, summarize
from studies.labeling.report.facts import Doubts, ImageList, ReportFacts, collect_doubts, collect_facts
from studies.labeling.report.page import export_report, report_html
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.panel import collect
from studies.table_files import ExportError
from tests.files_made_before.opened import unpack
from tests.studies.labeling import sample
from tests.studies.labeling.doubts.test_look_again import doubtful, judge
from tests.studies.timing.disks import mounted, read_only

LOOK = LookRecord(0, 1, 0.05, 0.025, 40, 0, 2, 20, 0, 0, 0.5, 10, "At most 5.0% of 40 images (2) are wrong.")
HOSTILE = "<script>alert(1)</script>&\"'"
NOW = datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc)
MINUTE = 60_000_000_000


class Tags(HTMLParser):
    """Every tag, and every attribute that could fetch something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.sources: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [
            value or "" for name, value in attrs if name in ("src", "srcset", "href") or name[:2] == "on"
        ]


def took(milliseconds: int) -> Timing:
    return sample.timing(1, milliseconds / 1000)


def finished(path: Path) -> tuple[Project, Conductor]:
    """A project with a certificate, images of each kind, and minutes of each kind; item 0 to 4 are held out."""
    sample.create(path).close()
    project = sample.open_project(path)
    leads = sample.conductor(project)
    asked = (Purpose.AUDIT, Purpose.SAMPLE, Purpose.SEED)
    project.add_tasks([Task(n, 0, (0, 10, 11)[n], why) for n, why in enumerate(asked)])
    for n, why in enumerate(asked):
        project.record([LabelEvent(0, (0, 10, 11)[n], Verb.LABEL, why, n, task_id=n, timing=took(6_000))])
    suggested = Purpose.QUEUE
    project.record([LabelEvent(0, 12, Verb.LABEL, suggested, 1, 1, timing=took(12_000))])
    project.record([LabelEvent(0, 13, Verb.LABEL, suggested, 1, 2, timing=took(18_000))])
    page = [
        LabelEvent(0, item, Verb.LABEL, Purpose.GRID, 2, timing=sample.timing(2, 9.0)) for item in (14, 15)
    ]
    project.record(page)
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.IMPORT, 0) for item in (16, 17, 18)])
    request = leads.request(leads.propose())
    leads.finish.record_look = lambda *_: LOOK  # type: ignore[method-assign]
    leads.begin_round(request, sample.result(project, 1, []))
    certified = Certified(np.array([20, 21]), np.array([1, 2], np.int32), np.array([0.9, 0.8]))
    project.certify(0, certified, certified.by_class())
    for item, verb in ((30, Verb.SKIP), (31, Verb.NONE), (32, Verb.SEVERAL), (33, Verb.UNREADABLE)):
        project.record([LabelEvent(0, item, verb, Purpose.GRID)])
    project.record([LabelEvent(0, 10, Verb.FLAG, Purpose.GRID)])
    return project, leads


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[ReportFacts]:
    project, _ = finished(tmp_path / "p.clarifier")
    project.store.close()
    with ProjectStore.open(tmp_path / "p.clarifier", writable=False) as store:
        yield collect_facts(store)


def words_of(page: str) -> str:
    body = page[page.index("<body>") :]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_its_numbers_are_those_of_the_window(tmp_path: Path) -> None:
    project, leads = finished(tmp_path / "p.clarifier")
    facts = collect_facts(project.store)
    panel = dict(collect(project, leads).lines)
    assert facts.progress == leads.finish.status().progress
    assert sum(c.by_person for c in facts.counts) == int(panel["Your labels"])
    assert sum(c.by_program for c in facts.counts) == int(panel["By the program"])
    assert facts.look is not None
    assert facts.look.sentence == leads.finish.promised
    assert [(one.labels, one.accuracy) for one in facts.rounds] == [
        (6, p.accuracy) for p in collect(project, leads).points
    ]
    total_s = project.tally.total_s + project.pages.total_s
    assert sum(facts.minutes.values()) == pytest.approx(total_s / 60)
    told = summarize(project)
    assert (
        "Your minutes: checking 0.2, correcting 0.3, without a suggestion 0.1, random sample 0.1, held-out 0.1"
        in told[3]
    )
    project.store.close()


def test_it_counts_by_class_and_whom_and_names_what_has_no_label(facts: ReportFacts) -> None:
    assert facts.counts == (
        ClassCount("cat", 4, 3, 0),
        ClassCount("dog", 3, 0, 1),
        ClassCount("owl", 3, 0, 1),
    )
    assert facts.lists == (
        ImageList("Not any of the classes", ("031.png",)),
        ImageList("Several classes", ("032.png",)),
        ImageList("Skipped", ("030.png",)),
        ImageList("Cannot be read", ("033.png",)),
        ImageList("Marked for review", ("010.png",)),
    )
    assert facts.minutes == pytest.approx(
        {
            "checking": 0.2,
            "correcting": 0.3,
            "without a suggestion": 0.1,
            "random sample": 0.1,
            "held-out": 0.1,
            "pages": 0.15,
            "second look": 0,
        }
    )
    assert facts.accuracy == Share(4, 5)


def test_who_was_not_there_can_read_it(facts: ReportFacts) -> None:
    page = report_html(facts, "1.2", NOW)
    told = words_of(page)
    for words in (
        "Report: animals",
        "12 of 40 labeled. 10 of 40 images are labeled by a person, 2 by the program. 4 have no label: 1 not any of",
        "Of the person's labels 3 were imported.",
        "project's file p.clarifier",
        "by A1",
        LOOK.sentence,
        "of how much all 40 images of the folder",
        "wrong at most 5.0% of them",
        "against whose answers those of the person who labeled",
        "confidence 95%, of all looks together",
        "after 1 look at a random sample of 20 labels",
        "labeled by it 2 images by the program",
        "class by a person imported by the program in all cat 1 3 0 4 dog 3 0 1 4 owl 3 0 1 4 in all 7 3 2 12",
        "Several classes: 1 032.png",
        "checking 0.2 correcting 0.3 without a suggestion 0.1 random sample 0.1 held-out 0.1 pages 0.1",
        "The last model was right on 4 of 5 images that it had never seen (80%, 95 % interval 38% to 96%).",
        "small-cnn , trained in full on this project's labels",
        "1 6 0.8 4 of 5 80% 38% to 96%",
        "Written by CLARIFIER Desktop 1.2 on 2026-01-02 03:04 UTC.",
    ):
        assert words in told


def test_it_needs_no_other_file_and_follows_light_and_dark(facts: ReportFacts) -> None:
    page = report_html(facts, "1.2", NOW)
    tags = Tags(page)
    assert [source[:26] for source in tags.sources] == ["data:image/svg+xml;base64,"] * 2
    assert tags.sources[0] != tags.sources[1]
    assert not {"script", "link", "iframe", "object", "svg"} & set(tags.tags)
    assert not re.search(r"https?:|url\(|@import", page)
    assert "prefers-color-scheme: dark" in page[: page.index("</style>")]


def test_names_from_a_person_are_shown_as_they_are_and_run_nothing(tmp_path: Path) -> None:
    project, _ = finished(tmp_path / "p")
    project.change_classes([ClassChange(0, Change.RENAMED, HOSTILE)])
    facts = collect_facts(project.store, Doubts(HOSTILE))
    project.store.close()
    page = report_html(facts, HOSTILE, NOW)
    assert "script" not in Tags(page).tags
    assert "<script>" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#x27;") == 3


def test_without_a_certificate_it_says_so(tmp_path: Path) -> None:
    sample.create(tmp_path / "p").close()
    project = sample.open_project(tmp_path / "p")
    told = words_of(report_html(collect_facts(project.store), "1", NOW))
    assert (
        "There is no certificate: nothing is promised of how many labels are wrong. The program labeled"
        in told
    )
    assert "worked on not yet" in told
    assert "No model was trained." in told
    assert "No answer was timed." in told
    sample.begin_round(project, sample.conductor(project), [], auto=sample.chosen(30, 31))
    told = words_of(report_html(collect_facts(project.store), "1", NOW))
    assert "The program's 2 labels are predictions that nobody has confirmed. 2 are of the certified" in told
    project.store.close()


def test_doubtful_labels_are_those_of_the_list(tmp_path: Path) -> None:
    sample.create(tmp_path / "p", 30, 5).close()
    project = sample.open_project(tmp_path / "p")
    project.record([LabelEvent(0, item, Verb.LABEL, Purpose.GRID, item % 3) for item in range(30)])
    leads = sample.conductor(project)
    assert collect_doubts(project, leads.checks) is None
    judge(leads.checks)
    looked = leads.checks.listed()[0]
    right = LabelEvent(0, looked.item, Verb.CONFIRM, Purpose.DOUBT, looked.given, detail=note_look(looked))
    project.record([right])
    doubts = collect_doubts(project, leads.checks)
    assert doubts is not None
    shown = doubtful(project, leads)
    assert [one.image for one in doubts.labels] == [project.items[item] for item in shown.items]
    assert doubts.sentence
    assert doubts.sentence in shown.explain()
    told = words_of(report_html(collect_facts(project.store, doubts), "1", NOW))
    assert f"{doubts.labels[0].image} {doubts.labels[0].given} {doubts.labels[0].other}" in told
    of_file = collect_facts(project.store).doubts.sentence
    assert of_file.startswith("Of 1 looked at again 0 were wrong. Which labels are doubtful now is not in")
    project.store.close()


def test_a_project_of_before_the_finish_line_is_told_and_not_changed(tmp_path: Path) -> None:
    file = unpack("planned.clarifier", tmp_path)
    before = file.read_bytes()
    export_report(file, tmp_path / "report.html", "1")
    assert file.read_bytes() == before
    told = words_of((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "There is no certificate" in told
    with ProjectStore.open(file, writable=False) as store:
        assert store.progress().in_words() in told
        assert collect_facts(store).rounds


def test_a_project_on_a_read_only_disk_is_told_elsewhere(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "3m") as folder:
        sample.create(folder / "p").close()
        with read_only(folder):
            export_report(folder / "p", tmp_path / "report.html", "1")
            with pytest.raises(ExportError, match="choose another place"):
                export_report(folder / "p", folder / "report.html", "1")
    assert "0 of 40 labeled" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_what_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    sample.create(tmp_path / "p").close()
    kept = (tmp_path / "p").read_bytes()
    for to in (tmp_path, tmp_path / "p", tmp_path / "no" / "report.html"):
        with pytest.raises(ExportError, match=r"choose another place|name (a|another) file"):
            export_report(tmp_path / "p", to, "1")
    assert (tmp_path / "p").read_bytes() == kept
