"""What the commands share."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from clarifier_desktop.cli.common import PATH


def test_no_window_without_a_display():
    command = [
        sys.executable,
        "-c",
        "import sys; from clarifier_desktop.cli import main; sys.exit(main([]))",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, env={"PATH": "/usr/bin", "HOME": "/nonexistent"}
    )
    if sys.platform.startswith("linux"):
        assert done.returncode == 2
        assert "no display" in done.stderr


@pytest.mark.parametrize("word", ["a\0b", "x" * 5000, "~nobody-at-all/x"])
def test_a_path_that_no_file_has_is_refused_in_a_sentence(word):
    with pytest.raises(click.BadParameter, match="leads to no file"):
        PATH.convert(word, None, None)
