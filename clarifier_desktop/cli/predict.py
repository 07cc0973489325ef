"""The commands ``predict``, what a kept model takes a folder's images for, and ``names``, a model without images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clarifier_desktop.cli.common import PATH, ArgumentError, command
from clarifier_desktop.cli.excel_option import EXCEL, style_of
from model.parts import need_learner, need_names
from studies.numerals import counted

if TYPE_CHECKING:
    from model.datasets.folder import FileSet


@command("predict", example="predict birds.pt ~/more-birds --to labels.csv")
@click.argument(
    "model", type=PATH, metavar="MODEL", help="a model of this program, as export model writes it"
)
@click.argument("folder", type=PATH, metavar="FOLDER", help="the images, in subfolders or not")
@click.option("--to", type=PATH, required=True, metavar="FILE.csv", help="the table to write")
@EXCEL
def predict(model: Path, folder: Path, to: Path, excel: str | None) -> int:
    """Write what a model takes a folder's images for, and how surely; the exit code is 1 if some cannot be read."""
    need_learner("Predicting")
    from clarifier_desktop.cli.progress_line import ProgressLine
    from model.datasets.listing import tell
    from model.rounds.predicting import open_for_model, predict_images
    from studies.labeling.file.prediction_table import write_predictions

    model, folder, to = model.expanduser(), folder.expanduser(), to.expanduser()
    images = open_for_model(model, folder)
    _check_target(to, model, images)
    for line in tell(images.problems):
        print(line)
    with ProgressLine() as port:
        found = predict_images(model, images, port)
    for problem in found.problems:
        print(f"left out: {problem.item}: {problem.reason}")
    if not found.items:
        raise ArgumentError(f"None of the images in {folder} can be read; nothing was written.")
    done = write_predictions(found, to, style_of(excel))
    print(f"{counted(done.rows, 'image')} in {done.csv}; what the columns mean: {done.dictionary}")
    if found.problems:
        print(f"{counted(len(found.problems), 'image')} could not be read and have no row.")
    print(
        "The confidences are the network's own, mostly far too sure: too few held-out labels could correct them."
        if found.temperature is None
        else "The confidences were corrected by held-out labels of the project that the model comes from."
    )
    return int(bool(found.problems))


@command("names", example="names classes.txt --to names.pt")
@click.argument("classes", type=PATH, metavar="FILE", help="the classes, one per line")
@click.option("--to", type=PATH, required=True, metavar="FILE.pt", help="the model to write")
@click.option(
    "--network",
    default="ViT-B-16-SigLIP2.webli",
    metavar="NAME",
    help="a network that sees images and reads texts, of open_clip",
)
@click.option("--weights", type=PATH, metavar="FILE", help="its weights; without, they are downloaded")
@click.option("--template", default="a photo of a {}", metavar="TEXT", help="what it reads; {} is the name")
def names(classes: Path, to: Path, network: str, weights: Path | None, template: str) -> int:
    """Write a model from class names, without any image: predict takes it as any other."""
    need_learner("A model from names")
    need_names("A model from names")
    from clarifier_desktop.cli.progress_line import ProgressLine
    from model.datasets.class_list import read_class_list
    from model.networks.weights import encoder_of
    from model.rounds.by_names import WeightPlaces, write_model
    from studies.labeling.facts.settings import settings_from
    from ui.preferences import Paths

    texts = settings_from({"names": {"template": template}}).names
    listed = read_class_list(classes.expanduser())
    said = [texts.of(place, name) for place, name in enumerate(listed)]
    paths = Paths.of_user()
    places = WeightPlaces(paths.weights, weights and weights.expanduser(), paths.laboratory)
    print(f"The network is {network}; the licence of its weights: {encoder_of(network).terms}.")
    with ProgressLine() as port:
        written, about = write_model(listed, said, network, places, to.expanduser(), port)
    print(f"The model is {written}; what it is stands in {about}.")
    print("Nobody measured how often it is right on your images.")
    return 0


def _check_target(to: Path, model: Path, images: FileSet) -> None:
    """Refuse, before minutes are spent, what cannot be written or must not be."""
    from model.disk import is_folder, is_of_a_store, is_same_place, is_there
    from studies.table_files import refuse_folder

    refuse_folder(to)
    if is_of_a_store(to):
        raise ArgumentError(f"{to} holds answers or belongs to a file that does: name another file.")
    if is_same_place(to, model):
        raise ArgumentError(f"{to} is the model itself: name another file.")
    if is_there(to) and to.resolve() in {(images.root / item).resolve() for item in images.items}:
        raise ArgumentError(f"{to} is one of the images: name another file.")
    if not is_folder(to.absolute().parent):
        raise ArgumentError(f"The folder of {to} is not there: name a file in one that is.")
