from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from studies.timing.facts.page_keys import Pages
from studies.timing.facts.plan import (
    Assignment,
    Block,
    BlockOrder,
    Feedback,
    PlanError,
    Suggestions,
    Texts,
    Trials,
    load_plan,
    parse_plan,
    shipped_plans,
)
from studies.timing.facts.questions import Question
from studies.timing.facts.records import Interface
from tests.studies.timing.facts.plan_texts import BLOCK, NAME

FULL = """
name = "my study"
title = "A title"
seed = 9223372036854775807
[suggestions]
p_right = 1
assignment = "balanced"
none_share = 0.25
[exclusions]
too_slow_ms = 8000
mad = 2.5
min_answers = 1
skip_first = 3
stalled = "onset_or_answer"
[trials]
practice = 0
feedback = "none"
balanced_classes = true
fixation_ms = 0
break_every = 0
too_fast_ms = 2000
[pages]
practice = 0
break_every = 0
ask_marked = true
[session]
interface = "dropdown"
block_order = "latin_square"
repeat_images = true
show_own_times = false
[texts]
consent = "Yes?"
instructions = "Do.\\nThen do."
[consent]
version = "2 of May"
contact = "Ada"
[[questions]]
name = "age"
text = "How old are you?"
kind = "number"
least = 18
most = 99
unit = "years"
required = false
[[questions]]
name = "hand"
text = "Which hand?"
kind = "choice"
choices = ["left", "right"]
[[questions]]
name = "else"
text = "What else?"
kind = "text"
longest = 50
[[blocks]]
dataset = "folder"
path = "photos"
images = 1
title = "Mes photos 猫"
[[blocks]]
dataset = "csv"
path = "lists/birds.csv"
images = 100_000
[[blocks]]
dataset = "folder"
path = "photos"
title = "Mes photos 猫"
interface = "page"
page_count = 3
page_sizes = [12, 48]
odd_share = 0.1
confused_with = {"a" = ["b", "c"]}
"""


def test_defaults_are_the_papers_way() -> None:
    plan = parse_plan(NAME + BLOCK).plan
    assert (plan.seed, plan.title) == (0, "")
    assert plan.suggestions == Suggestions(p_right=0.5, assignment=Assignment.CHANCE, none_share=0.0)
    assert plan.trials == Trials(
        practice=5,
        feedback=Feedback.PRACTICE,
        balanced_classes=False,
        fixation_ms=500,
        break_every=50,
        too_fast_ms=150,
    )
    assert plan.session.interface is Interface.KEYBOARD
    assert plan.session.block_order is BlockOrder.SHUFFLED
    assert plan.session.show_own_times
    assert plan.texts == Texts(consent="", instructions="")
    assert plan.blocks == (Block(dataset="digits", images=10, path="", title=""),)


def test_every_key_is_read() -> None:
    plan = parse_plan(FULL).plan
    assert (plan.name, plan.title, plan.seed) == ("my study", "A title", 2**63 - 1)
    assert plan.suggestions == Suggestions(p_right=1.0, assignment=Assignment.BALANCED, none_share=0.25)
    assert plan.trials == Trials(
        practice=0,
        feedback=Feedback.NONE,
        balanced_classes=True,
        fixation_ms=0,
        break_every=0,
        too_fast_ms=2000,
    )
    assert plan.session.interface is Interface.DROPDOWN
    assert plan.session.block_order is BlockOrder.LATIN_SQUARE
    assert not plan.session.show_own_times
    assert plan.texts == Texts(consent="Yes?", instructions="Do.\nThen do.")
    assert [(b.dataset, b.path, b.images, b.label) for b in plan.blocks] == [
        ("folder", "photos", 1, "Mes photos 猫"),
        ("csv", "lists/birds.csv", 100_000, "birds"),
        ("folder", "photos", 0, "Mes photos 猫"),
    ]
    pages = plan.blocks[2]
    assert plan.pages == Pages(practice=0, break_every=0, ask_marked=True)
    assert plan.interface_of(pages) is Interface.PAGE
    assert plan.interface_of(plan.blocks[0]) is Interface.DROPDOWN
    assert (pages.page_count, pages.page_sizes, pages.odd_share) == (3, (12, 48), (0.1,))
    assert pages.confused_with == {"a": ("b", "c")}
    assert (pages.expected_images, plan.blocks[0].expected_images) == (90, 1)


def test_the_full_text_above_has_every_key() -> None:
    plan = parse_plan(FULL).plan
    for part in (plan, plan.suggestions, plan.trials, plan.pages, plan.exclusions, plan.session, plan.texts):
        assert part.model_fields_set == set(type(part).model_fields)
    assert plan.consent.model_fields_set == set(type(plan.consent).model_fields)
    assert set().union(*(block.model_fields_set for block in plan.blocks)) == set(Block.model_fields)
    assert set().union(*(one.model_fields_set for one in plan.questions)) == set(Question.model_fields)


@pytest.mark.parametrize(
    ("block", "label"),
    [
        ('dataset = "shapes"', "shapes"),
        ('dataset = "shapes"\ntitle = "Formes"', "Formes"),
        ('dataset = "folder"\npath = "/data/CIFAR-10.1"', "CIFAR-10.1"),
        ('dataset = "folder"\npath = "birds/"', "birds"),
        ('dataset = "folder"\npath = "."', "folder"),
        ('dataset = "csv"\npath = "a/birds.v2.csv"', "birds.v2"),
        ('dataset = "ucmerced"', "ucmerced"),
    ],
)
def test_a_blocks_name_in_results(block: str, label: str) -> None:
    assert parse_plan(f"{NAME}[[blocks]]\nimages = 1\n{block}\n").plan.blocks[0].label == label


def test_where_a_blocks_images_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    for path, expected in (
        ("pictures", tmp_path / "pictures"),
        (str(tmp_path / "there"), tmp_path / "there"),
        ("~/pictures", tmp_path / "home" / "pictures"),
        ("~nobody-of-this-name/pictures", tmp_path / "~nobody-of-this-name" / "pictures"),
    ):
        toml = f"{NAME}[[blocks]]\ndataset = 'folder'\nimages = 1\npath = '{path}'\n"
        loaded = parse_plan(toml, folder=tmp_path)
        assert loaded.source(loaded.plan.blocks[0]).path == expected
    loaded = parse_plan(NAME + BLOCK, folder=tmp_path)
    assert loaded.source(loaded.plan.blocks[0]).path is None


def test_a_plan_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "ma é 猫.toml"
    file.write_text(NAME + BLOCK, encoding="utf-8")
    loaded = load_plan(str(file))
    assert (loaded.plan.name, loaded.toml, loaded.folder) == ("x", NAME + BLOCK, tmp_path)


def test_the_hash_is_of_the_text_whatever_the_editor_does_to_its_ends(tmp_path: Path) -> None:
    toml = NAME + '[texts]\nconsent = """One é\nTwo"""\n' + BLOCK
    wanted = hashlib.sha256(toml.encode("utf-8")).hexdigest()
    for number, raw in enumerate(
        (
            toml.encode(),
            b"\xef\xbb\xbf" + toml.encode(),
            toml.replace("\n", "\r\n").encode(),
            b"\xef\xbb\xbf" + toml.replace("\n", "\r\n").encode(),
        )
    ):
        file = tmp_path / f"{number}.toml"
        file.write_bytes(raw)
        loaded = load_plan(str(file))
        assert (loaded.sha256, loaded.toml, loaded.plan.texts.consent) == (wanted, toml, "One é\nTwo")
        # the text in a store gives the same plan and the same hash
        again = parse_plan(loaded.toml)
        assert (again.plan, again.sha256) == (loaded.plan, wanted)


@pytest.mark.parametrize("change", [" ", "\n", "# a word", "seed = 0"])
def test_any_other_change_of_the_text_changes_the_hash(change: str) -> None:
    before, after = parse_plan(NAME + BLOCK), parse_plan(f"{NAME}{change}\n{BLOCK}")
    assert after.plan == before.plan
    assert after.sha256 != before.sha256


def test_a_file_that_is_missing_or_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"no plan or plan file 'dmeo'.*: built-in, demo, pages, paper\."):
        load_plan("dmeo")
    with pytest.raises(PlanError, match="cannot be read"):
        load_plan(str(tmp_path))
    latin = tmp_path / "latin.toml"
    latin.write_bytes(NAME.encode() + "# déjà\n".encode("latin-1"))
    with pytest.raises(PlanError, match=r"latin\.toml is not UTF-8 text \(line 2\): save it again as UTF-8"):
        load_plan(str(latin))


def test_the_plans_that_come_with_the_program() -> None:
    assert shipped_plans() == ("built-in", "demo", "pages", "paper")
    for name in shipped_plans():
        assert load_plan(name).plan.name == name
    paper = load_plan("paper").plan
    assert [(b.dataset, b.images) for b in paper.blocks] == [
        ("cifar10", 100),
        ("stl10", 100),
        ("svhn", 100),
        ("ucmerced", 105),
    ]
    # 105 images of 21 classes, 5 each
    assert paper.trials.balanced_classes
    assert paper.suggestions == Suggestions(p_right=0.5, assignment=Assignment.CHANCE, none_share=0.0)
    assert paper.session.interface is Interface.DROPDOWN
    assert [(b.dataset, b.images) for b in load_plan("built-in").plan.blocks] == [
        ("digits", 100),
        ("shapes", 120),
    ]
    assert {b.dataset for b in load_plan("demo").plan.blocks} == {"digits", "shapes"}
