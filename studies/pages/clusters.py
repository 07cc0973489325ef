"""Pages without a class, made of images that look alike: the person names what they show."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studies.pages.asking import Floats

CLUSTERS_PER_CLASS = 2
LEAST_CELLS = 4  # fewer images are named one by one as fast
_CORE = 2  # of so many images of a cluster the one that is nearer to the centre is on its page
_TIGHT = 0.95  # of the mean distance of all images to their centres: a page whose own is larger is rarely of one class


@dataclass(frozen=True)
class ClusterPage:
    """The images nearest to a cluster's centre, the nearest first, and how many the cluster has in all."""

    items: tuple[int, ...]
    size: int
    spread: float  # mean distance to the centre


def make_cluster_pages(cluster: NDArray[np.int64], distance: Floats, cells: int) -> tuple[ClusterPage, ...]:
    """One page for each cluster of :data:`LEAST_CELLS` images or more; the largest and tightest first.

    ``cluster`` (n,) numbers from 0, ``distance`` (n,) to the own centre. Large and tight: by the spread over the root
    of the size.
    """
    pages = []
    for number in np.unique(cluster):
        mine = np.flatnonzero(cluster == number)
        if len(mine) >= LEAST_CELLS:
            nearest = mine[np.argsort(distance[mine], kind="stable")][:cells]
            pages.append(ClusterPage(tuple(nearest.tolist()), len(mine), float(distance[mine].mean())))
    return tuple(sorted(pages, key=lambda page: (page.spread / np.sqrt(page.size), page.items)))


def pure_pages(cluster: NDArray[np.int64], distance: Floats, cells: int) -> tuple[ClusterPage, ...]:
    """The pages of :func:`make_cluster_pages` that look pure, with the nearer half of each cluster.

    Nobody knows the classes yet: a page looks pure that is tight against the spread of all images.
    """
    if len(distance) == 0:
        return ()
    most = _TIGHT * float(distance.mean())
    halves = [
        replace(page, items=page.items[: max(LEAST_CELLS, -(-page.size // _CORE))])
        for page in make_cluster_pages(cluster, distance, cells)
    ]
    return tuple(page for page in halves if distance[list(page.items)].mean() <= most)


def nearest_to_centres(cluster: NDArray[np.int64], distance: Floats) -> NDArray[np.int64]:
    """The image nearest to each cluster's centre, ascending: first labels that show more classes than random ones."""
    found = [np.flatnonzero(cluster == number) for number in np.unique(cluster)]
    return np.sort(np.array([mine[np.argmin(distance[mine])] for mine in found], np.int64))
