"""Study kits: what is packed is drawn alike elsewhere; what comes from a stranger ends in a sentence."""

from __future__ import annotations

import json
import shutil
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from model.datasets import open_set
from model.errors import UserError
from model.port import Cancelled, NullPort
from studies.timing.facts.plan import load_plan, parse_plan
from studies.timing.facts.records import PlannedTrial
from studies.timing.session.kit import is_safe, open_kit
from studies.timing.session.kit_packing import pack
from studies.timing.session.material import Drawn, draw, open_material, source_of
from tests.studies.timing.session.class_folders import draw_images

PLAN = """
name = "kit"
[texts]
consent = "Über das Messen"
[trials]
practice = 1
[[blocks]]
dataset = "digits"
images = 2
[[blocks]]
dataset = "folder"
path = "../pets"
images = 4
[[blocks]]
dataset = "csv"
path = "lists/birds.csv"
images = 4
[[blocks]]
dataset = "cifar10"
images = 3
"""
BUILT_IN = 'name = "x"\n[[blocks]]\ndataset = "digits"\nimages = 1\n'
OWN = 'name = "x"\n[[blocks]]\ndataset = "folder"\npath = "here"\nimages = 1\n'


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A plan with a folder outside its own, a list, and a set by download."""
    home = tmp_path / "there"
    draw_images(home / "pets", {"cat": 5, "dög": 5})
    draw_images(home / "plan" / "lists" / "birds", {"wren": 5, "tit": 5})
    lines = [f"birds/{name}/{n}.png,{name}" for name in ("wren", "tit") for n in range(5)]
    (home / "plan" / "lists" / "birds.csv").write_text("path,label\n" + "\n".join(lines) + "\n")
    part = home / "cache" / "cifar10"
    part.mkdir(parents=True)
    np.save(part / "images.npy", np.arange(6 * 4 * 4 * 3, dtype=np.uint8).reshape(6, 4, 4, 3))
    facts = {"labels": [0, 1, 0, 1, 0, 1], "classes": ["a", "b"]}
    (part / "labels.json").write_text(json.dumps({**facts, "bytes": (part / "images.npy").stat().st_size}))
    (home / "plan" / "plan.toml").write_text(PLAN, encoding="utf-8")
    return home


def pixels(drawn: Drawn) -> list[bytes]:
    trials = [unit for unit in drawn.units if isinstance(unit, PlannedTrial)]
    assert len(trials) == len(drawn.units)
    return [drawn.material.load(trial, None)[0].tobytes() for trial in trials]


def test_a_kit_draws_what_is_drawn_where_it_was_made_when_all_that_was_there_is_gone(
    study: Path, tmp_path: Path
) -> None:
    loaded = load_plan(str(study / "plan" / "plan.toml"))
    before = draw(loaded, study / "cache", {}, 3, NullPort())
    shown = pixels(before)
    file = tmp_path / "birds.clarifier-study"
    packed = pack(loaded, study / "cache", {}, file, NullPort())
    assert (packed.files, packed.size) == (10 + 10 + 1 + 2, file.stat().st_size)
    shutil.rmtree(study)

    kit = open_kit(file, tmp_path / "kits", NullPort())
    assert kit.loaded.sha256 == loaded.sha256
    assert kit.loaded.plan.texts.consent == "Über das Messen"
    after = draw(kit.loaded, tmp_path / "no cache", kit.folders, 3, NullPort())
    assert after.units == before.units
    assert pixels(after) == shown

    file.unlink()
    source = source_of(kit.loaded, kit.loaded.plan.blocks[1], kit.folders)
    assert open_set(source, tmp_path).classes == ("cat", "dög")


def test_a_set_that_the_researcher_said_the_folder_of_is_found_in_the_kit(tmp_path: Path) -> None:
    from model.datasets.folder import UCMERCED_CLASSES

    draw_images(tmp_path / "uc" / "Images", dict.fromkeys(UCMERCED_CLASSES, 1))
    loaded = parse_plan('name = "x"\n[[blocks]]\ndataset = "ucmerced"\nimages = 1\n')
    file = tmp_path / "uc.clarifier-study"
    pack(loaded, tmp_path, {"ucmerced": tmp_path / "uc"}, file, NullPort())
    shutil.rmtree(tmp_path / "uc")
    kit = open_kit(file, tmp_path / "kits", NullPort())
    assert len(open_material(kit.loaded, tmp_path, kit.folders).sets["ucmerced"]) == 21


def test_a_kit_is_unpacked_once_and_a_changed_one_beside_it(study: Path, tmp_path: Path) -> None:
    loaded, file, kits = (
        load_plan(str(study / "plan" / "plan.toml")),
        tmp_path / "a.clarifier-study",
        tmp_path / "k",
    )
    pack(loaded, study / "cache", {}, file, NullPort())
    first = file.read_bytes()
    places = open_kit(file, kits, NullPort()).loaded.places
    pack(loaded, study / "cache", {}, file, NullPort())
    assert file.read_bytes() == first
    assert open_kit(file, kits, NullPort()).loaded.places == places
    Image.new("RGB", (8, 8), "red").save(study / "pets" / "cat" / "0.png")
    pack(loaded, study / "cache", {}, file, NullPort())
    assert open_kit(file, kits, NullPort()).loaded.places != places
    assert len(list(kits.iterdir())) == 2


class Stopped(NullPort):
    def cancelled(self) -> bool:
        return True


def test_whoever_stops_leaves_nothing_half_made(study: Path, tmp_path: Path) -> None:
    loaded, file = load_plan(str(study / "plan" / "plan.toml")), tmp_path / "k" / "a.clarifier-study"
    with pytest.raises(Cancelled):
        pack(loaded, study / "cache", {}, file, Stopped())
    assert list(file.parent.iterdir()) == []
    pack(loaded, study / "cache", {}, file, NullPort())
    with pytest.raises(Cancelled):
        open_kit(file, tmp_path / "kits", Stopped())
    assert list((tmp_path / "kits").iterdir()) == []


@pytest.mark.parametrize("name", ["kit.zip", "kit"])
def test_a_kit_has_its_ending(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"does not end in \.clarifier-study"):
        pack(parse_plan(BUILT_IN), tmp_path, {}, tmp_path / name, NullPort())


def test_an_image_outside_of_its_lists_folder_is_named(tmp_path: Path) -> None:
    draw_images(tmp_path / "far", {"a": 2, "b": 2})
    (tmp_path / "near").mkdir()
    lines = [f"{tmp_path}/far/{name}/{n}.png,{name}" for name in "ab" for n in range(2)]
    (tmp_path / "near" / "list.csv").write_text("path,label\n" + "\n".join(lines) + "\n")
    loaded = parse_plan(OWN.replace('"folder"', '"csv"').replace("here", str(tmp_path / "near" / "list.csv")))
    with pytest.raises(UserError, match=r"cannot stand in a kit \(.*far/a/0\.png\)"):
        pack(loaded, tmp_path, {}, tmp_path / "k.clarifier-study", NullPort())
    assert not (tmp_path / "k.clarifier-study").exists()


def write(file: Path, files: Mapping[str, bytes | str], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(file, "w", compression) as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name), data, compression)
    return file


GOOD = {"plan.toml": BUILT_IN, "kit.json": '{"kit": 1, "places": []}'}
PLACE = '{"kit": 1, "places": [{"dataset": "folder", "path": "here", "at": "%s"}]}'


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "it holds no plan.toml"),
        ({"plan.toml": BUILT_IN}, "it holds no kit.json"),
        ({**GOOD, "../outside.png": b"x"}, "leads out of it"),
        ({**GOOD, "/tmp/outside.png": b"x"}, "leads out of it"),
        ({**GOOD, "images/../../outside.png": b"x"}, "leads out of it"),
        ({**GOOD, "C:\\outside.png": b"x"}, "leads out of it"),
        ({**GOOD, "images/..\\..\\outside.png": b"x"}, "leads out of it"),
        ({**GOOD, "images/": b""}, "leads out of it"),
        ({**GOOD, "images/A.png": b"x", "images/a.png": b"x"}, "two files of one name"),
        ({**GOOD, "kit.json": "{"}, "damaged, or of a later version"),
        ({**GOOD, "kit.json": "[" * 100_000}, "damaged, or of a later version"),
        ({**GOOD, "kit.json": '{"kit": 2, "places": []}'}, "damaged, or of a later version"),
        ({**GOOD, "kit.json": b"\xff\xfe"}, "is no study kit, or is damaged"),
        ({**GOOD, "kit.json": PLACE % "../.."}, "a place in it leads out of it"),
        ({**GOOD, "plan.toml": OWN}, "lacks the images of here"),
        ({**GOOD, "plan.toml": OWN, "kit.json": PLACE % "images/1"}, "lacks the images of here"),
        ({**GOOD, "plan.toml": "name = 1"}, "The plan in k.clarifier-study cannot be used"),
        ({**GOOD, "plan.toml": "#" * 2_000_000}, "more than 1,000,000 bytes"),
    ],
)
def test_a_hostile_kit_ends_in_a_sentence_before_anything_is_unpacked(
    files: dict[str, bytes | str], said: str, tmp_path: Path
) -> None:
    file = write(tmp_path / "k.clarifier-study", files)
    with pytest.raises(UserError) as caught:
        open_kit(file, tmp_path / "kits", NullPort())
    assert said in str(caught.value)
    assert [entry.name for entry in tmp_path.iterdir()] == [file.name]


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = write(
        tmp_path / "b.clarifier-study", {**GOOD, "images/1/a.png": bytes(50_000_000)}, zipfile.ZIP_DEFLATED
    )
    assert bomb.stat().st_size < 100_000
    with pytest.raises(UserError, match="compressed"):
        open_kit(bomb, tmp_path / "kits", NullPort())

    # Many names for the same bytes: the directory of a stored kit is made to list one entry often.
    file = write(tmp_path / "o.clarifier-study", {**GOOD, "images/1/0.png": bytes(3000)})
    packed = bytearray(file.read_bytes())
    end = packed.rindex(b"PK\5\6")
    entry = packed.rindex(b"PK\1\2", 0, end)
    listed = bytes(packed[entry:end])
    more = [listed.replace(b"1/0.png", f"1/{n}.png".encode()) for n in range(1, 10)]
    tail = bytearray(packed[end:])
    count, size = struct.unpack_from("<HI", tail, 10)
    struct.pack_into("<HHI", tail, 8, count + 9, count + 9, size + sum(map(len, more)))
    file.write_bytes(bytes(packed[:end]) + b"".join(more) + bytes(tail))
    with pytest.raises(UserError, match="larger than itself"):
        open_kit(file, tmp_path / "kits", NullPort())
    assert not (tmp_path / "kits").exists()


def test_whatever_is_cut_off_or_changed_ends_in_a_sentence(study: Path, tmp_path: Path) -> None:
    file = tmp_path / "k.clarifier-study"
    pack(load_plan(str(study / "plan" / "plan.toml")), study / "cache", {}, file, NullPort())
    whole = file.read_bytes()
    for damaged in (
        b"",
        b"not a zip file at all",
        *(whole[: len(whole) * part // 10] for part in range(1, 10)),
        *(
            bytes(255 - b if i in range(at, at + 40) else b for i, b in enumerate(whole))
            for at in range(0, len(whole), len(whole) // 40)
        ),
    ):
        file.write_bytes(damaged)
        said = refusal(file, tmp_path / "kits")
        assert said is None or file.name in said
        assert said is None or not list((tmp_path / "kits").glob("*"))
        shutil.rmtree(tmp_path / "kits", ignore_errors=True)


def refusal(file: Path, kits: Path) -> str | None:
    """What is said of a kit that cannot be opened."""
    try:
        open_kit(file, kits, NullPort())
    except UserError as error:
        return str(error)
    return None


def test_no_file_and_no_place_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        open_kit(tmp_path / "gone.clarifier-study", tmp_path, NullPort())
    file = write(tmp_path / "k.clarifier-study", GOOD)
    (tmp_path / "kits").write_text("a file where a folder should be")
    with pytest.raises(UserError, match="kits"):
        open_kit(file, tmp_path / "kits", NullPort())


@given(st.text("./\\:ab\0é", max_size=12))
def test_a_safe_name_stays_below_its_folder(name: str) -> None:
    if is_safe(name):
        assert Path("/kit", *name.split("/")).resolve().is_relative_to("/kit")
        assert ".." not in name.split("/")
        assert "\\" not in name
