"""A person's preferences, and the folders in which the program keeps its files."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from model.errors import UserError

HOME_VARIABLE = "CLARIFIER_HOME"
MOST_RECENT_FILES = 10


class SettingsError(UserError):
    """The preferences could not be written."""


class Theme(str, Enum):
    """The look of the windows."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Paths:
    """The folders of one user; none needs to exist yet."""

    config: Path
    cache: Path
    data: Path

    @classmethod
    def of_user(cls, environ: Mapping[str, str] = os.environ) -> Paths:
        """The platform's own folders, or all below the one that CLARIFIER_HOME names."""
        home = environ.get(HOME_VARIABLE)
        if home:
            below = Path(home).expanduser().absolute()
            return cls(below / "config", below / "cache", below / "data")
        import platformdirs  # only here: a study under CLARIFIER_HOME starts without it

        folders = platformdirs.PlatformDirs("clarifier-desktop", appauthor=False)
        return cls(folders.user_config_path, folders.user_cache_path, folders.user_data_path)

    @property
    def settings_file(self) -> Path:
        """The JSON file of the preferences."""
        return self.config / "settings.json"

    @property
    def crashes(self) -> Path:
        """The folder of the crash reports."""
        return self.data / "crashes"

    @property
    def studies(self) -> Path:
        """The folder of the stores, where the preferences name no other."""
        return self.data / "studies"

    @property
    def projects(self) -> Path:
        """The folder of the labeling projects, where a person names no other."""
        return self.data / "projects"


@dataclass(frozen=True)
class Settings:
    """The preferences; every combination of values is valid."""

    theme: Theme = Theme.SYSTEM
    full_screen: bool = False
    store_folder: Path | None = None  # None: the folder of Paths.studies
    last_store: Path | None = None
    recent_files: tuple[Path, ...] = ()  # the newest first
    data_folders: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))

    def with_recent(self, file: Path) -> Settings:
        """These preferences with a file at the head of the recent ones."""
        others = [other for other in self.recent_files if other != file]
        return replace(self, recent_files=(file, *others)[:MOST_RECENT_FILES])

    def with_data_folder(self, dataset: str, folder: Path) -> Settings:
        """These preferences with the folder of a data set remembered."""
        return replace(self, data_folders=MappingProxyType({**self.data_folders, dataset: folder}))


def default_store(paths: Paths, settings: Settings) -> Path:
    """The store that is opened when a person names none."""
    return (settings.store_folder or paths.studies) / "default.sqlite"


def store_at_hand(paths: Paths, settings: Settings) -> Path:
    """The store used last, or else the default one."""
    return settings.last_store or default_store(paths, settings)


def load(paths: Paths) -> tuple[Settings, str | None]:
    """The stored preferences, and a sentence when part of them could not be used.

    What is bad is replaced by its default, and the file kept aside with ``.bad`` behind its name. Never raises for
    what stands in the file or for a file that cannot be read.
    """
    file = paths.settings_file
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), None
    except OSError as error:
        return Settings(), f"The settings in {file} cannot be read ({error.strerror}), so defaults are used."
    except (ValueError, RecursionError):
        return Settings(), _mend(paths, Settings(), "It holds no valid settings")
    if not isinstance(stored, dict):
        return Settings(), _mend(paths, Settings(), "It holds no valid settings")
    settings, bad = _understand(stored)
    if not bad:
        return settings, None
    return settings, _mend(paths, settings, "Not understood: " + ", ".join(bad))


def save(paths: Paths, settings: Settings) -> None:
    """Write the preferences, whole or not at all; raises SettingsError where that fails."""
    text = (
        json.dumps(_as_json(settings), indent=2) + "\n"
    )  # ASCII: holds file names that are no valid text too
    temporary = None
    try:
        paths.config.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=paths.config, prefix=".settings-")
        temporary = Path(name)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(paths.settings_file)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise SettingsError(
            f"The settings could not be saved in {paths.config} ({error.strerror}). "
            "Make the folder writable or free some space; until then changes last only as long as the program runs."
        ) from error


def _mend(paths: Paths, settings: Settings, what: str) -> str:
    """Keep the bad file aside, write what could be used, and say so."""
    file = paths.settings_file
    aside = file.with_name(file.name + ".bad")
    try:
        shutil.copyfile(file, aside)
        save(paths, settings)
    except (OSError, SettingsError):
        return f"Part of the settings file {file} could not be used, so defaults stand in. {what}."
    return (
        f"Part of the settings file could not be used, so defaults stand in; it is kept as {aside}. {what}."
    )


def _as_json(settings: Settings) -> dict[str, object]:
    return {
        "theme": settings.theme.value,
        "full_screen": settings.full_screen,
        "store_folder": None if settings.store_folder is None else str(settings.store_folder),
        "last_store": None if settings.last_store is None else str(settings.last_store),
        "recent_files": [str(file) for file in settings.recent_files],
        "data_folders": {name: str(folder) for name, folder in settings.data_folders.items()},
    }


def _understand(stored: Mapping[str, object]) -> tuple[Settings, list[str]]:
    """The preferences that are valid, and the keys that are not."""
    settings, bad = Settings(), []
    for key, value in stored.items():
        if key not in _READERS:
            bad.append(key)
            continue
        try:
            settings = replace(settings, **{key: _READERS[key](value)})
        except ValueError:
            bad.append(key)
    return settings, bad


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _path(value: object) -> Path:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError
    return Path(value)


def _optional_path(value: object) -> Path | None:
    return None if value is None else _path(value)


def _recent(value: object) -> tuple[Path, ...]:
    if not isinstance(value, list):
        raise ValueError
    return tuple(dict.fromkeys(_path(item) for item in value))[:MOST_RECENT_FILES]


def _folders(value: object) -> Mapping[str, Path]:
    if not isinstance(value, dict):
        raise ValueError
    return MappingProxyType({name: _path(folder) for name, folder in value.items()})


_READERS: Mapping[str, Callable[[object], Any]] = {
    "theme": Theme,
    "full_screen": _flag,
    "store_folder": _optional_path,
    "last_store": _optional_path,
    "recent_files": _recent,
    "data_folders": _folders,
}
