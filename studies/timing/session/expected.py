"""What a plan's blocks will show, and how long a participant will take for them at published times."""

from __future__ import annotations

import statistics

from studies.numerals import counted
from studies.pages.costs import USUAL
from studies.timing.facts.plan import Block, LoadedPlan, Plan
from studies.timing.facts.records import Interface
from studies.timing.session.material import Material

# Medians of published times of one image: of practised people, and from scratch with 10 classes (CIFAR-10N).
_VERIFY_S, _CORRECT_S, _SCRATCH_S = 1.3, 4.5, 4.2
_SCRATCH_CLASSES, _SCRATCH_POWER = 10, 0.6
_READ_S = 20  # a page of words
_QUESTION_S = 8


def describe_blocks(loaded: LoadedPlan, material: Material) -> list[str]:
    """A line for the questions, one for each block, and one for how long the whole session will take."""
    plan = loaded.plan
    asked = plan.questions
    must = sum(question.required for question in asked)
    questions = (
        [f"{counted(len(asked), 'question')} after consent, {must} of which must be answered."]
        if asked
        else []
    )
    lines = [f"Block {number}: {_describe(plan, block)}" for number, block in enumerate(plan.blocks, start=1)]
    seconds = sum(block_seconds(plan, block, len(material.classes(block.label))) for block in plan.blocks)
    seconds += _QUESTION_S * len(asked)
    return [
        *questions,
        *lines,
        f"About {counted(max(1, round(seconds / 60)), 'minute')} for a participant of usual pace.",
    ]


def _describe(plan: Plan, block: Block) -> str:
    interface = plan.interface_of(block)
    if interface is not Interface.PAGE:
        practice = f", after {plan.trials.practice} for practice" if plan.trials.practice else ""
        return f"{counted(block.images, 'image')} of {block.label} by {interface.value}{practice}."
    sizes = " or ".join(map(str, block.page_sizes))
    shares = " or ".join(f"{share:.0%}" for share in block.odd_share)
    count = f"{block.page_count} pages" if block.page_count else f"{block.images} images on pages"
    practice = f", after {plan.pages.practice} for practice" if plan.pages.practice else ""
    asked = "; what is marked is asked about afterwards" if plan.pages.ask_marked else ""
    return f"{count} of {sizes} images of {block.label}, {shares} odd{practice}{asked}."


def block_seconds(plan: Plan, block: Block, classes: int = _SCRATCH_CLASSES) -> float:
    """How long a participant of usual pace takes for a block, with its practice and its pages of words."""
    images, practice = block.expected_images, plan.expected_practice(block)
    intros = _READ_S * (2 if practice else 1)
    if plan.interface_of(block) is not Interface.PAGE:
        return intros + (images + practice) * _seconds_of_trial(plan, classes)
    size, share = statistics.mean(block.page_sizes), statistics.mean(block.odd_share)
    marks = size * share * (1 - USUAL.miss)
    pages = (images + practice) / size
    asked_s = marks * images / size * _SCRATCH_S if plan.pages.ask_marked else 0.0
    return intros + asked_s + pages * (USUAL.of_page(round(size), marks) + plan.trials.fixation_ms / 1000)


def _seconds_of_trial(plan: Plan, classes: int) -> float:
    rule = plan.suggestions
    suggested = rule.p_right * _VERIFY_S + (1 - rule.p_right) * _CORRECT_S
    scratch: float = _SCRATCH_S * (classes / _SCRATCH_CLASSES) ** _SCRATCH_POWER
    return (1 - rule.none_share) * suggested + rule.none_share * scratch + plan.trials.fixation_ms / 1000
