"""Knowing images again after their folder was moved, renamed or added to."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

from model.datasets.base import ImageSet, natural_order
from model.datasets.image_files import ImageError
from model.port import Cancelled, Port

_TELL_S = 0.1


def match_items(
    old: Mapping[str, str], images: ImageSet, port: Port, changed: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Return for each id of earlier the id in ``images`` of the same image; those that are gone are left out.

    ``old`` maps ids to content hashes, empty where not known. An id that is there again is the same image, and
    nothing is read for it, unless it is among ``changed``: ids that now hold something else, with its hash. The others,
    and what the changed ones held, are looked for by content among the images whose ids are new or changed: first
    among those with the file name of one that is missing, then, while any is missing, among the rest.

    No image is matched twice. Of several with the same content, one with the id's own file name comes first,
    then whichever comes first in the set; of several such ids the first in natural order gets it. Images that
    cannot be read are passed over. Raises :class:`Cancelled` when ``port`` is.
    """
    present = set(images.items) - changed.keys()
    matched = {item: item for item in old if item in present}
    missing = natural_order(item for item, digest in old.items() if digest and item not in present)
    wanted: dict[str, list[str]] = {}
    for item in missing:
        wanted.setdefault(old[item], []).append(item)
    names = {_name(item) for item in missing}
    items = enumerate(images.items)
    new = [index for index, item in items if item not in old or item in changed] if missing else []
    likely = [index for index in new if _name(images.items[index]) in names]
    others = [index for index in new if _name(images.items[index]) not in names]

    renamed: list[tuple[str, str]] = []
    for item, digest in _hashes(images, likely, changed, port):
        namesake = next((o for o in wanted.get(digest, ()) if _name(o) == _name(item)), None)
        if namesake is None:
            renamed.append((item, digest))
        else:
            matched[namesake] = item
            _cross_out(wanted, digest, namesake)
    for item, digest in chain(renamed, _hashes(images, others, changed, port)) if wanted else ():
        if digest in wanted:
            first = wanted[digest][0]
            matched[first] = item
            _cross_out(wanted, digest, first)
            if not wanted:
                break
    return matched


def _hashes(
    images: ImageSet, indices: Sequence[int], known: Mapping[str, str], port: Port
) -> Iterator[tuple[str, str]]:
    told = 0.0
    for done, index in enumerate(indices):
        if port.cancelled():
            raise Cancelled
        if time.monotonic() - told >= _TELL_S:
            told = time.monotonic()
            port.progress(done, len(indices), "Looking for images that were moved")
        item = images.items[index]
        try:
            yield item, known.get(item) or images.content_hash(index)
        except ImageError:
            continue


def _cross_out(wanted: dict[str, list[str]], digest: str, item: str) -> None:
    wanted[digest].remove(item)
    if not wanted[digest]:
        del wanted[digest]


def _name(item: str) -> str:
    return item.rsplit("/", 1)[-1]
