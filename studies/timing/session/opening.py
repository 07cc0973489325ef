"""What a study is opened with for participants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from studies.timing.facts.plan import LoadedPlan
from studies.timing.session.session import Participant


@dataclass(frozen=True)
class Opening:
    """A plan, the file that answers go to, and where data sets lie; with a participant, the session begins at once."""

    loaded: LoadedPlan
    store: Path
    folders: Mapping[str, Path]
    participant: Participant | None = None
    robot: bool = False  # a simulated participant is to take part
