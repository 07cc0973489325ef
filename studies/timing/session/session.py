"""A running session: the state machine joined to the store, so that what is acknowledged is on disk."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone

from model.errors import UserError
from studies.timing.facts import inputs as ev
from studies.timing.facts.codes import code_key, tidy_code
from studies.timing.facts.consent import Consent, consent_to
from studies.timing.facts.pages import PageMarks, PageResponse, Unit
from studies.timing.facts.plan import Feedback, LoadedPlan
from studies.timing.facts.questions import Replies
from studies.timing.facts.records import Event, EventKind, Interface, Response, SessionRecord
from studies.timing.file.store import OpenSession, Progress, Store
from studies.timing.session import trial
from studies.timing.session.trial import Phase, Rules, SessionState


class SessionError(UserError):
    """A session that cannot begin or be resumed."""


@dataclass(frozen=True)
class Participant:
    """Who takes part; ``number`` chooses the trial list (``None``: the next free one).

    ``code`` is kept with single spaces and none at its ends.
    """

    code: str
    number: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", tidy_code(self.code))

    def is_called(self, code: str) -> bool:
        """Whether ``code`` means this participant."""
        return code_key(code) == code_key(self.code)


class Session:
    """One sitting. ``state`` changes only after the record of the change is committed."""

    def __init__(
        self, store: Store, session_id: str, interface: Interface, state: SessionState, consent: Consent
    ) -> None:
        self._store = store
        self.consent = consent  # what is stored when the participant agrees
        self.session_id = session_id
        self.interface = interface
        self.state = state

    def send(self, event: ev.Input) -> SessionState:
        """Apply an event and store its record.

        Raises ``StoreError`` where the record cannot be written; the state is then unchanged and the same
        event may be sent again.
        """
        after, record = trial.step(self.state, event)
        if isinstance(record, Response):
            self._store.append_response(self.session_id, record)
        elif isinstance(record, PageMarks):
            self._store.append_marks(self.session_id, record)
        elif isinstance(record, PageResponse):
            self._store.append_page(self.session_id, record)
        elif isinstance(record, Replies):
            self._store.append_replies(self.session_id, record)
        elif isinstance(event, ev.Agree) and isinstance(record, Event):
            self._store.append_consent(self.session_id, record, self.consent)
        elif isinstance(record, Event):
            self._store.append(self.session_id, record)
        self.state = after
        return after


def rules_of(loaded: LoadedPlan) -> Rules:
    """The part of a plan that the state machine needs."""
    rule, pages = loaded.plan.trials, loaded.plan.pages
    return Rules(
        rule.feedback is Feedback.PRACTICE,
        rule.break_every,
        pages.break_every,
        pages.ask_marked,
        bool(loaded.plan.questions),
    )


def start(
    store: Store,
    loaded: LoadedPlan,
    participant: Participant,
    units: tuple[Unit, ...],
    *,
    number: int,
    app_version: str,
    environment: dict[str, object],
    robot: bool = False,
) -> Session:
    """Store a new session with all of its trials and pages, and return it before its first page."""
    study = register(store, loaded)
    interface = loaded.plan.session.interface
    record = SessionRecord(
        session_id=str(uuid.uuid4()),
        participant=participant.code,
        participant_number=number,
        interface=interface,
        seed=loaded.plan.seed,
        app_version=app_version,
        environment=json.dumps(environment, sort_keys=True),
        robot=robot,
    )
    store.start_session(study, record, units)
    consent = consent_to(loaded.plan, record.session_id)
    return Session(store, record.session_id, interface, trial.begin(units, rules_of(loaded)), consent)


def register(store: Store, loaded: LoadedPlan) -> int:
    """The study's id in the store, stored whole with its hash on first use."""
    plan = loaded.plan
    return store.add_study(
        plan.name, loaded.toml, loaded.sha256, plan.trials.too_fast_ms, plan.exclusions.limits()
    )


def code_in_use(store: Store, study: int, participant: Participant) -> str | None:
    """The participant's code as a session of this study has it; ``None`` for someone new to the study."""
    return next((code for code in store.codes(study) if participant.is_called(code)), None)


def find_unfinished(store: Store, loaded: LoadedPlan, participant: Participant) -> OpenSession | None:
    """The unfinished session of this participant under this plan, if there is one.

    Raises ``SessionError`` where there is one under a plan of the same name that reads differently now.
    """
    mine = [
        s
        for s in store.unfinished_sessions()
        if participant.is_called(s.participant) and s.study == loaded.plan.name
    ]
    for session in reversed(mine):
        if session.sha256 == loaded.sha256:
            return session
    if mine:
        raise SessionError(
            f'{mine[-1].participant} has an unfinished session of "{loaded.plan.name}", but the plan was changed '
            "since. Put the plan back as it was to resume, or use another participant code for the new plan."
        )
    return None


def resume(store: Store, loaded: LoadedPlan, session: OpenSession, at_ns: int) -> Session:
    """Go on with an interrupted session; records the gap and voids what was on screen.

    Raises ``SessionError`` when the plan is not the one the session began with, or the session is over.
    """
    if session.sha256 != loaded.sha256:
        raise SessionError(
            f'The plan "{loaded.plan.name}" was changed since this session began. '
            "Put the plan back as it was to resume."
        )
    progress = store.progress(session.session_id)
    if progress.finished:
        raise SessionError(f"The session of {session.participant} is finished; there is nothing to resume.")
    units = store.planned_units(session.session_id)
    gap = (datetime.now(timezone.utc) - datetime.fromisoformat(progress.last_utc)).total_seconds()
    store.append(session.session_id, Event(EventKind.INTERRUPTED, at_ns, None, f"{gap:.1f} s"))
    state = trial.resume(
        units,
        rules_of(loaded),
        answered=progress.answered,
        left_out=progress.left_out,
        presented=progress.presented,
        flagged=progress.flagged,
        phase=_phase_after(progress, bool(loaded.plan.questions)),
    )
    consent = consent_to(loaded.plan, session.session_id)
    return Session(store, session.session_id, session.interface, state, consent)


def _phase_after(progress: Progress, questions: bool) -> Phase:
    """Where a session that was interrupted goes on; what was answered is not asked again."""
    if not progress.consented:
        return Phase.CONSENT
    if questions and not progress.questioned:
        return Phase.QUESTIONS
    return Phase.BLOCK_INTRO if progress.instructed else Phase.INSTRUCTIONS
