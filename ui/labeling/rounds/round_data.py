"""What the page of the coming round shows, as values."""

from __future__ import annotations

import json
from dataclasses import dataclass

from model.tiers import PerTier, asked_total
from studies.labeling.facts.settings import BudgetMode
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.rounds.panel import advice, minutes_text
from studies.numerals import counted


@dataclass(frozen=True)
class RoundPageData:
    """What the page shows."""

    title: str
    budgets: PerTier[int]
    minutes: float | None  # that a planned round may take; None: numbers are given instead
    expected: str  # what the numbers are expected to cost
    reason: str
    advice: str
    notes: str  # how the last rounds went: what tiers had to say, time by stage, idle share
    seeding: bool  # the first labels are being given
    working: bool  # the next round is being prepared


def rounds_ahead(working: bool) -> int:
    """How far off the round is whose numbers can still be chosen, while the learner works on the next one or not."""
    return 2 if working else 1


def round_page_data(project: Project, conductor: Conductor, working: bool) -> RoundPageData:
    """The round whose numbers can still be chosen, as it stands."""
    ahead = rounds_ahead(working)
    proposal, budgets = conductor.propose(ahead), project.settings.budgets
    title = f"Round {project.round + ahead}"
    if working:
        title += f"   (round {project.round + 1} is being prepared)"
    return RoundPageData(
        title=title,
        budgets=proposal.budgets,
        minutes=budgets.minutes if budgets.mode is BudgetMode.PLANNED else None,
        expected=expected_text(conductor, proposal.budgets),
        reason=proposal.sentence,
        advice=advice(project),
        notes=_notes(project),
        seeding=conductor.seeding,
        working=working,
    )


def expected_text(conductor: Conductor, budgets: PerTier[int]) -> str:
    """What a round with these budgets is expected to cost."""
    seconds, count = conductor.expected_s(budgets), asked_total(budgets)
    if seconds is None:
        return f"{counted(count, 'image')} to label."
    return f"{counted(count, 'image')} to label, expected to take you {minutes_text(seconds)}."


def _notes(project: Project) -> str:
    """How the last round was prepared, what tiers had to say, and the share of idle time; one per line."""
    parts = []
    if project.rounds:
        last = project.rounds[-1]
        seconds: dict[str, float] = json.loads(last.seconds)
        stages = ", ".join(f"{stage} {taken:.1f} s" for stage, taken in seconds.items() if taken >= 0.05)
        parts.append(f"Round {last.round} was prepared in {sum(seconds.values()):.1f} s: {stages}.")
        notes: dict[str, str] = json.loads(last.notes)
        parts += [f"{tier.capitalize()}: {note}" for tier, note in notes.items()]
    idle = project.store.idle_share(project.sitting)
    if idle is not None:
        parts.append(f"In this sitting you had nothing to do for {idle:.1%} of the time.")
    return "\n".join(parts)
