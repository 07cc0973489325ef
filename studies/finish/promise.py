"""A look: the folder rule and the limits of what a person overlooks, put together into one promise about the folder.

The chance of a look is split between the three: what stays on pages, what is overlooked in the sample where suggestions
are shown, and the program's labels above the threshold. So all of them hold together, and at most the promised share of
the folder is wrong, the person's own misses on pages counted. An image that was asked about by itself has the person's
answer, also where that accepted a wrong suggestion: it is not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studies.finish.exact import upper_limit
from studies.finish.folder_rule import Certificate, Sample, certify
from studies.finish.looks import Looks
from studies.finish.misses import Caught, limit_all_unseen, split_chance
from studies.numerals import counted


@dataclass(frozen=True)
class Promise:
    """What a look showed, what is left of the chance after it, and the misses' part of what it spent."""

    certificate: Certificate
    looks: Looks
    miss_chance: float

    @property
    def sentence(self) -> str:
        """What is promised, against whose answers, and how surely."""
        found, sure = self.certificate, 1 - self.looks.chance
        after, labels = counted(self.looks.taken, "look"), counted(found.sampled, "random label")
        if not found.given:
            return f"Nothing is certified after {after}: {labels} are too few, or too many are wrong."
        images = f"{found.share:.1%} of {counted(found.items, 'image')} ({found.allowed + found.elsewhere:,})"
        parts = f", up to {found.elsewhere:,} of them among those you labeled" if found.elsewhere else ""
        return (
            f"At most {images} have another class than you would give them{parts}: "
            f"{sure:.0%} sure after {after}, by {labels}."
        )


def take_look(
    sample: Sample,
    items: int,
    share: float,
    looks: Looks,
    pages: Sequence[Caught] = (),
    suggested: Caught | None = None,
    reserve: int = 0,
) -> Promise:
    """Test once: at most ``share`` of the ``items`` of the folder wrong, the person's misses on pages counted.

    ``pages``: what was found and planted on all confirmed pages, by share of odd ones; ``suggested``: what was planted
    of wrong suggestions, where the sample was labeled with suggestions; ``reserve``: wrong ones that may come on top,
    on pages that are still to be confirmed and among images that were in no pool.
    """
    spent = looks.next_chance
    parts = split(spent, pages, suggested, reserve > 0)
    certificate = certify(sample, items, share, parts.rule, parts.elsewhere + reserve, parts.overlooked)
    return Promise(certificate, looks.take(), parts.pages)


@dataclass(frozen=True)
class Parts:
    """A look's chance in parts, and the limits at those of the misses."""

    rule: float
    pages: float
    elsewhere: int  # wrong ones that stay on the pages
    overlooked: float  # of wrong suggestions in the sample, the share that is accepted


def split(
    chance: float, pages: Sequence[Caught], suggested: Caught | None = None, ahead: bool = False
) -> Parts:
    """Split a look's chance; ``ahead``: pages are still to come, which need a part too."""
    paged = ahead or any(group.confirmed for group in pages)
    rule, misses = split_chance(chance, paged or suggested is not None)
    each = misses / 2 if paged and suggested is not None else misses
    elsewhere = limit_all_unseen(pages, each) if paged else 0
    overlooked = 0.0 if suggested is None else upper_limit(suggested.missed, suggested.planted, each)
    return Parts(rule, each if paged else 0.0, elsewhere, overlooked)


def limit_folder(promise: Promise, pages: Sequence[Caught]) -> int:
    """At the end: the most wrong ones among the program's labels and all pages, those after the look included.

    It is more than was promised where more stayed on those pages than the look's ``reserve`` held. Raises
    ``ValueError`` for pages that the look kept no chance for.
    """
    if promise.miss_chance <= 0:
        if any(group.confirmed for group in pages):
            raise ValueError("the look knew of no pages, and kept no chance for them")
        return promise.certificate.allowed
    return promise.certificate.allowed + limit_all_unseen(pages, promise.miss_chance)
