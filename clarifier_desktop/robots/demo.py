"""The demo: a short study, opened for a person or played by the robot, ending in a table and CSV files."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from clarifier_desktop.app import Program, run
from clarifier_desktop.machine.diagnostics import say_on_stderr
from clarifier_desktop.robots.page_marking import PageManner
from clarifier_desktop.robots.participant import ParticipantRobot
from model.errors import UserError
from studies.timing.file.store import Store
from studies.timing.results.analysis import choose_sessions, ratio_rows
from studies.timing.results.export import export
from studies.timing.results.page_costs import page_cost_rows
from studies.timing.results.page_rows import PageCostRow
from studies.timing.results.rows import RatioRow
from studies.timing.session.opening import Opening
from ui.study.session_controller import SessionController

_TABLES = ("trials", "ratios", "summary", "pages", "page_costs")


@dataclass(frozen=True)
class RobotRun:
    """A robot's session, and its own delays in s by the position of the trial or page."""

    session_id: str
    delays_s: dict[int, float]


def run_robot(
    opening: Opening, shots: Path | None, seed: int = 1, pages: PageManner | None = None
) -> RobotRun | None:
    """Play one session through the real window and return when its last page is shown.

    ``None`` if the session did not go on, or the program met an error of its own; both are reported.
    Raises ``UserError`` where the session cannot begin.
    """
    runs: list[RobotRun] = []
    refusals: list[str] = []

    def play(program: Program) -> None:
        def finish() -> None:
            controller = controller_now()
            if controller is not None:
                runs.append(RobotRun(controller.session_id, robot.delays_s))
            program.window.close()

        def controller_now() -> SessionController | None:
            return program.flow.controller if program.flow is not None else None

        def refuse(sentence: str) -> None:
            refusals.append(sentence)
            program.window.close()

        def give_up(sentence: str) -> None:
            say_on_stderr(sentence)
            program.window.close()

        if program.flow is not None:
            program.flow.refused.connect(refuse)
        questions = opening.loaded.plan.questions
        robot = ParticipantRobot(
            program.window, controller_now, seed, shots=shots, pages=pages, questions=questions
        )
        robot.done.connect(finish)
        robot.stuck.connect(give_up)

    code = run(replace(opening, robot=True), play, unattended=True)
    if refusals:
        raise UserError(refusals[0])
    if code or not runs:
        return None
    return runs[0]


def report(store_path: Path, folder: Path, played: RobotRun | None) -> str:
    """Write the CSV files into ``folder`` and return the table of c_v, c_a and their ratio."""
    with Store.open(store_path, writable=False) as store:
        simulated = choose_sessions(store, robots=played is not None)
        written = [export(store, what, folder / f"{what}.csv") for what in _TABLES]
        lines = [table(ratio_rows(store))]
        pages = [row for row in page_cost_rows(store) if row.odd_share is None]
        if pages:
            lines.append(page_table(pages))
        if played is not None:
            lines.append(_agreement(store, played))
    if simulated.sessions:
        lines.append(simulated.in_words)
    lines.append("CSV files: " + ", ".join(str(result.csv) for result in written))
    return "\n\n".join(lines)


def table(rows: Sequence[RatioRow]) -> str:
    """c_v, c_a and their ratio in columns, one row per participant and data set."""
    head = ("participant", "data set", "c_v s", "c_a s", "c_a/c_v", "kept", "discarded", "excluded")
    body = [
        (
            row.participant,
            row.dataset,
            _number(row.c_v_geomean_s),
            _number(row.c_a_geomean_s),
            _number(row.ratio_geomean),
            str(row.n_verify_kept + row.n_correct_kept),
            str(row.n_discarded),
            str(row.n_excluded),
        )
        for row in rows
    ]
    return "Geometric means over kept trials:\n" + _in_columns([head, *body])


def page_table(rows: Sequence[PageCostRow]) -> str:
    """What pages cost, and how many odd ones were missed, in columns, one row per participant and data set."""
    head = ("participant", "data set", "s an image", "missed", "marked though right", "kept pages")
    body = [
        (
            row.participant,
            row.dataset,
            _number(row.image_s),
            f"{row.n_missed} of {row.n_odd}",
            f"{row.n_falsely_marked} of {row.n_right}",
            str(row.n_kept),
        )
        for row in rows
    ]
    return "Pages:\n" + _in_columns([head, *body])


def _in_columns(table: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in table)
    return "\n".join(line.rstrip() for line in lines)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _agreement(store: Store, played: RobotRun) -> str:
    """How far the recorded times are from the robot's own delays."""
    times_s = store.response_times(played.session_id)
    errors_ms = [1000 * (times_s[p] - delay_s) for p, delay_s in played.delays_s.items() if p in times_s]
    return (
        f"The robot knows when it pressed: recorded minus pressed is {statistics.mean(errors_ms):+.2f} ms on average, "
        f"{max(errors_ms, key=abs):+.2f} ms at most, over {len(errors_ms)} trials and pages."
    )
