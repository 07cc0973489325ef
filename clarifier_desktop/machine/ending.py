"""Ends the program in order when the system asks for it by a signal, as at the end of the person's session."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

_SIGNALS = [number for name in ("SIGTERM", "SIGHUP", "SIGINT") if (number := getattr(signal, name, None))]


@contextmanager
def ends_in_order(application: QApplication) -> Iterator[None]:
    """While it holds, SIGTERM, SIGHUP and SIGINT end the event loop; SIGHUP not under nohup, which ignores it.

    A signal's handler in Python waits for the next event; the socket makes one.
    """
    reading, writing = socket.socketpair()
    for end in (reading, writing):
        end.setblocking(False)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)

    def quit_now() -> None:
        with suppress(BlockingIOError):
            reading.recv(64)
        application.closeAllWindows()
        application.exit()  # whatever a window makes of being closed; quit() would heed one that refuses

    notifier.activated.connect(quit_now)
    heard = [number for number in _SIGNALS if not _is_kept_from_us(number)]
    before = {number: signal.signal(number, lambda *_: None) for number in heard}
    wakeup = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        reading.close()
        writing.close()


def _is_kept_from_us(number: signal.Signals) -> bool:
    """Whether whoever started the program wants it to outlive its terminal."""
    return number.name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN
