"""What the files of images held when these were read for the screen: that is what an answer is about."""

from __future__ import annotations

from PIL import Image

from model.datasets.base import ImageSet
from model.datasets.folder import FileSet
from studies.labeling.facts.file_state import FileState
from studies.labeling.project.contents import look_at_file


class ShownFiles:
    """Reads the images of one page, off the window's thread; a store that has its ``states`` notes them with answers.

    Each file is hashed once, and again only when its size or time is another: what a file holds at the answer, or was
    noted before, may be another picture than the one on screen.
    """

    def __init__(self, images: ImageSet) -> None:
        self._images = images
        self.states: dict[int, FileState] = {}  # by item, of the images read last

    def load(self, item: int, fit: tuple[int, int]) -> tuple[Image.Image, bool]:
        """Return an image, and whether to enlarge it smoothly; raises what reading raises."""
        self._look(item)
        image = self._images.image(item, fit)
        if self._look(item):  # it was replaced while it was read
            image = self._images.image(item, fit)
        return image, self._images.smooth

    def _look(self, item: int) -> bool:
        """Whether the file is another one than at the last look."""
        if not isinstance(self._images, FileSet):
            return False
        now = look_at_file(self._images, item, self.states.get(item))
        if now is not None:
            self.states[item] = now
        return now is not None
