"""What the page of a new project offers, as values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from model.datasets.listing import count_left_out, tell
from studies.labeling.project.creation import SourceListing
from studies.labeling.project.known import KnownProject
from studies.numerals import counted
from ui.labeling.project.files import project_path


@dataclass(frozen=True)
class Offer:
    """What was found, and what the page begins with."""

    title: str  # which images
    summary: str  # how many, what is left out
    classes: tuple[str, ...]
    labeled: int  # images whose subfolder names their class
    file: Path  # where the project goes
    left_out: tuple[str, ...] = ()  # what is left out or worth knowing: a line for each kind
    known: Path | None = None  # the project that was made of these images before
    known_words: str = ""  # that there is one, and how far it is


_WHAT = {"folder": "This folder", "csv": "This list"}


def offer_of(listing: SourceListing, folder: Path, known: KnownProject | None = None) -> Offer:
    """What a source of images offers; a new project's file lies in ``folder``, ``known`` is the one that there is."""
    where = listing.source.path
    name = listing.source.dataset if where is None else where.stem
    summary = f"{counted(listing.images, 'image')}"
    summary += (
        f", {counted(len(listing.classes), 'class', 'classes')}"
        if listing.classes
        else "; type the classes below, one per line"
    )
    if count := count_left_out(listing.problems):
        summary += f"; {counted(count, 'file or folder is', 'files or folders are')} left out"
    return Offer(
        str(where or f"The set {name}"),
        summary + ".",
        listing.classes,
        listing.labeled if where is not None else 0,
        project_path(folder, name or "images"),
        tuple(tell(listing.problems)),
        None if known is None else known.file,
        "" if known is None else _tell(listing.source.dataset, known),
    )


def _tell(dataset: str, known: KnownProject) -> str:
    what = _WHAT.get(dataset, "This set")
    return f"{what} is labeled already in {known.file.name} ({known.progress.in_words()})."
