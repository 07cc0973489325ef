"""What the commands share: how one is declared, the user's folders, displays, a study's plan."""

from __future__ import annotations

import errno
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from model.errors import UserError

if TYPE_CHECKING:
    from model.datasets.base import Source
    from studies.timing.file.store import Store
    from ui.preferences import Paths

PROGRAM = "clarifier-desktop"

_Function = TypeVar("_Function", bound=Callable[..., int])


class _Path(click.Path):
    """A path, whether anything is there or not; not one that no file can have."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path; click says where it cannot be one."""
        path = Path(os.fsdecode(value))
        try:
            super().convert(value, param, ctx)
            path.expanduser().stat()
        except OSError as error:
            if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
                self.fail(f"{path} leads to no file ({error.strerror}): choose another name.", param, ctx)
        except (RuntimeError, ValueError):  # the home of nobody, and a zero byte
            self.fail(f"{path!r} leads to no file: choose another name.", param, ctx)
        return path


PATH = _Path()


class _Finite(click.FloatRange):
    """A number of a range; not NaN, which click's own takes for one of any range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; click says where there is none."""
        found = float(super().convert(value, param, ctx))
        if math.isnan(found):
            self.fail("give a number.", param, ctx)
        return found


def whole(low: int, high: int) -> click.IntRange:
    """A whole number as an option."""
    return click.IntRange(low, high)


def number(low: float, high: float) -> click.FloatRange:
    """A number as an option."""
    return _Finite(low, high)


class ArgumentError(UserError):
    """An argument that does not fit."""


def command(name: str, example: str) -> Callable[[Callable[..., int]], click.Command]:
    """Declare a command; its docstring is its help, which ends in an example. It returns the exit code."""

    def declare(run: Callable[..., int]) -> click.Command:
        text = " ".join((run.__doc__ or "").split())
        return click.command(name, help=text, short_help=text, epilog=f"Example: {PROGRAM} {example}")(run)

    return declare


def group(
    name: str,
    text: str,
    example: str,
    metavar: str = "COMMAND",
    otherwise: Callable[[], int] | None = None,
) -> click.Group:
    """A group of commands; without one of them it does ``otherwise``, or says how it is used."""

    @click.pass_context
    def without_a_command(context: click.Context) -> int:
        return 0 if context.invoked_subcommand is not None or otherwise is None else otherwise()

    return click.Group(
        name,
        help=text,
        short_help=text,
        epilog=f"Example: {PROGRAM} {example}",
        subcommand_metavar=f"[{metavar} ...]" if otherwise else f"{metavar} ...",
        callback=without_a_command,
        invoke_without_command=otherwise is not None,
        no_args_is_help=False,
    )


def user_paths() -> Paths:
    """This user's folders."""
    from ui.preferences import Paths

    return Paths.of_user()


def default_store(paths: Paths) -> Path:
    """The study file that was used last, or the one in the user's folder."""
    from clarifier_desktop import settings
    from ui.preferences import store_at_hand

    preferences, _ = settings.load(paths)
    return store_at_hand(paths, preferences)


def source_of(target: Path) -> Source:
    """The images that a person named: a folder, a CSV list, or a set that comes with the program."""
    from model.datasets.base import Source
    from model.disk import is_there

    if not is_there(target) and len(target.parts) == 1:
        return Source(str(target))
    return Source("csv" if target.suffix.lower() == ".csv" else "folder", target.absolute())


def make_folder(folder: Path) -> None:
    """Make a folder; raises ``ArgumentError``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArgumentError(f"{folder} cannot be made: {error.strerror}. Name another folder.") from None


def without_display() -> None:
    """Where there is no display, the window is painted in memory."""
    if not _has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def need_display() -> None:
    """A window for a person needs a display."""
    if not _has_display() and not os.environ.get("QT_QPA_PLATFORM"):
        raise ArgumentError(
            "There is no display to open a window on. Run this in a desktop session; "
            "the demo and studies can also be played by a simulated participant with --robot."
        )


def _has_display() -> bool:
    on_linux = sys.platform.startswith("linux")
    return not on_linux or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def plan_options(run: _Function) -> _Function:
    """Add --plan and --folder to a command."""
    plan = click.option(
        "--plan", required=True, metavar="NAME|FILE", help="a shipped plan's name or a TOML file"
    )
    folder = click.option(
        "--folder",
        "folders",
        multiple=True,
        metavar="NAME=FOLDER",
        help="where a data set lies that needs a folder, such as ucmerced=FOLDER",
    )
    return plan(folder(run))


def data_folders(pairs: tuple[str, ...], paths: Paths) -> dict[str, Path]:
    """Where data sets lie on this machine: the remembered folders, then those of ``--folder``."""
    from clarifier_desktop import settings

    preferences, _ = settings.load(paths)
    folders = dict(preferences.data_folders)
    for pair in pairs:
        name, sign, folder = pair.partition("=")
        if not sign or not folder:
            raise ArgumentError(f"--folder {pair}: write NAME=FOLDER, such as ucmerced=/data/UCMerced.")
        folders[name] = Path(folder).expanduser()
    return folders


ROBOTS = click.option(
    "--robots", is_flag=True, help="simulated participants too; a file that has no others is read with them"
)


def choose_sessions(store: Store, robots: bool) -> None:
    """Let simulated participants count where they are asked for, and say what becomes of them."""
    from studies.timing.results.analysis import choose_sessions as choose

    simulated = choose(store, robots)
    if simulated.in_words:
        print(simulated.in_words + ("" if simulated.counted else " For all: --robots"))
