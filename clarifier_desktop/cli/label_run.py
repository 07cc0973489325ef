"""The command ``label``: opens or makes a project at once, for a person or for a simulated annotator."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path

from clarifier_desktop import __version__, app
from clarifier_desktop.app import Program
from clarifier_desktop.cli.label_options import LabelOptions
from clarifier_desktop.robots.annotator import LabelRobot, Manner, Until
from model.datasets.base import Source
from model.datasets.class_list import read_class_list
from model.errors import UserError
from model.port import NullPort
from studies.labeling.facts.settings import ProjectSettings, settings_from
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.creation import Draft, create, inspect
from studies.labeling.project.images import truth_of
from ui.labeling.project.files import PROJECT_SUFFIX, project_path
from ui.preferences import Paths


def run_label(options: LabelOptions) -> int:
    """Open the window on a project; returns the exit code. Raises ``UserError``."""
    paths = Paths.of_user()
    file = _find_or_make(options, paths)
    robots: list[LabelRobot] = []
    failures: list[str] = []

    def started(program: Program) -> None:
        if file is None:
            program.new_project(options.target.expanduser().absolute())
            return
        try:
            program.open_project(file, options.annotator)
        except UserError as error:
            failures.append(str(error))
            program.window.close()
            return
        if options.robot:
            robots.append(_robot(program, options, paths))

    code = app.run(started=started, full_screen=options.full_screen)
    if failures:
        raise UserError(failures[0])
    for robot in robots:
        if file is not None:
            print(report(file, robot))
    return code


def report(file: Path, robot: LabelRobot) -> str:
    """What the robot's sitting gave: labels, rounds, idle share, and how well times were measured."""
    with ProjectStore.open(file, writable=False) as store:
        sitting = store.last_sitting()
        answers, rounds = store.answer_times(sitting), len(store.rounds())
        idle_share, duration_s = store.idle_share(sitting), store.duration_s(sitting)
    pressed = {p.task_id: p.delay_s for p in robot.pressed}
    errors = [1000 * (seconds - pressed[task]) for task, seconds in answers if task in pressed]
    lines = [f"{len(answers)} answers, {rounds} rounds in {file}."]
    if idle_share is not None:
        lines.append(f"Nothing to do for {idle_share:.2%} of {duration_s:.0f} s.")
    if len(errors) > 1:
        spread = statistics.stdev(errors)
        lines.append(f"Recorded minus pressed: {statistics.mean(errors):+.2f} ms, SD {spread:.2f} ms.")
    return "\n".join(lines)


def _robot(program: Program, options: LabelOptions, paths: Paths) -> LabelRobot:
    assert program.labeling is not None  # just opened
    project = program.labeling.project
    truth = truth_of(Source(project.head.dataset, project.place), project.items, paths.cache)
    robot = LabelRobot(
        program.window,
        lambda: None if program.labeling is None else program.labeling.project,
        _named(truth),
        seed=1,
        until=Until(options.robot_rounds, options.robot_labels),
        manner=Manner(speed=options.robot_speed),
        shots=options.screenshots,
    )
    robot.done.connect(program.window.close)
    return robot


def _named(truth: list[str]) -> Callable[[int], str]:
    return truth.__getitem__


def _find_or_make(options: LabelOptions, paths: Paths) -> Path | None:
    """The project's file: the one named, the one that was made of this folder before, or a new one.

    ``None`` where only the person knows the classes: the page of a new project asks for them.
    """
    target = options.target.expanduser()
    if target.suffix == PROJECT_SUFFIX:
        return target
    builtin = not target.exists() and len(target.parts) == 1
    csv = target.suffix.lower() == ".csv"
    source = Source(str(target)) if builtin else Source("csv" if csv else "folder", target.absolute())
    file = options.project or _known(source, paths.projects)
    if file is not None and file.exists():
        return file
    if file is None:
        paths.projects.mkdir(parents=True, exist_ok=True)
        file = project_path(paths.projects, target.stem or "images")
    classes = None if options.classes is None else tuple(read_class_list(options.classes))
    found = inspect(source, paths.cache, NullPort(), classes)
    if not found.classes and not options.robot:
        return None
    settings = ProjectSettings(annotator=options.annotator)
    if options.minutes is not None:
        settings = settings_from({**settings.model_dump(), "budgets": {"minutes": options.minutes}})
    create(
        file, Draft(source, classes or found.classes, settings), paths.cache, __version__, NullPort()
    ).close()
    return file


def _known(source: Source, folder: Path) -> Path | None:
    for file in sorted(folder.glob(f"*{PROJECT_SUFFIX}")):
        try:
            with ProjectStore.open(file, writable=False) as store:
                if (store.head().dataset, store.place()) == (source.dataset, source.path):
                    return file
        except UserError:
            continue
    return None
