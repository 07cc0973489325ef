from __future__ import annotations

from pathlib import Path

from model.datasets.base import Source
from studies.labeling.project.creation import SourceListing
from ui.labeling.project.offer import Offer, offer_of


def test_a_folder_offers_its_classes_and_labels(tmp_path: Path) -> None:
    listing = SourceListing(Source("folder", Path("/photos/animals")), 1234, ("cat", "dog"), 1200, 3)
    assert offer_of(listing, tmp_path) == Offer(
        str(Path("/photos/animals")),
        "1,234 images, 2 classes; 3 files are left out.",
        ("cat", "dog"),
        1200,
        tmp_path / "animals.clarifier",
    )


def test_a_set_offers_its_classes_but_none_of_its_labels(tmp_path: Path) -> None:
    offer = offer_of(SourceListing(Source("digits"), 1797, ("0", "1"), 1797, 0), tmp_path)
    assert (offer.title, offer.labeled, offer.file.name) == ("The set digits", 0, "digits.clarifier")


def test_without_classes_they_are_asked_for(tmp_path: Path) -> None:
    offer = offer_of(SourceListing(Source("folder", Path("/photos")), 5, (), 0, 0), tmp_path)
    assert "type the classes below" in offer.summary
