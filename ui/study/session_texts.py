"""The words between images, where the plan has none of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from studies.numerals import counted
from studies.timing.facts.pages import PlannedPage, Unit
from studies.timing.facts.plan import LoadedPlan
from studies.timing.facts.records import Interface
from studies.timing.file.store import SessionTimes
from studies.timing.session.material import Material
from studies.timing.session.state import Phase, SessionState, part_of
from ui.answering.pages.page_keys import PAGE_KEYS
from ui.kit.keys import WINDOW_KEYS
from ui.study.text_page import PageText
from ui.study.trial_keys import PAUSE_KEYS, TRIAL_KEYS, answer_tables

_CONSENT = """\
You will see images, each with a suggested label. Some suggestions are right and some are wrong. \
Please give every image its right label, as quickly as you can without making mistakes.

What is recorded: your participant code, your answers, and how long each took. Nothing else about you is \
recorded, and nothing leaves this computer by itself.

Taking part is voluntary. You can stop at any time, and you can have your data deleted."""

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


def consent(loaded: LoadedPlan) -> PageText:
    """What the participant agrees to."""
    return PageText(
        title=loaded.plan.title or loaded.plan.name,
        body=_consent_body(loaded),
        primary="I agree to take part",
        decline="I do not agree",
    )


def consent_shown(loaded: LoadedPlan) -> str:
    """What was agreed to, for the record: the plan's version of it, and the SHA-256 (UTF-8) of the words on screen."""
    version = loaded.plan.texts.consent_version
    digest = hashlib.sha256(_consent_body(loaded).encode()).hexdigest()
    return f"version {version}; sha256 {digest}" if version else f"sha256 {digest}"


def _consent_body(loaded: LoadedPlan) -> str:
    texts = loaded.plan.texts
    parts = [texts.consent.strip() or _CONSENT]
    if contact := texts.contact.strip():
        parts.append(
            f"Contact: {contact}\nTo have your data deleted later, write there and quote your participant code."
        )
    if texts.consent_version:
        parts.append(f"Version of this text: {texts.consent_version}")
    return "\n\n".join(parts)


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
    )


def pause(state: SessionState) -> PageText:
    """The participant paused."""
    return PageText(
        title="Paused",
        body="Take the time you need. What was on screen will come again later. "
        f"{_are(_count_left(state))} still to come.",
        withdraw=True,
    )


def thanks(times: SessionTimes | None) -> PageText:
    """The end; ``times``: the participant's own, where they are to be told."""
    words = []
    if times is not None and times.c_v_geomean_s is not None:
        words.append(f"Verifying a right suggestion took you {times.c_v_geomean_s:.2f} s.")
    if times is not None and times.c_a_geomean_s is not None:
        words.append(f"Correcting a wrong one took you {times.c_a_geomean_s:.2f} s.")
    return PageText(
        title="Thank you",
        body="\n\n".join(
            ("You have finished. All your answers are saved.", *filter(None, ("\n".join(words),)))
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


def _are(count: int) -> str:
    return counted(count, "image is", "images are")


def between_images(
    state: SessionState, loaded: LoadedPlan, material: Material, own: SessionTimes | None, resumed: bool
) -> PageText:
    """The words of a phase in which no image is on screen; ``own``: the participant's times, to be told at the end."""
    words: dict[Phase, Callable[[], PageText]] = {
        Phase.CONSENT: lambda: consent(loaded),
        Phase.INSTRUCTIONS: lambda: instructions(loaded),
        Phase.BLOCK_INTRO: lambda: block_intro(state, material, resumed),
        Phase.BREAK: lambda: short_break(state),
        Phase.PAUSED: lambda: pause(state),
    }
    return words[state.phase]() if state.phase in words else thanks(own)
