"""The choice of a device, with machines that have one, two or none."""

from __future__ import annotations

import pytest
import torch

from model.networks.devices import DeviceError, choose_device


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch):
    def has(gpus: int = 0, mps: bool = False) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: gpus > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return has


def test_auto_takes_the_fastest_there_is(machine):
    for gpus, mps, chosen in ((1, True, "cuda"), (0, True, "mps"), (0, False, "cpu")):
        machine(gpus, mps)
        assert choose_device("auto") == torch.device(chosen)


def test_a_device_that_is_there_is_taken(machine):
    machine(gpus=2)
    assert choose_device("cpu") == torch.device("cpu")
    assert choose_device("cuda:1") == torch.device("cuda:1")


@pytest.mark.parametrize("name", ["cuda", "mps", "cuda:0"])
def test_a_device_that_is_not_there_is_refused(machine, name):
    machine()
    with pytest.raises(DeviceError, match=f"{name} is not there"):
        choose_device(name)


def test_a_gpu_beyond_the_last_is_refused(machine):
    machine(gpus=2)
    with pytest.raises(DeviceError, match="cuda:2 is not there"):
        choose_device("cuda:2")


@pytest.mark.parametrize("name", ["gpu", "", "meta", "xpu"])
def test_other_names_are_refused(name):
    with pytest.raises(DeviceError, match=r"choose auto, cpu, cuda or mps"):
        choose_device(name)
