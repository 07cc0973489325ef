"""Sets of labeled images: built in, downloaded, or a person's own."""

from model.datasets.base import Cancelled, DataError, ImageSet, Problem, Source
from model.datasets.downloaded import Origin
from model.datasets.registry import DATASETS, State, Status, download, needs_path, open_set, register, status

__all__ = [
    "DATASETS",
    "Cancelled",
    "DataError",
    "ImageSet",
    "Origin",
    "Problem",
    "Source",
    "State",
    "Status",
    "download",
    "needs_path",
    "open_set",
    "register",
    "status",
]
