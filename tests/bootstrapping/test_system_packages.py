"""Which Debian packages are installed, and how."""

from __future__ import annotations

import pytest

from bootstrapping.commands import parse
from bootstrapping.system_packages import ensure_system_packages, installed_packages, relevant_packages
from tests.bootstrapping.fake_machine import FakeMachine

LISTING = (
    "ii \tlibegl1\t\nii \tlibglib2.0-0t64\tlibglib2.0-0 (= 2.84), libgio (= 1)\nrc \tlibgl1\t\nun \txvfb\t\n"
)


def test_only_installed_packages_count_and_what_they_provide() -> None:
    assert installed_packages(LISTING) == {"libegl1", "libglib2.0-0t64", "libglib2.0-0", "libgio"}


def test_root_installs_what_is_missing_after_an_update() -> None:
    machine = FakeMachine(listing=LISTING)
    ensure_system_packages(machine, ["libegl1", "libgl1", "libglib2.0-0", "xvfb"])
    assert machine.ran[0][-1] == "update"
    assert machine.ran[1][-2:] == ["libgl1", "xvfb"]
    assert len(machine.ran) == 2


def test_without_root_the_exact_line_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    machine = FakeMachine(root=False, listing=LISTING)
    ensure_system_packages(machine, ["libegl1", "xvfb"])
    assert machine.ran == []
    out = capsys.readouterr().out
    assert "sudo apt-get install -y --no-install-recommends xvfb\n" in out


@pytest.mark.parametrize("machine", [FakeMachine(debian=False), FakeMachine(listing="ii \txvfb\t\n")])
def test_nothing_to_do_says_nothing(machine: FakeMachine, capsys: pytest.CaptureFixture[str]) -> None:
    ensure_system_packages(machine, ["xvfb"])
    assert machine.ran == []
    assert capsys.readouterr().out == ""


def test_a_failed_update_still_tries_the_install() -> None:
    machine = FakeMachine(apt_fails="update")
    ensure_system_packages(machine, ["xvfb"])
    assert machine.ran[-1][-1] == "xvfb"


@pytest.mark.parametrize(
    ("arguments", "display", "has", "has_not"),
    [
        (["demo"], False, "libegl1", "libxcb-cursor0"),
        (["demo"], True, "libxcb-cursor0", "xvfb"),
        (["setup"], False, "libxcb-cursor0", "xvfb"),
        (["setup", "--dev"], False, "libx11-dev", "-"),
        (["test"], False, "xdotool", "-"),
    ],
)
def test_each_command_asks_for_its_packages(
    arguments: list[str], display: bool, has: str, has_not: str
) -> None:
    packages = relevant_packages(parse(arguments), display)
    assert has in packages
    assert has_not not in packages
