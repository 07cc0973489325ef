"""The views against the same rows folded in Python from what was written."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from studies.labeling.facts.records import LabelEvent, Purpose, Verb
from studies.labeling.file.store import ProjectStore
from studies.labeling.planning.costs import AWAY_S, TIMED
from tests.studies.labeling.file.written import CHOSE, ITEMS, STEPS, Written, write
from tests.studies.labeling.sample import NAMES, STATES, create


def name(written: Written, class_id: int | None) -> str | None:
    return None if class_id is None else written.classes.name(class_id)


def stands(written: Written) -> list[LabelEvent]:
    undone = {e.undoes for e in written.events if e.verb is Verb.UNDO}
    return [e for e in written.events if e.verb is not Verb.UNDO and e.action not in undone]


def same(written: Written, event: LabelEvent) -> bool | None:
    if event.class_id is None or event.suggestion is None:
        return None
    return written.classes.resolve(event.class_id) == written.classes.resolve(event.suggestion)


def response_s(event: LabelEvent) -> float | None:
    t = event.timing
    return None if t is None else (t.response_ns - t.onset_ns) / 1e9 / t.images


def person_row(written: Written, event: LabelEvent, flagged: bool) -> tuple[Any, ...]:
    task = None if event.task_id is None else written.tasks[event.task_id]
    tier, strategy, score, round_, model_id = (
        (None,) * 5 if task is None else (task.tier, task.strategy, task.score, task.round, task.model_id)
    )
    if event.purpose is Purpose.GRID:
        begun = [auto for record, auto in written.rounds if record.from_action <= event.action]
        score = next((a.score for a in (begun[-1] if begun else ()) if a.item == event.item), None)
        if score is not None:
            tier, strategy, round_, model_id = "easy", CHOSE["easy"], len(begun), len(begun) - 1
    label = name(written, event.class_id) if event.verb is Verb.LABEL else None
    remark = "" if event.verb is Verb.LABEL else event.verb.value
    accepted = same(written, event) if event.verb is Verb.LABEL else None
    about = (event.purpose.value, tier, strategy, score, name(written, event.suggestion), accepted, round_)
    model = None if model_id is None else f"{model_id + 1:064x}"
    return (f"{event.item:03d}.png", label, remark, flagged, "person", *about, model, "A1", response_s(event))


def label_rows(written: Written) -> set[tuple[Any, ...]]:
    kept = stands(written)
    rows = set()
    last, auto = written.rounds[-1] if written.rounds else (None, ())
    for item in range(ITEMS):
        marks = [e.verb for e in kept if e.item == item and e.verb in (Verb.FLAG, Verb.UNFLAG)]
        flagged = bool(marks) and marks[-1] is Verb.FLAG
        state = next((e for e in reversed(kept) if e.item == item and e.verb in STATES), None)
        if state is not None and state.verb is not Verb.RELEASE:
            rows.add(person_row(written, state, flagged))
        given_ = next((a for a in auto if a.item == item), None)
        if state is None and given_ is not None and last is not None:
            class_name = name(written, given_.class_id)
            about = (
                "auto",
                "easy",
                CHOSE["easy"],
                0.75,
                class_name,
                None,
                last.round,
                f"{last.round:064x}",
                "",
                None,
            )
            rows.add((f"{item:03d}.png", class_name, "", flagged, "program", *about))
    return rows


def kind(written: Written, event: LabelEvent) -> str | None:
    if event.verb not in (Verb.LABEL, Verb.ANSWER):
        return None
    if event.suggestion is None:
        return "unaided"
    return "verified" if same(written, event) else "corrected"


def answer_rows(written: Written) -> list[tuple[Any, ...]]:
    kept = {id(event) for event in stands(written)}
    rows = []
    for event in written.events:
        took = response_s(event)
        if took is None or event.timing is None:
            continue
        task = None if event.task_id is None else written.tasks[event.task_id]
        about = (None, None) if task is None else (task.round, task.tier)
        rows.append(
            (
                f"{event.item:03d}.png", event.verb.value, event.purpose.value, *about,
                name(written, event.suggestion), name(written, event.class_id), kind(written, event), took,
                id(event) not in kept, took > AWAY_S, event.purpose is Purpose.CATCH,
            )
        )  # fmt: skip
    return rows


def check_round(written: Written, row: dict[str, Any]) -> None:
    of_round = [
        (event, written.tasks[event.task_id])
        for event in stands(written)
        if event.task_id is not None and event.timing and written.tasks[event.task_id].round == row["round"]
    ]
    assert row["answers"] == len(of_round)
    labels = [(e, t) for e, t in of_round if e.verb is Verb.LABEL and e.purpose in TIMED]
    times = [response_s(e) or 0.0 for e, _ in labels if e.timing and not e.timing.focus_lost]
    assert row["measured_s"] == pytest.approx(sum(t for t in times if t <= AWAY_S))
    for tier in ("hard", "intermediate"):
        mine = [kind(written, e) for e, t in labels if t.tier == tier and e.suggestion is not None]
        assert (row[f"{tier}_answered"], row[f"{tier}_right"]) == (len(mine), mine.count("verified"))
    record, auto = written.rounds[row["round"] - 1]
    assert (row["auto_labels"], row["predicted_s"], row["reason"]) == (len(auto), record.predicted_s, "why")
    assert (row["budgets"], row["hard_budget"], row["easy_budget"]) == ("planned", 3, 1)
    assert (row["trained_on"], row["holdout_n"], row["holdout_right"]) == (9, 5, 4)
    assert row["model"] == f"{row['round']:064x}"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("views") / "p"
    create(path, items=ITEMS, holdout=1).close()
    return path


@settings(max_examples=30, deadline=None)
@given(steps=STEPS)
def test_views_agree_with_python(empty: Path, steps: list[object]) -> None:
    path = Path(shutil.copyfile(empty, empty.with_name("copy")))
    with ProjectStore.open(path) as store:
        written = write(store, steps)
        assert store.query("SELECT class_id, stands_for, name FROM classes ORDER BY class_id") == [
            (c, written.classes.resolve(c), written.classes.name(c)) for c in range(len(NAMES))
        ]
        labels = store.query(
            "SELECT item, label, remark, flagged, origin, purpose, tier, strategy, score, suggestion, accepted, round, "
            "model, annotator, response_time_s FROM labels"
        )
        assert len(labels) == len(set(labels))
        assert set(labels) == label_rows(written)
        answers = store.query(
            "SELECT item, verb, purpose, round, tier, suggestion, answer, kind, response_time_s, undone, away, planted "
            "FROM answers ORDER BY seq"
        )
        assert answers == answer_rows(written)
        columns = [column for (_, column, *_) in store.query("PRAGMA table_info(round_costs)")]
        rounds = store.query("SELECT * FROM round_costs ORDER BY round")
        assert [row[0] for row in rounds] == [record.round for record, _ in written.rounds]
        for row in rounds:
            check_round(written, dict(zip(columns, row, strict=True)))


def test_the_dictionary_has_every_column_of_its_view(empty: Path) -> None:
    from studies.labeling.file.dictionary import PROJECT_DICTIONARY
    from studies.labeling.file.export_labels import TABLES

    with ProjectStore.open(empty, writable=False) as store:
        for table, (view, _) in TABLES.items():
            found = {column for (_, column, *_) in store.query(f"PRAGMA table_info({view})")}
            assert set(PROJECT_DICTIONARY[table]) == found
