"""One list of names: registries, settings, plans, forms and docs all know the same ones."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from model import names
from model.learning.config import PRESETS
from model.names import check_listed
from model.networks.encoders import ENCODERS
from model.networks.networks import NETWORKS
from model.selection import STRATEGIES
from model.tiers import Tier

DOCS = Path(__file__).parents[2] / "docs"


def test_the_registries_are_what_is_listed():
    for tier in Tier:
        assert {n for n, entry in STRATEGIES.items() if entry.tier is tier} == set(names.STRATEGIES[tier])
        assert tier.strategy in names.STRATEGIES[tier]
    assert set(PRESETS) == set(names.PRESETS)
    assert set(NETWORKS) == set(names.TRAINED_NETWORKS)
    assert set(names.FROZEN_NETWORKS) == set(ENCODERS)


def test_a_name_that_is_not_listed_or_has_nothing_behind_it_ends_the_import():
    with pytest.raises(ValueError, match="differ in badger, bait"):
        check_listed("strategies", ["badge", "badger"], ["badge", "bait"])
    check_listed("strategies", ["a", "b"], ["b", "a"])


@pytest.mark.parametrize(
    "module", ["model.names", "studies.labeling.facts.settings", "studies.simulation.plan.runs"]
)
def test_names_are_listed_without_torch(module: str):
    check = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_the_docs_name_them_all():
    library, simulation = ((DOCS / f"{name}.md").read_text("utf-8") for name in ("library", "simulation"))
    for tier in Tier:
        row = re.search(rf"^\| {tier.value} \| (.*) \|$", library, re.MULTILINE)
        assert row is not None
        assert re.findall(r"`([\w-]+)`", row.group(1)) == list(names.STRATEGIES[tier])
    training = re.search(r"^training = .*$", simulation, re.MULTILINE)
    assert training is not None
    for name in names.PRESETS:
        assert re.search(rf"\b{name}\b", training.group()), name
