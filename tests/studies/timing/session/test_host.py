from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.datasets.pixels.deep import Range, Ranges
from model.errors import UserError
from model.port import NullPort
from studies.answers import Device, StampSource
from studies.timing.facts import inputs as ev
from studies.timing.facts.pages import trials_of
from studies.timing.facts.plan import LoadedPlan, parse_plan
from studies.timing.file.store import OpenSession, Store
from studies.timing.session.host import Host
from studies.timing.session.material import Drawn
from studies.timing.session.session import Participant, Session, SessionError
from studies.timing.session.trial import Phase
from tests.studies.timing.pictures import PLAN, make_pictures, pictures_plan

SECOND = 1_000_000_000


@pytest.fixture
def host(store: Store, tmp_path: Path) -> Host:
    make_pictures(tmp_path)
    return Host(store, pictures_plan(tmp_path), tmp_path / "cache", {}, "0.1.0", {"screen_hz": 60})


def under(host: Host, loaded: LoadedPlan) -> Host:
    return dataclasses.replace(host, loaded=loaded)


def sit(host: Host, code: str, number: int | None = None) -> Session:
    """Let someone new begin."""
    participant = Participant(code, number)
    admitted = host.admit(participant)
    assert isinstance(admitted, int)
    return host.start(participant, admitted, host.draw(admitted, NullPort()))


def play(running: Session, until: Phase = Phase.FINISHED) -> None:
    """Answer every trial rightly: 1 s after the onset where the suggestion is right, else 3 s."""
    at = 0
    while running.state.phase is not until:
        at += 10 * SECOND
        state = running.state
        if state.phase is Phase.STIMULUS and state.trial is not None and state.on_screen is not None:
            given = state.on_screen.onset_ns + (1 if state.trial.suggestion_right else 3) * SECOND
            truth = state.trial.true_class
            running.send(ev.Answer(given, given, StampSource.MONOTONIC, Device.KEYBOARD, 0, truth))
            continue
        events = {Phase.CONSENT: ev.Agree(at), Phase.FIXATION: ev.Shown(at), Phase.ENDING: ev.Finish(at)}
        running.send(events.get(state.phase, ev.Continue(at)))


def test_participants_are_numbered_in_the_order_they_begin(host: Host) -> None:
    assert host.admit(Participant("A")) == 1
    assert host.admit(Participant("B")) == 1  # nobody has begun yet
    sit(host, "A")
    assert host.admit(Participant("B")) == 2
    sit(host, "C", 7)
    assert host.admit(Participant("B")) == 8
    assert host.admit(Participant("B", 3)) == 3
    other = under(
        host, parse_plan(PLAN.replace('"pictures"\nseed', '"other"\nseed'), folder=host.loaded.folder)
    )
    assert other.admit(Participant("A")) == 1


def test_a_simulated_participant_is_marked_and_is_nobody_else(host: Host) -> None:
    robots = dataclasses.replace(host, robot=True)
    sit(robots, "R")
    sit(host, "A")
    assert [(session.participant, session.robot) for session in host.store.sessions()] == [
        ("R", True),
        ("A", False),
    ]
    assert isinstance(robots.admit(Participant("R")), OpenSession)
    with pytest.raises(SessionError, match="session of R is a simulated participant's"):
        host.admit(Participant("r"))
    with pytest.raises(SessionError, match="session of A is a person's"):
        robots.admit(Participant("A"))


def test_the_trials_stored_are_those_of_the_number(host: Host) -> None:
    begun = sit(host, "A", 4)
    assert host.store.planned_trials(begun.session_id) == host.draw(4, NullPort()).units
    assert host.draw(5, NullPort()).units != begun.state.units
    (summary,) = host.store.sessions()
    assert (summary.participant, summary.participant_number) == ("A", 4)


@pytest.mark.parametrize("code", ["", "  ", "\t", "\u00a0"])
def test_a_code_must_be_given(host: Host, code: str) -> None:
    with pytest.raises(SessionError, match="type your participant code"):
        host.admit(Participant(code))


@pytest.mark.parametrize("code", ["Anna 1", "anna 1", " ANNA  1 "])
def test_an_unfinished_session_goes_on_however_the_code_is_typed(host: Host, code: str) -> None:
    begun = sit(host, "Anna 1")
    play(begun, Phase.STIMULUS)
    found = host.admit(Participant(code, 5))
    assert isinstance(found, OpenSession)
    assert (found.session_id, found.participant, found.participant_number) == (begun.session_id, "Anna 1", 1)
    reopened = host.reopen(NullPort())
    resumed = host.resume(found, 5, reopened.material)
    on_screen, *_ = begun.state.queue
    assert resumed.state.queue[0] != on_screen
    assert resumed.state.presented == {on_screen: 1}
    for trial in trials_of(resumed.state.units):
        reopened.material.load(trial, None)
    play(resumed)
    assert len(host.store.sessions()) == 1


@pytest.mark.parametrize("code", ["Anna 1", "anna 1", " ANNA  1 "])
def test_who_has_finished_is_told_so(host: Host, code: str) -> None:
    play(sit(host, "Anna 1"))
    with pytest.raises(SessionError) as raised:
        host.admit(Participant(code))
    assert str(raised.value) == "Anna 1 has finished this study already. Please use another participant code."


def test_a_plan_that_changed_takes_those_who_finished_but_not_those_in_the_middle(host: Host) -> None:
    play(sit(host, "done"))
    play(sit(host, "half"), Phase.BLOCK_INTRO)
    changed = under(host, parse_plan(PLAN + "# changed\n", folder=host.loaded.folder))
    assert changed.admit(Participant("done")) == 1
    with pytest.raises(
        SessionError, match=r'half has an unfinished session of "pictures", but the plan was changed'
    ):
        changed.admit(Participant("HALF"))
    assert isinstance(host.admit(Participant("half")), OpenSession)


def test_who_withdrew_leaves_nothing_and_may_begin_again(host: Host) -> None:
    begun = sit(host, "A")
    play(begun, Phase.STIMULUS)
    host.withdraw(begun.session_id)
    assert host.store.sessions() == ()
    assert host.store.query("SELECT count(*) FROM events") == [(0,)]
    assert host.admit(Participant("A")) == 1


def test_ones_own_times(host: Host) -> None:
    begun = sit(host, "A")
    play(begun)
    kinds = {t.suggestion_right for t in trials_of(begun.state.units) if not t.practice}
    assert kinds == {True, False}  # the seed gives both
    times = host.own_times(begun.session_id)
    assert (times.c_v_geomean_s, times.c_a_geomean_s) == pytest.approx((1.0, 3.0))


def test_a_session_is_not_resumed_while_a_class_is_away(host: Host) -> None:
    play(sit(host, "A"), Phase.STIMULUS)
    found = host.admit(Participant("A"))
    assert isinstance(found, OpenSession)
    assert host.loaded.folder is not None
    folder = host.loaded.folder / "pictures" / "cat"
    folder.rename(folder.with_name("away"))
    events = host.store.query("SELECT count(*) FROM events")
    for _ in range(2):
        with pytest.raises(UserError, match="no images of cat at the moment"):
            host.resume(found, 5, host.reopen(NullPort()).material)
        folder.mkdir(exist_ok=True)  # as an empty mount point
    assert host.store.query("SELECT count(*) FROM events") == events
    folder.rmdir()
    folder.with_name("away").rename(folder)
    play(host.resume(found, 5, host.reopen(NullPort()).material))
    assert host.store.query("SELECT count(*) FROM events WHERE kind = 'image_failed'") == [(0,)]


def save_deep(folder: Path, top: int) -> None:
    """Replace the pictures by deep ones of as many values."""
    for file in folder.glob("pictures/*/*.png"):
        Image.fromarray(np.array([[0, top // 2, top]] * 3, np.uint16)).save(file)


def first_pixels(drawn: Drawn) -> list[int]:
    image, _ = drawn.material.load(trials_of(drawn.units)[0], None)
    return [int(grey) for grey in np.asarray(image)[0, :, 0]]


def test_a_study_shows_deep_images_to_all_participants_alike(host: Host, tmp_path: Path) -> None:
    save_deep(tmp_path, 4095)
    first = host.draw(1, NullPort())
    session = host.start(Participant("A"), 1, first)
    ((environment,),) = host.store.query("SELECT environment FROM sessions")
    assert json.loads(environment)["display_ranges"] == {
        "pictures": {"integers": {"low": 0.0, "high": 4095.0}, "floats": None}
    }
    assert first_pixels(first) == [0, 127, 255]
    save_deep(tmp_path, 1023)  # other pictures would be shown by another range
    assert first_pixels(host.draw(2, NullPort())) == [0, 32, 64]
    assert host.reopen(NullPort()).material.display_ranges() == {"pictures": Ranges(Range(0, 4095))}
    host.withdraw(session.session_id)
    assert first_pixels(host.draw(2, NullPort())) == [0, 127, 255]


def test_another_plan_has_ranges_of_its_own(host: Host, tmp_path: Path) -> None:
    save_deep(tmp_path, 4095)
    sit(host, "A")
    save_deep(tmp_path, 1023)
    other = under(host, pictures_plan(tmp_path, PLAN.replace("seed = 7", "seed = 8")))
    assert first_pixels(other.draw(1, NullPort())) == [0, 127, 255]
