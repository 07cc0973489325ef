"""A machine that notes what would be run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bootstrapping.machine import Machine
from bootstrapping.stamp import WHOLE_PROGRAM, Stamp, wanted_stamp


class FakeMachine(Machine):
    """Notes what would be run, and plays venv and pip as far as their traces on disk go."""

    system = "Linux"
    version = (3, 11, 7)
    python = "/usr/bin/python3"

    def __init__(
        self,
        *,
        root: bool = True,
        debian: bool = True,
        free: float = 100.0,
        listing: str = "",
        pip: tuple[int, str] = (0, ""),
        pip_breaks_off: bool = False,
        venv_python: str | None = None,
        qt: tuple[int, str] = (0, ""),
        apt_fails: str = "",
        ensurepip: bool = True,
        inside: bool = False,
    ) -> None:
        self.root, self.debian, self.free, self.listing = root, debian, free, listing
        self.pip, self.pip_breaks_off, self.venv_python, self.qt = pip, pip_breaks_off, venv_python, qt
        self.apt_fails, self.ensurepip, self.inside = apt_fails, ensurepip, inside
        self.ran: list[list[str]] = []

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        self.ran.append(list(command))
        if command[:3] == [self.python, "-m", "venv"]:
            (Path(command[3]) / "pyvenv.cfg").write_text("made\n")
            self.venv_python = "3.11"
        if command[0] == "apt-get":
            assert environ == {"DEBIAN_FRONTEND": "noninteractive"}
            return 100 if self.apt_fails and self.apt_fails in command else 0
        return 0

    def run_quietly(self, command: Sequence[str], environ: Mapping[str, str]) -> tuple[int, str]:
        if command[0] == "dpkg-query":
            return 0, self.listing
        if "pip" in command[2]:
            return (1, "") if self.venv_python is None else (0, self.venv_python + "\n")
        assert environ == {"QT_QPA_PLATFORM": "offscreen"}
        return self.qt

    def run_pip(self, command: Sequence[str]) -> tuple[int, str]:
        self.ran.append(list(command))
        if self.pip_breaks_off:
            raise KeyboardInterrupt
        return self.pip

    def is_root(self) -> bool:
        return self.root

    def is_debian(self) -> bool:
        return self.debian

    def has_ensurepip(self) -> bool:
        return self.ensurepip

    def inside_venv(self, venv: Path) -> bool:
        return self.inside

    def free_gigabytes(self, folder: Path) -> float:
        return self.free

    def targets(self) -> list[str]:
        """What pip was asked to install, one a call."""
        return [command[-1] for command in self.ran if "pip" in command]

    def made_venv(self) -> bool:
        return any("venv" in command for command in self.ran)


def wanted(project: Path, parts: str = WHOLE_PROGRAM, version: Sequence[int] = (3, 11, 7)) -> Stamp:
    return wanted_stamp(project, version, parts)
