"""What is read of a file of experiments."""

# ruff: noqa: S608 - statements are put together from constants
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from studies.files.store_errors import damaged
from studies.files.store_file import StoreFile
from studies.simulation.file.schema import EXPERIMENT
from studies.simulation.plan.plan import Kind
from studies.simulation.run.state import State

_RUNS = "SELECT DISTINCT run_key FROM cells WHERE experiment_id = ?"
_FAILURES = """
SELECT c.data, min(c.method) AS method, c.seed, p.last_error AS error
FROM cells AS c JOIN progress AS p ON p.run_key = c.run_key
WHERE c.experiment_id = ? AND NOT p.finished AND p.last_error IS NOT NULL
GROUP BY c.run_key ORDER BY 1, 2, 3"""
_COSTS = """
SELECT cost, verify, correct, unaided, drawn_from IS NOT NULL AS drawn
FROM cost_settings WHERE experiment_id = ? ORDER BY position"""
_EFFORT = f"""
SELECT count(*) AS runs, coalesce(sum(finished), 0) AS runs_done, (
    SELECT coalesce(sum(seconds_training + seconds_audit), 0.0) FROM rounds WHERE run_key IN ({_RUNS})
) + (
    SELECT coalesce(sum(seconds), 0.0) FROM round_tiers WHERE run_key IN ({_RUNS})
) AS seconds
FROM progress WHERE run_key IN ({_RUNS})"""
_MACHINES = f"""
SELECT DISTINCT device || ', threads: ' || threads AS device, versions FROM rounds WHERE run_key IN ({_RUNS})"""


@dataclass(frozen=True)
class Head:
    """An experiment in the file."""

    experiment_id: int
    name: str
    title: str
    toml: str


@dataclass(frozen=True)
class Standing:
    """How far a run is."""

    rounds_done: int
    finished: bool


@dataclass(frozen=True)
class StoredMethod:
    """A method of an experiment."""

    method: str
    kind: Kind


@dataclass(frozen=True)
class StoredMethodTier:
    """How a method chooses in a tier; ``tier``: a name, which this version need not know."""

    method: str
    tier: str
    strategy: str
    budget: int


@dataclass(frozen=True)
class StoredDataset:
    """A data set of an experiment, and the published numbers that it is compared with."""

    data: str
    published: str


@dataclass(frozen=True)
class StoredCost:
    """What answers cost; ``drawn``: from a study's times, whose means the three are."""

    cost: str
    verify: float
    correct: float
    unaided: float
    drawn: bool


@dataclass(frozen=True)
class StoredRound:
    """A round of a run at one cost."""

    data: str
    cost_setting: str
    method: str
    seed: int
    round: int
    cost: float  # of all labels so far
    accuracy: float


@dataclass(frozen=True)
class StoredTier:
    """What a tier suggested in a round of a run; ``tier``: a name, which this version need not know."""

    data: str
    cost_setting: str
    method: str
    seed: int
    round: int
    tier: str
    right_share: float  # 0 to 1


@dataclass(frozen=True)
class StoredFolderRound:
    """A round of a run over a whole folder at one cost; counts and seconds are of all so far."""

    data: str
    cost_setting: str
    method: str
    seed: int
    round: int
    n_images: int
    labeled_share: float  # 0 to 1
    wrong_share: float
    seconds_an_image: float
    pages: int
    cells: int
    marks: int
    named: int
    refused: int
    singles: int
    verified: int
    near: int


@dataclass(frozen=True)
class StoredFinishRound:
    """Where a folder stands in a round of a run, if the program labels now all that has no label."""

    data: str
    cost_setting: str
    method: str
    seed: int
    round: int
    goal: float | None  # share of the folder that may be wrong
    minutes: float  # of the person
    actions: int
    n_images: int
    n_program: int
    n_left: int  # without any label
    wrong_share: float  # other than the annotator would say
    untrue_share: float  # other than is true
    n_sampled: int
    looks: int
    held: bool  # no more are wrong than may be


@dataclass(frozen=True)
class Failure:
    """A run that is not done."""

    data: str
    method: str
    seed: int
    error: str


@dataclass(frozen=True)
class Effort:
    """How much of an experiment is run, and the time of computing, all runs together."""

    runs: int
    runs_done: int
    seconds: float


@dataclass(frozen=True)
class Machine:
    """Where rounds were computed: device with threads, and libraries with their versions."""

    device: str
    versions: str


class ExperimentReader(StoreFile):
    """An open file of experiments that is read; ``ExperimentStore`` writes too."""

    schema = EXPERIMENT

    def experiments(self) -> tuple[Head, ...]:
        """All experiments, the oldest first."""
        return tuple(self.read(Head, "experiments ORDER BY experiment_id"))

    def standing(self, keys: Sequence[str]) -> dict[str, Standing]:
        """How far runs are, by key."""
        rows = self.query("SELECT run_key, rounds_done, finished FROM progress")
        asked = set(keys)
        return {key: Standing(done, bool(finished)) for key, done, finished in rows if key in asked}

    def state(self, key: str) -> State | None:
        """What an unfinished run goes on from; ``None`` before its first round."""
        rows = self.query("SELECT state FROM states WHERE run_key = ?", (key,))
        if not rows:
            return None
        try:
            return State.from_bytes(rows[0][0])
        except Exception as error:  # a damaged archive raises nearly every built-in exception
            raise damaged(self.path) from error

    # Of one experiment

    def methods(self, experiment_id: int) -> list[StoredMethod]:
        """Its methods in the order of the plan."""
        source = "methods WHERE experiment_id = ? ORDER BY position"
        return self.read(StoredMethod, source, (experiment_id,), {"kind": Kind})

    def method_tiers(self, experiment_id: int) -> list[StoredMethodTier]:
        """The tiers of its methods."""
        return self.read(StoredMethodTier, "method_tiers WHERE experiment_id = ?", (experiment_id,))

    def datasets(self, experiment_id: int) -> list[StoredDataset]:
        """Its data sets in the order of the plan."""
        return self.read(
            StoredDataset, "datasets WHERE experiment_id = ? ORDER BY position", (experiment_id,)
        )

    def costs(self, experiment_id: int) -> list[StoredCost]:
        """Its costs in the order of the plan."""
        return self.read_sql(StoredCost, _COSTS, (experiment_id,), {"drawn": bool})

    def rounds(self, experiment_id: int) -> list[StoredRound]:
        """All rounds that are there, by data set, cost, method, seed and number."""
        source = "results WHERE experiment_id = ? ORDER BY data, cost_setting, method, seed, round"
        return self.read(StoredRound, source, (experiment_id,))

    def tiers(self, experiment_id: int) -> list[StoredTier]:
        """The tiers of all rounds that suggested anything, in whatever order."""
        return self.read(StoredTier, "tier_results WHERE experiment_id = ? AND n > 0", (experiment_id,))

    def folder_rounds(self, experiment_id: int) -> list[StoredFolderRound]:
        """All rounds of whole folders, by data set, cost, method, seed and number."""
        source = "folder_results WHERE experiment_id = ? ORDER BY data, cost_setting, method, seed, round"
        return self.read(StoredFolderRound, source, (experiment_id,))

    def finish_rounds(self, experiment_id: int) -> list[StoredFinishRound]:
        """The same with what the program labels."""
        source = "finish_results WHERE experiment_id = ? ORDER BY data, cost_setting, method, seed, round"
        return self.read(StoredFinishRound, source, (experiment_id,), {"held": bool})

    def failures(self, experiment_id: int) -> list[Failure]:
        """The runs that failed and are not done, each with its last error."""
        return self.read_sql(Failure, _FAILURES, (experiment_id,))

    def effort(self, experiment_id: int) -> Effort:
        """How much of it is run."""
        return self.read_sql(Effort, _EFFORT, 3 * (experiment_id,))[0]

    def machines(self, experiment_id: int) -> list[Machine]:
        """Where its rounds were computed."""
        return self.read_sql(Machine, _MACHINES, (experiment_id,), {"versions": _list_versions})


def _list_versions(versions: str) -> str:
    return ", ".join(f"{name} {number}" for name, number in json.loads(versions).items())
