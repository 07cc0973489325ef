"""What a page costs, and from which chance of a right suggestion on it is the cheaper way of asking.

``seconds of a page = a + c_g * cells + c_m * marks``. An image that was marked as odd is asked about by itself
afterwards, which costs ``c_a'``; an odd one that was missed keeps a wrong label and costs nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

LOG_SPREAD = 0.4  # standard deviation of the logarithm of a time, as published times of one person spread


@dataclass(frozen=True)
class PageCosts:
    """What pages cost a person, and how well they look.

    ``page_s`` (a): seconds for each page; ``cell_s`` (c_g): for each image looked at; ``mark_s`` (c_m): for each mark.
    ``miss``: the share of odd images that are confirmed; ``false_mark``: the share of right ones that are marked.
    """

    page_s: float
    cell_s: float
    mark_s: float
    miss: float
    false_mark: float

    def of_page(self, cells: int, marks: float) -> float:
        """Expected seconds for a page of ``cells`` images on which ``marks`` are marked."""
        return self.page_s + self.cell_s * cells + self.mark_s * marks

    def of_item(self, right: float, cells: int, correct_s: float) -> float:
        """Expected seconds for one image on a page of ``cells``, its suggestion right with probability ``right``.

        ``correct_s`` (c_a'): what asking about a marked image by itself takes.
        """
        marked = (1 - right) * (1 - self.miss) + right * self.false_mark
        return self.cell_s + self.page_s / cells + marked * (self.mark_s + correct_s)

    def left_wrong(self, right: float) -> float:
        """The probability that the image's label is wrong after the page."""
        return (1 - right) * self.miss

    def break_even(self, cells: int, verify_s: float, correct_s: float) -> float:
        """The probability of a right suggestion above which a page is cheaper than asking one by one (0 to 1).

        One by one a right suggestion costs ``verify_s`` (c_v) and a wrong one ``correct_s`` (c_a), as does what was
        marked on a page. A miss is no saving: here every odd image is found. 0: always cheaper; 1: never.
        """
        careful = replace(self, miss=0.0)
        at_0 = careful.of_item(0.0, cells, correct_s) - correct_s
        at_1 = careful.of_item(1.0, cells, correct_s) - verify_s
        if at_1 >= 0:
            return 1.0
        return 0.0 if at_0 <= 0 else at_0 / (at_0 - at_1)


# Before a person's own times are there. c_g: about 0.5 s an image on a grid of 48 (ImageNet-AB, arXiv 2303.17595);
# misses: 7 % where half of the images are odd, 30 % where one in a hundred is (Wolfe et al., Nature 2005).
USUAL = PageCosts(page_s=0.8, cell_s=0.5, mark_s=1.5, miss=0.10, false_mark=0.005)
