"""The command ``label``: opens or makes a project at once, for a person or for a simulated annotator."""

from __future__ import annotations

import statistics
from dataclasses import replace
from pathlib import Path

from clarifier_desktop import __version__, app
from clarifier_desktop.app import Program
from clarifier_desktop.cli.common import ArgumentError, make_folder, source_of
from clarifier_desktop.cli.label_options import LabelOptions
from clarifier_desktop.robots.annotator import ANNOTATOR, AnnotatorRobot, Until
from model.datasets.base import Source
from model.datasets.class_list import read_class_list
from model.datasets.listing import tell
from model.disk import is_there
from model.errors import UserError
from model.names import AUTO
from model.port import NullPort
from studies.labeling.facts.settings import Learner, ProjectSettings, settings_from
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.creation import Draft, create, inspect
from studies.labeling.project.images import truth_of
from studies.labeling.project.known import find_project
from studies.numerals import counted
from ui.labeling.choices.network_check import check_network, needs_check
from ui.labeling.project.files import PROJECT_SUFFIX, project_files, project_path
from ui.labeling.project.model_check import check_model
from ui.preferences import Paths


def run_label(options: LabelOptions) -> int:
    """Open the window on a project; returns the exit code. Raises ``UserError``."""
    paths = Paths.of_user()
    if options.robot and options.screenshots is not None:
        make_folder(options.screenshots)
    learner = _learner(options)
    file = _find_or_make(options, paths, learner)
    robots: list[AnnotatorRobot] = []
    failures: list[str] = []

    def begin(program: Program) -> None:
        if file is None:
            program.new_project(
                options.target.expanduser().absolute(), _settings(options, learner), options.project
            )
            return
        try:
            program.open_project(file, options.annotator)
            _change_learner(program, learner)
            if options.robot:
                robots.append(_start_robot(program, file, options, paths))
                robots[0].stuck.connect(failures.append)
        except UserError as error:
            failures.append(str(error))
            program.window.close()

    before = _last_sitting(file) if file is not None and options.robot else 0
    code = app.run(started=begin, full_screen=options.full_screen, unattended=options.robot)
    for robot in robots:
        if file is not None:
            print(report(file, robot, before))
    if failures:
        raise UserError(failures[0])
    return code


def _last_sitting(file: Path) -> int:
    with ProjectStore.open(file, writable=False) as store:
        return store.last_sitting()


def report(file: Path, robot: AnnotatorRobot, before: int = 0) -> str:
    """Answers, rounds and idle share of the robot's sittings, and how far recorded times are from its own.

    They are all after number ``before``: whoever comes back to a page begins another.
    """
    with ProjectStore.open(file, writable=False) as store:
        sittings = range(before + 1, store.last_sitting() + 1)
        answers = [answer for sitting in sittings for answer in store.answer_times(sitting)]
        work, progress = store.work_after(before), store.progress()
        certificate = store.certified_by()
        rounds, duration_s = len(store.rounds()), sum(map(store.duration_s, sittings))
        idle_s = sum((store.idle_share(sitting) or 0.0) * store.duration_s(sitting) for sitting in sittings)
    errors_ms = [
        1000 * (seconds - robot.delays_s[task]) for task, seconds in answers if task in robot.delays_s
    ]
    lines = [
        f"{work.actions:,} actions, {rounds} rounds in {file}.",
        f"{work.seconds:.0f} s of a person: {counted(work.pages, 'page')} with {counted(work.marks, 'mark')}, "
        f"{work.actions - work.pages:,} answers one by one.",
        progress.sentence(),
    ]
    if certificate is not None:
        lines.append(certificate.sentence)
    if duration_s:
        lines.append(f"Nothing to do for {idle_s / duration_s:.2%} of {duration_s:.0f} s.")
    if len(errors_ms) > 1:
        spread = statistics.stdev(errors_ms)
        lines.append(f"Recorded minus pressed: {statistics.mean(errors_ms):+.2f} ms, SD {spread:.2f} ms.")
    return "\n".join(lines)


def _start_robot(program: Program, file: Path, options: LabelOptions, paths: Paths) -> AnnotatorRobot:
    if program.labeling is None:
        raise ArgumentError(
            f"The images of {file} are not where they were, and a simulated annotator cannot say where: open it "
            "once without --robot and choose their folder."
        )
    project = program.labeling.project
    truth = truth_of(Source(project.head.dataset, project.place), project.items, paths.cache)
    robot = AnnotatorRobot(
        program.window,
        lambda: None if program.labeling is None else program.labeling.project,
        truth.__getitem__,
        seed=1,
        until=Until(options.robot_rounds, options.robot_labels, options.to_goal),
        manner=replace(ANNOTATOR, speed=options.robot_speed),
        shots=options.screenshots,
        looks_again=lambda: program.labeling is not None and program.labeling.looks_again,
    )
    robot.done.connect(program.window.close)
    robot.stuck.connect(program.window.close)
    return robot


def _learner(options: LabelOptions) -> Learner | None:
    """The network that was named, once it is known that it can be had. Raises ``UserError``."""
    if options.network is None and options.weights is None:
        return None
    weights = None if options.weights is None else options.weights.expanduser().absolute()
    name = options.network or AUTO
    if not needs_check(Learner(), Learner(network=name, weights=weights)):
        return Learner(network=name)
    found = check_network(name, weights, NullPort())
    print(found.warning or f"The network is {found.name}; the licence of its weights: {found.terms}.")
    return Learner(network=found.name, weights=weights)


def _change_learner(program: Program, learner: Learner | None) -> None:
    """Give a project that was begun the network that was named."""
    if learner is None or program.labeling is None:
        return
    project = program.labeling.project
    given = {"network": learner.network, "weights": learner.weights}
    changed = project.settings.learner.model_copy(update=given)
    if changed != project.settings.learner:
        project.change_settings(project.settings.model_copy(update={"learner": changed}))


def _find_or_make(options: LabelOptions, paths: Paths, learner: Learner | None = None) -> Path | None:
    """The project's file: the one named, the one that was made of this folder before, or a new one.

    ``None`` if only the person knows the classes: the page of a new project asks for them.
    """
    target = options.target.expanduser()
    if target.suffix == PROJECT_SUFFIX:
        _refuse_model(options, target)
        return target
    source = source_of(target)
    file = options.project
    if file is None:
        known = find_project(source, project_files(paths.projects))
        if known is not None:
            _refuse_model(options, known.file)
            return known.file
        paths.projects.mkdir(parents=True, exist_ok=True)
        file = project_path(paths.projects, target.stem or "images")
    elif is_there(file):
        _refuse_model(options, file)
        return file
    model = (
        None if options.model is None else check_model(options.model.expanduser(), paths.cache, NullPort())
    )
    classes = None if options.classes is None else tuple(read_class_list(options.classes))
    if model is not None:
        print(model.sentence)
        classes = classes or model.classes
    listing = inspect(source, paths.cache, NullPort(), classes)
    if not listing.classes and not options.robot:
        return None
    for line in tell(listing.problems):
        print(line)
    draft = Draft(source, classes or listing.classes, _settings(options, learner), model=model)
    create(file, draft, paths.cache, __version__, NullPort()).close()
    return file


def _refuse_model(options: LabelOptions, file: Path) -> None:
    """Raise ``ArgumentError`` where a project that is there already was to begin with a model."""
    if options.model is not None:
        raise ArgumentError(
            f"{file} has begun already, without {options.model}: leave --model away to go on with it, or name a new "
            "file with --project."
        )


def _settings(options: LabelOptions, learner: Learner | None = None) -> ProjectSettings:
    settings = ProjectSettings(annotator=options.annotator, learner=learner or Learner())
    if options.minutes is None:
        return settings
    return settings_from({**settings.model_dump(), "budgets": {"minutes": options.minutes}})
