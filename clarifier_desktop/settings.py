"""The file of a person's preferences: read leniently, written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from model.disk import read_file
from model.errors import UserError
from ui.preferences import MOST_RECENT_FILES, Paths, Preferences, Theme

# Written by earlier versions; no longer used.
_RETIRED = frozenset({"full_screen"})


class PreferencesError(UserError):
    """The preferences could not be written."""


def load(paths: Paths) -> tuple[Preferences, str | None]:
    """The stored preferences, and a sentence when part of them could not be used.

    What is bad is replaced by its default, and the file kept aside with ``.bad`` behind its name. Never raises for
    what stands in the file or for a file that cannot be read.
    """
    file = paths.settings_file
    try:
        stored = json.loads(read_file(file).decode())
    except FileNotFoundError:
        return Preferences(), None
    except OSError as error:
        return (
            Preferences(),
            f"The settings in {file} cannot be read ({error.strerror}), so defaults are used.",
        )
    except (ValueError, RecursionError):
        return Preferences(), _mend(paths, Preferences(), "It holds no valid settings")
    if not isinstance(stored, dict):
        return Preferences(), _mend(paths, Preferences(), "It holds no valid settings")
    settings, bad = _understand(stored)
    if not bad:
        return settings, None
    return settings, _mend(paths, settings, "Not understood: " + ", ".join(bad))


def save(paths: Paths, settings: Preferences) -> None:
    """Write the preferences, whole or not at all; raises PreferencesError where that fails."""
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
        raise PreferencesError(
            f"The settings could not be saved in {paths.config} ({error.strerror}). "
            "Make the folder writable or free some space; until then changes last only as long as the program runs."
        ) from error


def _mend(paths: Paths, settings: Preferences, what: str) -> str:
    """Keep the bad file aside, write what could be used, and say so."""
    file = paths.settings_file
    aside = file.with_name(file.name + ".bad")
    try:
        shutil.copyfile(file, aside)
        save(paths, settings)
    except (OSError, PreferencesError):
        return f"Part of the settings file {file} could not be used, so defaults stand in. {what}."
    return (
        f"Part of the settings file could not be used, so defaults stand in; it is kept as {aside}. {what}."
    )


def _as_json(settings: Preferences) -> dict[str, object]:
    return {
        "theme": settings.theme.value,
        "store_folder": None if settings.store_folder is None else str(settings.store_folder),
        "last_store": None if settings.last_store is None else str(settings.last_store),
        "recent_files": [str(file) for file in settings.recent_files],
        "window": settings.window,
        "data_folders": {name: str(folder) for name, folder in settings.data_folders.items()},
    }


def _understand(stored: Mapping[str, object]) -> tuple[Preferences, list[str]]:
    """The preferences that are valid, and the keys that are not."""
    settings, bad = Preferences(), []
    for key, value in stored.items():
        if key in _RETIRED:
            continue
        if key not in _READERS:
            bad.append(key)
            continue
        try:
            settings = replace(settings, **{key: _READERS[key](value)})
        except ValueError:
            bad.append(key)
    return settings, bad


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


def _window(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    return bytes.fromhex(value).hex()


_READERS: Mapping[str, Callable[[object], Any]] = {
    "theme": Theme,
    "store_folder": _optional_path,
    "last_store": _optional_path,
    "recent_files": _recent,
    "data_folders": _folders,
    "window": _window,
}
