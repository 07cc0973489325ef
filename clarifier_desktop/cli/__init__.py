"""The command line; each command loads what it needs."""

from clarifier_desktop.cli.commands import main

__all__ = ["main"]
