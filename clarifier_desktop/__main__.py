"""Runs the command line: ``python -m clarifier_desktop``."""

import sys

from clarifier_desktop.cli import main

sys.exit(main())
