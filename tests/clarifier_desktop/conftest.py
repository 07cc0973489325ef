from __future__ import annotations

from tests.ui.conftest import sees_at_once

__all__ = ["sees_at_once"]
