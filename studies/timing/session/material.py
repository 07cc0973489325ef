"""The images of a session: opened, checked while the trials are drawn, and handed out one by one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from PIL import Image

from model.datasets import ImageSet, Problem, Source, open_set
from model.datasets.folder import FileSet
from model.datasets.lists.order import order_for_people
from model.datasets.pixels.deep import Ranges
from model.datasets.pixels.survey import read_problem, survey
from model.datasets.registry import DATASETS, SetKind
from model.errors import UserError
from model.port import Cancelled, Port
from studies.timing.facts.pages import Unit
from studies.timing.facts.plan import Block, LoadedPlan
from studies.timing.facts.records import PlannedTrial
from studies.timing.session.draw import draw_session

_NOTHING: Mapping[str, Ranges] = MappingProxyType({})
_PARTICIPANTS_TRIED = 20  # whose draws a check makes: they differ by chance


@dataclass(frozen=True)
class Material:
    """The image sets of a plan by the name that trials carry in ``dataset``."""

    sets: Mapping[str, ImageSet]

    def display_ranges(self) -> dict[str, Ranges]:
        """What deep images are shown by, of each set of files for which that is known; may measure a sample."""
        files = {label: images for label, images in self.sets.items() if isinstance(images, FileSet)}
        chosen = {label: images.choose_ranges() for label, images in files.items()}
        return {label: ranges for label, ranges in chosen.items() if ranges is not None}

    def classes(self, dataset: str) -> tuple[str, ...]:
        """Class names of a block's set, in the order in which they are shown.

        Those of a person's own files are in the order of a dictionary; the draw takes them in the set's own order.
        """
        images = self.sets[dataset]
        return order_for_people(images.classes) if isinstance(images, FileSet) else images.classes

    def require_classes(self, trials: Iterable[PlannedTrial]) -> None:
        """Raise ``UserError`` if a class of these trials has no images now: each trial would be left out for it."""
        for trial in trials:
            classes = self.sets[trial.dataset].classes
            lost = {trial.true_class, trial.suggestion or trial.true_class}.difference(classes)
            if lost:
                raise UserError(
                    f"{trial.dataset} holds no images of {min(lost)} at the moment: put them back where they were when "
                    "this session began. Nothing is lost; it goes on where it stopped."
                )

    def load(self, trial: PlannedTrial, fit: tuple[int, int] | None) -> tuple[Image.Image, bool]:
        """A trial's image, as :meth:`load_image`; ``UserError`` too where its suggestion is no class any more."""
        loaded = self.load_image(trial.dataset, trial.item, trial.true_class, fit)
        if trial.suggestion is not None and trial.suggestion not in self.sets[trial.dataset].classes:
            raise UserError(f"The class {trial.suggestion} is no longer in {trial.dataset}.")
        return loaded

    def load_image(
        self, dataset: str, item: str, true_class: str, fit: tuple[int, int] | None
    ) -> tuple[Image.Image, bool]:
        """An image (RGB) and whether it is enlarged smoothly.

        Raises ``UserError`` where the image is gone, cannot be read, or is no longer what was drawn: a person's
        own folder or list may change between a break-off and its resumption. May be called from any thread.
        """
        images = self.sets[dataset]
        try:
            index = images.index_of(item)
        except KeyError:
            raise UserError(f"The image {item} is no longer in {dataset}.") from None
        if images.classes[images.labels[index]] != true_class:
            raise UserError(f"The image {item} of {dataset} is no longer {true_class}.")
        return images.image(index, fit), images.smooth


@dataclass(frozen=True)
class Drawn:
    """A session's trials and pages, the images behind them, and what was left out on the way."""

    material: Material
    units: tuple[Unit, ...]
    left_out: tuple[Problem, ...] = field(default=())
    display_ranges: Mapping[str, Ranges] = field(default_factory=dict)  # by set, as stored with the session


def source_of(loaded: LoadedPlan, block: Block, folders: Mapping[str, Path]) -> Source:
    """Where a block's images lie; ``folders`` are this machine's places for sets that need one."""
    source = loaded.source(block)
    if source.path is None and block.dataset in folders:
        return Source(block.dataset, folders[block.dataset])
    return source


def open_material(
    loaded: LoadedPlan, cache: Path, folders: Mapping[str, Path], ranges: Mapping[str, Ranges] = _NOTHING
) -> Material:
    """Open every set of the plan, to be shown by ``ranges``; raises ``DataError`` where one is missing."""
    blocks = loaded.plan.blocks
    material = Material({b.label: open_set(source_of(loaded, b, folders), cache) for b in blocks})
    for label, images in material.sets.items():
        if isinstance(images, FileSet):
            images.show_by(ranges.get(label))
    return material


def check(loaded: LoadedPlan, cache: Path, folders: Mapping[str, Path], port: Port) -> tuple[Problem, ...]:
    """Read every image of the plan's sets once; returns what a study would leave out or should know, and why.

    Built-in sets have no files that could be amiss, and are not read.

    Runs in the background; raises ``UserError`` where a set cannot be used at all, ``Cancelled`` on demand.
    """
    material = open_material(loaded, cache, folders)
    problems = [problem for images in material.sets.values() for problem in images.problems]
    kinds = {block.label: DATASETS[block.dataset].kind for block in loaded.plan.blocks}
    read = {label: images for label, images in material.sets.items() if kinds[label] is not SetKind.BUILT_IN}
    total = sum(len(images.items) for images in read.values())
    done = 0
    for label, images in read.items():

        def tell(label: str = label) -> None:
            nonlocal done
            done += 1
            port.progress(done, total, f"Checking the images of {label}")
            if port.cancelled():
                raise Cancelled

        problems += survey(images, tell)
    return tuple(problems)


def try_draws(loaded: LoadedPlan, material: Material, left_out: Container[str]) -> None:
    """Draw what some participants would be shown, without the images of the ids ``left_out``.

    Raises ``DrawError`` where a set has too few images for one of them.
    """
    sets = [material.sets[block.label] for block in loaded.plan.blocks]
    for number in range(1, _PARTICIPANTS_TRIED + 1):
        draw_session(loaded.plan, number, sets, lambda block, i: sets[block].items[i] not in left_out)


def draw(
    loaded: LoadedPlan,
    cache: Path,
    folders: Mapping[str, Path],
    number: int,
    port: Port,
    ranges: Mapping[str, Ranges] = _NOTHING,
) -> Drawn:
    """Open the sets and draw a participant's trials, trying every drawn image once.

    ``ranges``: by set, what the study's deep images are shown by; of the other sets it is measured.
    Runs in the background; raises ``UserError`` where a set is missing or too small, ``Cancelled`` on demand.
    """
    material = open_material(loaded, cache, folders, ranges)
    blocks = loaded.plan.blocks
    problems = [problem for images in material.sets.values() for problem in images.problems]
    total = sum(block.expected_images + loaded.plan.expected_practice(block) for block in blocks)
    tried = 0

    def usable(block: int, index: int) -> bool:
        nonlocal tried
        images = material.sets[blocks[block].label]
        tried += 1
        port.progress(min(tried, total), total, f"Checking the images of {blocks[block].label}")
        if port.cancelled():
            raise Cancelled
        problem = read_problem(images, index)
        if problem is not None:
            problems.append(problem)
        return problem is None

    sets = [material.sets[block.label] for block in blocks]
    units = draw_session(loaded.plan, number, sets, usable)
    return Drawn(material, units, tuple(problems), material.display_ranges())
