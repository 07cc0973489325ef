"""The library's face: the round shown in its documentation runs, and the names it offers are there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import model

DOCS = Path(__file__).parents[2] / "docs" / "library.md"


def test_the_round_of_the_documentation_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, str(DOCS), "exec"), names)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 50
    assert [line.split()[0] for line in printed] == ["hard"] * 10 + ["intermediate"] * 40
    right = [suggested_right(names, line) for line in printed[10:]]
    assert sum(right) > 20, "40 suggestions of ten classes; guessing would give 4"


def suggested_right(names: dict[str, object], line: str) -> bool:
    pool = names["pool"]
    assert isinstance(pool, model.ImageSet)
    _, item, label = line.split(maxsplit=2)
    return pool.classes[pool.labels[pool.index_of(item)]] == label


def test_every_name_is_there():
    for name in model.__all__:
        assert getattr(model, name) is not None
    assert set(model.__all__) <= set(dir(model))
    with pytest.raises(AttributeError, match="no_such_name"):
        model.no_such_name  # noqa: B018


def test_importing_loads_neither_torch_nor_numpy():
    code = "import model, model.datasets, sys; assert not {'torch', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
