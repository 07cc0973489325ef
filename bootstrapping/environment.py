"""The virtual environment: made, filled, mended."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from bootstrapping.lock import LOCK_NAME, only_one
from bootstrapping.machine import Machine
from bootstrapping.problems import gigabytes_needed, pip_problem, qt_problem
from bootstrapping.stamp import (
    FOR_TESTS,
    STAMP_NAME,
    STUDY_ALONE,
    WHOLE_PROGRAM,
    Stamp,
    keep_parts,
    read_stamp,
    stamp_is_right,
    write_stamp,
)
from bootstrapping.system_packages import ensure_system_packages, sudo_line
from bootstrapping.terminal import SetupError, say

# What pip is asked for besides the timing study.
_EXTRAS = {STUDY_ALONE: "", WHOLE_PROGRAM: "[learn]", FOR_TESTS: "[learn,dev]"}


def venv_program(venv: Path, name: str, system: str) -> Path:
    """Where a program of a virtual environment lies."""
    return venv / "Scripts" / (name + ".exe") if system == "Windows" else venv / "bin" / name


def distributions(venv: Path) -> list[Path]:
    """The records of the installed packages, one folder each."""
    patterns = ("lib/python*/site-packages/*.dist-info", "Lib/site-packages/*.dist-info")
    return sorted({record for pattern in patterns for record in venv.glob(pattern)})


def incomplete_distributions(venv: Path) -> list[Path]:
    """Records of packages whose installation was cut off: pip writes INSTALLER and RECORD last.

    pip takes such a package for installed, and cannot uninstall it.
    """
    return [r for r in distributions(venv) if not ((r / "INSTALLER").exists() and (r / "RECORD").exists())]


def clear_folder(folder: Path, keep: str) -> None:
    """Empty a folder but for the lock file, which may be open."""
    for entry in folder.iterdir():
        if entry.name == keep:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def ensure_venv(machine: Machine, venv: Path, wanted: Stamp) -> None:
    """Bring .venv to what the stamp says; safe to interrupt at any point and to run again."""
    stamp_file = venv / STAMP_NAME
    if stamp_is_right(read_stamp(stamp_file), wanted):
        return
    with only_one(venv):
        found = read_stamp(stamp_file)
        if stamp_is_right(found, wanted):
            return  # another bootstrap did it while this one waited
        wanted = keep_parts(found, wanted)
        start = time.monotonic()
        python = venv_program(venv, "python", machine.system)
        if stamp_file.exists():
            stamp_file.unlink()
        if not is_usable(machine, python, wanted):
            make_venv(machine, venv)
        for record in incomplete_distributions(venv):
            say("Mending {}, whose installation was cut off.".format(record.name.split("-")[0]))
            shutil.rmtree(record)
        fresh = is_fresh(venv, wanted.parts)
        check_disk(machine, venv, wanted.parts, fresh)
        install(machine, python, wanted, fresh)
        write_stamp(stamp_file, wanted)
        say(f"The set-up is done ({time.monotonic() - start:.0f} s).")


def is_usable(machine: Machine, python: Path, wanted: Stamp) -> bool:
    """Whether packages can be installed into what lies in .venv."""
    code = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    exit_code, output = machine.run_quietly([str(python), "-c", code], {})
    return exit_code == 0 and output.split() == [wanted.python]


def is_fresh(venv: Path, parts: str) -> bool:
    """Whether the largest package of what is wanted is still to come: Qt for the study, PyTorch for the rest."""
    largest = "pyside6_essentials-" if parts == STUDY_ALONE else "torch-"
    return not any(record.name.lower().startswith(largest) for record in distributions(venv))


def check_disk(machine: Machine, venv: Path, parts: str, fresh: bool) -> None:
    """Raise SetupError when a fresh set-up cannot fit; a smaller change only gets a warning."""
    needed, free = gigabytes_needed(machine.system, parts, fresh), machine.free_gigabytes(venv)
    if free >= needed:
        return
    text = (
        f"The set-up needs about {needed:.0f} GB of free disk space, "
        f"and {free:.1f} GB are free at {venv.parent}."
    )
    if fresh:
        raise SetupError(text + " Free some space and run the same command again.")
    say(text)


def make_venv(machine: Machine, venv: Path) -> None:
    """Make .venv anew with the Python that runs this script."""
    if machine.inside_venv(venv):
        raise SetupError(
            "The .venv must be made again, and this Python lies in it. "
            "Start the script with the system's Python."
        )
    if not machine.has_ensurepip():
        package = "python{}.{}-venv".format(*machine.version[:2])
        if machine.is_debian() and not machine.is_root():
            raise SetupError("This Python cannot make a .venv. Run: " + sudo_line([package]))
        if machine.is_debian():
            ensure_system_packages(machine, [package])
    say(f"Making {venv} ...")
    clear_folder(venv, keep=LOCK_NAME)
    if machine.run([machine.python, "-m", "venv", str(venv)], {}) != 0:
        raise SetupError(f"Python could not make {venv}; its lines above say why.")


def install(machine: Machine, python: Path, wanted: Stamp, fresh: bool) -> None:
    """Install the pinned packages; pip skips those that are there already."""
    if fresh and wanted.parts == STUDY_ALONE:
        say("Installing the packages: about 130 MB to download, a minute ...")
    elif fresh and machine.system == "Linux":
        say("Installing the packages: about 3 GB to download because of PyTorch, 5 to 20 minutes ...")
    elif fresh:
        say("Installing the packages: about 500 MB to download, 3 to 10 minutes ...")
    else:
        say("Bringing the packages up to date ...")
    root = Path(wanted.root)
    target = str(root) + _EXTRAS[wanted.parts]
    options = ["--disable-pip-version-check", "-c", str(root / "constraints.txt"), "-e", target]
    if wanted.parts == STUDY_ALONE:
        options.insert(0, "--no-compile")  # a third of the time; Python compiles what is used when it is used
    exit_code, errors = machine.run_pip([str(python), "-m", "pip", "install", *options])
    if exit_code != 0:
        raise SetupError(pip_problem(errors, exit_code, wanted.parts))


def check_qt(machine: Machine, python: Path) -> None:
    """Raise SetupError when Qt does not load, found by loading it."""
    code = "from PySide6.QtWidgets import QApplication; QApplication([])"
    exit_code, output = machine.run_quietly([str(python), "-c", code], {"QT_QPA_PLATFORM": "offscreen"})
    if exit_code != 0:
        raise SetupError(qt_problem(output, machine.is_debian()))
