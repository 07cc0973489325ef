"""The words between images, where the plan has none of its own."""

from __future__ import annotations

from studies.timing.facts.plan import LoadedPlan
from studies.timing.facts.records import Interface
from studies.timing.session.trial import SessionState
from ui.kit.keys import WINDOW_KEYS
from ui.study.text_page import PageText
from ui.study.trial_keys import TRIAL_KEYS, answer_tables

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


def consent(loaded: LoadedPlan) -> PageText:
    """What the participant agrees to."""
    return PageText(
        title=loaded.plan.title or loaded.plan.name,
        body=loaded.plan.texts.consent.strip() or _CONSENT,
        primary="I agree to take part",
        decline="I do not agree",
    )


def instructions(loaded: LoadedPlan, interface: Interface) -> PageText:
    """How to answer, with the keys."""
    keyboard = interface is Interface.KEYBOARD
    return PageText(
        title="How it works",
        body=loaded.plan.texts.instructions.strip() or (_KEYBOARD if keyboard else _DROPDOWN),
        primary="Go on",
        withdraw=True,
        keys=(*answer_tables(interface), TRIAL_KEYS, WINDOW_KEYS),
    )


def block_intro(state: SessionState, classes: tuple[str, ...], resumed: bool = False) -> PageText:
    """What comes next: a block's practice, or its images that count; ``resumed``: after a break-off."""
    trial = state.trial
    assert trial is not None  # held by the phase BLOCK_INTRO
    blocks = state.units[-1].block + 1
    count = sum(
        (t.block, t.practice) == (trial.block, trial.practice) for t in state.upcoming(len(state.queue))
    )
    names = ", ".join(classes)
    if trial.practice:
        body = f"First, {_images(count)} for practice. They do not count.\n\nThe classes: {names}."
    else:
        body = f"Now {_images(count)} that count. Please be quick and right.\n\nThe classes: {names}."
    back = ""
    if resumed:
        done = len(state.units) - len(state.queue)
        back = f"Welcome back. {_are(done)} done; the one that was on screen comes again.\n\n"
    return PageText(
        title=f"Part {trial.block + 1} of {blocks}: {trial.dataset}",
        body=back + body,
        primary="Begin the practice" if trial.practice else "Begin",
        withdraw=True,
    )


def short_break(state: SessionState) -> PageText:
    """A rest within a block."""
    done = sum(not t.practice for t in state.units) - _count_left(state)
    return PageText(
        title="Time for a short break",
        body=f"{_are(done)} done, {_count_left(state)} still to come. Look away from the screen for a moment.",
        withdraw=True,
    )


def pause(state: SessionState) -> PageText:
    """The participant paused."""
    return PageText(
        title="Paused",
        body="Take the time you need. The image that was on screen will come again later. "
        f"{_are(_count_left(state))} still to come.",
        withdraw=True,
    )


def thanks(times: str) -> PageText:
    """The end; ``times``: the participant's own times in words, or nothing."""
    return PageText(
        title="Thank you",
        body="You have finished. All your answers are saved." + (f"\n\n{times}" if times else ""),
        primary="Done",
        withdraw=True,
    )


def confirm_withdrawal(answers: int) -> PageText:
    """The one question before data is deleted."""
    return PageText(
        title="Delete your data?",
        body=f"You will stop taking part, and {answers} answers of yours will be deleted for good.",
        primary="Keep my data and go back",
        asks_to_withdraw=True,
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


def not_saved(sentence: str) -> PageText:
    """A record could not be written; nothing is lost while this page stands."""
    return PageText(
        title="The last step could not be saved yet",
        body=f"{sentence}\n\nNothing is lost: all answers before this one are saved. "
        "This page stays until saving works.",
        primary="Try again",
    )


def _count_left(state: SessionState) -> int:
    return sum(not state.units[position].practice for position in state.queue)


def _are(count: int) -> str:
    return f"{_images(count)} {'is' if count == 1 else 'are'}"


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count} images"
