"""``python -m bundling``: makes the bundle for this system, tries it, packs it, and says how large it is."""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bundling.names import PROGRAM, ROOT, archive_name, program_in

_TRIAL_S = 300


def main(arguments: Sequence[str]) -> int:
    """Make the bundle; returns the exit code."""
    parser = argparse.ArgumentParser("python -m bundling", description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "dist", help="the folder that takes it (dist)")
    parser.add_argument("--no-archive", action="store_true", help="leave it a folder")
    asked = parser.parse_args(arguments)
    if importlib.util.find_spec("PyInstaller") is None:
        print("PyInstaller is not installed: add it with pip install -c constraints.txt -e '.[bundle]'")
        return 2
    to: Path = asked.to.absolute()
    start = time.monotonic()
    build(to)
    print(
        f"Made in {time.monotonic() - start:.0f} s: {to / PROGRAM}, {megabytes(program_in(to).parent):.0f} MB"
    )
    problem = try_out(program_in(to))
    if problem:
        print(f"The bundle does not work: {problem}")
        return 1
    print("Its robot played the demo.")
    if not asked.no_archive:
        packed = pack(to)
        print(f"Packed: {packed}, {packed.stat().st_size / 1e6:.0f} MB")
    return 0


def build(to: Path) -> None:
    """Have PyInstaller make the program in the folder ``to``."""
    with tempfile.TemporaryDirectory() as work:
        options = ["--noconfirm", "--log-level", "WARN", "--distpath", str(to), "--workpath", work]
        command = [sys.executable, "-m", "PyInstaller", *options, str(ROOT / "bundling" / "study.spec")]
        subprocess.run(command, check=True, cwd=ROOT)


def try_out(program: Path) -> str:
    """Let the bundle's robot play the demo without a display; what went wrong, or nothing.

    Neither Python nor its packages are in sight: what the bundle lacks it does not find.
    """
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    environ = {name: value for name, value in os.environ.items() if name not in hidden}
    with tempfile.TemporaryDirectory() as folder:
        command = [str(program), "demo", "--robot", "--to", folder]
        done = subprocess.run(
            command,
            env={**environ, "QT_QPA_PLATFORM": "offscreen"},
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_TRIAL_S,
            check=False,
        )
        if done.returncode:
            return f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
        missing = [name for name in ("demo.sqlite", "trials.csv") if not (Path(folder) / name).is_file()]
        return f"there is no {missing[0]}" if missing else ""


def pack(to: Path) -> Path:
    """Pack the bundle as one file beside it: tar.gz on Linux, zip elsewhere; returns the file.

    xz would make it a quarter smaller and takes minutes.
    """
    name = program_in(Path()).parts[0]
    kind = "gztar" if sys.platform.startswith("linux") else "zip"
    return Path(shutil.make_archive(str(to / archive_name()), kind, to, name))


def megabytes(folder: Path) -> float:
    """How large a folder's files are in all, in MB."""
    return (
        sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
        / 1e6
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
