"""How far a project is: each image counted once, in the same way wherever the number is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studies.labeling.facts.records import Verb
from studies.numerals import counted


@dataclass(frozen=True)
class Progress:
    """Every image of a project is in one of these counts, held-out ones too."""

    images: int
    by_state: Mapping[
        Verb, int
    ]  # how many images a person left in each state; images that nobody decided about: none
    by_program: int  # auto-labels that hold

    @property
    def by_person(self) -> int:
        """Images that a person labeled."""
        return self.by_state.get(Verb.LABEL, 0)

    @property
    def labeled(self) -> int:
        """Images that have a label of a person or of the program."""
        return self.by_person + self.by_program

    @property
    def without_label(self) -> Mapping[Verb, int]:
        """Images that were decided about and have no label, by what was said of them; only what there is."""
        return {verb: n for verb in Verb if verb.meaning.remark and (n := self.by_state.get(verb, 0))}

    @property
    def left(self) -> int:
        """Images that have neither a label nor a decision."""
        return self.images - self.labeled - sum(self.without_label.values())

    def in_words(self) -> str:
        """Labeled images of all, in a few words."""
        return f"{self.labeled:,} of {self.images:,} labeled"

    def sentence(self, whom: str = "you") -> str:
        """Who labeled how many, and how many have no label and why; ``whom``: the person, as the reader knows them."""
        images = counted(self.images, "image is", "images are")
        text = f"{self.by_person:,} of {images} labeled by {whom}, {self.by_program:,} by the program."
        remarks = ", ".join(f"{n:,} {verb.meaning.remark.lower()}" for verb, n in self.without_label.items())
        if remarks:
            text += f" {counted(sum(self.without_label.values()), 'has', 'have')} no label: {remarks}."
        return text if self.left == 0 else f"{text} {counted(self.left, 'is', 'are')} left."
