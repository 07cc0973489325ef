"""Which processor does the arithmetic."""

from __future__ import annotations

import torch

from model.errors import UserError


class DeviceError(UserError):
    """A device that is not there."""


def choose_device(name: str = "auto") -> torch.device:
    """Return the device of a name: ``cpu``, ``cuda``, ``cuda:1``, ``mps``, or ``auto``, the fastest there is.

    Raises :class:`DeviceError` for one that this machine, or torch as it is installed, does not have.
    """
    if name == "auto":
        return torch.device("cuda" if _present("cuda", 0) else "mps" if _present("mps", 0) else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        device = None
    if device is None or device.type not in ("cpu", "cuda", "mps"):
        raise DeviceError(f"There is no device named {name}; choose auto, cpu, cuda or mps.")
    if not _present(device.type, device.index or 0):
        raise DeviceError(f"The device {name} is not there on this machine; choose auto or cpu.")
    return device


def _present(kind: str, index: int) -> bool:
    if kind == "cuda":
        return torch.cuda.is_available() and index < torch.cuda.device_count()
    return kind == "cpu" or (index == 0 and torch.backends.mps.is_available())
