"""What the columns of the tables of sessions and events mean."""

from __future__ import annotations

from collections.abc import Mapping

from studies.table_files import Column
from studies.timing.results.rows import (
    RatioRow,
    count,
    describe_columns,
    nanoseconds,
    number,
    seconds,
    text,
    yes_no,
)

_RATIOS = describe_columns(RatioRow)
_UNTOLD = "Empty where it was not told."

SESSIONS: Mapping[str, Column] = {
    "study": _RATIOS["study"],
    "participant": _RATIOS["participant"],
    "session": text("Id of the session."),
    "participant_number": count("The participant's number, which chooses the trial list.", ""),
    "interface": text("How the session is answered where a block does not say otherwise."),
    "seed": count("The plan's seed; with the number it fixes every draw.", ""),
    "finished": yes_no("Whether the last page was reached."),
    "planned": count(
        "Trials and pages that count, without those whose images could not be read.", "trials or pages"
    ),
    "answered": count("Those of them that are answered.", "trials or pages"),
    "answered_share": number("answered / planned. Empty where nothing was planned."),
    "started_utc": Column("text", "ISO 8601, UTC", "When the session was begun, by the wall clock."),
    "last_utc": Column("text", "ISO 8601, UTC", "When its last event or answer was stored."),
    "pauses": count("How often the participant paused.", "times"),
    "early": count("Presses sooner after an onset than anybody can have seen the image.", "times"),
    "interruptions": count(
        "How often the program ended in mid-session and the session was resumed.", "times"
    ),
    "gaps_s": seconds(
        "How long these interruptions took together, by the wall clock; one over which it was set back counts as 0."
    ),
    "images_failed": count(
        "Trials and pages that were left out as an image could not be read.", "trials or pages"
    ),
    "app_version": text("Version of the program."),
    "platform": text(f"Operating system. {_UNTOLD}"),
    "qt": text(f"Version of Qt. {_UNTOLD}"),
    "platform_plugin": text(f"Qt's window system. {_UNTOLD}"),
    "keyboard_language": text(f"Language of the keyboard, as far as Qt tells it. {_UNTOLD}"),
    "screen_hz": Column("number", "Hz", f"Refresh rate of the first screen. {_UNTOLD}"),
    "screen_px": text(f"Logical size of the first screen, width x height. {_UNTOLD}"),
    "screen_ratio": number(f"Physical pixels for each logical one. {_UNTOLD}"),
    "environment": text("All that was noted of the machine, as JSON."),
    "robot": yes_no(
        "Whether the participant was simulated; results leave such sessions out unless asked for."
    ),
}

EVENTS: Mapping[str, Column] = {
    **{name: SESSIONS[name] for name in ("study", "participant", "session")},
    "seq": count("Place of the event in its session, from 1.", ""),
    "kind": text(
        "consented, questioned, instructed, block_started, presented (at_ns is the onset), early, flagged, unflagged, "
        "paused, resumed, break_ended, interrupted, image_failed or finished."
    ),
    "position": count("Position of the trial or page that it is about; empty for none.", ""),
    "detail": text("A reason in words, or a number with its unit."),
    "utc": Column("text", "ISO 8601, UTC", "When it was stored, by the wall clock."),
    "at_ns": nanoseconds("When it happened."),
    "robot": SESSIONS["robot"],
}
