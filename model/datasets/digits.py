"""The 1,797 handwritten digits that come with scikit-learn, drawn large and smooth.

Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
1998, https://doi.org/10.24432/C50P49, test part; licence CC BY 4.0. ``digits.npz`` holds the 8 x 8 images
(values 0..16, uint8) and the labels unchanged, in scikit-learn's order.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from model.datasets.base import ImageSet
from model.datasets.images import scale_to_fit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE = Path(__file__).with_name("digits.npz")
SIZE = 300
_MARGIN = 1  # blank cells around the 8 x 8, so that strokes at the edge end softly


class Digits(ImageSet):
    """Dark digits on white, 300 x 300 pixels."""

    def __init__(self) -> None:
        import numpy as np

        with np.load(FILE) as data:
            self._cells: NDArray[np.uint8] = data["images"]
            labels = data["labels"].tolist()
        super().__init__("digits", map(str, range(10)), [f"{i:04d}" for i in range(len(labels))], labels)

    def image(self, index: int, fit: tuple[int, int] | None = None) -> Image.Image:
        """Draw digit ``index``; see :meth:`ImageSet.image`."""
        cells = Image.fromarray(self._cells[index]).point([min(255, 255 * v // 16) for v in range(256)])
        side = 8 + 2 * _MARGIN
        padded = Image.new("L", (side, side), 0)
        padded.paste(cells, (_MARGIN, _MARGIN))
        ink = padded.resize((SIZE, SIZE), Image.Resampling.BICUBIC)
        return scale_to_fit(ink.point(self._tones).convert("RGB"), fit)

    @cached_property
    def _tones(self) -> list[int]:
        """Grey for each amount of ink: a soft threshold, which turns the blur of enlarging into strokes."""
        dark, white = 24, 255
        tones = []
        for ink in range(256):
            x = min(1.0, max(0.0, (ink - 60) / 190))
            tones.append(round(white + (dark - white) * x * x * (3 - 2 * x)))
        return tones
