"""Training settings for few labels, and the graph that is kept from round to round."""

from __future__ import annotations

import numpy as np
import pytest

from model.learning.config import PRESETS, for_few_labels
from model.learning.neighbours import GraphCache, Neighbours


@pytest.mark.parametrize(
    ("labels", "classes", "epochs"),
    # 200 steps of 16, five a class, five epochs at least.
    [
        (2, 2, 200),
        (16, 40, 200),
        (17, 2, 100),
        (30, 2, 100),
        (500, 2, 7),
        (5000, 2, 5),
        (16, 100, 500),
        (726, 242, 27),
    ],
)
def test_few_labels_are_seen_often_enough(labels, classes, epochs):
    config = for_few_labels(PRESETS["quick"], labels, classes)
    assert (config.batch_size, config.epochs, config.stop_accuracy) == (16, epochs, None)


def test_other_settings_are_taken_as_they_are():
    for name, config in PRESETS.items():
        assert (for_few_labels(config, 10, 2) == config) is (name not in ("quick", "pool"))


@pytest.mark.parametrize("name", ["quick", "pool"])
def test_the_network_before_it_is_trained_for_enough_steps(name: str):
    assert for_few_labels(PRESETS[name], 16, 10).epochs == 200


def test_the_graph_is_kept_for_the_same_items_alone():
    cache = GraphCache()
    items = np.arange(5)
    graph = Neighbours(np.zeros((5, 5)))
    cache.keep(items, graph)
    assert cache.graph(np.arange(5)) is graph
    assert cache.graph(np.arange(4)) is None
    cache.clear()
    assert cache.graph(items) is None
