"""Pages of images that look alike."""

from __future__ import annotations

import numpy as np

from studies.pages.clusters import make_cluster_pages, nearest_to_centres

CLUSTER = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3])
DISTANCE = np.array([0.3, 0.1, 0.2, 0.4, 0.5, 0.1, 0.2, 0.3, 0.4, 0.0, 1.0, 1.0, 1.0, 1.0])


def test_large_and_tight_clusters_come_first_and_a_page_begins_at_the_centre() -> None:
    pages = make_cluster_pages(CLUSTER, DISTANCE, cells=4)
    assert [page.items for page in pages] == [(1, 2, 0, 3), (5, 6, 7, 8), (10, 11, 12, 13)]
    assert [page.size for page in pages] == [4, 5, 4]


def test_the_nearest_of_each_cluster_is_found() -> None:
    assert nearest_to_centres(CLUSTER, DISTANCE).tolist() == [1, 5, 9, 10]
