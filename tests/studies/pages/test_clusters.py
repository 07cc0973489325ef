"""Pages of images that look alike."""

from __future__ import annotations

import numpy as np

from studies.pages.clusters import make_cluster_pages, nearest_to_centres, pure_pages

CLUSTER = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3])
DISTANCE = np.array([0.3, 0.1, 0.2, 0.4, 0.5, 0.1, 0.2, 0.3, 0.4, 0.0, 1.0, 1.0, 1.0, 1.0])


def test_large_and_tight_clusters_come_first_and_a_page_begins_at_the_centre() -> None:
    pages = make_cluster_pages(CLUSTER, DISTANCE, cells=4)
    assert [page.items for page in pages] == [(1, 2, 0, 3), (5, 6, 7, 8), (10, 11, 12, 13)]
    assert [page.size for page in pages] == [4, 5, 4]


def test_the_nearest_of_each_cluster_is_found() -> None:
    assert nearest_to_centres(CLUSTER, DISTANCE).tolist() == [1, 5, 9, 10]


def test_a_page_that_looks_pure_is_the_nearer_half_of_a_tight_cluster() -> None:
    cluster = np.repeat([0, 1, 2], 10)
    near = np.tile(np.arange(10) / 100, 3)
    distance = near + np.repeat([0.2, 0.9, 0.4], 10)
    pages = pure_pages(cluster, distance, cells=24)
    assert [page.items for page in pages] == [(0, 1, 2, 3, 4), (20, 21, 22, 23, 24)]  # 0.91 is more than 0.54
    assert [len(page.items) for page in pure_pages(cluster, distance, cells=4)] == [4, 4]
    assert pure_pages(cluster[:0], distance[:0], cells=4) == ()
