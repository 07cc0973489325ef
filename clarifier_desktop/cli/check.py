"""The command ``check``: labels of a folder or a list that may be wrong."""

from __future__ import annotations

from pathlib import Path

import click

from clarifier_desktop.cli.common import PATH, ArgumentError, command, source_of, user_paths
from clarifier_desktop.cli.progress_line import ProgressLine
from model.names import AUTO
from model.parts import need_learner

_SHOWN = 10


@command("check", example="check ~/birds --to doubtful.csv")
@click.argument(
    "target",
    type=PATH,
    metavar="FOLDER|FILE.csv",
    help="a folder with a subfolder per class, a CSV list with labels, or a built-in set",
)
@click.option("--to", type=PATH, metavar="FILE.csv", help="write all doubtful labels as CSV")
@click.option(
    "--network", default=AUTO, metavar="NAME", help="the network that judges; auto: by the images' size"
)
@click.option("--weights", type=PATH, metavar="FILE", help="weights of a frozen network")
def check(target: Path, to: Path | None, network: str, weights: Path | None) -> int:
    """Find labels that may be wrong, the most doubtful first, and images that look the same in several classes.
    Nothing is changed.
    """
    from model.disk import is_there
    from model.rounds.live_values import LearnerSettings
    from studies.labeling.doubts.folder_check import check_folder
    from studies.table_files import refuse_folder

    need_learner("Finding doubtful labels")
    if to is not None:
        refuse_folder(to)
        if is_there(to):
            raise ArgumentError(f"{to} is there already: name another file.")
    settings = LearnerSettings(network=network, weights=weights)
    paths = user_paths()
    with ProgressLine() as line:
        found = check_folder(source_of(target.expanduser()), settings, paths.cache, line, paths.laboratory)
    for doubtful in found.doubtful[:_SHOWN]:
        print(doubtful.sentence())
    if len(found.doubtful) > _SHOWN:
        print(f"... and {len(found.doubtful) - _SHOWN:,} more.")
    print(found.summary())
    if to is not None:
        written = found.write(to)
        print(f"The doubtful labels are in {written.csv}; what the columns mean: {written.dictionary}")
    return int(bool(found.unread))
