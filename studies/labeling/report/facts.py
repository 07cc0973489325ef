"""What a report of a project tells, as values: the numbers of the window, read from the project's file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from studies.estimates import Share
from studies.finish.doubtful import TOO_FAST_S
from studies.labeling.doubts.label_checks import (
    LabelChecks,
    are_slips,
    looked_at,
    tell_second_looks,
)
from studies.labeling.facts.finish import LookRecord
from studies.labeling.file.finish_queries import Sittings
from studies.labeling.file.model_card import describe_weights
from studies.labeling.file.store import ProjectHead, ProjectStore
from studies.labeling.planning.costs import rates
from studies.labeling.project.loading import load
from studies.labeling.project.project import Project
from studies.labeling.project.project_view import ProjectView
from studies.labeling.project.summary import (
    ClassCount,
    certificate,
    count_classes,
    flagged_items,
    last_accuracy,
    minutes_by_kind,
)
from studies.labeling.rounds.panel import curve
from studies.labeling.state.progress import Progress
from studies.numerals import counted

_UNKNOWN_DOUBTS = (
    "Which labels are doubtful now is not in the project's file: the program tells it in its window."
)


@dataclass(frozen=True)
class ImageList:
    """Images that are told by name."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class DoubtfulLabel:
    """A label that may be wrong."""

    image: str
    given: str
    other: str  # what it may be in its place; the same where only the answer was too fast


@dataclass(frozen=True)
class Doubts:
    """What the list "Look again" says."""

    sentence: str
    labels: tuple[DoubtfulLabel, ...] = ()  # the most doubtful first


@dataclass(frozen=True)
class RoundFacts:
    """A round's model."""

    labels: int  # that it was trained on
    accuracy: Share  # on the held-out sample
    minutes: float  # that had been spent until then


@dataclass(frozen=True)
class ModelFacts:
    """The last model."""

    network: str
    weights: str  # whose they are and their terms, as Markdown
    classes: int
    begun_with: str  # which model of another project was the first, in words; empty: none


@dataclass(frozen=True)
class ReportFacts:
    """A project for somebody who was not there."""

    head: ProjectHead
    file: str  # the project's file, without where it lies
    folder: Path | None  # of the images, if they are a person's own
    sittings: Sittings
    progress: Progress
    counts: tuple[ClassCount, ...]
    look: LookRecord | None  # behind the certificate; None: there is none
    wants_certificate: bool
    by_certificate: int  # labels of the program that it covers
    by_bound: int  # labels of the last round, among which the certified tier bounds the wrong ones
    lists: tuple[ImageList, ...]  # images without a label, by why, and those marked for review
    doubts: Doubts
    minutes: dict[str, float]  # by what they went into
    accuracy: Share | None
    rounds: tuple[RoundFacts, ...]
    model: ModelFacts | None


def collect_facts(store: ProjectStore, doubts: Doubts | None = None) -> ReportFacts:
    """Read a project's file. ``doubts``: what the window knows of doubtful labels. Raises ``StoreError``."""
    project = ProjectView(store, load(store), 0)
    return ReportFacts(
        head=project.head,
        file=store.path.name,
        folder=project.place,
        sittings=store.sittings(),
        progress=project.ledger.progress(),
        counts=count_classes(project),
        look=certificate(project),
        wants_certificate=project.settings.goal.wants_certificate,
        by_certificate=int(project.ledger.of_folder.sum()),
        by_bound=int((project.certified & ~project.ledger.of_folder).sum()),
        lists=tuple(_lists(project)),
        doubts=doubts or _doubts_of_file(project),
        minutes=minutes_by_kind(project),
        accuracy=last_accuracy(project),
        rounds=_rounds(project),
        model=_model(project),
    )


def collect_doubts(project: Project, checks: LabelChecks) -> Doubts | None:
    """What the window knows of doubtful labels; ``None`` where the learner has not judged them in this sitting."""
    if checks.found is None:
        return None
    listed, name = checks.listed(), project.classes.name
    slips = checks.slips(listed)
    labels = (DoubtfulLabel(project.items[one.item], name(one.given), name(one.other)) for one in listed)
    told = ("" if slips is None else slips.sentence().strip(), tell_second_looks(project))
    return Doubts(" ".join(filter(None, told)), tuple(labels))


def _lists(project: ProjectView) -> Sequence[ImageList]:
    ledger = project.ledger
    found = [
        (verb.meaning.remark, ledger.with_state(verb).tolist()) for verb in ledger.progress().without_label
    ]
    found.append(("Marked for review", flagged_items(project)))
    return [ImageList(title, tuple(project.items[i] for i in items)) for title, items in found if items]


def _doubts_of_file(project: ProjectView) -> Doubts:
    """What is known of doubtful labels without the learner."""
    looks = looked_at(project)
    wrong = sum(are_slips(project, looks))
    seen = f"Of {len(looks):,} looked at again {wrong:,} were wrong." if looks else ""
    fast = [item for item in project.store.answered_within(TOO_FAST_S) if project.label_of(item) is not None]
    labels = counted(len(fast), "label was", "labels were")
    told = f"{labels} given sooner than anybody sees an image ({TOO_FAST_S:g} s)." if fast else ""
    return Doubts(" ".join(filter(None, (seen, tell_second_looks(project), told, _UNKNOWN_DOUBTS))))


def _rounds(project: ProjectView) -> tuple[RoundFacts, ...]:
    sums = rates(project.settings.costs, project.tally, add_up=True)
    points = curve(project.tally, project.rounds, project.models, sums)
    return tuple(
        RoundFacts(model.trained_on, point.accuracy, point.cost_s / 60)
        for model, point in zip(project.models, points, strict=True)
    )


def _model(project: ProjectView) -> ModelFacts | None:
    if not project.models:
        return None
    last = project.models[-1]
    classes = {project.classes.resolve(class_id) for class_id in last.class_ids}
    begun = project.begun_with
    weights = describe_weights(project.store, last)
    return ModelFacts(last.network, weights, len(classes), "" if begun is None else begun.sentence)
