"""The options of strategies, taken from the settings of live and simulated rounds."""

from __future__ import annotations

from model.names import Engine, Partitions
from model.rounds.live_values import LearnerSettings
from model.rounds.simulated_values import SelectionSettings
from model.selection.base import Options


def test_options_are_the_settings_of_the_same_name_and_otherwise_the_defaults() -> None:
    live = LearnerSettings(engine=Engine.SUBMODLIB, max_error=0.1)
    assert Options.of(live) == Options(engine=Engine.SUBMODLIB, max_error=0.1)
    simulated = SelectionSettings(
        partitions=Partitions.RANDOM, n_partitions=3, eta=0.5, ridge=2.0, max_error=0.2
    )
    assert Options.of(simulated) == Options(
        partitions=Partitions.RANDOM, n_partitions=3, eta=0.5, ridge=2.0, max_error=0.2
    )
    assert Options.of(object()) == Options()
