"""What a page of images is made of, and what it says of itself."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from studies.answers import Decision
from studies.pages.marking import PageOnScreen
from ui.answering.stamps import Frame


@dataclass(frozen=True)
class PageCell:
    """An image of a page: what ``load`` takes for it, and a few words below it, if any."""

    key: Hashable
    note: str = ""


@dataclass(frozen=True)
class PageShown:
    """All images of the page are on screen, or cannot be read (``page.unread``), since ``frame.onset_ns``."""

    page: PageOnScreen
    frame: Frame


@dataclass(frozen=True)
class PageConfirmed:
    """The person says that all of ``page.confirmed`` are of the class.

    :func:`studies.pages.marking.confirm` gives the timing.
    """

    page: PageOnScreen
    decision: Decision
