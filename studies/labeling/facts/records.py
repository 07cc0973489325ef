"""What a labeling project writes down: classes, tasks, label events, models, rounds and auto-labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from studies.answers import Timing


class Purpose(str, Enum):
    """Why an image was shown."""

    SEED = "seed"  # random, without a suggestion, before there is a model
    TYPICAL = "typical"  # as SEED, but nearest to the centre of a group of images that look alike
    QUEUE = "queue"  # chosen by the round, in the hard or the intermediate tier
    AHEAD = "ahead"  # next in the last ranking, while the program works on the next round
    CLUSTER = (
        "cluster"  # on a page of images that look alike, which the person names; before there is a model
    )
    SAMPLE = "sample"  # drawn evenly from what has no label: a certificate rests on it
    PAGE = "page"  # on a page of the queue, with others of the same suggestion
    AUDIT = "audit"  # of the held-out sample, without a suggestion
    CATCH = "plant"  # a catch trial: labeled before, shown with a suggestion that is wrong on purpose
    RETURNED = "returned"  # marked as odd on a page
    SEARCH = "search"  # found by hand in the grid
    GRID = "grid"  # accepted in the grid with the others of its class
    DOUBT = "doubt"  # looked at again on a page, as its label may be wrong
    SECOND_LOOK = "second-look"  # confirmed on a page before, and looked at once more on another
    REVIEW = "review"  # gone back to
    IMPORT = "import"  # from a file of labels, or from the folder's own layout


class Verb(str, Enum):
    """What an event does to its item; what follows from it stands in the table :data:`MEANINGS`."""

    LABEL = "label"
    NONE = "none"  # not any of the classes
    SEVERAL = "several"  # several classes at once
    SKIP = "skip"
    UNREADABLE = "unreadable"  # the image cannot be shown
    RELEASE = "release"  # without a label again: it may be asked about
    REJECT = "reject"  # its auto-label is wrong: it goes to the queue
    FLAG = "flag"  # to be looked at again; the label stays
    UNFLAG = "unflag"
    ANSWER = "answer"  # the answer to a catch trial: the label stays as it is
    CONFIRM = "confirm"  # looked at again: the label is right, and stays
    UNDO = "undo"  # takes back the action ``undoes``

    @property
    def meaning(self) -> Meaning:
        """The verb's row of the table."""
        return MEANINGS[self]


@dataclass(frozen=True)
class Meaning:
    """What follows from a verb for its item: all that other code has to know of it."""

    state: bool = False  # says what holds of the item, until a later state or an undo
    settles: bool = False  # while it holds a person has decided about the item: no new task is about it
    final: bool = False  # answers the question: tasks about the item that still wait are dropped
    reviewed: bool = False  # an answer to one image, to which history goes back
    reopens: bool = False  # the item is to be asked about again
    remark: str = ""  # the name of the list of items that have this in place of a label


MEANINGS: Mapping[Verb, Meaning] = MappingProxyType(
    {
        Verb.LABEL: Meaning(state=True, settles=True, final=True, reviewed=True),
        Verb.SKIP: Meaning(state=True, settles=True, reviewed=True, remark="Skipped"),
        Verb.NONE: Meaning(
            state=True, settles=True, final=True, reviewed=True, remark="Not any of the classes"
        ),
        Verb.SEVERAL: Meaning(state=True, settles=True, final=True, reviewed=True, remark="Several classes"),
        Verb.UNREADABLE: Meaning(state=True, settles=True, remark="Cannot be read"),
        Verb.RELEASE: Meaning(state=True, reopens=True),
        Verb.REJECT: Meaning(state=True, settles=True, reopens=True),
        Verb.FLAG: Meaning(),
        Verb.UNFLAG: Meaning(),
        Verb.ANSWER: Meaning(),
        Verb.CONFIRM: Meaning(),
        Verb.UNDO: Meaning(),
    }
)


class Change(str, Enum):
    """What happened to a class."""

    ADDED = "added"  # value: its name
    RENAMED = "renamed"  # value: its new name
    MERGED = "merged"  # value: the id of the class that takes its labels; its own id: apart again
    KEY = "key"  # value: a character, or empty
    COLOUR = "colour"  # value: #rrggbb, or empty
    EXAMPLE = "example"  # value: an item's number, or empty


@dataclass(frozen=True)
class ClassChange:
    """One change of the list of classes; the latest of a kind holds."""

    class_id: int
    change: Change
    value: str


@dataclass(frozen=True)
class Likely:
    """A class that the model predicts, with its probability."""

    class_id: int
    probability: float


@dataclass(frozen=True)
class Task:
    """One image that the annotator is to be asked about. Ids of a project's tasks run from 0 without a gap."""

    task_id: int
    round: int  # 0: the seed round
    item: int
    purpose: Purpose
    tier: str | None = None  # a model.selection.Tier's value
    strategy: str | None = None
    suggestion: int | None = None  # class id
    score: float | None = None  # what the strategy thought of it
    model_id: int | None = None
    top: tuple[Likely, ...] = ()  # the likeliest first
    page: int | None = None  # the page of the queue on which it is asked about; None: by itself
    draw: int | None = None  # of a random sample: the draw that it is of

    @property
    def is_seed(self) -> bool:
        """Whether it asks for one of the first labels; with the first model such tasks fall away."""
        return self.round == 0 and self.purpose in (Purpose.SEED, Purpose.TYPICAL, Purpose.CLUSTER)


@dataclass(frozen=True)
class LabelEvent:
    """One fact about one item. Events of one ``action`` were made, and are taken back, together."""

    action: int  # from 0; of UNDO its own
    item: int
    verb: Verb
    purpose: Purpose
    class_id: int | None = None
    suggestion: int | None = None  # what was on screen as the suggestion
    task_id: int | None = None
    undoes: int | None = None  # an action
    timing: Timing | None = None
    detail: str = ""
    rank: int | None = (
        None  # from 1, of the answered class among the suggestions on screen; None: not among them
    )
    refit: int | None = None  # the refit whose suggestion was on screen; None: the task's own
    place: int | None = None  # from 0, of the image on its page


@dataclass(frozen=True)
class AutoLabel:
    """A label that the program gave in a round; it holds until the next round's, or until a person's."""

    item: int
    class_id: int
    score: float


@dataclass(frozen=True)
class ModelRecord:
    """A trained model. ``sha256`` is of its file."""

    model_id: int
    sha256: str
    file: str  # within the project's working folder
    network: str
    settings: str  # JSON: all that training it needs; "TrainingConfig(...)" in files of version 0.1.0
    seed: int
    class_ids: tuple[int, ...]  # of its outputs
    trained_on: int  # labels
    upto_action: int  # the last action whose labels it has seen
    history: tuple[tuple[float, float], ...]  # loss and training accuracy of each epoch
    holdout_n: int
    holdout_right: int
    device: str


@dataclass(frozen=True)
class BegunWith:
    """The model that a project was begun with: its first round, of which the file keeps a copy."""

    sha256: str  # of the copy, which is as the model was chosen
    name: str  # of the file or the project that it was chosen from
    project: str  # the name of that project; empty where a file does not tell it
    network: str
    trained_on: int  # labels there
    class_ids: tuple[int, ...]  # this project's classes by its outputs; -1: a class that it was begun without

    @property
    def sentence(self) -> str:
        """What it was begun with, in words."""
        labels = f"{self.trained_on:,} label{'' if self.trained_on == 1 else 's'}"
        return f"Begun with {self.name}: a model of another project, trained on {labels} there."


@dataclass(frozen=True)
class Refit:
    """A model of the latest labels that only renewed suggestions between two rounds; it is not kept."""

    refit: int  # number, from 0
    round: int
    upto_action: int  # the last action whose labels it has seen
    trained_on: int  # labels
    seconds: float  # what it took


@dataclass(frozen=True)
class RoundRecord:
    """One round as it began."""

    round: int
    seed: int
    model_id: int | None
    plan: str  # JSON: budgets and strategies, as they were wished
    predicted_s: float | None  # what labeling its queue was expected to cost
    reason: str  # why these budgets, in one sentence
    notes: str  # JSON: by tier, why it took fewer than asked; encoder, network: which one, and why
    seconds: str  # JSON: by stage
    from_action: int  # the first action after it began
    strategies: Mapping[str, str] = field(default_factory=dict)  # by tier, what chose in it


@dataclass(frozen=True)
class Idle:
    """A span in which the annotator had nothing to do."""

    from_ns: int
    to_ns: int
    why: str
