"""The rate at which this machine multiplies matrices: what bounds the selection from below."""

from __future__ import annotations

import time

import torch

_SIZES = {"cpu": (4096, 1024, 1024), "cuda": (16384, 4096, 4096)}  # n, m and the inner dimension
_SECONDS = 1.0


def matrix_rate(device: str = "cpu") -> float:
    """Return the best rate seen in about a second, in float32 operations (an addition or a product) a second.

    The sizes are ones at which libraries do well, so that what is measured against the rate gets no gift.
    """
    n, m, inner = _SIZES[device]
    left, right = torch.randn(n, inner, device=device), torch.randn(inner, m, device=device)
    out = torch.empty(n, m, device=device)
    best = float("inf")
    finish = time.perf_counter() + _SECONDS
    while time.perf_counter() < finish:
        best = min(best, _product_seconds(left, right, out))
    return 2 * n * m * inner / best


def settle(device: str) -> None:
    """Wait until the device has done what it was told, so that a clock may be read."""
    if device == "cuda":
        torch.cuda.synchronize()


def _product_seconds(left: torch.Tensor, right: torch.Tensor, out: torch.Tensor) -> float:
    settle(left.device.type)
    started = time.perf_counter()
    torch.mm(left, right, out=out)
    settle(left.device.type)
    return time.perf_counter() - started
