"""An experiment's plan: a TOML file of data sets, methods, seeds and costs, each checked by itself."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, create_model

from model.names import STRATEGIES, Partitions
from model.rounds.simulated_values import Scale
from model.tiers import PerTier, Tier
from studies.pages.costs import USUAL
from studies.plans.fields import LINE, PlanPart, line, number, one_of, share, text, whole, words


class Kind(str, Enum):
    """How a method asks for labels."""

    AL = "al-without-suggestions"  # the hard tier, each label given without a suggestion
    SUGGEST = "suggest"  # the hard tier, with the model's prediction as suggestion
    RANDOM = "random-suggest"  # random items, with the model's prediction as suggestion
    CLARIFIER = "clarifier"  # three tiers; any budget may be 0
    PLANNED = "planned"  # three tiers, their budgets computed anew each round
    ONE_BY_ONE = "one-by-one"  # a whole folder, image by image, with the model's prediction as suggestion
    PAGES = "pages"  # a whole folder, on pages of one suggested class where that is cheaper
    CLUSTERS = "clusters-first"  # the same, begun with pages of images that look alike
    NO_HELP = "no-help"  # a whole folder, each label given without a suggestion
    CERTIFIED = "certified-rounds"  # a whole folder; images are the program's by a bound among its own labels
    FINISH = "pages-and-certificate"  # a whole folder, as live rounds label it until its certificate holds

    @property
    def whole_folder(self) -> bool:
        """Whether a run goes on until every image has a label."""
        return self in _WHOLE_FOLDER

    @property
    def has_goal(self) -> bool:
        """Whether the program labels images too, so that at most a share of the folder is wrong."""
        return self in (Kind.CERTIFIED, Kind.FINISH)


_WHOLE_FOLDER = (
    Kind.ONE_BY_ONE,
    Kind.PAGES,
    Kind.CLUSTERS,
    Kind.NO_HELP,
    Kind.CERTIFIED,
    Kind.FINISH,
)


class AutoLabels(str, Enum):
    """What becomes of the program's own labels."""

    KEPT = "kept"  # they train all later models (the paper)
    RENEWED = "renewed"  # they are given up and chosen anew each round


class SeedCost(str, Enum):
    """What the labels cost that every run begins with."""

    FREE = "free"  # nothing, as in the paper's plots
    UNAIDED = "unaided"  # each what a label without a suggestion costs


class Published(str, Enum):
    """Whose published curves are drawn beside ours."""

    NONE = ""
    CIFAR10 = "cifar10"
    CIFAR100 = "cifar100"
    CUB = "cub200"
    DOGS = "dogs"


def _as_list(value: Any) -> Any:
    """One choice stands for a list of one."""
    return value if isinstance(value, list | tuple) else [value]


def _as_lists(value: Any) -> Any:
    """One list or table of budgets stands for a list of one; numbers by tier are put in the order of the tiers."""
    plain = isinstance(value, list | tuple) and not any(isinstance(one, list | tuple | dict) for one in value)
    several = [value] if plain or isinstance(value, dict) else value
    return [_put_in_order(one) for one in several] if isinstance(several, list | tuple) else several


def _put_in_order(numbers: Any) -> Any:
    names = [tier.value for tier in Tier]
    if not isinstance(numbers, dict) or not set(numbers) <= set(names):
        return numbers
    return [numbers.get(name, 0) for name in names]


def _list_allowed(known: tuple[str, ...]) -> str:
    return "one or several of " + ", ".join(f'"{name}"' for name in known)


def _make_strategies_key(tier: Tier) -> tuple[Any, tuple[str, ...]]:
    """The type and the default of a tier's key."""
    names = STRATEGIES[tier]
    allowed = _list_allowed(names)
    one = Field(pattern=f"^({'|'.join(names)})$", strict=True, description=allowed)
    several = Field(min_length=1, max_length=20, description=allowed)
    kind = Annotated[tuple[Annotated[str, one], ...], BeforeValidator(_as_list), several]
    return kind, (tier.strategy,)


def by_position(numbers: Sequence[int]) -> PerTier[int]:
    """Budgets of the first tiers; the others have none."""
    return PerTier(dict(zip(Tier, numbers, strict=False)), 0)


_TIERS = " and ".join(
    filter(None, (", the ".join(t.value for t in list(Tier)[:-1]), f"the {list(Tier)[-1].value}"))
)
_BUDGETS = (
    f"1 to {len(Tier)} whole numbers: of the {_TIERS} tier; or a table of numbers by tier; or a list of such lists "
    "or tables"
)
_Budget = Annotated[int, Field(ge=0, le=1_000_000, strict=True, description=_BUDGETS)]
_Budgets = Annotated[
    tuple[
        Annotated[tuple[_Budget, ...], Field(min_length=1, max_length=len(Tier), description=_BUDGETS)], ...
    ],
    BeforeValidator(_as_lists),
    Field(min_length=1, max_length=50, description=_BUDGETS),
]
_Switch = Annotated[bool, Field(strict=True, description="true or false")]
_Title = Annotated[str, Field(pattern=rf"^({LINE})?$", strict=True, description=words("at most 80"))]
_Path = Annotated[
    str, Field(pattern=r"^\P{Cc}*$", strict=True, description="a path, relative to the folder of --data")
]
_Count = Annotated[int | None, whole(1, 10_000_000)]
_GOAL = "a share, or a list of shares: of the folder that may be wrong"
_Goals = Annotated[
    tuple[Annotated[float, Field(gt=0, lt=1, strict=True, description=_GOAL)], ...],
    BeforeValidator(_as_list),
    Field(min_length=1, max_length=20, description=_GOAL),
]


class SeedLabels(PlanPart):
    """The labels that every run begins with: a number of each class, or of all together."""

    per_class: Annotated[int | None, whole(1, 100_000)] = None
    total: Annotated[int | None, whole(2, 10_000_000)] = None
    cost: Annotated[SeedCost, Field(description=one_of(SeedCost))] = SeedCost.FREE


class Oracle(PlanPart):
    """The simulated annotator."""

    error_rate: Annotated[float, share()] = 0.0  # answers with a class drawn from the wrong ones
    accepts: Annotated[float, share()] = 0.0  # of wrong suggestions to an image by itself; of whole folders


class Data(PlanPart):
    """Images, and the network that learns from them."""

    dataset: Annotated[str, Field(strict=True, description="a data set's name")]
    path: _Path = ""
    title: _Title = ""
    test_per_class: Annotated[int, whole(0, 100_000)] = 0
    pool_images: _Count = None
    test_images: _Count = None
    published: Annotated[Published, Field(description=one_of(Published))] = Published.NONE
    answers: _Path = ""  # arrays of people's labels, by which the annotator answers
    answers_key: _Title = ""  # the one array of them
    answers_places: _Path = ""  # an array: which of these each image of the file is
    groups: Annotated[
        dict[str, tuple[str, ...]],
        Field(description="a table: for each class a list of those that it stands for", max_length=1000),
    ] = {}
    network: Annotated[str, line()] = "small-cnn"
    frozen: _Switch = False  # only the last layer is trained
    weights: _Path = ""
    same_padding: _Switch = False
    stored: _Switch = False
    size: Annotated[int, whole(8, 1024)] = 32
    resize: Annotated[int | None, whole(8, 1024)] = None  # None: as ``size``
    padding: Annotated[int, whole(0, 128)] = 0
    flip: _Switch = True
    scale: Annotated[Scale, Field(description=one_of(Scale))] = Scale.CIFAR
    training: Annotated[str, Field(strict=True, description="the name of training settings")] = "quick"
    changes: Annotated[
        dict[str, Any], Field(description="a table of training settings that differ", max_length=30)
    ] = {}

    @property
    def label(self) -> str:
        """The data set's name in results."""
        return self.title or self.dataset


if TYPE_CHECKING:
    _Strategies = PlanPart
else:  # a key for each tier: the names of one or several strategies
    _Strategies = create_model(
        "Strategies", __base__=PlanPart, **{tier.value: _make_strategies_key(tier) for tier in Tier}
    )


class Method(_Strategies):
    """How a run asks for labels; several strategies or budgets are as many methods."""

    name: Annotated[str, line()]
    kind: Annotated[Kind, Field(description=one_of(Kind))]
    budgets: _Budgets = ((0,),)  # whole folders have none: what is left is shared evenly between the rounds
    lead: Annotated[int, whole(0, 10_000_000)] = 0  # of whole folders; see studies.simulation.run.folder
    page_size: Annotated[int, whole(2, 1000)] = 24
    nearest: Annotated[float, share()] = 0.0  # of the first labels: those nearest to k-means centres
    second_look: _Switch = False  # at the likeliest misses of pages, when all is labeled
    goal: _Goals = (0.01,)  # of kinds that have one; several are as many methods
    published: _Switch = False
    auto_labels: Annotated[AutoLabels, Field(description=one_of(AutoLabels))] = AutoLabels.KEPT
    partitions: Annotated[Partitions, Field(description=one_of(Partitions))] = Partitions.NONE
    n_partitions: Annotated[int, whole(1, 1000)] = 1
    max_error: Annotated[float, number(0.0001, 0.9999)] = 0.05
    eta: Annotated[float, number(0, 1)] = 1.0
    ridge: Annotated[float, number(1e-6, 1000)] = 1.0
    planner: Annotated[str, Field(strict=True, description="the name of a planner")] = "program"
    training: Annotated[str, Field(strict=True, description="the name of training settings")] = (
        ""  # the data's
    )

    @property
    def strategies(self) -> PerTier[tuple[str, ...]]:
        """The strategies of each tier."""
        return PerTier.of(lambda tier: getattr(self, tier.value))


class Cost(PlanPart):
    """What answers cost: units or seconds that are given, or times drawn from those of a measured study."""

    name: _Title = ""
    verify: Annotated[float, number(1e-6, 1e6)] = 1.0  # c_v
    correct: Annotated[float, number(1e-6, 1e6)] = 4.0  # c_a
    unaided: Annotated[float | None, number(1e-6, 1e6)] = None  # c_0; None: c_a
    near: Annotated[
        tuple[tuple[Annotated[int, Field(ge=1)], Annotated[float, Field(gt=0)]], ...],
        Field(max_length=9, description="pairs of a rank and a cost, such as [[4, 2.8]]"),
    ] = ()  # c_a where the right class stands at most so far down the suggestions
    page: Annotated[float, number(0, 1e6)] = USUAL.page_s  # a
    cell: Annotated[float, number(0, 1e6)] = USUAL.cell_s  # c_g
    mark: Annotated[float, number(0, 1e6)] = USUAL.mark_s  # c_m
    miss: Annotated[float, share()] = USUAL.miss
    misses: Annotated[
        tuple[tuple[Annotated[float, share()], Annotated[float, share()]], ...],
        Field(
            max_length=20, description="pairs of a share of odd images and the share of them that is missed"
        ),
    ] = ()  # by odd share, instead of ``miss``
    false_mark: Annotated[float, share()] = USUAL.false_mark
    study: Annotated[str, Field(strict=True, description="the path of a timing study's file")] = ""
    participant: _Title = ""
    dataset: _Title = ""

    @property
    def label(self) -> str:
        """The setting's name in results."""
        return self.name or (f"times of {self.study}" if self.study else f"{self.correct:g}:{self.verify:g}")


class Experiment(PlanPart):
    """A whole experiment: every method on every data set from every seed, at every cost."""

    name: Annotated[str, line()]
    title: Annotated[str, text(200)] = ""
    rounds: Annotated[int, whole(1, 10_000)]
    seeds: Annotated[
        tuple[Annotated[int, whole(0, 2**31 - 1)], ...],
        Field(min_length=1, max_length=1000, description="1 to 1,000 whole numbers"),
    ]
    threads: Annotated[int, whole(1, 256)] = 1  # of one run
    seed_labels: SeedLabels
    oracle: Oracle = Oracle()
    data: Annotated[
        tuple[Data, ...], Field(min_length=1, max_length=50, description="1 to 50 [[data]] tables")
    ]
    methods: Annotated[
        tuple[Method, ...], Field(min_length=1, max_length=100, description="1 to 100 [[methods]] tables")
    ]
    costs: Annotated[
        tuple[Cost, ...], Field(min_length=1, max_length=50, description="1 to 50 [[costs]] tables")
    ] = (Cost(),)
