"""The words between images: each page counts the same images."""

from __future__ import annotations

from dataclasses import replace

from studies.timing.facts.consent import Consent
from studies.timing.facts.plan import parse_plan
from studies.timing.session.state import Phase, Rules
from studies.timing.session.trial import begin
from tests.ui.driving import planned
from ui.answering.stamps import EventClock, HeldKeys
from ui.study.session_texts import confirm_withdrawal, consent, short_break, thanks
from ui.study.text_page import TextPage

AGREED = Consent("2 of May", "c" * 64, "Ada, ada@example.org", "7KQM-2XHA")


def test_consent_and_the_end_tell_whom_to_ask_and_the_code_for_a_deletion() -> None:
    loaded = parse_plan(
        'name = "x"\n[texts]\nconsent = "I agree."\n[[blocks]]\ndataset = "digits"\nimages = 1\n'
    )
    code = "Your code, to have your data deleted later: 7KQM-2XHA. Please note it down."
    later = f"Contact: Ada, ada@example.org\n\n{code}"
    assert consent(loaded, AGREED).body == f"I agree.\n\n{later}\n\nVersion of this text: 2 of May."
    assert thanks(None, AGREED).body.endswith(later)
    without = replace(AGREED, contact="", version="")
    assert "Contact" not in thanks(None, without).body
    assert consent(loaded, without).body.endswith("Please note it down.")


def test_the_question_before_a_deletion_counts_as_the_break_did() -> None:
    units = planned(9, practice=3)
    state = replace(begin(units, Rules(True, 0)), queue=(7, 8))
    assert short_break(state).body.startswith("4 images are done, 2 still to come.")
    assert "your answers to 4 images and to 3 for practice will be deleted" in confirm_withdrawal(state).body
    state = replace(begin(units[3:], Rules(True, 0)), units=planned(2), queue=(1,))
    assert "your answers to 1 image will be deleted" in confirm_withdrawal(state).body


def test_who_has_finished_is_not_asked_to_stop(qtbot) -> None:
    page = TextPage(EventClock(False), HeldKeys())
    qtbot.addWidget(page)
    state = replace(begin(planned(2), Rules(True, 0)), queue=())
    words = []
    for phase, before in ((Phase.BREAK, short_break(state)), (Phase.FINISHED, thanks(None, AGREED))):
        for text in (before, confirm_withdrawal(replace(state, phase=phase))):
            page.show_text(text)
            words.append(page._withdraw.text())
    assert words == ["Stop and delete my data", "Delete and stop", "Delete my data", "Delete"]
    assert "stop" not in confirm_withdrawal(replace(state, phase=Phase.FINISHED)).body
