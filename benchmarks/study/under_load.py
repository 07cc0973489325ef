"""The real program with work beside it in its process: ``python -m benchmarks.study.under_load LOAD ARGUMENTS...``."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping

from clarifier_desktop import cli


def _count() -> None:
    number = 0
    while True:
        number = (number * 31 + 7) % 1_000_003


def _train() -> None:
    """Train a small network on noise for ever, with torch's own choice of threads."""
    import torch
    from torch import nn

    net = nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(64, 10),
    )
    images, labels = torch.randn(512, 3, 32, 32), torch.randint(10, (512,))
    steps = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    while True:
        for start in range(0, 512, 32):
            steps.zero_grad()
            loss = nn.functional.cross_entropy(net(images[start : start + 32]), labels[start : start + 32])
            loss.backward()  # type: ignore[no-untyped-call]
            steps.step()


LOADS: Mapping[str, tuple[Callable[[], None], ...]] = {"threads": (_count, _count), "torch": (_train,)}


def main(arguments: list[str]) -> int:
    """Start the load's threads, which end with the process, and then the program."""
    for work in LOADS[arguments[0]]:
        threading.Thread(target=work, name=arguments[0], daemon=True).start()
    return cli.main(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
