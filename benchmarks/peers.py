"""What other programs reached under the same witness (Xvfb, openbox, xdotool, 2 cores, no GPU)."""

from __future__ import annotations

from benchmarks.report import Peer

_PSYCHOPY = "PsychoPy 2026.2.5"
_LABELIMG = "labelImg 1.8.6"

SOURCE = "Peers: measured under the same witness (benchmarks/witness) on a machine of 2 cores, Xvfb, no GPU."

RESPONSE_TIME_MEAN_MS = Peer(_PSYCHOPY, 0.04)
RESPONSE_TIME_SD_MS = Peer(_PSYCHOPY, 0.33)
RESPONSE_TIME_P95_MS = Peer(_PSYCHOPY, 0.43)

# Median, 95 % and 99 %.
KEY_TO_PIXELS_SMALL_MS = (Peer(_LABELIMG, 9.0), Peer(_LABELIMG, 11.0), Peer(_LABELIMG, 12.7))
KEY_TO_PIXELS_LARGE_MS = (Peer(_LABELIMG, 132), Peer(_LABELIMG, 177), Peer(_LABELIMG, 187))

FIRST_WINDOW_S = Peer(_LABELIMG, 0.67)
MEMORY_MIB = Peer(_LABELIMG, 146)
