"""The command ``download``: a data set from the network."""

from __future__ import annotations

import click

from clarifier_desktop.cli.common import command, user_paths


@command("download", example="download cifar10")
@click.argument("dataset", metavar="NAME", help="the data set")
def download(dataset: str) -> int:
    """Download a data set once into the cache folder, by the name that plans use (for training parts with -train)."""
    from model.datasets import download as fetch

    def progress(done: int, total: int, text: str) -> None:
        share = f"{done / total:5.0%}" if total else ""
        print(f"\r{text} {share}", end="", flush=True)

    fetch(dataset, user_paths().cache, progress, lambda: False)
    print(f"\n{dataset} is ready.")
    return 0
