"""The outside world: processes, system, disk."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


class Machine:
    """The outside world as the set-up sees it; tests put a fake in its place."""

    system = platform.system()
    version: Sequence[int] = sys.version_info[:3]
    python = sys.executable

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        """Run a command whose output the person sees; returns its exit code."""
        environ = {**os.environ, **environ}
        return subprocess.run(
            list(command), env=environ, stdin=subprocess.DEVNULL, close_fds=False
        ).returncode

    def run_quietly(self, command: Sequence[str], environ: Mapping[str, str]) -> tuple[int, str]:
        """Run a command and return its exit code and all that it wrote."""
        try:
            process = subprocess.run(
                list(command),
                env={**os.environ, **environ},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            return 127, str(error)
        return process.returncode, process.stdout

    def run_pip(self, command: Sequence[str]) -> tuple[int, str]:
        """Run pip with its progress bars on the terminal; returns its exit code and its error lines."""
        process = subprocess.Popen(
            list(command),
            env={**os.environ, "PIP_USER": "0", "PIP_NO_INPUT": "1"},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            close_fds=False,
        )
        lines: list[str] = []
        try:
            assert process.stderr is not None
            for line in process.stderr:
                sys.stderr.write(line)
                lines.append(line)
            return process.wait(), "".join(lines)
        except KeyboardInterrupt:
            process.communicate()  # it got the same Ctrl+C and takes back what it was about to change
            raise

    def is_root(self) -> bool:
        """Whether system packages may be installed."""
        return sys.platform != "win32" and os.geteuid() == 0

    def is_debian(self) -> bool:
        """Whether this is Debian, Ubuntu or another system with their package tools."""
        return bool(shutil.which("dpkg-query") and shutil.which("apt-get"))

    def has_ensurepip(self) -> bool:
        """Whether this Python can put pip into a .venv; Debian ships that in a package of its own."""
        return importlib.util.find_spec("ensurepip") is not None

    def inside_venv(self, venv: Path) -> bool:
        """Whether this very Python is the one in .venv."""
        return Path(sys.prefix).resolve() == venv.resolve()

    def free_gigabytes(self, folder: Path) -> float:
        """Free space where a folder lies."""
        return shutil.disk_usage(str(folder)).free / 1e9
