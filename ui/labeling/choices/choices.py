"""All choices of a labeling project: what people and the paper call them, what they do, and how they are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from model import names
from model.tiers import Tier
from studies.labeling.facts.settings import BudgetMode, CostOrigin, FirstLabels
from ui.kit.layouts import ChoiceBox
from ui.labeling.choices.goal_line import GOALS
from ui.labeling.choices.network_check import describe_network

Way = tuple[str, ...]  # to a value of the settings, such as ("budgets", "minutes")


@dataclass(frozen=True)
class Choice:
    """One choice: its place in the settings, what it is called, what it does, and how it is given."""

    way: Way
    text: str  # in words of people
    make: Callable[[], QWidget]
    help: str = ""
    paper: str = ""  # the same in the paper's words, where it has some
    unit: str = ""  # of a number
    percent: bool = False

    @property
    def name(self) -> str:
        """What it is called in a sentence, and for those who do not see it."""
        return f"{self.text} ({self.paper})" if self.paper else self.text


@dataclass(frozen=True)
class Part:
    """Choices that belong together; ``deep``: only a researcher needs them."""

    title: str
    choices: tuple[Choice, ...]
    deep: bool = True


def _one_of(values: Mapping[str, str]) -> Callable[[], QWidget]:
    def make() -> QWidget:
        box = ChoiceBox()
        for value, text in values.items():
            box.addItem(text, value)
        return box

    return make


def _names(values: tuple[str, ...]) -> Callable[[], QWidget]:
    return _one_of({value: value for value in values})


def _tick(text: str) -> Callable[[], QWidget]:
    return lambda: QCheckBox(text)


def _strategies(tier: Tier) -> tuple[str, ...]:
    """The intermediate tier's strategy is usually chosen by the mode of the budgets."""
    return (names.AUTO, *names.STRATEGIES[tier]) if tier is Tier.INTERMEDIATE else names.STRATEGIES[tier]


def _network() -> QWidget:
    box = ChoiceBox()
    box.setEditable(True)  # any of torchvision's and timm's may be named
    for name in (names.AUTO, *names.TRAINED_NETWORKS, *names.FROZEN_NETWORKS):
        box.addItem(name, name)
        box.setItemData(box.count() - 1, describe_network(name), Qt.ItemDataRole.ToolTipRole)
    return box


def _images(tier: Tier) -> Choice:
    used = "Asked about in each round" if tier.asked else "Labeled by the program in each round, at most"
    return Choice(
        ("budgets", "images", tier.value),
        f"{tier.title} images",
        QLineEdit,
        f"{used}; not used while the program plans the rounds.",
        f"budget of the {tier.value} tier",
        "images",
    )


def _strategy(tier: Tier) -> Choice:
    return Choice(
        ("learner", "strategies", tier.value),
        f"{tier.title} images are chosen by",
        _names(_strategies(tier)),
        f"{tier.meaning[:1].upper()}{tier.meaning[1:]}.",
        f"strategy of the {tier.value} tier",
    )


_MODES = {
    BudgetMode.PLANNED.value: "planned from your times",
    BudgetMode.FIXED.value: "fixed, as in the paper",
    BudgetMode.RAMPED.value: "growing, as in its authors' code",
}
_ORIGINS = {
    CostOrigin.PROJECT.value: "your times in this project",
    CostOrigin.STUDY.value: "your times in a study",
    CostOrigin.PAPER.value: "the paper's units, 4 and 1",
    CostOrigin.GIVEN.value: "the seconds given here",
}
_FIRST_LABELS = {
    FirstLabels.TYPICAL.value: "single images, typical of groups that look alike",
    FirstLabels.CLUSTERS.value: "pages of images that look alike, which you name",
}
_ENGINES = {"own": "built in", "submodlib": "submodlib"}
GOAL = "Goal"
COSTS = "Costs"
LEARNING = "Learning"
WEIGHTS: Way = ("learner", "weights")
PARTS: tuple[Part, ...] = (
    Part(
        GOAL,
        (
            Choice(("goal", "kind"), "What it is labeled for", _one_of(GOALS)),
            Choice(("goal", "share"), "Wrong at most, % of the images", QLineEdit, percent=True),
            Choice(("goal", "accuracy"), "Right at least, % of held-out images", QLineEdit, percent=True),
        ),
        deep=False,
    ),
    Part(
        "Labeling",
        (
            Choice(
                ("annotator",),
                "Who labels",
                QLineEdit,
                "A code of your own, never a name. It stands beside each answer in tables.",
                "annotator",
            ),
            Choice(
                ("budgets", "minutes"),
                "A round takes about",
                QLineEdit,
                "After each round the program has learned anew and says what to label next. Empty: as long as it pays.",
                "minutes per planned round",
                "minutes",
            ),
            Choice(
                ("pages",),
                "Pages of many images",
                _tick("Where they are quicker for you"),
                "Many images of one suggested class at once; you mark those that are something else.",
            ),
            Choice(
                ("second_look",),
                "A second look",
                _tick("At the end, by itself"),
                "What pages confirmed and models doubt is shown once more; it is offered in any case.",
            ),
            Choice(
                ("holdout",),
                "Images to measure with",
                QLineEdit,
                "You label them without help, and nothing is learned from them: they tell how often the program is "
                "right. 0: none.",
                "held out",
                "images",
            ),
        ),
        deep=False,
    ),
    Part(
        "Rounds",
        (
            Choice(
                ("budgets", "mode"),
                "How many images a round has",
                _one_of(_MODES),
                "Planned rounds go by the minutes above, the others by the numbers below.",
                "budgets",
            ),
            *(_images(tier) for tier in Tier),
            Choice(
                ("seed_labels",),
                "Labels before the first round",
                QLineEdit,
                "So many at least; there are suggestions from then on.",
                "seed labels",
                "labels",
            ),
            Choice(
                ("first_labels",),
                "First labels",
                _one_of(_FIRST_LABELS),
                "What is asked about before there is a model, beside images drawn at random.",
            ),
            Choice(
                ("plant_rate",),
                "Wrong on purpose",
                QLineEdit,
                "Some suggestions are wrong on purpose, to see whether suggestions are looked at. 0: none.",
                "catch trials",
                "% of suggestions",
                percent=True,
            ),
            Choice(
                ("show_tier",),
                "Why an image is asked about",
                _tick("Show it with the image"),
                "Who knows it may answer otherwise.",
                "tier",
            ),
        ),
    ),
    Part(
        COSTS,
        (
            Choice(
                ("costs", "origin"),
                "What your time is taken from",
                _one_of(_ORIGINS),
                "Rounds are planned with these times.",
                "costs",
            ),
            Choice(
                ("costs", "verify"), "Checking a right suggestion", QLineEdit, "", "c_v, to verify", "seconds"
            ),
            Choice(
                ("costs", "correct"), "Correcting a wrong one", QLineEdit, "", "c_a, to correct", "seconds"
            ),
            Choice(
                ("costs", "unaided"),
                "Without a suggestion",
                QLineEdit,
                "Empty: as long as to correct.",
                "c_0, unaided label",
                "seconds",
            ),
        ),
    ),
    Part(
        LEARNING,
        (
            Choice(
                ("learner", "network"),
                "Network",
                _network,
                "What looks at the images. auto takes the one that suits them; any of torchvision's and timm's may be "
                "named.",
            ),
            Choice(
                WEIGHTS, "Weights", QLineEdit, "A file of the network's weights. Empty: they are downloaded."
            ),
            Choice(
                ("names", "use"),
                "Names as suggestions",
                QCheckBox,
                "The classes' names teach too, as far as they help, where the network reads them.",
            ),
            Choice(
                ("names", "template"),
                "A name in a sentence",
                QLineEdit,
                "What the network reads; {} is the name.",
            ),
            Choice(
                ("learner", "preset"),
                "Training",
                _names(names.PRESETS),
                "pool learns from images without labels too; the two of the paper take hours.",
                "preset",
            ),
            *(_strategy(tier) for tier in Tier),
            Choice(
                ("learner", "max_error"),
                "Wrong labels of the program",
                QLineEdit,
                "At most so many of the labels that it gives by itself.",
                "certified easy tier",
                "%",
                percent=True,
            ),
            Choice(
                ("learner", "engine"),
                "Likeness is computed by",
                _one_of(_ENGINES),
                "submodlib is what the paper's authors used.",
                "mutual information",
            ),
            Choice(
                ("learner", "published"),
                "As published",
                _tick("Order, easy strategy and options of the authors' code"),
                "To compare with the paper's figures.",
            ),
        ),
    ),
)
