"""The images of the coming trials, decoded for the window as it is."""

from __future__ import annotations

from typing import TypeGuard

from studies.timing.facts.pages import trials_of
from studies.timing.facts.records import PlannedTrial
from studies.timing.session.material import Material
from studies.timing.session.state import SessionState
from ui.answering.decode_ahead import AHEAD, Box, DecodeAhead


class TrialImages(DecodeAhead[PlannedTrial]):
    """Decodes ahead, and knows for which room."""

    def __init__(self, material: Material) -> None:
        super().__init__(material.load)
        self._decoded_for: Box | None = None

    def look_ahead(self, state: SessionState, box: Box) -> None:
        """Decode the images of the next trials for a room."""
        self._decoded_for = box
        self.prepare(trials_of(state.upcoming(AHEAD)), box)

    def ready_for(self, trial: PlannedTrial | None, box: Box) -> TypeGuard[PlannedTrial]:
        """Whether a trial's image is decoded for this room."""
        return trial is not None and self._decoded_for == box and self.ready(trial)
