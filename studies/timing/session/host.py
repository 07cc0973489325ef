"""A study that is open for participants: one plan, one store, and the sessions between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from model.datasets import Problem
from model.datasets.listing import describe
from model.datasets.pixels.deep import Ranges
from model.port import Port
from studies.timing.facts.plan import LoadedPlan
from studies.timing.file.sittings import DISPLAY_RANGES
from studies.timing.file.store import OpenSession, SessionTimes, Store
from studies.timing.session import material as sets
from studies.timing.session import session
from studies.timing.session.material import Drawn, Material
from studies.timing.session.session import Participant, Session, SessionError

_NAMED = 100  # of what is left out; more is told by kind


@dataclass(frozen=True)
class Host:
    """Everything a participant's sitting needs; the store is used from one thread only."""

    store: Store
    loaded: LoadedPlan
    cache: Path
    folders: Mapping[str, Path]
    app_version: str
    environment: dict[str, object]
    robot: bool = False  # who takes part is simulated

    def admit(self, participant: Participant) -> OpenSession | int:
        """The session this participant may resume, or the number for a new one.

        Raises ``SessionError`` without a code, for someone who has finished this study already, for someone whose
        unfinished session is under another version of the plan, and where one of the two is simulated.
        """
        if not participant.code:
            raise SessionError("Please type your participant code.")
        unfinished = session.find_unfinished(self.store, self.loaded, participant)
        if unfinished is not None and unfinished.robot != self.robot:
            whose = "a simulated participant's" if unfinished.robot else "a person's"
            raise SessionError(
                f"The unfinished session of {unfinished.participant} is {whose}. Please use another participant code."
            )
        if unfinished is not None:
            return unfinished
        study = session.register(self.store, self.loaded)
        known = session.code_in_use(self.store, study, participant)
        if known is not None:
            raise SessionError(
                f"{known} has finished this study already. Please use another participant code."
            )
        if participant.number is not None:
            return participant.number
        return self.store.next_participant_number(study)

    def draw(self, number: int, port: Port) -> Drawn:
        """Draw a new session's trials; safe in the background."""
        return sets.draw(self.loaded, self.cache, self.folders, number, port, self._display_ranges())

    def reopen(self, port: Port) -> Drawn:
        """Open the images of a session whose trials are stored already; safe in the background."""
        port.progress(0, 1, "Opening the images")
        ranges = self._display_ranges()
        return Drawn(sets.open_material(self.loaded, self.cache, self.folders, ranges), ())

    def _display_ranges(self) -> dict[str, Ranges]:
        """What the study's deep images were shown by first, read beside the store, whose thread is another."""
        with Store.open(self.store.path, writable=False) as beside:
            return beside.display_ranges(self.loaded.sha256)

    def start(self, participant: Participant, number: int, drawn: Drawn) -> Session:
        """Store a new session and return it."""
        return session.start(
            self.store,
            self.loaded,
            participant,
            drawn.units,
            number=number,
            app_version=self.app_version,
            environment={
                **self.environment,
                "left_out": _tell(drawn.left_out),
                DISPLAY_RANGES: {label: asdict(ranges) for label, ranges in drawn.display_ranges.items()},
            },
            robot=self.robot,
        )

    def resume(self, unfinished: OpenSession, at_ns: int, material: Material | None = None) -> Session:
        """Go on with an interrupted session, whose images are in ``material``.

        Raises ``UserError`` where those of a whole class are away.
        """
        if material is not None:
            material.require_classes(self.store.planned_trials(unfinished.session_id))
        return session.resume(self.store, self.loaded, unfinished, at_ns)

    def withdraw(self, session_id: str) -> None:
        """Delete all data of a session."""
        self.store.withdraw(session_id)

    def own_times(self, session_id: str) -> SessionTimes:
        """The participant's own c_v and c_a."""
        return self.store.session_times(session_id)


def _tell(problems: Sequence[Problem]) -> list[str]:
    left_out = [problem for problem in problems if problem.left_out]
    if len(left_out) > _NAMED:
        return describe(left_out, _NAMED)
    return [f"{problem.item}: {problem.reason}" for problem in left_out]
