"""A plan's file of any size and depth is answered by a short sentence, whatever stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.errors import UserError
from studies.simulation.plan.checks import parse_experiment
from studies.timing.facts.plan import load_plan, parse_plan

HOSTILE = {
    "a key of many dots": "a" + ".a" * 200_000 + " = 1",
    "a quoted key of many dots": f'"{"." * 200_000}" = 1',
    "a table of many dots": "[a" + ".a" * 200_000 + "]",
    "many unknown keys": "".join(f"key{n} = 1\n" for n in range(50_000)),
    "a long unknown key": "k" * 500_000 + " = 1",
    "a long text": f'name = "{"x" * 500_000}"',
    "a deep list": "name = " + "[" * 100_000,
    "a closed deep list": "name = " + "[" * 5_000 + "]" * 5_000,
    "a deep table": "name = " + "{a = " * 100_000,
    "a number of many digits": "name = " + "9" * 100_000,
    "a huge file": "# " + "x" * 1_000_001,
}


@pytest.mark.parametrize("parse", [parse_plan, parse_experiment])
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_plan_gets_a_short_sentence(kind, parse) -> None:
    with pytest.raises(UserError) as refusal:
        parse(HOSTILE[kind], "x.toml")
    assert len(str(refusal.value)) < 20_000


def test_a_file_that_never_ends_is_not_read() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("a device")
    with pytest.raises(UserError, match="it is no file"):
        load_plan("/dev/zero")
