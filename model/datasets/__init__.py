"""Sets of labeled images: built in, downloaded, or a person's own."""

from model.datasets.base import UNKNOWN, DataError, ImageSet, Problem, Source
from model.datasets.class_list import read_class_list
from model.datasets.downloaded import Origin
from model.datasets.moved import match_items
from model.datasets.pool import open_pool
from model.datasets.registry import (
    DATASETS,
    POOLS,
    SetState,
    SetStatus,
    download,
    needs_path,
    open_set,
    register,
    status,
)

__all__ = [
    "DATASETS",
    "POOLS",
    "UNKNOWN",
    "DataError",
    "ImageSet",
    "Origin",
    "Problem",
    "SetState",
    "SetStatus",
    "Source",
    "download",
    "match_items",
    "needs_path",
    "open_pool",
    "open_set",
    "read_class_list",
    "register",
    "status",
]
