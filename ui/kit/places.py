"""What a key press means by the key's place, where the layout of the keyboard writes something else there."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

# The characters of a US keyboard from a first code on; X11 and Wayland number the keys as Windows does, plus 8.
_ROWS = {0x02: "1234567890-=", 0x10: "qwertyuiop[]", 0x1E: "asdfghjkl;'`", 0x2B: "\\zxcvbnm,./"}
_PAD = {0x47: "789", 0x4B: "456", 0x4F: "1230"}
_MAC = (
    *((0, "asdfhgzxcv"), (11, "bqweryt123465=97-80]ou[ip"), (37, "lj'k;\\,/nm."), (50, "`")),
    *((82, "01234567"), (91, "89")),
)
_M = Qt.KeyboardModifier
_LAST_LATIN = 0xFF
FIRST_WITHOUT_CHARACTER = Qt.Key.Key_Escape.value


def _places(rows: dict[int, str]) -> dict[int, str]:
    return {first + step: sign for first, signs in rows.items() for step, sign in enumerate(signs)}


_KEYS, _PAD_KEYS, _MAC_KEYS = _places(_ROWS), _places(_PAD), _places(dict(_MAC))
_X11_OFFSET = 8


def place_name(platform: str, scan_code: int, virtual_key: int) -> str:
    """What a US keyboard writes at a key's place; empty where that is not known."""
    if platform == "cocoa":
        return _MAC_KEYS.get(virtual_key, "")
    return _KEYS.get(_code(platform, scan_code), "") or pad_digit(platform, scan_code)


def pad_digit(platform: str, scan_code: int) -> str:
    """The digit of a key of the number pad, whether NumLock is on or not; empty for all other keys."""
    return _PAD_KEYS.get(_code(platform, scan_code), "")


def _code(platform: str, scan_code: int) -> int:
    if platform == "windows":
        return scan_code
    known = platform == "xcb" or platform.startswith("wayland")
    return scan_code - _X11_OFFSET if known else 0


def place_of(event: QKeyEvent) -> str:
    """What a US keyboard writes at the place of the key that is pressed; empty where that is not known."""
    return place_name(_platform(), event.nativeScanCode(), event.nativeVirtualKey())


def pad_digit_of(event: QKeyEvent) -> str:
    """The digit of a key of the number pad, whether NumLock is on or not; empty for all other keys."""
    return pad_digit(_platform(), event.nativeScanCode())


def digit_of(event: QKeyEvent) -> str:
    """The digit that a key press means: the one that it writes, else the one of its place; empty for none."""
    text = event.text()
    if len(text) == 1 and text.isdecimal():
        return str(int(text))
    place = place_of(event)
    return place if place.isdecimal() else ""


def is_command(event: QKeyEvent) -> bool:
    """Whether a key is held that makes a press no writing: Ctrl or Alt, but not both, which is AltGr."""
    held = event.modifiers()
    ctrl, alt = bool(held & _M.ControlModifier), bool(held & _M.AltModifier)
    return bool(held & _M.MetaModifier) or (ctrl if _platform() == "cocoa" else ctrl is not alt)


def latin_of(event: QKeyEvent) -> str:
    """The sign at a key's place where the layout has no Latin letter there, else empty."""
    return place_of(event) if _is_foreign(event.key()) else ""


def meant_key(event: QKeyEvent) -> int:
    """The key as the tables of keys name it: by its place where the layout has no Latin letter there."""
    sign = latin_of(event)
    return ord(sign.upper()) if sign else event.key()


def _is_foreign(key: int) -> bool:
    return _LAST_LATIN < key < FIRST_WITHOUT_CHARACTER


@lru_cache(maxsize=1)
def _platform() -> str:
    return QGuiApplication.platformName()
