"""What a run toward a goal knows beside labels: the random sample, looks at it, what was planted, how it ended."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studies.finish.looks import Looks
from studies.finish.misses import Caught
from studies.finish.sample import Way
from studies.labeling.facts.finish import SampleDraw
from studies.labeling.planning.finish_look import SampleInputs

_NOTHING = Caught(0, 0, 0, 0)


@dataclass(frozen=True)
class FinishState:
    """Of n images."""

    program: NDArray[np.int32]  # (n,) labels of the program, -1 without
    draws: tuple[SampleDraw, ...] = ()
    looks: int = 0
    caught: Caught = _NOTHING  # on all pages
    planted: int = 0  # wrong suggestions to images by themselves, on purpose
    accepted: int = 0  # of those
    ended: bool = False  # by a certificate
    done: bool = False  # all images have a label
    accuracy: float = 0.0  # of the last model, on the test part

    @classmethod
    def begin(cls, images: int) -> FinishState:
        """Before anything was asked."""
        return cls(np.full(images, -1, np.int32))

    def with_draw(
        self, pool: NDArray[np.bool_], items: NDArray[np.int64], suggested: bool = False
    ) -> FinishState:
        """With one more draw, ``items`` (k,) in their order from the mask ``pool`` (n,)."""
        if not len(items):
            return self
        drawn = tuple((int(item), int(item)) for item in items)
        draw = replace(SampleDraw.of(len(self.draws), pool), drawn=drawn, suggested=suggested)
        return replace(self, draws=(*self.draws, draw))

    def sample(self, labels: NDArray[np.int32], share: float) -> SampleInputs:
        """The sample as the plan of live rounds takes it."""
        ways = {
            item: Way.SUGGESTED if draw.suggested else Way.UNAIDED
            for draw in self.draws
            for _, item in draw.drawn
        }
        return SampleInputs(
            self.draws,
            ways,
            labels,
            Looks(taken=self.looks),
            len(labels),
            share,
            self.caught,
            self.planted,
            self.accepted,
        )

    def facts(self) -> dict[str, Any]:
        """As it is kept between two sessions, without the program's labels."""
        return {
            "draws": [
                [
                    draw.items,
                    base64.b64encode(draw.pool).decode(),
                    [item for _, item in draw.drawn],
                    draw.suggested,
                ]
                for draw in self.draws
            ],
            "looks": self.looks,
            "caught": asdict(self.caught),
            "planted": self.planted,
            "accepted": self.accepted,
            "ended": self.ended,
            "done": self.done,
            "accuracy": self.accuracy,
        }

    @classmethod
    def read(cls, program: NDArray[np.int32], facts: dict[str, Any]) -> FinishState:
        """What :meth:`facts` and the program's labels tell."""
        draws = tuple(
            SampleDraw(
                number, items, base64.b64decode(pool), tuple((item, item) for item in drawn), suggested
            )
            for number, (items, pool, drawn, suggested) in enumerate(facts["draws"])
        )
        return cls(
            program,
            draws,
            facts["looks"],
            Caught(**facts["caught"]),
            facts["planted"],
            facts["accepted"],
            facts["ended"],
            facts["done"],
            facts["accuracy"],
        )


def add_caught(
    before: Caught, found: int = 0, confirmed: int = 0, planted: int = 0, missed: int = 0
) -> Caught:
    """The same with what one more page brought."""
    return Caught(
        before.found + found,
        before.confirmed + confirmed,
        before.planted + planted,
        before.missed + missed,
    )
