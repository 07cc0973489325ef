"""What a simulated annotator takes an image for: its true class, the group that this is in, or what people said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.datasets.base import DataError
from model.disk import open_file
from model.rounds.simulated_values import ImagesSpec


def group_classes(spec: ImagesSpec, names: Sequence[str]) -> NDArray[np.int64]:
    """For each of the C classes of a set the one that stands for it, (C,): itself, or its group.

    Raises :class:`DataError` where the groups do not hold each class once.
    """
    if not spec.groups:
        return np.arange(len(names))
    listed = [name for _, members in spec.groups for name in members]
    if sorted(listed) != sorted(names):
        raise DataError(f"The groups must hold each class of {spec.dataset} once: {', '.join(names)}.")
    group = {name: place for place, (_, members) in enumerate(spec.groups) for name in members}
    return np.array([group[name] for name in names], np.int64)


def read_answers(
    spec: ImagesSpec, positions: NDArray[np.int64], truth: NDArray[np.int64], classes: int
) -> NDArray[np.int64]:
    """What the annotator answers for the images ``positions`` (n,) of a file, with the classes ``truth`` (n,).

    Raises :class:`DataError` for a file of answers that is not about these images.
    """
    if spec.answers is None:
        return truth
    found = _read_array(spec.answers, spec.answers_key)
    places: NDArray[np.integer] = positions
    if spec.answers_places is not None:
        places = _read_array(spec.answers_places, "")[positions]
    if places.max(initial=-1) >= len(found):
        raise DataError(f"{spec.answers} has {len(found):,} answers, too few for these images.")
    answers = found[places].astype(np.int64)
    if answers.min(initial=0) < 0 or answers.max(initial=0) >= classes:
        raise DataError(f"{spec.answers} names classes that these images do not have.")
    return answers


def _read_array(path: Path, key: str) -> NDArray[np.integer]:
    try:
        with open_file(path) as file:
            found = np.load(file, allow_pickle=False)
            values = found if isinstance(found, np.ndarray) else found[key]
    except (OSError, ValueError, KeyError) as error:
        named = f" as {key}" if key else ""
        raise DataError(f"{path} holds no array of whole numbers{named}.") from error
    if values.ndim != 1 or values.dtype.kind not in "iu":
        raise DataError(f"{path} holds no list of whole numbers.")
    return values
