#!/usr/bin/env python3
"""Sets CLARIFIER Desktop up on a fresh machine and runs it; needs nothing but Python itself.

The syntax here stays at Python 3.8, so that an unsupported Python gets a sentence and not a SyntaxError.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PINS = ("pyproject.toml", "constraints.txt")
OLDEST, NEWEST = (3, 10), (3, 13)

# Without these Qt does not load; without the next no window opens under X11; the last are for the tests.
QT_PACKAGES = ("libegl1", "libgl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1", "libglib2.0-0")
WINDOW_PACKAGES = (
    "libx11-xcb1",
    "libxcb-cursor0",
    "libxcb-glx0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-render0",
    "libxcb-shape0",
    "libxcb-shm0",
    "libxcb-sync1",
    "libxcb-util1",
    "libxcb-xfixes0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
TEST_PACKAGES = ("xvfb", "xdotool", "openbox", "gcc", "libc6-dev", "libx11-dev")

USAGE = """\
usage: python3 bootstrap.py COMMAND [ARGUMENTS]

  setup [--dev]   make .venv with the pinned packages (--dev: and the tools for tests)
  demo            play the main job on built-in data; without a display, by a simulated participant
  test            run the tests; further arguments go to pytest, e.g.  test -k plan
  run             open the program; further arguments go to it, e.g.  run study list

Each command first does the set-up that is still missing."""


class SetupError(Exception):
    """A reason to stop; the text is a sentence for the person at the keyboard."""


def say(text: str) -> None:
    """Print at once, so that the line stands before what a child process prints."""
    print(text, flush=True)


# -- Decisions: pure functions of what was found -------------------------------------------------------------


def version_problem(version: Sequence[int]) -> str | None:
    """What to say about a Python that is not supported; ``None`` for one that is."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    found = ".".join(str(part) for part in version[:3])
    return (
        "CLARIFIER Desktop needs Python {}.{} to {}.{}, and this is Python {}. ".format(
            *OLDEST, *NEWEST, found
        )
        + "Install one of those and start this script with it, for example: python3.12 bootstrap.py demo"
    )


class Request(NamedTuple):
    """What the command line asks for."""

    command: str
    extra: tuple[str, ...] = ()
    dev: bool = False


def parse(arguments: Sequence[str]) -> Request:
    """Read the command line; raises SetupError on one that is not understood."""
    if not arguments:
        raise SetupError(USAGE)
    command, extra = arguments[0], tuple(arguments[1:])
    if command == "setup":
        unknown = [text for text in extra if text != "--dev"]
        if unknown:
            raise SetupError(f"setup knows only --dev, not {unknown[0]!r}.")
        return Request("setup", dev="--dev" in extra)
    if command in ("demo", "test", "run"):
        return Request(command, extra, dev=command == "test")
    raise SetupError(f"There is no command {command!r}.\n\n{USAGE}")


class Stamp(NamedTuple):
    """What a finished .venv was made from and for."""

    pins: str  # SHA-256 over the files that name the packages
    python: str  # "3.11"
    root: str  # a moved folder needs a new .venv: its scripts hold absolute paths
    dev: bool


def wanted_stamp(root: Path, version: Sequence[int], dev: bool) -> Stamp:
    """The stamp a .venv must bear to be used as it is."""
    digest = hashlib.sha256()
    for name in PINS:
        digest.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
    return Stamp(digest.hexdigest(), "{}.{}".format(*version[:2]), str(root), dev)


def read_stamp(file: Path) -> Stamp | None:
    """The stamp in a file; ``None`` where there is none or it cannot be understood."""
    try:
        return Stamp(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def stamp_is_right(found: Stamp | None, wanted: Stamp) -> bool:
    """Whether a .venv with this stamp has all that is wanted; one made for tests serves for all else."""
    if found is None or (wanted.dev and not found.dev):
        return False
    return found._replace(dev=wanted.dev) == wanted


def keep_dev(found: Stamp | None, wanted: Stamp) -> Stamp:
    """What to install: new pins must not take the test tools from a .venv that has them."""
    return wanted._replace(dev=True) if found is not None and found.dev else wanted


def relevant_packages(request: Request, display: bool) -> tuple[str, ...]:
    """The Debian packages that a command uses, those that Qt cannot load without first."""
    packages: tuple[str, ...] = QT_PACKAGES
    if display or request.command in ("setup", "test"):
        packages += WINDOW_PACKAGES
    if request.dev:
        packages += TEST_PACKAGES
    return packages


def installed_packages(listing: str) -> set[str]:
    """Names in the output of dpkg-query as asked for below; "libfoo1t64" also provides "libfoo1"."""
    names: set[str] = set()
    for line in listing.splitlines():
        status, package, provides = ([*line.split("\t"), "", ""])[:3]
        if status.startswith("ii"):
            names.add(package)
            names.update(entry.split("(")[0].strip() for entry in provides.split(",") if entry.strip())
    return names


def apt_commands(packages: Sequence[str]) -> list[list[str]]:
    """What installs Debian packages without asking."""
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    return [
        ["apt-get", *wait, "update"],
        ["apt-get", *wait, "install", "-y", "--no-install-recommends", *list(packages)],
    ]


def gigabytes_needed(system: str, fresh: bool) -> float:
    """Free disk space that a set-up takes, downloads and pip's cache included; Linux's PyTorch is large."""
    if not fresh:
        return 1.0
    return 8.0 if system == "Linux" else 3.0


def pip_problem(output: str, exit_code: int) -> str:
    """A plain sentence for what pip wrote to its error stream."""
    reasons = (
        (
            ("No space left", "Errno 28", "not enough space", "Errno 122", "quota exceeded"),
            f"The disk is full. Free {gigabytes_needed(platform.system(), True):.0f} GB where this folder "
            f"and the folder for temporary files ({tempfile.gettempdir()}) lie",
        ),
        (
            ("CERTIFICATE_VERIFY_FAILED", "SSLError"),
            "The secure connection to the package server was refused. Check this machine's clock and, "
            "behind a company's proxy, its certificate (pip's option 'cert')",
        ),
        (
            (
                "Failed to establish a new connection",
                "Name or service not known",
                "Temporary failure in name resolution",
                "getaddrinfo failed",
                "NameResolutionError",
                "NewConnectionError",
                "ProxyError",
                "ConnectTimeoutError",
                "ReadTimeoutError",
                "Read timed out",
                "Connection aborted",
                "Connection broken",
                "ConnectionResetError",
                "incomplete-download",
            ),
            "The package server could not be reached, or the connection broke. Check the network",
        ),
        (
            ("No matching distribution", "Could not find a version"),
            f"A pinned package does not exist for this system ({platform.platform()}, {platform.machine()}). "
            "It runs on Linux with glibc 2.34 or newer (Debian 12, Ubuntu 22.04; on ARM 2.39), on macOS 14 or "
            "newer with Apple's own processors, and on 64-bit Windows. Where this is one of those, report "
            "pip's lines above",
        ),
        (
            ("Permission denied", "Errno 13", "Access is denied"),
            f"pip may not write in {VENV}. Make the folder yours, or delete .venv if another user made it",
        ),
        (
            ("ResolutionImpossible", "conflicting dependencies"),
            "The pins in constraints.txt contradict pyproject.toml. Make them agree",
        ),
    )
    for marks, sentence in reasons:
        if any(mark.lower() in output.lower() for mark in marks):
            return sentence + ". Then run the same command again."
    return f"pip ended with exit code {exit_code}; its lines above say why."


def qt_problem(output: str, on_debian: bool) -> str:
    """A plain sentence for a Qt that does not load; ``output`` is what Python wrote about it."""
    reason = output.strip().splitlines()[-1] if output.strip() else "it ended without a word"
    if on_debian:
        advice = "Install what it needs: " + sudo_line(QT_PACKAGES)
    else:
        advice = (
            "Install what it needs from your system's packages: EGL, OpenGL, xkbcommon, D-Bus, fontconfig "
            "and GLib, and for a window xcb with its cursor, icccm, image, keysyms, render-util, shape "
            "and xkb libraries."
        )
    return f"Qt does not load here ({reason}). {advice}"


def sudo_line(packages: Sequence[str]) -> str:
    """The line that a person without root pastes."""
    return "sudo apt-get update && sudo apt-get install -y --no-install-recommends " + " ".join(packages)


def has_display(system: str, environ: Mapping[str, str]) -> bool:
    """Whether a window can be shown to a person."""
    if system in ("Windows", "Darwin"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


class Launch(NamedTuple):
    """The program that follows the set-up."""

    command: list[str]
    environ: dict[str, str]  # set besides what is inherited
    folder: Path | None  # None: where the person stands, so that paths in the arguments hold


def launch(request: Request, python: Path, program: Path, display: bool) -> Launch | None:
    """Which command follows the set-up; ``None`` when the set-up was all."""
    offscreen = {"QT_QPA_PLATFORM": "offscreen"}
    extra = list(request.extra)
    if request.command == "test":
        return Launch([str(python), "-m", "pytest", *extra], offscreen, ROOT)
    if request.command == "run":
        return Launch([str(program), *extra], {}, None)
    if request.command == "demo" and display:
        return Launch([str(program), "demo", *extra], {}, None)
    if request.command == "demo":
        robot = [] if "--robot" in extra else ["--robot"]
        return Launch([str(program), "demo", *robot, *extra], offscreen, None)
    return None


# -- The virtual environment ---------------------------------------------------------------------------------


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


def write_stamp(file: Path, stamp: Stamp) -> None:
    """Write the stamp whole or not at all."""
    temporary = file.with_name(file.name + ".new")
    temporary.write_text(json.dumps(stamp._asdict(), indent=1) + "\n", encoding="utf-8")
    temporary.replace(file)


def clear_folder(folder: Path, keep: str) -> None:
    """Empty a folder but for the lock file, which may be open."""
    for entry in folder.iterdir():
        if entry.name == keep:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def try_lock(descriptor: int) -> bool:
    """Take the operating system's lock on an open file; it falls with the process, however that ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


LOCK_NAME = ".bootstrap.lock"
STAMP_NAME = ".bootstrap.json"


@contextlib.contextmanager
def only_one(venv: Path, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Hold the set-up's lock; wait while another bootstrap has it."""
    venv.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(str(venv / LOCK_NAME), os.O_RDWR | os.O_CREAT, 0o666)
    # A pip that outlives a killed bootstrap keeps the lock until it is done.
    os.set_inheritable(descriptor, True)
    try:
        if not try_lock(descriptor):
            say("Another bootstrap is setting up in this folder; waiting for it to end ...")
            while not try_lock(descriptor):
                sleep(0.5)
        yield
    finally:
        os.close(descriptor)


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


def ensure_system_packages(machine: Machine, packages: Sequence[str]) -> None:
    """Install the missing Debian packages as root, or print the line that does; never stops the set-up.

    Whether Qt loads is tried for real afterwards.
    """
    if not machine.is_debian():
        return
    query = ["dpkg-query", "-W", "-f", "${db:Status-Abbrev}\t${Package}\t${Provides}\n"]
    present = installed_packages(machine.run_quietly(query, {})[1])
    missing = [name for name in packages if name not in present]
    if not missing:
        return
    if not machine.is_root():
        say(f"Some system packages are missing. To install them, run:\n\n  {sudo_line(missing)}\n")
        return
    say("Installing system packages (about a minute): {} ...".format(" ".join(missing)))
    for command in apt_commands(missing):
        if machine.run(command, {"DEBIAN_FRONTEND": "noninteractive"}) != 0:
            say(f"That failed: {shlex.join(command)}. Going on without; some of this may not work.")
            if command[-1] != "update":  # an old list of packages may still serve
                return


def ensure_venv(machine: Machine, venv: Path, wanted: Stamp) -> None:
    """Bring .venv to what the stamp says; safe to interrupt at any point and to run again."""
    stamp_file = venv / STAMP_NAME
    if stamp_is_right(read_stamp(stamp_file), wanted):
        return
    with only_one(venv):
        found = read_stamp(stamp_file)
        if stamp_is_right(found, wanted):
            return  # another bootstrap did it while this one waited
        wanted = keep_dev(found, wanted)
        start = time.monotonic()
        python = venv_program(venv, "python", machine.system)
        if stamp_file.exists():
            stamp_file.unlink()
        if not is_usable(machine, python, wanted):
            make_venv(machine, venv)
        for record in incomplete_distributions(venv):
            say("Mending {}, whose installation was cut off.".format(record.name.split("-")[0]))
            shutil.rmtree(record)
        fresh = not any(record.name.startswith("torch-") for record in distributions(venv))
        check_disk(machine, venv, fresh)
        install(machine, python, wanted, fresh)
        write_stamp(stamp_file, wanted)
        say(f"The set-up is done ({time.monotonic() - start:.0f} s).")


def is_usable(machine: Machine, python: Path, wanted: Stamp) -> bool:
    """Whether packages can be installed into what lies in .venv."""
    code = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    exit_code, output = machine.run_quietly([str(python), "-c", code], {})
    return exit_code == 0 and output.split() == [wanted.python]


def check_disk(machine: Machine, venv: Path, fresh: bool) -> None:
    """Raise SetupError when a fresh set-up cannot fit; a smaller change only gets a warning."""
    needed, free = gigabytes_needed(machine.system, fresh), machine.free_gigabytes(venv)
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
    if fresh and machine.system == "Linux":
        say("Installing the packages: about 3 GB to download because of PyTorch, 5 to 20 minutes ...")
    elif fresh:
        say("Installing the packages: about 500 MB to download, 3 to 10 minutes ...")
    else:
        say("Bringing the packages up to date ...")
    root = Path(wanted.root)
    target = str(root) + ("[dev]" if wanted.dev else "")
    options = ["--disable-pip-version-check", "-c", str(root / "constraints.txt"), "-e", target]
    exit_code, errors = machine.run_pip([str(python), "-m", "pip", "install", *options])
    if exit_code != 0:
        raise SetupError(pip_problem(errors, exit_code))


def check_qt(machine: Machine, python: Path) -> None:
    """Raise SetupError when Qt does not load, found by loading it."""
    code = "from PySide6.QtWidgets import QApplication; QApplication([])"
    exit_code, output = machine.run_quietly([str(python), "-c", code], {"QT_QPA_PLATFORM": "offscreen"})
    if exit_code != 0:
        raise SetupError(qt_problem(output, machine.is_debian()))


# -- The commands --------------------------------------------------------------------------------------------


def hand_over(following: Launch) -> int:
    """Run the program that the set-up was for and return its exit code."""
    environ = {**os.environ, **following.environ}
    if following.folder is not None:
        os.chdir(following.folder)
    if sys.platform != "win32":
        # Takes this process's place, so that signals and exit codes are the program's own.
        os.execve(following.command[0], following.command, environ)
    process = subprocess.Popen(following.command, env=environ)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the program got it too, and answers in its own way


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks; returns the exit code."""
    wrong_version = version_problem(sys.version_info[:3])
    if wrong_version:
        say(wrong_version)
        return 1
    if arguments and arguments[0] in ("-h", "--help", "help"):
        say(USAGE)
        return 0
    try:
        request = parse(arguments)
    except SetupError as problem:
        say(str(problem))
        return 2
    try:
        machine = Machine()
        display = has_display(machine.system, os.environ)
        python = venv_program(VENV, "python", machine.system)
        ensure_system_packages(machine, relevant_packages(request, display))
        ensure_venv(machine, VENV, wanted_stamp(ROOT, machine.version, request.dev))
        check_qt(machine, python)
        following = launch(request, python, venv_program(VENV, "clarifier-desktop", machine.system), display)
        if following is None:
            say("All is set up. Next: python3 bootstrap.py demo")
            return 0
        return hand_over(following)
    except SetupError as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the same command again to go on where it was.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
