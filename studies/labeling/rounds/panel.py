"""The numbers beside the image: labels, costs, suggestions, accuracy, and what it would have cost otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.networks.encoders import ENCODERS
from model.tiers import Tier
from studies.estimates import Interval, Share
from studies.labeling.facts.records import ModelRecord, RoundRecord
from studies.labeling.facts.settings import Costs
from studies.labeling.planning.advice import Measured, advise
from studies.labeling.planning.costs import AnswerKind, Rates, Tally, rates
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.request import encoder_choice


@dataclass(frozen=True)
class Point:
    """A round's model: what its labels had cost by then, in s, and its accuracy."""

    cost_s: float
    unaided_s: float  # the same labels without suggestions
    suggest_s: float  # the same labels, all with suggestions of the hard tier (SUGGEST)
    accuracy: Share


@dataclass(frozen=True)
class PanelData:
    """All that the panel shows, as words and points."""

    lines: tuple[tuple[str, str], ...]  # what, how much
    classes: tuple[tuple[str, int], ...]  # labels of a person by class, the fewest first
    advice: str
    plan: str  # the next round's budgets and why
    catch_trials: str  # what became of them
    points: tuple[Point, ...]


def collect(project: Project, conductor: Conductor) -> PanelData:
    """The numbers as they are now."""
    tally = project.tally
    proposal = conductor.propose()
    status = conductor.finish.status()
    progress = status.progress
    lines = [
        ("Your labels", f"{progress.by_person:,}"),
        ("By the program", f"{progress.by_program:,}"),
        ("Without a label", f"{sum(progress.without_label.values()):,}"),
        ("Left", f"{progress.left:,}"),
        ("Time for them", status.to_go or "-"),
        ("c_v, checking", _seconds(tally.trimmed_mean(AnswerKind.VERIFIED))),
        ("c_a, correcting", _seconds(tally.trimmed_mean(AnswerKind.CORRECTED))),
        ("c_0, unaided", _seconds(tally.trimmed_mean(AnswerKind.UNAIDED))),
    ]
    if len(project.pages):
        fit = project.pages.fit()
        own = f"{project.pages.costs().cell_s:.2f} s" if fit is None else _seconds(fit.cell_s)
        lines.append(("c_g, on a page", own))
    if conductor.second_look.possible:
        offer = conductor.second_look.offer()
        lines.append(("Second look", "-" if offer is None else offer.in_short))
    lines += [(f"Right, {tier.value}", _share(tally.suggestions(tier.value))) for tier in Tier if tier.asked]
    lines.append(("Encoder", _encoder(project)))
    lines.append(
        ("Round, of predicted", _time_of_round(project))
    )  # always there: a new line would move what is below
    counts = project.labels_by_class
    classes = sorted(
        ((c.name, counts[c.class_id]) for c in project.classes.standing), key=lambda pair: pair[1]
    )
    sums = rates(project.settings.costs, tally, add_up=True)
    points = curve(tally, project.rounds, project.models, sums)
    budgets = (
        f"{'' if tier.asked else 'up to '}{count} {tier.value}" for tier, count in proposal.budgets.items()
    )
    plan = f"Next: {', '.join(budgets)}"
    if proposal.expected_s is not None:
        plan += f", about {minutes_text(proposal.expected_s)}"
    plan = f"{plan}. {proposal.sentence}" if progress.left else ""
    return PanelData(
        tuple(lines),
        tuple(classes),
        advise(_measure(points)) if progress.left else progress.sentence(),
        plan,
        project.catch_trials.sentence(),
        points,
    )


def advice(project: Project) -> str:
    """Whether another round is worth its time."""
    costs = rates(project.settings.costs, project.tally, add_up=True)
    return advise(_measure(curve(project.tally, project.rounds, project.models, costs)))


def curve(
    tally: Tally, rounds: Sequence[RoundRecord], models: Sequence[ModelRecord], costs: Rates
) -> tuple[Point, ...]:
    """Accuracy against cost over the rounds, beside what the same labels would have cost otherwise.

    A round's n labels that came with suggestions cost n c_0 without them. With SUGGEST alone they all come with
    suggestions that are right as often as those of the hard tier were: n (c_a - (c_a - c_v) P(right)). Labels of the
    seed round and of the held-out sample cost the same in all three. In s: where ``costs`` are units, with this
    person's times instead.
    """
    costs = costs if costs.in_seconds else rates(Costs(), tally, add_up=True)
    points = []
    spent = tally.spent_s(0)
    unaided = suggest = spent
    for model, record in zip(models, rounds, strict=True):
        points.append(Point(spent, unaided, suggest, _accuracy(model)))
        number = record.round
        n, aided_s = tally.aided_answers(number)
        hard = tally.suggestions(Tier.HARD.value, [number]).value
        right = tally.suggestions(Tier.HARD.value).value if hard is None else hard
        took = tally.spent_s(number)
        spent += took
        unaided += took - aided_s + n * costs.unaided
        suggest += took - aided_s + n * costs.expected(right or 0.0)
    return tuple(points)


def _measure(points: Sequence[Point]) -> list[Measured]:
    minutes = [0.0, *(point.cost_s / 60 for point in points)]
    return [
        Measured(point.accuracy, after - before)
        for point, before, after in zip(points, minutes, minutes[1:], strict=False)
    ]


def _encoder(project: Project) -> str:
    if not project.models:
        return "-"
    network = project.models[-1].network
    title = ENCODERS[network].title if network in ENCODERS else network
    choice = encoder_choice(project)
    if choice is None or choice.chosen != network:
        return title
    return f"{title}: {choice.scores[network].accuracy:.0%} at {choice.labels:,} labels"


def _time_of_round(project: Project) -> str:
    if not project.rounds:
        return "-"
    spent, predicted = project.tally.spent_s(project.round), project.rounds[-1].predicted_s
    return f"{minutes_text(spent)} of {minutes_text(predicted)}"


def _accuracy(model: ModelRecord) -> Share:
    return Share(model.holdout_right, model.holdout_n)


def _seconds(mean: Interval | None) -> str:
    return "-" if mean is None else f"{mean.value:.2f} s ({mean.low:.2f} to {mean.high:.2f})"


def _share(share: Share) -> str:
    interval = share.wilson()
    if interval is None:
        return "-"
    return f"{interval.value:.0%} of {share.total} ({interval.low:.0%} to {interval.high:.0%})"


def minutes_text(seconds: float | None) -> str:
    """A cost as people say it."""
    if seconds is None:
        return "-"
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.1f} min"
