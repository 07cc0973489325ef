"""Where the project and its virtual environment lie."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

VENV = ROOT / ".venv"
