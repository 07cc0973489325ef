from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.e2e.screen import Screen


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    missing = [name for name in ("Xvfb", "openbox", "xdotool") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}, which bootstrap.py installs on Debian")
    opened = Screen(tmp_path_factory.mktemp("screen"))
    yield opened
    opened.close()
