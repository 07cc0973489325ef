"""Whether a network and its weights can be had: looked up when it is chosen, and not a round later."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from model.errors import UserError
from model.names import AUTO, TRAINED_NETWORKS
from model.networks.encoders import ENCODERS, reads_texts
from model.parts import need_names
from model.port import Port
from studies.labeling.facts.settings import Learner, ProjectSettings
from ui.kit.job_line import JobLine
from ui.labeling.child import ChildError, run_child


@dataclass(frozen=True)
class CheckedNetwork:
    """A network that can be had."""

    name: str
    terms: str  # the licence of its weights, in words
    commercial: bool  # whether that allows commercial use

    @property
    def warning(self) -> str:
        """What is to be known before it is downloaded and used; empty if nothing is."""
        return (
            ""
            if self.commercial
            else f"The weights of {self.name} may not be used for every purpose: {self.terms}."
        )


def needs_check(before: Learner, after: Learner) -> bool:
    """Whether another network or file was chosen, of which not everything is known already."""
    chosen = (after.network, after.weights)
    return chosen != (before.network, before.weights) and chosen not in [
        (n, None) for n in (AUTO, *TRAINED_NETWORKS)
    ]


def check_network(network: str, weights: Path | None, port: Port) -> CheckedNetwork:
    """Look whether a network is known and a file of weights fits it; for "auto" the one that the file is for.

    Raises ``UserError`` with a sentence, and ``Cancelled``.
    """
    if network in TRAINED_NETWORKS:
        if weights is not None:
            raise UserError(
                f"{network} is trained here and takes no weights: name another network, or no file."
            )
        return CheckedNetwork(network, "", True)
    if reads_texts(network):
        need_names(f"The network {network}")
    if weights is None and network in ENCODERS:
        encoder = ENCODERS[network]
        return CheckedNetwork(encoder.name, encoder.terms, encoder.commercial)
    port.progress(0, 0, f"Looking at {network if weights is None else weights.name}")
    arguments = [network] if weights is None else [network, str(weights.absolute())]
    try:
        found = json.loads(run_child("model.networks.check_weights", arguments, port))
    except ChildError as error:
        raise ChildError(str(error) or "The weights could not be looked at; see the log.") from None
    return CheckedNetwork(**found)


def describe_network(name: str) -> str:
    """What a listed network is, its terms and its size; empty for any other."""
    encoder = ENCODERS.get(name)
    if encoder is None:
        return ""
    size = f"{encoder.megabytes:,.0f} MB to download" if encoder.url else "its weights are a file of yours"
    reads = f" It reads class names in {encoder.languages}." if encoder.languages else ""
    return f"{encoder.title}. Licence: {encoder.terms}; {size}.{reads}"


class NetworkChoice:
    """Looks at another network before it is kept; one whose terms forbid something is named, and kept the next time."""

    def __init__(self, line: JobLine, say: Callable[[str], object]) -> None:
        self._line, self._say = line, say
        self._told: set[str] = set()

    def settle(
        self, before: Learner, settings: ProjectSettings, keep: Callable[[ProjectSettings], object]
    ) -> None:
        """Call ``keep`` with the settings, at once or after a look in the background; else say what is wrong."""
        learner = settings.learner
        if not needs_check(before, learner):
            keep(settings)
        elif not self._line.busy:
            self._line.run(
                partial(check_network, learner.network, learner.weights),
                partial(self._take, settings, keep),
                failed=self._say,
                text="Looking at the network",
            )

    def _take(
        self,
        settings: ProjectSettings,
        keep: Callable[[ProjectSettings], object],
        found: CheckedNetwork,
    ) -> None:
        if found.warning and found.name not in self._told:
            self._told.add(found.name)
            self._say(f"{found.warning} Enter keeps it all the same.")
            return
        learner = settings.learner.model_copy(update={"network": found.name})
        keep(settings.model_copy(update={"learner": learner}))
