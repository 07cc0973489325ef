"""How long a project still takes, kept beside it when it is closed: only an open one can tell."""

from __future__ import annotations

import json
from pathlib import Path

from model.disk import read_file
from ui.labeling.project.files import project_folder

_FILE = "to-go.json"


def keep_to_go(cache: Path, uuid: str, labeled: int, text: str) -> None:
    """Keep what was told last, for the number of labels that it was told of; where that fails, nothing is kept."""
    folder = project_folder(cache, uuid)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_text(json.dumps({"labeled": labeled, "text": text}), encoding="utf-8")
    except OSError:
        return


def read_to_go(cache: Path, uuid: str, labeled: int) -> str:
    """What was told last; empty where nothing was, or where the project has other labels now."""
    try:
        kept = json.loads(read_file(project_folder(cache, uuid) / _FILE).decode())
    except (OSError, ValueError):
        return ""
    right = isinstance(kept, dict) and kept.get("labeled") == labeled and isinstance(kept.get("text"), str)
    return str(kept["text"]) if right else ""
