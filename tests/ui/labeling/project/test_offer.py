from __future__ import annotations

from pathlib import Path

from model.datasets.base import Problem, Source
from studies.labeling.project.creation import SourceListing
from ui.labeling.project.offer import Offer, offer_of

HEIC = "files of a format that is not read: .heic"
LEFT_OUT = (
    Problem("a.heic", "Not read: .heic.", kind=HEIC),
    Problem("b.heic", "Not read: .heic.", kind=HEIC),
    Problem("c.jpg", "The link leads nowhere.", kind="links that lead nowhere"),
    Problem("A, a", "kept as different classes", left_out=False),
)


def test_a_folder_offers_its_classes_and_labels(tmp_path: Path) -> None:
    listing = SourceListing(Source("folder", Path("/photos/animals")), 1234, ("cat", "dog"), 1200, LEFT_OUT)
    assert offer_of(listing, tmp_path) == Offer(
        str(Path("/photos/animals")),
        "1,234 images, 2 classes; 3 files or folders are left out.",
        ("cat", "dog"),
        1200,
        tmp_path / "animals.clarifier",
        (
            "Left out: 2 files of a format that is not read: .heic (a.heic, b.heic)",
            "Left out: c.jpg: The link leads nowhere.",
            "Note: A, a: kept as different classes",
        ),
    )


def test_a_set_offers_its_classes_but_none_of_its_labels(tmp_path: Path) -> None:
    offer = offer_of(SourceListing(Source("digits"), 1797, ("0", "1"), 1797, ()), tmp_path)
    assert (offer.title, offer.labeled, offer.file.name) == ("The set digits", 0, "digits.clarifier")


def test_without_classes_they_are_asked_for(tmp_path: Path) -> None:
    offer = offer_of(SourceListing(Source("folder", Path("/photos")), 5, (), 0, ()), tmp_path)
    assert "type the classes below" in offer.summary
