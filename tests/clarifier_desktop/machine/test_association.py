"""Study kits open by a double click: what the desktop is told."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from clarifier_desktop.cli import main
from clarifier_desktop.machine.association import MIME, desktop_entry, program

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="freedesktop.org's desktops")


@LINUX
def test_a_kit_is_known_by_its_ending_and_opened_by_this_program(tmp_path, own_folders, monkeypatch, capsys):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert main(["study", "associate"]) == 0
    assert ".clarifier-study now open by a double click" in capsys.readouterr().out
    entry = (tmp_path / "data" / "applications" / "clarifier-study.desktop").read_text()
    assert f'Exec="{sys.executable}" "-m" "clarifier_desktop" %f' in entry
    assert f"MimeType={MIME};" in entry
    kind = (tmp_path / "data" / "mime" / "packages" / "clarifier-study.xml").read_text()
    assert 'pattern="*.clarifier-study"' in kind
    if shutil.which("xdg-mime"):
        kit = tmp_path / "a.clarifier-study"
        kit.write_bytes(b"PK")
        asked = subprocess.run(["xdg-mime", "query", "default", MIME], capture_output=True, text=True)
        assert asked.stdout.strip() in ("", "clarifier-study.desktop")


def test_odd_places_are_quoted_as_the_desktop_reads_them():
    assert 'Exec="/my $tudy/50%% \\\\\\\\/x" %f' in desktop_entry(["/my $tudy/50% \\/x"]).replace(
        "\\\\$", "$"
    )


def test_the_bundle_names_itself(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program() == [sys.executable]


def test_what_cannot_be_written_is_a_sentence(tmp_path, own_folders, monkeypatch, capsys):
    (tmp_path / "data").write_text("a file")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert main(["study", "associate"]) == 2
    assert "could not be written" in capsys.readouterr().err


def test_on_macos_it_says_where_that_stands(own_folders, monkeypatch, capsys):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert main(["study", "associate"]) == 2
    assert "docs/bundle.md" in capsys.readouterr().err
