"""The interpreter kept quiet while answers are timed."""

from __future__ import annotations

import gc
import sys

# Another thread may hold the interpreter for at most this long before the GUI thread gets it: a late thread would
# stamp the onset late.
_SWITCH_INTERVAL_S = 0.0001


class QuietInterpreter:
    """Short turns for other threads, and short garbage collections, from :meth:`begin` to :meth:`end`.

    A collection looks through every object that may be part of a cycle, and what it takes is a stall for whoever
    answers just then. Objects that were settled are not looked through. So :meth:`settle` belongs at every moment at
    which nothing is timed and after which something is: what came to live since the last one (a block's classes, a
    page that was opened, a round's tasks) would otherwise be looked through in mid-answer.
    """

    def __init__(self) -> None:
        self._usual_switch_interval = sys.getswitchinterval()

    def begin(self) -> None:
        """Give other threads short turns."""
        sys.setswitchinterval(_SWITCH_INTERVAL_S)

    def settle(self) -> None:
        """Collect garbage now, and spare what is left in later collections. Takes a full collection's time."""
        gc.unfreeze()  # what was settled before may be garbage by now
        gc.collect()
        gc.freeze()

    def end(self) -> None:
        """Bring the interpreter back to what it was."""
        sys.setswitchinterval(self._usual_switch_interval)
        gc.unfreeze()
