"""A study's plan: a TOML file, validated, with messages that name the key and what is allowed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from model.datasets import DATASETS, Source, needs_path
from model.errors import UserError
from studies.plans.fields import LINE, PlanPart, line, one_of, share, text, whole, words
from studies.plans.file import PlanFileError, list_shipped, read_toml, toml_values
from studies.plans.lines import name_lines
from studies.plans.messages import hint, sentences, table_key
from studies.timing.facts.exclusions import Exclusions
from studies.timing.facts.page_keys import PAGE_KEYS, ConfusedWith, OddShares, Pages, PageSizes
from studies.timing.facts.questions import Question, question_mistakes
from studies.timing.facts.records import Interface

SHIPPED_FOLDER = Path(__file__).parent / "plans"


class PlanError(UserError):
    """A plan that cannot be used; the text names the key and what is allowed."""


class Assignment(str, Enum):
    """How suggestions are made right or wrong."""

    CHANCE = "chance"  # each image on its own, the paper's way
    BALANCED = "balanced"  # exactly the wanted share in every block


class BlockOrder(str, Enum):
    """In which order a participant meets the blocks."""

    FIXED = "fixed"
    SHUFFLED = "shuffled"
    LATIN_SQUARE = "latin_square"  # over participants, balanced for carry-over


class Feedback(str, Enum):
    """Whether practice trials tell right from wrong. Trials that count never do."""

    PRACTICE = "practice"
    NONE = "none"


_Share = Annotated[float, share()]
_Switch = Annotated[bool, Field(strict=True, description="true or false")]


class Suggestions(PlanPart):
    """How often a suggestion is right, and how often there is none."""

    p_right: _Share = 0.5
    assignment: Annotated[Assignment, Field(description=one_of(Assignment))] = Assignment.CHANCE
    none_share: _Share = 0.0


class Trials(PlanPart):
    """What one trial looks like and what comes around the trials that count."""

    practice: Annotated[int, whole(0, 100)] = 5
    feedback: Annotated[Feedback, Field(description=one_of(Feedback))] = Feedback.PRACTICE
    balanced_classes: _Switch = False
    fixation_ms: Annotated[int, whole(0, 10_000)] = 500
    break_every: Annotated[int, whole(0, 10_000)] = 50
    too_fast_ms: Annotated[int, whole(0, 2_000)] = 150


class Sitting(PlanPart):
    """What holds for the whole session."""

    interface: Annotated[Interface, Field(description=one_of(Interface))] = Interface.KEYBOARD
    block_order: Annotated[BlockOrder, Field(description=one_of(BlockOrder))] = BlockOrder.SHUFFLED
    repeat_images: _Switch = False
    show_own_times: _Switch = True


class Texts(PlanPart):
    """What the participant reads. Empty: the program's own words."""

    consent: Annotated[str, text()] = ""
    instructions: Annotated[str, text()] = ""


class Consent(PlanPart):
    """What is stored and shown with the text of the consent."""

    version: Annotated[str, Field(pattern=rf"^({LINE})?$", strict=True, description=words("at most 80"))] = ""
    contact: Annotated[str, text(500)] = ""


class Block(PlanPart):
    """A run of images of one data set, one by one or on pages.

    ``interface``: that of the whole session where it is not given. A block of pages has ``images`` or ``page_count``.
    """

    dataset: Annotated[str, Field(strict=True, description="a data set's name")]
    images: Annotated[int, whole(1, 100_000)] = 0
    path: Annotated[
        str, Field(pattern=r"^\P{Cc}*$", strict=True, description="a path, relative to the plan's file")
    ] = ""
    title: Annotated[str, Field(pattern=rf"^({LINE})?$", strict=True, description=words("at most 80"))] = ""
    interface: Annotated[Interface | None, Field(description=one_of(Interface))] = None
    page_count: Annotated[int, whole(1, 10_000)] = 0
    page_sizes: PageSizes = (12, 24)
    odd_share: OddShares = (0.05, 0.2)
    confused_with: ConfusedWith = {}

    @property
    def source(self) -> tuple[str, str]:
        """What tells the images of two blocks apart."""
        return self.dataset, self.path

    @property
    def expected_images(self) -> int:
        """How many images count; of a number of pages, on average."""
        return self.images or round(self.page_count * sum(self.page_sizes) / len(self.page_sizes))

    @property
    def label(self) -> str:
        """The block's name for people, and the ``dataset`` of its trials in results."""
        path = Path(self.path)
        return self.title or (path.stem if self.dataset == "csv" else path.name) or self.dataset


class Plan(PlanPart):
    """A whole study. ``seed`` and the participant's number fix every draw."""

    name: Annotated[str, line()]
    title: Annotated[str, text(200)] = ""
    seed: Annotated[int, whole(0, 2**63 - 1)] = 0
    suggestions: Suggestions = Suggestions()
    trials: Trials = Trials()
    pages: Pages = Pages()
    exclusions: Exclusions = Exclusions()
    session: Sitting = Sitting()
    texts: Texts = Texts()
    consent: Consent = Consent()
    blocks: Annotated[
        tuple[Block, ...],
        Field(min_length=1, max_length=100, description="1 to 100 [[blocks]] tables"),
    ]
    questions: Annotated[
        tuple[Question, ...], Field(max_length=50, description="at most 50 [[questions]] tables")
    ] = ()

    def interface_of(self, block: Block) -> Interface:
        """How a block is answered."""
        return block.interface or self.session.interface

    def expected_practice(self, block: Block) -> int:
        """How many images are for practice before a block; of pages, on average."""
        if self.interface_of(block) is not Interface.PAGE:
            return self.trials.practice
        return round(self.pages.practice * sum(block.page_sizes) / len(block.page_sizes))


@dataclass(frozen=True)
class LoadedPlan:
    """A plan with the exact text it came from; ``sha256`` is the hash of that text (UTF-8)."""

    plan: Plan
    toml: str
    sha256: str
    folder: Path | None = None  # relative data paths start here
    places: tuple[tuple[str, Path], ...] = ()  # by a block's path, where a study kit has it in place of that

    def source(self, block: Block) -> Source:
        """Where a block's images come from."""
        if not block.path:
            return Source(block.dataset)
        for path_, place in self.places:
            if path_ == block.path:
                return Source(block.dataset, place)
        # Path.expanduser raises for a user that this machine does not have; this leaves such a path as it is.
        path = os.path.expanduser(block.path)  # noqa: PTH111
        return Source(block.dataset, (self.folder or Path()) / path)


def name_block(plan: Plan, block: Block) -> str:
    """A block in a few words, such as "100 digits" or "10 pages of digits"."""
    if plan.interface_of(block) is not Interface.PAGE:
        return f"{block.images} {block.label}"
    count = f"{block.page_count} pages" if block.page_count else f"{block.images} images on pages"
    return f"{count} of {block.label}"


def shipped_plans() -> tuple[str, ...]:
    """Names of the plans that come with the program."""
    return list_shipped(SHIPPED_FOLDER)


def load_plan(name_or_path: str) -> LoadedPlan:
    """Read a shipped plan by name or a plan file by path.

    Raises ``PlanError`` with one line for each mistake.
    """
    try:
        path, text_ = read_toml(name_or_path, SHIPPED_FOLDER, "plan")
    except PlanFileError as error:
        raise PlanError(str(error)) from None
    return parse_plan(text_, origin=path.name, folder=path.resolve().parent)


def parse_plan(toml: str, origin: str = "plan", folder: Path | None = None) -> LoadedPlan:
    """Validate a plan's text; ``origin`` names it in messages. Raises ``PlanError``."""
    try:
        values = toml_values(toml, origin)
    except PlanFileError as error:
        raise PlanError(str(error)) from None
    try:
        plan = Plan.model_validate(values)
    except ValidationError as error:
        raise _refusal(origin, _at_lines(sentences(error, Plan), toml, values)) from None
    mistakes = [*_mistakes_together(plan), *question_mistakes(plan.questions)]
    if mistakes:
        raise _refusal(origin, _at_lines(mistakes, toml, values))
    return LoadedPlan(plan, toml, hashlib.sha256(toml.encode()).hexdigest(), folder)


def _at_lines(mistakes: list[str], toml: str, values: dict[str, Any]) -> list[str]:
    questions = values.get("questions")
    count = len(questions) if isinstance(questions, list) else 0
    return name_lines(mistakes, toml, "questions", count)


def _refusal(origin: str, mistakes: list[str]) -> PlanError:
    return PlanError(f"{origin} cannot be used:\n" + "\n".join(f"- {line}" for line in mistakes))


def _mistakes_together(plan: Plan) -> list[str]:
    """What is wrong with keys that are each allowed by themselves."""
    mistakes: list[str] = []
    first: dict[tuple[str, Interface], str] = {}
    named: dict[str, tuple[str, tuple[str, str]]] = {}
    for number, block in enumerate(plan.blocks):
        key, label, interface = table_key("blocks", number), block.label, plan.interface_of(block)
        mistakes += [
            f"{key} {mistake}" for mistake in (*_source_mistakes(block), *_count_mistakes(block, interface))
        ]
        before = first.setdefault((label, interface), key.rstrip(":"))
        name, source = named.setdefault(label, (key.rstrip(":"), block.source))
        if before != key.rstrip(":") or source != block.source:
            mistakes.append(
                f'{key} it has the name "{label}", as {name if source != block.source else before} has; '
                "give it a title of its own, so that results can tell them apart."
            )
    return mistakes


def _source_mistakes(block: Block) -> Iterator[str]:
    if block.dataset not in DATASETS:
        known = ", ".join(f'"{name}"' for name in DATASETS)
        yield f'dataset is "{block.dataset}"{hint(block.dataset, DATASETS)}; allowed is one of {known}.'
    elif block.dataset in ("folder", "csv") and not block.path:
        yield f'path is missing; it must say where the "{block.dataset}" of images lies.'
    elif block.path and not needs_path(block.dataset):
        yield f'path is "{block.path}", but "{block.dataset}" is found by itself; leave path out.'


def _count_mistakes(block: Block, interface: Interface) -> Iterator[str]:
    if interface is not Interface.PAGE:
        for name in PAGE_KEYS:
            if name in block.model_fields_set:
                yield f'{name} is of pages; leave it out, or write interface = "{Interface.PAGE.value}".'
    if interface is Interface.PAGE and bool(block.images) == bool(block.page_count):
        yield (
            "images and page_count are both given; leave one of them out."
            if block.images
            else "page_count is missing; write how many pages there are, or how many images."
        )
    elif not block.images and not block.page_count:
        yield f"images is missing; it must be {Block.model_fields['images'].description}."
