"""A model that a new project is to begin with: looked at in a child process when chosen, copied when it is made."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.datasets.base import DataError
from model.datasets.pixels.deep import Ranges
from model.disk import read_file
from model.errors import UserError
from studies.labeling.facts.records import BegunWith
from studies.labeling.facts.settings import ProjectSettings, settings_from
from studies.labeling.file.store import ProjectStore
from studies.labeling.state.classes import ClassList
from studies.numerals import counted


@dataclass(frozen=True)
class ChosenModel:
    """A model that was looked at: it can be built, and its images were read by this version's rules."""

    file: Path
    sha256: str
    name: str  # of the file or the project that was chosen
    project: str  # the name of that project; empty for a file
    classes: tuple[str, ...]
    network: str
    trained_on: int
    display_ranges: Ranges | None  # by which it was shown images of more than 8 bits, if there were any

    @property
    def sentence(self) -> str:
        """What it is, in words."""
        classes, labels = counted(len(self.classes), "class", "classes"), counted(self.trained_on, "label")
        return f"Begins with {self.name}: {classes}, {self.network}, trained on {labels}."

    def fit(self, settings: ProjectSettings) -> ProjectSettings:
        """Settings with its network, and with its ranges where it has some."""
        learner = settings.learner.model_copy(update={"network": self.network, "weights": None})
        ranges = self.display_ranges or settings.display_ranges
        return settings.model_copy(update={"learner": learner, "display_ranges": ranges})

    def take(self, classes: ClassList) -> tuple[BegunWith, bytes]:
        """What a project of these classes keeps of it, and its bytes.

        Raises ``DataError`` where the file is gone or another one since it was looked at, or knows none of the classes.
        """
        try:
            content = read_file(self.file)
        except OSError as error:
            raise DataError(
                f"The model {self.file} cannot be read ({error.strerror}): choose it again."
            ) from error
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise DataError(f"The model {self.file} has changed since it was chosen: choose it again.")
        found = [classes.id_of(name) for name in self.classes]
        if all(class_id is None for class_id in found):
            raise DataError(
                f"{self.name} knows none of these classes: keep some of its own ({', '.join(self.classes[:3])}, ...), "
                "or begin without it. They can be renamed once the project is made."
            )
        ids = tuple(-1 if class_id is None else class_id for class_id in found)
        return BegunWith(self.sha256, self.name, self.project, self.network, self.trained_on, ids), content


def read_chosen(text: str) -> ChosenModel:
    """Read what the child process printed."""
    values = json.loads(text)
    ranges = values.pop("display_ranges")
    ranges = None if ranges is None else settings_from({"display_ranges": ranges}).display_ranges
    return ChosenModel(
        **{
            **values,
            "file": Path(values["file"]),
            "classes": tuple(values["classes"]),
            "display_ranges": ranges,
        }
    )


def describe(chosen: Path, work: Path | None) -> dict[str, object]:
    """Look at a model's file or, where ``work`` is its working folder, at a project's last model; imports torch.

    Returns the fields of a :class:`ChosenModel`. Raises ``UserError`` with a sentence.
    """
    from model.rounds.model_file import check_model

    file, name, project, sha256 = chosen, chosen.name, "", None
    if work is not None:
        with ProjectStore.open(chosen, writable=False) as store:
            models, project = store.models(), store.head().name
        if not models:
            raise DataError(
                f"{chosen} has no model yet: label on there until its first round, or choose another one."
            )
        file, name, sha256 = work / models[-1].file, project, models[-1].sha256
    found, about = check_model(file, sha256)
    ranges = about.get("display_ranges")
    return {
        "file": str(file.absolute()),
        "sha256": found,
        "name": name,
        "project": project,
        "classes": list(about["classes"]),
        "network": about["network"],
        "trained_on": int(about.get("trained_on", 0)),
        "display_ranges": ranges if ranges and any(ranges.values()) else None,
    }


def main(arguments: Sequence[str]) -> int:
    """Print what ``FILE`` or ``PROJECT WORK`` is, as JSON; what cannot be used ends it with a sentence and code 1."""
    chosen, *work = map(Path, arguments)
    try:
        print(json.dumps(describe(chosen, work[0] if work else None)))
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
