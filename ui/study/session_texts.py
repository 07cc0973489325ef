"""The words between images, where the plan has none of its own."""

from __future__ import annotations

from collections.abc import Callable

from studies.numerals import counted
from studies.timing.facts.consent import Consent, consent_text
from studies.timing.facts.pages import PlannedPage, Unit
from studies.timing.facts.plan import LoadedPlan
from studies.timing.facts.records import Interface
from studies.timing.file.store import SessionTimes
from studies.timing.session.host import Host
from studies.timing.session.material import Material
from studies.timing.session.session import Session
from studies.timing.session.state import Phase, SessionState, part_of
from ui.answering.pages.page_keys import PAGE_KEYS
from ui.kit.keys import WINDOW_KEYS
from ui.study.text_page import PageText
from ui.study.trial_keys import PAUSE_KEYS, TRIAL_KEYS, answer_tables

_KEYBOARD = """\
A cross shows where the image will be. Then the image and its suggested label appear together.

If the suggestion is right, press Enter or Space. If it is wrong, choose the right label: where each class has \
a digit, press that digit; elsewhere type the first letters of the right one, or its number, and press Enter.

Answer as quickly as you can without making mistakes. There is no way back to an earlier image."""

_DROPDOWN = """\
A cross shows where the image will be. Then the image appears with a list that shows its suggested label.

If the suggestion is right, press D or click Next. If it is wrong, open the list with the Down key or a click, \
type part of the right label, press Enter, and then D.

Answer as quickly as you can without making mistakes. There is no way back to an earlier image."""

_PAGES = """\
Some parts show many images at once; what to do there is said before each."""

_PAGE_PART = """\
Each page shows many images that are said to be of one class. Mark the odd ones, which are not: press the letter on \
the image, or click it; the same again takes the mark back. Then press Enter: it says that all others are of the \
class. A page may have no odd ones, or several.

Work as quickly as you can without missing any. There is no way back to an earlier page."""


def consent(loaded: LoadedPlan, agreement: Consent) -> PageText:
    """What the participant agrees to, whom to ask, and the code for a later deletion."""
    version = f"Version of this text: {agreement.version}." if agreement.version else ""
    return PageText(
        title=loaded.plan.title or loaded.plan.name,
        body="\n\n".join(filter(None, (consent_text(loaded.plan), _later(agreement), version))),
        primary="I agree to take part",
        decline="I do not agree",
    )


def _later(agreement: Consent) -> str:
    """Whom to ask, and what to quote for a deletion after the session."""
    contact = f"Contact: {agreement.contact}\n\n" if agreement.contact else ""
    return f"{contact}Your code, to have your data deleted later: {agreement.code}. Please note it down."


def instructions(loaded: LoadedPlan) -> PageText:
    """How to answer in the plan's interfaces, with the keys."""
    plan = loaded.plan
    used = dict.fromkeys(plan.interface_of(block) for block in plan.blocks)
    words = {Interface.KEYBOARD: _KEYBOARD, Interface.DROPDOWN: _DROPDOWN, Interface.PAGE: _PAGES}
    singles = [interface for interface in used if interface is not Interface.PAGE]
    beside = (TRIAL_KEYS, WINDOW_KEYS) if singles else (WINDOW_KEYS,)
    return PageText(
        title="How it works",
        body=plan.texts.instructions.strip() or "\n\n".join(words[interface] for interface in used),
        primary="Go on",
        withdraw=True,
        keys=(*(table for interface in singles for table in answer_tables(interface)), *beside),
    )


def block_intro(state: SessionState, material: Material, resumed: bool = False) -> PageText:
    """What comes next: a block's practice, what counts, or what was marked; ``resumed``: after a break-off."""
    unit = state.unit
    assert unit is not None  # held by the phase BLOCK_INTRO
    part = [coming for coming in state.upcoming(len(state.queue)) if part_of(coming) == part_of(unit)]
    paged = isinstance(unit, PlannedPage)
    body = _what_comes(unit, part) + f"\n\nThe classes: {', '.join(material.classes(unit.dataset))}."
    back = ""
    if resumed:
        back = f"Welcome back. {_are(_count_done(state))} done; what was on screen comes again.\n\n"
    return PageText(
        title=f"Part {unit.block + 1} of {state.blocks}: {unit.dataset}",
        body=back + body,
        primary="Begin the practice" if unit.practice else "Begin",
        withdraw=True,
        keys=(PAGE_KEYS, PAUSE_KEYS) if paged and unit.practice else (),
        done=_share_done(state),
    )


def _what_comes(unit: Unit, part: list[Unit]) -> str:
    images = counted(sum(coming.images for coming in part), "image")
    if unit.asked_after:
        return f"Now {images} that you marked, one by one. Please give each its right label."
    if isinstance(unit, PlannedPage):
        pages, counts = ("1 page", "counts") if len(part) == 1 else (f"{len(part)} pages", "count")
        if unit.practice:
            return f"{_PAGE_PART}\n\nFirst, {pages} for practice ({images}). They do not count."
        return f"Now {pages} that {counts} ({images}). Please be quick, and miss none.\n\n{_PAGE_PART}"
    if unit.practice:
        return f"First, {images} for practice. They do not count."
    return f"Now {images} that count. Please be quick and right."


def short_break(state: SessionState) -> PageText:
    """A rest within a block."""
    return PageText(
        title="Time for a short break",
        body=f"{_are(_count_done(state))} done, {_count_left(state)} still to come. "
        "Look away from the screen for a moment.",
        withdraw=True,
        done=_share_done(state),
    )


def pause(state: SessionState) -> PageText:
    """The participant paused."""
    return PageText(
        title="Paused",
        body="Take the time you need. What was on screen will come again later. "
        f"{_are(_count_left(state))} still to come.",
        withdraw=True,
        done=_share_done(state),
    )


def thanks(times: SessionTimes | None, agreement: Consent) -> PageText:
    """The end; ``times``: the participant's own, where they are to be told."""
    words = []
    if times is not None and times.c_v_geomean_s is not None:
        words.append(f"Verifying a right suggestion took you {times.c_v_geomean_s:.2f} s.")
    if times is not None and times.c_a_geomean_s is not None:
        words.append(f"Correcting a wrong one took you {times.c_a_geomean_s:.2f} s.")
    return PageText(
        title="Thank you",
        body="\n\n".join(
            filter(
                None, ("You have finished. All your answers are saved.", "\n".join(words), _later(agreement))
            )
        ),
        primary="Done",
        withdraw=True,
        finished=True,
    )


def confirm_withdrawal(state: SessionState) -> PageText:
    """The one question before data is deleted; it counts images as the other pages do."""
    practice = _count_done(state, practice=True)
    beside = f" and to {practice} for practice" if practice else ""
    answers = f"answers to {counted(_count_done(state), 'image')}{beside} will be deleted for good."
    if state.rules.questions:
        answers += " So will your answers to the questions about you."
    finished = state.phase is Phase.FINISHED
    return PageText(
        title="Delete your data?",
        body=f"Your {answers}" if finished else f"You will stop taking part, and your {answers}",
        primary="Keep my data and go back",
        asks_to_withdraw=True,
        finished=finished,
    )


def data_deleted() -> PageText:
    """After the deletion."""
    return PageText(
        title="Your data is deleted",
        body="Nothing of what you answered was kept: only that a session of this study began, and when. Thank you.",
        primary="Done",
    )


def images_away(sentence: str) -> PageText:
    """The images cannot be had, and none of them is at fault; the trial comes again."""
    return PageText(
        title="The images cannot be shown at the moment",
        body=f"{sentence}\n\nPlease tell whoever leads this study. Nothing is lost: all answers are saved, and the "
        "study goes on where it stopped.",
        primary="Try again",
    )


def images_there_again() -> PageText:
    """What was away is back; the trial begins when the participant says so."""
    return PageText(
        title="The images are there again",
        body="Nothing is lost: all answers are saved, and the study goes on where it stopped.",
    )


def not_saved(sentence: str) -> PageText:
    """A record could not be written; nothing is lost while this page stands."""
    return PageText(
        title="The last step could not be saved yet",
        body=f"{sentence}\n\nNothing is lost: all answers before this one are saved. "
        "This page stays until saving works.",
        primary="Try again",
    )


def _count_left(state: SessionState, practice: bool = False) -> int:
    coming = (state.units[position] for position in state.queue)
    return sum(unit.images for unit in coming if unit.practice is practice)


def _count_done(state: SessionState, practice: bool = False) -> int:
    return sum(unit.images for unit in state.units if unit.practice is practice) - _count_left(
        state, practice
    )


def _share_done(state: SessionState) -> float:
    """Of all images of the session, those for practice too."""
    left, done = _count_left(state), _count_done(state)
    practice = _count_left(state, practice=True), _count_done(state, practice=True)
    return (done + practice[1]) / max(1, done + left + sum(practice))


def _are(count: int) -> str:
    return counted(count, "image is", "images are")


def between_images(session: Session, host: Host, material: Material, resumed: bool) -> PageText:
    """The words of a phase in which no image is on screen."""
    state, loaded = session.state, host.loaded
    words: dict[Phase, Callable[[], PageText]] = {
        Phase.CONSENT: lambda: consent(loaded, session.consent),
        Phase.INSTRUCTIONS: lambda: instructions(loaded),
        Phase.BLOCK_INTRO: lambda: block_intro(state, material, resumed),
        Phase.BREAK: lambda: short_break(state),
        Phase.PAUSED: lambda: pause(state),
    }
    if state.phase in words:
        return words[state.phase]()
    own = host.own_times(session.session_id) if loaded.plan.session.show_own_times else None
    return thanks(own, session.consent)
