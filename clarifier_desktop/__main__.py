"""Runs the command line: ``python -m clarifier_desktop``."""

import sys

from clarifier_desktop.cli.parser import main

sys.exit(main())
