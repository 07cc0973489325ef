"""The command ``label``: a labeling project, for a person or for a simulated annotator."""

from __future__ import annotations

from typing import Any

import click

from clarifier_desktop.cli.common import PATH, command, need_display, number, whole, without_display
from clarifier_desktop.cli.label_options import LabelOptions
from model.parts import need_learner


@command("label", example="label ~/birds")
@click.argument(
    "target",
    type=PATH,
    metavar="FOLDER|FILE",
    help="a folder, a CSV list, a built-in set, or a project",
)
@click.option("--project", type=PATH, metavar="FILE", help="where a new project's file goes")
@click.option("--classes", type=PATH, metavar="FILE", help="the classes, one per line")
@click.option("--minutes", type=number(0.01, 600), metavar="M", help="of a new project's planned rounds")
@click.option(
    "--network", metavar="NAME", help="the network that learns; auto: by the images and by measuring"
)
@click.option(
    "--weights", type=PATH, metavar="FILE", help="weights of a frozen network, looked at before it begins"
)
@click.option(
    "--model",
    type=PATH,
    metavar="FILE|PROJECT",
    help="a model, or a project with one, that a new project begins with",
)
@click.option("--annotator", default="", metavar="CODE", help="who labels; never a name")
@click.option("--full-screen", is_flag=True, help="begin in full screen")
@click.option("--robot", is_flag=True, help="a simulated annotator who knows the truth")
@click.option(
    "--rounds",
    "robot_rounds",
    type=whole(0, 1_000_000),
    metavar="N",
    help="with --robot: stop after N rounds",
)
@click.option(
    "--labels",
    "robot_labels",
    type=whole(1, 1_000_000_000),
    metavar="N",
    help="with --robot: stop after N labels",
)
@click.option("--to-goal", is_flag=True, help="with --robot: end with the certificate of the folder")
@click.option(
    "--speed",
    "robot_speed",
    type=number(0.01, 1000),
    default=1.0,
    metavar="X",
    help="with --robot: X times as fast",
)
@click.option("--screenshots", type=PATH, metavar="FOLDER", help="with --robot: keep pictures")
def label(**options: Any) -> int:
    """Label a folder of images round by round; a project that was begun goes on."""
    from clarifier_desktop.cli.label_run import run_label

    need_learner("Labeling")
    chosen = LabelOptions(**options)  # its fields are the options above
    if chosen.robot:
        without_display()
    else:
        need_display()
    return run_label(chosen)
