"""JPEG files that lack their end mark, or their last rows, which every viewer shows.

The global switch of Pillow for cut files is for all formats and all threads, and tells nothing of how much is missing.
"""

from __future__ import annotations

from typing import IO

from PIL import Image, JpegImagePlugin

_END = b"\xff\xd9"
_PADDING = bytes(8)  # lets the decoder finish the blocks that it has; enough for a few more, not for a row
_MOST_ROWS = 1 / 16  # of the height, that may be missing
_COEFFICIENTS = 64
_LARGE = 800  # rows of an image of which an eighth is decoded to see what is missing


class _Padded(JpegImagePlugin.JpegImageFile):
    """A file after whose end something is read."""

    padding = _END

    def load_read(self, read_bytes: int) -> bytes:
        assert self.fp is not None
        found = self.fp.read(read_bytes)
        if not found:
            found, self.padding = self.padding, b""
        return found


class _WithoutEnd(_Padded):
    padding = _PADDING


def open_cut(file: IO[bytes], start: int) -> JpegImagePlugin.JpegImageFile | None:
    """Open a JPEG file that is cut short if nearly all of it is there, and otherwise return ``None``.

    Raises what Pillow raises for a damaged file.
    """
    file.seek(start)
    image = _Padded(file, "")
    whole = (
        _is_in_last_scan(file, start) if image.info.get("progressive") else _has_nearly_all_rows(file, start)
    )
    if not whole:
        return None
    file.seek(start)
    return _Padded(file, "")


def _has_nearly_all_rows(file: IO[bytes], start: int) -> bool:
    """Whether decoding reaches the last rows: those that it leaves alone keep the colour that they had."""
    black, white = (_decode_over(file, start, colour) for colour in (0, 255))
    most = int(black.height * _MOST_ROWS)
    # A row that decoding did not reach differs. The last rows may do so; the one above them may not.
    box = (0, black.height - most - 1, black.width, black.height - most)
    return black.crop(box).tobytes() == white.crop(box).tobytes()


def _decode_over(file: IO[bytes], start: int, colour: int) -> Image.Image:
    file.seek(start)
    image = _WithoutEnd(file, "")
    if image.height > _LARGE:
        image.draft(None, (image.width // 8, image.height // 8))
    image.load_prepare()
    bands = len(image.getbands())
    image.im.paste(colour if bands == 1 else (colour,) * bands, (0, 0, *image.size))
    try:
        image.load()
    except OSError:
        image.tile = []  # what was decoded is there
    return image


def _is_in_last_scan(file: IO[bytes], start: int) -> bool:
    """Whether every coefficient of a progressive file has begun to arrive to its last bit: only fine detail lacks."""
    file.seek(start)
    data = file.read()
    precise: dict[int, set[int]] = {}
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF or data[at + 1] in (0x00, 0xFF) or 0xD0 <= data[at + 1] <= 0xD7:
            at = data.find(b"\xff", at + 1)
            if at < 0:
                break
            continue
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if kind == 0xC2 and len(body) > 5:
            precise = {body[6 + 3 * i]: set() for i in range(body[5]) if 6 + 3 * i < len(body)}
        elif kind == 0xDA and body and len(body) >= 4 + 2 * body[0]:
            first, last, bits = body[1 + 2 * body[0] :][:3]
            if bits & 15 == 0:
                for i in range(body[0]):
                    precise.setdefault(body[1 + 2 * i], set()).update(range(first, last + 1))
        at += 2 + length
    return bool(precise) and all(len(found) >= _COEFFICIENTS for found in precise.values())
