"""Whether a block's classes are all in sight while a trial is answered."""

from __future__ import annotations

from ui.answering.class_picker import ClassPicker
from ui.main_window import USUAL
from ui.study.trial_page import MARGIN

_WIDEST, _STEP = 3840, 20  # px


def crowding_note(classes: tuple[str, ...]) -> str:
    """A sentence where not all classes fit the window in its usual size; else empty. Needs an application."""
    picker = ClassPicker()
    picker.set_classes(classes)

    def fits(window: int) -> bool:
        picker.resize(window - 2 * MARGIN, picker.height())
        return not picker.scrolls

    usual = USUAL.width()
    if fits(usual):
        return ""
    width = next((w for w in range(usual + _STEP, _WIDEST + 1, _STEP) if fits(w)), None)
    enough = f"they do in one of {width:,} px." if width else "nor in a wider one."
    return (
        f"the {len(classes):,} classes do not all fit a window {usual:,} px wide, {enough} Participants scroll to see "
        "the others, or type letters, which lists the classes that match."
    )
