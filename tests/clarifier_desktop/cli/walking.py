"""All commands of the command line, with the words that call them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from clarifier_desktop.cli.commands import program

ROOT = Path(__file__).parents[3]


def walk(
    command: click.Command, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """A command and all below it."""
    yield words, command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from walk(below, (*words, name))


def find(words: Sequence[str]) -> tuple[click.Command, list[str]]:
    """The command that words call, and its arguments."""
    command: click.Command = program
    rest = list(words)
    while isinstance(command, click.Group):
        command = command.commands[rest.pop(0)]
    return command, rest
