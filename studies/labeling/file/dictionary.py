"""What each column of a project's exported tables means."""

from __future__ import annotations

from collections.abc import Mapping

from model.tiers import Tier
from studies.labeling.facts.records import Verb
from studies.table_files import Column

_REMARKS = ", ".join(f"{verb.value} ({verb.meaning.remark.lower()})" for verb in Verb if verb.meaning.remark)
_GIVEN = ", ".join(verb.value for verb in Verb if verb.meaning.reviewed)
_LABELS = {
    "item": Column("text", "", "the image: its path relative to the folder, or its id in the set"),
    "label": Column("text", "", "the class, after renames and merges; empty for a remark"),
    "remark": Column("text", "", f"{_REMARKS}, reject (a wrong auto-label)"),
    "flagged": Column("boolean", "", "marked to be looked at again"),
    "origin": Column("text", "", "person, or program: an auto-label that nobody confirmed"),
    "purpose": Column(
        "text",
        "",
        "why it was shown: seed, typical, cluster, queue, ahead, page, sample, audit, returned, search, grid, doubt, "
        "second-look, review, import",
    ),
    "tier": Column("text", "", f"tier of the suggestion: {', '.join(tier.value for tier in Tier)}"),
    "strategy": Column(
        "text",
        "",
        "the strategy that chose the image, as its round was done: with published rounds not the one set",
    ),
    "score": Column("number", "the strategy's own", "the strategy's score of the image"),
    "suggestion": Column("text", "", "the class that was suggested"),
    "accepted": Column("boolean", "", "whether the label is the suggestion"),
    "round": Column("integer", "", "round that chose it; 0: the seed round"),
    "model": Column("text", "", "SHA-256 of the model behind the suggestion"),
    "annotator": Column("text", "", "code of the person"),
    "utc": Column("text", "ISO 8601", "when"),
    "response_time_s": Column(
        "number", "s", "from the image on screen to the answer; in the grid, per image"
    ),
    "mode": Column(
        "text",
        "",
        "how it was asked: unaided, single (with a suggestion), page, cluster (a page that the person named); program: "
        "nobody was asked",
    ),
    "page": Column("integer", "", "of a page: the action that confirmed it; all its images have the same"),
    "place": Column("integer", "", "of a page: the image's place on it, from 0"),
    "confirmed_again": Column(
        "text",
        "",
        "where the person looked at the label again and left it: doubt (a list of doubtful labels), second-look (at "
        "what a page confirmed); empty: nowhere. The table of answers has page (action), place and time of it",
    ),
}
_ANSWERS = {
    "seq": Column("integer", "", "number of the event"),
    "action": Column("integer", "", "events of one action were made together"),
    "item": Column("text", "", "the image"),
    "verb": Column(
        "text",
        "",
        f"what the answer was: {_GIVEN}, answer (to a catch trial), confirm (a label that was looked at again)",
    ),
    "purpose": Column("text", "", "why the image was shown"),
    "round": Column("integer", "", "round of the task"),
    "tier": Column("text", "", "tier of the suggestion"),
    "strategy": Column("text", "", "the strategy that chose the image"),
    "suggestion": Column("text", "", "the class that was suggested"),
    "answer": Column("text", "", "the class that was given"),
    "kind": Column("text", "", "verified, corrected or unaided; empty for a remark"),
    "response_time_s": Column("number", "s", "from onset to response; in the grid, per image"),
    "images": Column("integer", "", "images that share the time"),
    "onset_ns": Column("integer", "ns", "the image was on screen; monotonic clock"),
    "first_input_ns": Column("integer", "ns", "first key or click"),
    "response_ns": Column("integer", "ns", "the deciding input, by its own stamp"),
    "handler_ns": Column("integer", "ns", "when the program took it"),
    "stamp_source": Column("text", "", "where the stamp comes from"),
    "device": Column("text", "", "keyboard or mouse"),
    "backtracks": Column("integer", "", "choices taken back before the answer"),
    "focus_lost": Column("boolean", "", "another window was active meanwhile: excluded from costs"),
    "longest_stall_ns": Column(
        "integer", "ns", "longest stall of the window meanwhile, or sleep of the machine"
    ),
    "undone": Column("boolean", "", "taken back later: excluded from costs"),
    "away": Column(
        "boolean",
        "",
        "took longer than 20 s, or the program or the machine stood still for more than 1 s: excluded from costs",
    ),
    "too_fast": Column("boolean", "", "took less than 0.15 s, which nobody can: excluded from costs"),
    "planted": Column(
        "boolean", "", "a catch trial, whose suggestion was wrong on purpose: excluded from costs"
    ),
    "annotator": Column("text", "", "code of the person"),
    "sitting": Column("integer", "", "number of the sitting"),
    "utc": Column("text", "ISO 8601", "when"),
    "rank": Column(
        "integer", "", "of the answer among the suggestions on screen, 1 is the first; empty: not among them"
    ),
    "refit": Column(
        "integer", "", "number of the refit whose suggestion was on screen; empty: the round's own, or none"
    ),
    "place": Column("integer", "", "in the grid: the image's place on its page, from 0"),
}


def _budget_of(tier: Tier) -> str:
    return f"asked for in the {tier.value} tier" if tier.asked else "at most labeled by the program"


def _columns_of_answers(tier: Tier) -> Mapping[str, Column]:
    return {
        f"{tier.value}_answered": Column(
            "integer", "", f"suggestions of the {tier.value} tier that were answered"
        ),
        f"{tier.value}_right": Column("integer", "", "of these, accepted"),
    }


_ROUNDS = {
    "round": Column("integer", "", "number of the round, from 1"),
    "budgets": Column("text", "", "planned, fixed or ramped"),
    **{f"{tier.value}_budget": Column("integer", "images", _budget_of(tier)) for tier in Tier},
    "predicted_s": Column(
        "number",
        "s",
        "what its queue was expected to cost at the planned c_v and c_a (this person's trimmed means, shrunk "
        "towards the paper's ratio); empty where costs are units",
    ),
    "measured_s": Column(
        "number",
        "s",
        "what its labels took, given one at a time; without undone ones, absences and lost focus",
    ),
    "answers": Column("integer", "", "answers that stand"),
    **{name: column for tier in Tier if tier.asked for name, column in _columns_of_answers(tier).items()},
    "auto_labels": Column("integer", "", "labels that the program gave"),
    "trained_on": Column("integer", "", "labels that the model was trained on"),
    "holdout_n": Column("integer", "", "held-out images with a label"),
    "holdout_right": Column("integer", "", "of these, predicted as labeled"),
    "network": Column("text", "", "the network"),
    "device": Column("text", "", "cpu, cuda or mps"),
    "model": Column("text", "", "SHA-256 of the model"),
    "reason": Column("text", "", "why these budgets"),
    "notes": Column(
        "text",
        "JSON",
        "by tier, why it took fewer images than its budget; encoder, network: which one, and why",
    ),
    "seconds": Column("text", "JSON, s", "time by stage"),
    "utc": Column("text", "ISO 8601", "when the round began"),
}
PROJECT_DICTIONARY: Mapping[str, Mapping[str, Column]] = {
    "labels": _LABELS,
    "answers": _ANSWERS,
    "rounds": _ROUNDS,
}
"""By table, its columns in the order of the export."""
