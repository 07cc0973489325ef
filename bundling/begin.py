"""Where the bundle begins: the command line of the program, of which the learner is not there."""

import sys

from clarifier_desktop.cli import main

sys.exit(main())
