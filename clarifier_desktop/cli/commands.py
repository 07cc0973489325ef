"""The program's command line; Qt and torch are loaded only inside the commands that need them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from clarifier_desktop import __version__
from clarifier_desktop.cli.check import check
from clarifier_desktop.cli.common import PROGRAM, need_display
from clarifier_desktop.cli.demo import demo
from clarifier_desktop.cli.doctor import doctor
from clarifier_desktop.cli.download import download
from clarifier_desktop.cli.export import export
from clarifier_desktop.cli.figures import figures
from clarifier_desktop.cli.imports import imports
from clarifier_desktop.cli.label import label
from clarifier_desktop.cli.merge import merge
from clarifier_desktop.cli.predict import names, predict
from clarifier_desktop.cli.simulate import simulate
from clarifier_desktop.cli.study import study
from model.errors import UserError
from studies.timing import KIT_SUFFIX


class _InOrder(click.Group):
    """Lists its commands in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        """The commands' names."""
        return list(self.commands)


@click.group(
    PROGRAM,
    cls=_InOrder,
    help="Measure what verifying and correcting a suggested label costs a person. "
    "Without a command, the program's window opens.",
    epilog=f"Example: {PROGRAM} study run --plan built-in --participant P01",
    invoke_without_command=True,
    subcommand_metavar="[COMMAND ...]",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, message="CLARIFIER Desktop %(version)s")
@click.pass_context
def program(context: click.Context) -> int:
    """Open the window on the home page, unless there is a command."""
    if context.invoked_subcommand is not None:
        return 0
    from clarifier_desktop import app

    need_display()
    return app.run()


for _command in (
    demo,
    study,
    label,
    check,
    imports,
    download,
    simulate,
    export,
    predict,
    names,
    merge,
    figures,
    doctor,
):
    program.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code: 0, 1 after a failure, 2 for a mistake that the sentence names."""
    # Given to click rather than read by it: on Windows it would take names for patterns, set[1] for set1.
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0].lower().endswith(KIT_SUFFIX):
        words = ["study", "open", *words]  # so that a double click opens a kit
    try:
        code: int = program.main(words, PROGRAM, standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        context = error.ctx if isinstance(error, click.UsageError) else None
        if context is not None:
            print(context.get_usage(), file=sys.stderr)
        name = PROGRAM if context is None else context.command_path
        print(f"{name}: error: {error.format_message()}", file=sys.stderr)
        return 2
    except UserError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read what is printed has gone, as head does; Python would try once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except click.Abort as abort:
        if isinstance(abort.__cause__, EOFError):
            raise abort.__cause__ from None  # a fault: no command reads what a person types
        print(f"{PROGRAM}: stopped.", file=sys.stderr)
        return 130
    return code
