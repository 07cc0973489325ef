"""Whatever is given for an option, a command ends with a code, and says in words what was wrong."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from clarifier_desktop import app
from clarifier_desktop.cli.commands import main, program
from studies.labeling.file.store import ProjectStore
from studies.timing.file.store import Store
from tests.files_made_before.opened import unpack

# They would download, train or measure if all that is given were right.
_LEFT_OUT = {"demo", "doctor", "download", "names", "simulate", "export model", "predict", "check"}
_CALLS = 4  # of each command
_LONGEST_S = 20
_TEXTS = (
    "",
    " ",
    "-",
    "--",
    "nan",
    "inf",
    "-1",
    "0",
    "1e400",
    "9" * 40,
    "\u202e",
    "a\nb",
    "\x1b[2J",
    "x" * 5000,
    "é/..",
)


def _leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), name)
            assert found is not None
            yield from _leaves(found, (*path, name))
    else:
        yield " ".join(path), command


COMMANDS = {name: command for name, command in _leaves(program) if name not in _LEFT_OUT}


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Files and folders of all kinds; no window opens."""
    monkeypatch.setenv("CLARIFIER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(app, "run", lambda *_, **__: 0)
    study, project = unpack("study.sqlite", tmp_path), unpack("planned.clarifier", tmp_path)
    Store.open(study).close()
    ProjectStore.open(project).close()
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "noise").write_bytes(random.Random(1).randbytes(3000))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "fifo")
    names = ("folder", "empty", "noise", "loop", "fifo", "missing", "no folder/file", "x" * 300)
    return {"study": study, "project": project, **{name: tmp_path / name for name in names}}


@pytest.fixture(autouse=True)
def _ends() -> Iterator[None]:
    """A call that waits for ever fails the test, and not the whole suite."""

    def stop(*_: object) -> None:
        raise TimeoutError("the command does not end")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_LONGEST_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _usual(parameter: click.Parameter, places: dict[str, Path], chance: random.Random) -> str:
    """A value that may be right."""
    if isinstance(parameter.type, click.Choice):
        return str(chance.choice(list(parameter.type.choices)))
    if parameter.name in ("store", "file"):
        return str(places["study"])
    if parameter.name == "project":
        return str(places["project"])
    return str(places["missing"].with_name(f"new-{chance.random()}"))


def _any(places: dict[str, Path], chance: random.Random) -> str:
    return chance.choice([*_TEXTS, *map(str, places.values())])


def draw_call(name: str, places: dict[str, Path], chance: random.Random) -> list[str]:
    """A call of a command: what it needs, some of what it may be given, and one or two values of any kind."""
    words = name.split()
    parameters = [p for p in COMMANDS[name].params if p.required or chance.random() < 0.3]
    odd = {p.name for p in chance.sample(parameters, min(len(parameters), chance.randint(1, 2)))}
    for parameter in parameters:
        is_flag = isinstance(parameter, click.Option) and parameter.is_flag
        if isinstance(parameter, click.Option):
            words.append(parameter.opts[0])
        if not is_flag:
            words.append(_any(places, chance) if parameter.name in odd else _usual(parameter, places, chance))
    return words


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes by name are not of this system")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_call_ends_with_a_code_and_words(
    name: str, places: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(name)
    for _ in range(_CALLS):
        words = draw_call(name, places, chance)
        code = main(words)
        said = capsys.readouterr()
        assert code in (0, 1, 2), words
        assert code == 0 or said.err.strip() or said.out.strip(), words
        assert "Traceback" not in said.err, words
