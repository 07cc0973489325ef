"""Preferences survive the disk, and nothing in their file stops the program."""

from __future__ import annotations

import json
import os
from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clarifier_desktop import settings as module
from clarifier_desktop.settings import PreferencesError, load, save
from ui.preferences import Paths, Preferences, Theme, default_store


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.of_user({"CLARIFIER_HOME": str(tmp_path / "home")})


ALL_SET = Preferences(
    theme=Theme.DARK,
    store_folder=Path("/studies"),
    last_store=Path("/studies/pilot ü.sqlite"),
    recent_files=(Path("/b"), Path("/a")),
    window="01d9d0cb",
    data_folders=MappingProxyType({"UC Merced": Path("/data/uc")}),
)


def test_one_variable_moves_every_folder(tmp_path: Path) -> None:
    paths = Paths.of_user({"CLARIFIER_HOME": str(tmp_path)})
    assert (paths.config, paths.cache, paths.data) == (
        tmp_path / "config",
        tmp_path / "cache",
        tmp_path / "data",
    )
    assert paths.crashes == tmp_path / "data" / "crashes"


def test_a_relative_home_does_not_follow_the_working_folder(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Paths.of_user({"CLARIFIER_HOME": "portable"}).config == tmp_path / "portable" / "config"


@pytest.mark.parametrize("environ", [{}, {"CLARIFIER_HOME": ""}])
def test_without_it_the_platform_names_the_folders(environ: dict[str, str]) -> None:
    paths = Paths.of_user(environ)
    assert all(folder.is_absolute() for folder in (paths.config, paths.cache, paths.data))
    assert "clarifier-desktop" in str(paths.config)


def test_the_default_store_lies_in_the_chosen_folder(paths: Paths) -> None:
    assert default_store(paths, Preferences()) == paths.data / "studies" / "default.sqlite"
    assert default_store(paths, ALL_SET) == Path("/studies/default.sqlite")


def test_no_file_gives_defaults_and_no_sentence(paths: Paths) -> None:
    assert load(paths) == (Preferences(), None)
    assert not paths.config.exists()


def test_all_preferences_survive_the_disk(paths: Paths) -> None:
    defaults = Preferences()
    assert all(getattr(ALL_SET, f.name) != getattr(defaults, f.name) for f in fields(Preferences))
    save(paths, ALL_SET)
    assert load(paths) == (ALL_SET, None)
    assert [entry.name for entry in paths.config.iterdir()] == ["settings.json"]


def test_a_file_name_that_is_no_valid_text_survives_the_disk(paths: Paths) -> None:
    settings = Preferences(last_store=Path(os.fsdecode(b"/caf\xe9.sqlite")))
    save(paths, settings)
    assert load(paths) == (settings, None)


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
path_values = names.map(Path)
every_settings = st.builds(
    Preferences,
    theme=st.sampled_from(Theme),
    store_folder=st.none() | path_values,
    last_store=st.none() | path_values,
    recent_files=st.lists(path_values, max_size=10, unique=True).map(tuple),
    data_folders=st.dictionaries(names, path_values, max_size=4).map(MappingProxyType),
)


@given(every_settings)
def test_any_preferences_round_trip_through_json(settings: Preferences) -> None:
    text = json.dumps(module._as_json(settings))
    assert module._understand(json.loads(text)) == (settings, [])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from([f.name for f in fields(Preferences)]) | st.text(max_size=5)


@given(st.dictionaries(keys, json_values, max_size=6))
def test_whatever_stands_in_the_file_is_used_or_named(stored: dict[str, object]) -> None:
    settings, bad = module._understand(stored)
    for name in {f.name for f in fields(Preferences)} & set(bad):
        assert getattr(settings, name) == getattr(Preferences(), name)
    assert set(bad) <= set(stored)
    assert module._understand(json.loads(json.dumps(module._as_json(settings)))) == (settings, [])


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"theme": "light"']
)
def test_a_broken_file_is_kept_aside_and_replaced_by_defaults(paths: Paths, content: bytes) -> None:
    paths.config.mkdir(parents=True)
    paths.settings_file.write_bytes(content)
    settings, sentence = load(paths)
    assert settings == Preferences()
    aside = paths.config / "settings.json.bad"
    assert str(aside) in (sentence or "")
    assert aside.read_bytes() == content
    assert load(paths) == (Preferences(), None)


def test_good_keys_survive_beside_bad_and_unknown_ones(paths: Paths) -> None:
    paths.config.mkdir(parents=True)
    paths.settings_file.write_text(
        json.dumps({"theme": "pink", "last_store": "/s", "from_the_future": 1, "recent_files": ["/a", 5]})
    )
    settings, sentence = load(paths)
    assert settings == Preferences(last_store=Path("/s"))
    assert "theme, from_the_future, recent_files" in (sentence or "")
    assert "pink" in (paths.config / "settings.json.bad").read_text()
    assert load(paths) == (settings, None)


def test_a_choice_of_an_earlier_version_is_passed_over(paths: Paths) -> None:
    paths.config.mkdir(parents=True)
    paths.settings_file.write_text(json.dumps({"theme": "dark", "full_screen": True}))
    assert load(paths) == (Preferences(theme=Theme.DARK), None)


@pytest.mark.parametrize(
    "stored",
    [
        {"theme": None},
        {"theme": []},
        {"last_store": ""},
        {"store_folder": "a\0b"},
        {"recent_files": "/a"},
        {"data_folders": ["/a"]},
        {"data_folders": {"x": None}},
    ],
)
def test_a_value_of_the_wrong_kind_gives_the_default(stored: dict[str, object]) -> None:
    assert module._understand(stored) == (Preferences(), list(stored))


def test_a_settings_file_that_is_a_folder_does_not_stop_the_program(paths: Paths) -> None:
    paths.settings_file.mkdir(parents=True)
    settings, sentence = load(paths)
    assert settings == Preferences()
    assert str(paths.settings_file) in (sentence or "")


def test_a_file_that_cannot_be_mended_is_still_read(paths: Paths) -> None:
    paths.config.mkdir(parents=True)
    paths.settings_file.write_text('{"theme": "dark", "x": 1}')
    (paths.config / "settings.json.bad").mkdir()  # in the way of the copy
    settings, sentence = load(paths)
    assert settings == Preferences(theme=Theme.DARK)
    assert "Not understood: x" in (sentence or "")
    assert paths.settings_file.read_text() == '{"theme": "dark", "x": 1}'


def test_a_save_that_fails_says_so_and_leaves_the_old_file(paths: Paths, monkeypatch) -> None:
    save(paths, Preferences(theme=Theme.LIGHT))

    def full_disk(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(PreferencesError, match="No space left"):
        save(paths, ALL_SET)
    assert [entry.name for entry in paths.config.iterdir()] == ["settings.json"]
    assert load(paths) == (Preferences(theme=Theme.LIGHT), None)


def test_a_config_folder_that_cannot_be_made_is_a_persons_error(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    with pytest.raises(PreferencesError, match="could not be saved"):
        save(Paths.of_user({"CLARIFIER_HOME": str(tmp_path / "home")}), Preferences())


def test_recent_files_are_ten_newest_first_without_doubles() -> None:
    settings = Preferences()
    for number in [*range(12), 5]:
        settings = settings.with_recent(Path(f"/{number}"))
    assert [int(file.name) for file in settings.recent_files] == [5, 11, 10, 9, 8, 7, 6, 4, 3, 2]


def test_a_data_folder_is_remembered_beside_the_others() -> None:
    settings = ALL_SET.with_data_folder("own", Path("/own")).with_data_folder("UC Merced", Path("/new"))
    assert dict(settings.data_folders) == {"UC Merced": Path("/new"), "own": Path("/own")}
    assert replace(settings, data_folders=ALL_SET.data_folders) == ALL_SET
