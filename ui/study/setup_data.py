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
from studies.timing.facts.plan import Block, LoadedPlan, Plan, name_block
from studies.timing.facts.records import Interface
from studies.timing.session.material import source_of

_BUTTONS = {SetState.NEEDS_DOWNLOAD: "Download", SetState.NEEDS_FOLDER: "Choose folder"}


@dataclass(frozen=True)
class DataLine:
    """A data set of the plan: what it is called, how it stands, and the button that mends it (or none)."""

    dataset: str
    text: str
    button: str = ""  # "Download" or "Choose folder"


def plan_summary(loaded: LoadedPlan) -> str:
    """A plan in one sentence."""
    plan = loaded.plan
    blocks = ", ".join(_describe_block(plan, block) for block in plan.blocks)
    share = f"{plan.suggestions.p_right:.0%} right suggestions ({plan.suggestions.assignment.value})"
    interfaces = ", ".join(dict.fromkeys(plan.interface_of(block).value for block in plan.blocks))
    return f"{plan.title or plan.name}: {blocks}; {share}; interface: {interfaces}."


def _describe_block(plan: Plan, block: Block) -> str:
    if plan.interface_of(block) is Interface.PAGE:
        return name_block(plan, block)
    return f"{counted(block.images, 'image')} of {block.label}"


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
