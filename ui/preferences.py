"""A person's preferences and the folders of one user, as values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from types import MappingProxyType

HOME_VARIABLE = "CLARIFIER_HOME"
WEIGHTS_VARIABLE = "CLARIFIER_WEIGHTS"
MOST_RECENT_FILES = 10


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
    laboratory: Path | None = (
        None  # a folder of weights of networks that several people share; never written to
    )

    @classmethod
    def of_user(cls, environ: Mapping[str, str] = os.environ) -> Paths:
        """The platform's own folders, or all below the one that CLARIFIER_HOME names.

        CLARIFIER_WEIGHTS names a laboratory's folder of weights.
        """
        shared = environ.get(WEIGHTS_VARIABLE)
        laboratory = Path(shared).expanduser().absolute() if shared else None
        home = environ.get(HOME_VARIABLE)
        if home:
            below = Path(home).expanduser().absolute()
            return cls(below / "config", below / "cache", below / "data", laboratory)
        import platformdirs  # only here: a study under CLARIFIER_HOME starts without it

        folders = platformdirs.PlatformDirs("clarifier-desktop", appauthor=False)
        return cls(folders.user_config_path, folders.user_cache_path, folders.user_data_path, laboratory)

    @property
    def weights(self) -> Path:
        """The folder of downloaded weights."""
        return self.cache / "weights"

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
class Preferences:
    """The preferences; every combination of values is valid."""

    theme: Theme = Theme.SYSTEM
    store_folder: Path | None = None  # None: the folder of Paths.studies
    last_store: Path | None = None
    recent_files: tuple[Path, ...] = ()  # the newest first
    window: str = ""  # where the window was, in Qt's words as hexadecimal digits
    data_folders: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))

    def with_recent(self, file: Path) -> Preferences:
        """These preferences with a file at the head of the recent ones."""
        others = [other for other in self.recent_files if other != file]
        return replace(self, recent_files=(file, *others)[:MOST_RECENT_FILES])

    def with_data_folder(self, dataset: str, folder: Path) -> Preferences:
        """These preferences with the folder of a data set remembered."""
        return replace(self, data_folders=MappingProxyType({**self.data_folders, dataset: folder}))


def default_store(paths: Paths, preferences: Preferences) -> Path:
    """The store that is opened when a person names none."""
    return (preferences.store_folder or paths.studies) / "default.sqlite"


def store_at_hand(paths: Paths, preferences: Preferences) -> Path:
    """The store used last, or else the default one."""
    return preferences.last_store or default_store(paths, preferences)
