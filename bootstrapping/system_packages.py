"""The Debian packages that Qt and the tests need."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from bootstrapping.commands import Request
from bootstrapping.machine import Machine
from bootstrapping.stamp import FOR_TESTS
from bootstrapping.terminal import say

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


def relevant_packages(request: Request, display: bool) -> tuple[str, ...]:
    """The Debian packages that a command uses, those that Qt cannot load without first."""
    packages: tuple[str, ...] = QT_PACKAGES
    if display or request.command in ("setup", "test"):
        packages += WINDOW_PACKAGES
    if request.parts == FOR_TESTS:
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


def sudo_line(packages: Sequence[str]) -> str:
    """The line that a person without root pastes."""
    return "sudo apt-get update && sudo apt-get install -y --no-install-recommends " + " ".join(packages)


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
