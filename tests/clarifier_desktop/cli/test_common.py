"""What the commands share."""

from __future__ import annotations

import subprocess
import sys


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
