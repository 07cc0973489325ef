"""What the researcher's page shows of a plan and of its data sets, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model.datasets import SetState, open_set, status
from model.datasets.listing import tell
from model.datasets.registry import needs_path
from model.errors import UserError
from model.port import Cancelled, Port
from studies.numerals import counted
from studies.timing.facts.plan import Block, BlockOrder, LoadedPlan, Plan
from studies.timing.facts.records import Interface
from studies.timing.session.expected import block_seconds
from studies.timing.session.material import source_of

_BUTTONS = {SetState.NEEDS_DOWNLOAD: "Download", SetState.NEEDS_FOLDER: "Choose folder"}


@dataclass(frozen=True)
class DataLine:
    """A data set of the plan: what it is called, how it stands, and the button that mends it (or none)."""

    dataset: str
    text: str
    button: str = ""  # "Download" or "Choose folder"


@dataclass(frozen=True)
class PlanBlock:
    """A block of the plan, in words of people."""

    name: str
    amount: str  # "10 images"
    way: str  # how it is answered
    pace: str  # "about 2 minutes"
    practice: int = 0  # images


_WAYS = {
    Interface.KEYBOARD: "by keyboard or mouse",
    Interface.DROPDOWN: "from a list",
    Interface.PAGE: "on pages of many",
}
_ORDERS = {
    BlockOrder.FIXED: "in this order",
    BlockOrder.SHUFFLED: "in an order drawn for each participant",
    BlockOrder.LATIN_SQUARE: "in orders balanced over participants",
}


def plan_summary(loaded: LoadedPlan) -> str:
    """A plan in one sentence."""
    plan = loaded.plan
    parts = counted(len(plan.blocks), "part")
    order = f" {_ORDERS[plan.session.block_order]}" if len(plan.blocks) > 1 else ""
    right = (
        f"{plan.suggestions.p_right:.0%} of the suggestions are right ({plan.suggestions.assignment.value})"
    )
    minutes = max(1, round(sum(block_seconds(plan, block) for block in plan.blocks) / 60))
    return f"{plan.title or plan.name}: {parts}{order}, about {counted(minutes, 'minute')}; {right}."


def plan_blocks(loaded: LoadedPlan) -> tuple[PlanBlock, ...]:
    """The plan's blocks, in its order; their minutes are those of a participant of usual pace."""
    return tuple(_describe_block(loaded.plan, block) for block in loaded.plan.blocks)


def _describe_block(plan: Plan, block: Block) -> PlanBlock:
    amount = counted(block.images, "image") if block.images else counted(block.page_count, "page")
    pace = f"about {counted(max(1, round(block_seconds(plan, block) / 60)), 'minute')}"
    way = _WAYS[plan.interface_of(block)]
    return PlanBlock(block.label, amount, way, pace, plan.expected_practice(block))


def data_lines(loaded: LoadedPlan, folders: Mapping[str, Path], cache: Path) -> list[DataLine]:
    """A line for each data set of a plan, in the order of its blocks; ``folders`` are those of the researcher's own."""
    lines = []
    for dataset in dict.fromkeys(block.dataset for block in loaded.plan.blocks):
        standing = status(source_of(loaded, _first_block(loaded, dataset), folders), cache)
        lines.append(DataLine(dataset, standing.text, _BUTTONS.get(standing.state, "")))
    return lines


def has_own_sets(loaded: LoadedPlan) -> bool:
    """Whether a plan shows images from a folder or list of the researcher's own."""
    return any(needs_path(block.dataset) for block in loaded.plan.blocks)


def list_left_out(
    loaded: LoadedPlan, folders: Mapping[str, Path], cache: Path, port: Port
) -> tuple[str, ...]:
    """What of a plan's own folders and lists is left out, told by names alone: a line for each kind.

    Runs in the background. A set that cannot be used is told of in the same way.
    """
    lines: list[str] = []
    for source in dict.fromkeys(source_of(loaded, block, folders) for block in loaded.plan.blocks):
        if port.cancelled():
            raise Cancelled
        if needs_path(source.dataset) and status(source, cache).state is SetState.READY:
            port.progress(0, 0, f"Listing the images of {source.path}")
            try:
                lines += tell(open_set(source, cache).problems)
            except UserError as error:
                lines.append(str(error))
    return tuple(lines)


def needs_download(loaded: LoadedPlan, dataset: str, cache: Path) -> bool:
    """Whether a data set of a plan lacks nothing but its download."""
    return (
        status(source_of(loaded, _first_block(loaded, dataset), {}), cache).state is SetState.NEEDS_DOWNLOAD
    )


def _first_block(loaded: LoadedPlan, dataset: str) -> Block:
    return next(block for block in loaded.plan.blocks if block.dataset == dataset)
