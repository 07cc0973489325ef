"""An experiment's plan with every kind of mistake, and what the shipped ones say."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.tiers import Tier
from studies.labeling.facts.settings import BudgetMode, Learner
from studies.simulation.plan.checks import ExperimentError, load_experiment, parse_experiment, presets
from studies.simulation.plan.plan import AutoLabels, Kind
from studies.simulation.plan.runs import grid
from tests.studies.simulation.sample import CLARIFIER, DATA, HEAD, PLAN, SUGGEST, loaded

REST = SUGGEST
DIGITS = '[[data]]\ndataset = "digits"\ntest_per_class = 5\n'


def refused(toml: str) -> list[str]:
    with pytest.raises(ExperimentError) as raised:
        parse_experiment(toml, "birds.toml")
    head, *lines = str(raised.value).splitlines()
    if lines:
        assert head == "birds.toml cannot be used:"
    return [line.removeprefix("- ") for line in lines] or [head]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("name = ", "birds.toml is not valid TOML"),
        (PLAN.replace("rounds = 2\n", ""), "rounds is missing; it must be a whole number from 1 to 10,000."),
        (
            PLAN.replace("rounds = 2", "rounds = 0"),
            "rounds is 0; allowed is a whole number from 1 to 10,000.",
        ),
        (
            PLAN.replace("rounds = 2", "round = 2\nrounds = 2"),
            'round is not a known key (did you mean "rounds"?)',
        ),
        (
            PLAN.replace("seeds = [1, 2]", "seeds = []"),
            "seeds is an empty list; allowed is 1 to 1,000 whole numbers.",
        ),
        (PLAN.replace("[1, 2]", "[1, 1]"), "seeds names a number twice"),
        (PLAN.replace("[1, 2]", '["a"]'), 'seeds number 1 is "a"; allowed is 1 to 1,000 whole numbers.'),
        (PLAN.replace("per_class = 2", ""), "seed_labels needs either per_class or total, and not both."),
        (
            PLAN.replace("per_class = 2", "per_class = 2\ntotal = 9"),
            "seed_labels needs either per_class or total",
        ),
        (
            PLAN.replace("per_class = 2", 'per_class = 2\ncost = "dear"'),
            'seed_labels.cost is "dear"; allowed is one of "free"',
        ),
        (PLAN + "[oracle]\nerror_rate = 2\n", "oracle.error_rate is 2; allowed is a number from 0 to 1."),
        (HEAD + REST, "data is missing; it must be 1 to 50 [[data]] tables."),
        (
            HEAD + REST + DIGITS.replace("digits", "digit"),
            '[[data]] number 1: dataset is "digit" (did you mean "digits"?)',
        ),
        (HEAD + REST + DIGITS * 2, '[[data]] number 2: it has the name "digits", as [[data]] number 1 has'),
        (
            HEAD + REST + DIGITS + 'path = "x"\n',
            '[[data]] number 1: path is "x", but "digits" is found by itself',
        ),
        (HEAD + REST + DATA.replace('path = "squares"', ""), "[[data]] number 1: path is missing"),
        (
            HEAD + REST + '[[data]]\ndataset = "digits"\n',
            'test_per_class is missing; "digits" has no test part',
        ),
        (
            HEAD + REST + DIGITS.replace("digits", "cifar10"),
            'test_per_class is 5, but "cifar10" has a test part',
        ),
        (HEAD + REST + DIGITS + "size = 40\nresize = 32\n", "resize is 32; it must be at least size, 40."),
        (HEAD + REST + DIGITS + "stored = true\n", "stored is for frozen networks"),
        (HEAD + REST + DIGITS + 'weights = "w.pth"\n', "weights is for frozen networks"),
        (HEAD + REST + DIGITS + 'network = "resnet50"\n', 'network is "resnet50" (did you mean "resnet18"?)'),
        (HEAD + REST + DIGITS + 'training = "slow"\n', 'training is "slow"'),
        (
            HEAD + REST + DIGITS + "[data.changes]\nepoch = 3\n",
            'changes epoch is not a known key (did you mean "epochs"?)',
        ),
        (HEAD + REST + DIGITS + "[data.changes]\nepochs = 0\n", "changes: The setting epochs is 0"),
        (HEAD + REST + DIGITS + '[data.changes]\nsolver = "adam"\n', "changes: 'adam' is not a valid Solver"),
        (HEAD + REST + DIGITS + '[data.changes]\nepochs = "many"\n', "changes:"),
        (HEAD + DATA, "methods is missing; it must be 1 to 100 [[methods]] tables."),
        (
            HEAD + DATA + SUGGEST.replace('"suggest"', '"ask"'),
            '[[methods]] number 1: kind is "ask"; allowed is one of "al-',
        ),
        (
            HEAD + DATA + SUGGEST.replace("[6]", "[6, 2]"),
            'budgets is [6, 2], but a method of kind "suggest" has one tier',
        ),
        (HEAD + DATA + CLARIFIER.replace("[2, 3, 2]", "[0, 0, 2]"), "budgets is [0, 0, 2]: nobody is asked"),
        (HEAD + DATA + CLARIFIER.replace("[2, 3, 2]", "[1, 2, 3, 4]"), "allowed is 1 to 3 whole numbers"),
        (
            HEAD + DATA + CLARIFIER.replace("[2, 3, 2]", "[[1], [-1]]"),
            "budgets 1 0 is -1; allowed is 1 to 3 whole numbers",
        ),
        (
            HEAD + DATA + CLARIFIER.replace("[2, 3, 2]", "{medium = 3}"),
            "budgets 0 is one table; allowed is 1 to 3 whole numbers",
        ),
        (
            HEAD + DATA + SUGGEST + 'hard = "badger"\n',
            'hard 0 is "badger"; allowed is one or several of "badge"',
        ),
        (
            HEAD + DATA + SUGGEST.replace('"suggest"', '"random-suggest"') + 'hard = "bait"\n',
            "draws at random; leave it out.",
        ),
        (
            HEAD + DATA + CLARIFIER.replace("clarifier", "planned") + 'planner = "progam"\n',
            'did you mean "program"?',
        ),
        (
            HEAD + DATA + CLARIFIER.replace("clarifier", "planned") + "published = true\n",
            "published goes with fixed budgets",
        ),
        (
            HEAD + SUGGEST + DIGITS + 'network = "auto"\nsize = 16\n',
            'size is given, but network is "auto", which chooses it; leave it out.',
        ),
        (HEAD + SUGGEST + DIGITS + 'network = "auto"\ntraining = "quik"\n', 'did you mean "quick"?'),
        (HEAD + DATA + SUGGEST + 'training = "quik"\n', 'training is "quik" (did you mean "quick"?)'),
        (HEAD + DATA + SUGGEST * 2, '[[methods]] number 2: it has the name "SUGGEST"'),
        (
            PLAN + "[[costs]]\nverify = -1\n",
            "[[costs]] number 1: verify is -1; allowed is a number from 1e-06 to 1e+06.",
        ),
        (PLAN + "[[costs]]\nverify = 5\n", "correct is 4, less than verify, 5"),
        (
            PLAN + '[[costs]]\nstudy = "a.sqlite"\nverify = 2\n',
            "verify is given, but times are drawn from a.sqlite",
        ),
        (
            PLAN + '[[costs]]\nparticipant = "P1"\n',
            "participant and dataset choose among the times of a study",
        ),
        (PLAN + "[[costs]]\n[[costs]]\n", '[[costs]] number 2: it has the name "4:1"'),
    ],
)
def test_a_mistake_is_named_with_what_is_allowed(toml: str, said: str):
    lines = refused(toml)
    assert any(said in line for line in lines), lines
    assert len(lines) == 1, "one mistake, one line"


def test_there_is_no_such_experiment(tmp_path: Path):
    with pytest.raises(
        ExperimentError, match=r"no experiment or experiment file 'birds'.*cub100-frozen, digits"
    ):
        load_experiment("birds")
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b'name = "\xff"')
    with pytest.raises(ExperimentError, match="is not UTF-8 text"):
        load_experiment(str(bad))


@pytest.mark.parametrize("name", presets())
def test_shipped_experiments_can_be_laid_out(name: str):
    found = grid(load_experiment(name), None)
    assert len({run.key for run in found.runs}) == len(found.runs)
    assert found.cells


# settings.md of the paper, table "Budgets": seed labels, budgets, rounds, c_a, and AL's budget.
PAPER = {
    "figure-3": (1000, set(), 20, {3.0}, 600),
    "figure-4-cifar100": (10_000, {(500, 2500, 2000)}, 7, {4.0}, 5000),
    "figure-4-cub": (600, {(60, 400, 140), (60, 300, 240)}, 5, {4.0}, 600),
    "figure-4-dogs": (480, {(100, 600, 300)}, 5, {4.0}, 1000),
    "figure-6": (
        5000,
        {(1000, 3500, 500), (0, 3500, 500), (1000, 0, 500), (1000, 3500, 0)},
        7,
        {2.0, 6.0},
        None,
    ),
}


@pytest.mark.parametrize("name", PAPER)
@pytest.mark.parametrize("authors", [False, True])
def test_the_papers_figures_have_its_settings(name: str, authors: bool):
    seeds, budgets, rounds, costs, al = PAPER[name]
    found = load_experiment(name + "-authors" * authors)
    plan, laid_out = found.plan, grid(found, None)
    assert (plan.seed_labels.total, plan.rounds) == (seeds, rounds)
    assert {cost.correct for cost in plan.costs} == costs
    assert {cost.verify for cost in plan.costs} == {1.0}
    ours = [run.method for run in laid_out.runs if any(tuple(run.method.budgets.values())[1:])]
    assert {tuple(method.budgets.values()) for method in ours} == budgets
    methods = [cell.run.method for cell in laid_out.cells if cell.run.method not in ours]
    assert {method.budgets[Tier.HARD] for method in methods} == ({al} if al else set())
    config = laid_out.runs[0].learner.config
    assert (config.learning_rate, config.epochs) == (
        (0.001, 400) if authors else (0.01, 500 if plan.data[0].frozen else 300)
    )
    assert config.stop_accuracy == (0.99 if plan.data[0].dataset == "cifar100" else 0.95)
    assert (config.momentum, config.weight_decay) == (0.9, 5e-4)
    for method in ours:
        assert method.choice.published == authors
        assert authors or method.choice.strategies[Tier.EASY] == "highest-confidence"
        if "cifar100" in name or name == "figure-6":
            assert method.choice.n_partitions == 5
            assert method.choice.strategies[Tier.HARD] == "entropy" or name != "figure-6"


def test_lists_of_strategies_and_budgets_are_as_many_methods():
    toml = (
        HEAD + DATA + CLARIFIER.replace("[2, 3, 2]", "[[2, 3, 2], [4, 0]]") + 'hard = ["badge", "margin"]\n'
    )
    labels = [run.method.label for run in grid(loaded(toml), None).runs if run.seed == 1]
    assert labels == [f"CLARIFIER {hard} ({b})" for hard in ("BADGE", "MARGIN") for b in ("2, 3, 2", "4, 0")]


@pytest.mark.parametrize(
    "by_tier", ["{hard = 2, intermediate = 3, easy = 2}", "[{easy = 2, hard = 2, intermediate = 3}]"]
)
def test_budgets_may_be_given_by_tier(by_tier: str):
    same = PLAN.replace("budgets = [2, 3, 2]", f"budgets = {by_tier}")
    assert [run.key for run in grid(loaded(same), None).runs] == [
        run.key for run in grid(loaded(), None).runs
    ]
    (few,) = loaded(HEAD + DATA + CLARIFIER.replace("[2, 3, 2]", "{intermediate = 3}")).plan.methods
    assert few.budgets == ((0, 3, 0),)


def test_a_run_is_named_by_what_its_numbers_depend_on():
    keys = {run.key for run in grid(loaded(), None).runs}
    same = PLAN.replace('name = "CLARIFIER"', 'name = "Ours"').replace('title = "Squares"', 'title = "S"')
    assert {
        run.key for run in grid(loaded(same + "[[costs]]\ncorrect = 6\n"), Path("/elsewhere")).runs
    } == keys
    for before, after in (
        ("rounds = 2", "rounds = 3"),
        ("per_class = 2", "per_class = 3"),
        ("epochs = 2", "epochs = 3"),
        ("test_per_class = 4", "test_per_class = 5"),
        ("rounds = 2\n", "rounds = 2\n[oracle]\nerror_rate = 0.1\n"),
    ):
        head, _, tail = PLAN.partition(before)
        changed = head + after + tail
        if "[oracle]" in after:
            changed = PLAN + "[oracle]\nerror_rate = 0.1\n"
        assert not {run.key for run in grid(loaded(changed), None).runs} & keys, after


def test_a_method_may_train_by_settings_of_its_own():
    other = SUGGEST.replace("SUGGEST", "Other") + 'training = "paper-cifar"\n'
    ours, theirs = grid(loaded(HEAD.replace("[1, 2]", "[1]") + DATA + SUGGEST + other), None).runs
    assert (ours.learner.config.weight_decay, theirs.learner.config.weight_decay) == (1e-3, 5e-4)
    assert theirs.learner.config.epochs == 2, "the data set's changes hold for it too"
    assert ours.key != theirs.key


def test_methods_that_differ_in_what_answers_cost_share_their_runs():
    al = SUGGEST.replace("SUGGEST", "AL").replace('"suggest"', f'"{Kind.AL.value}"')
    costs = "[[costs]]\n[[costs]]\ncorrect = 2\n"
    found = grid(loaded(HEAD + DATA + SUGGEST + al + costs), None)
    assert len(found.cells) == 8
    assert len(found.runs) == 2, "one a seed"
    planned = SUGGEST.replace("SUGGEST", "P").replace('"suggest"', '"planned"')
    assert len(grid(loaded(HEAD + DATA + planned + costs), None).runs) == 4, (
        "what is planned depends on costs"
    )


DOCS = (Path(__file__).parents[4] / "docs" / "simulation.md").read_text(encoding="utf-8")


def test_the_plan_in_the_documentation_is_one():
    toml = DOCS.partition("```toml\n")[2].partition("```")[0]
    plan = parse_experiment(toml).plan
    assert [method.kind for method in plan.methods] == [Kind.SUGGEST, Kind.CLARIFIER]
    assert [cost.label for cost in plan.costs] == ["4:1", "times of pilot.sqlite"]


def test_the_documentation_names_all_experiments():
    for name in presets():
        assert f"`{name.removesuffix('-authors')}`" in DOCS


@pytest.mark.parametrize("name", ["digits", "cub100-frozen", "cifar10-frozen", "omniglot"])
def test_the_method_of_the_shipped_experiments_is_what_live_rounds_do(name: str):
    live = Learner().settings(BudgetMode.PLANNED)
    method = next(one for one in load_experiment(name).plan.methods if one.kind is Kind.PLANNED)
    assert (method.training, method.max_error, method.published) == (live.preset, live.max_error, False)
    assert {tier: method.strategies[tier] for tier in Tier} == {t: (live.strategies[t],) for t in Tier}
    assert method.auto_labels is AutoLabels.RENEWED
