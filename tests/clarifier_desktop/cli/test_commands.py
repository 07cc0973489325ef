"""The command line's answers: help with an example everywhere, sentences and exit codes for mistakes."""

import os
import re
import subprocess
import sys
from types import SimpleNamespace

import click
import pytest

from clarifier_desktop import __version__
from clarifier_desktop.cli.commands import main, program
from tests.clarifier_desktop.cli.walking import ROOT, find, walk

COMMANDS = dict(walk(program))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_shows_an_example_that_parses(words):
    epilog = COMMANDS[words].epilog
    assert epilog is not None
    example = epilog.removeprefix("Example: ").split()
    assert tuple(example[: len(words) + 1]) == ("clarifier-desktop", *words)
    command, rest = find(example[1:])
    assert not isinstance(command, click.Group)
    command.make_context(command.name, rest)  # raises where it does not fit


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_and_all_it_takes_is_explained(words, capsys):
    assert main([*words, "--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert COMMANDS[words].help
    assert str(COMMANDS[words].help) in text
    assert f"Example: clarifier-desktop {' '.join(words)}".rstrip() in text
    for parameter in COMMANDS[words].params:
        assert parameter.help, parameter.name
        assert parameter.help in text


@pytest.mark.parametrize(
    "words", [w for w, c in COMMANDS.items() if not isinstance(c, click.Group)], ids=" ".join
)
def test_every_command_is_in_the_docs(words):
    texts = [(ROOT / "README.md").read_text(), *(file.read_text() for file in (ROOT / "docs").glob("*.md"))]
    assert any(re.search(rf"clarifier-desktop {' '.join(words)}\b", text) for text in texts)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["study", "run", "--plan", "nope", "--participant", "P1"], ["no plan", "built-in"]),
        (["study", "run", "--plan", "demo", "--participant", " "], ["1 to 80 characters"]),
        (["study", "run", "--plan", "demo", "--participant", "P", "--folder", "x"], ["NAME=FOLDER"]),
        (
            ["study", "run", "--plan", "paper", "--participant", "P"],
            ["CIFAR-10", "clarifier-desktop download"],
        ),
        (["study", "list", "--store", "gone.sqlite"], ["gone.sqlite"]),
        (["export", "ratios", "--store", "gone.sqlite", "--to", "x.csv"], ["gone.sqlite"]),
        (["merge", "gone.sqlite", "--into", "x.sqlite"], ["gone.sqlite"]),
        (["figures", "--store", "gone.sqlite", "--to", "x"], ["gone.sqlite"]),
        (["download", "mnist"], ["mnist", "cifar10"]),
        (["download", "digits"], ["digits"]),
    ],
)
def test_a_mistake_gets_a_sentence_and_exit_code_2(arguments, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("clarifier-desktop: ")
    assert all(word in said for word in words), said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [["bogus"], ["export", "nothing", "--store", "a", "--to", "b"], ["export"]]
)
def test_an_unknown_word_exits_with_2(arguments, capsys):
    assert main(arguments) == 2
    assert "error:" in capsys.readouterr().err


def test_the_version_is_told(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"CLARIFIER Desktop {__version__}\n"


def test_options_cannot_be_shortened(capsys):
    assert main(["study", "list", "--stor", "x.sqlite"]) == 2
    assert "error: No such option" in capsys.readouterr().err


def test_names_are_no_patterns_on_windows_either(tmp_path, monkeypatch, capsys):
    """There click expands what it reads of the command line itself; another folder would be opened."""
    (tmp_path / "set1.sqlite").write_bytes(b"")
    named = str(tmp_path / "set[1].sqlite")
    monkeypatch.setattr("click.core.os", SimpleNamespace(**{**vars(os), "name": "nt"}))
    monkeypatch.setattr("sys.argv", ["clarifier-desktop", "export", "ratios", "--store", named, "--to", "x"])
    assert main() == 2
    assert named in capsys.readouterr().err


def test_ctrl_c_ends_with_a_word_and_130(monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("studies.timing.facts.plan.shipped_plans", interrupted)
    assert main(["study", "list"]) == 130
    assert capsys.readouterr().err.strip() == "clarifier-desktop: stopped."


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "-inf", "9" * 30, "1e999", "x"])
@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["label", "digits", "--robot"], "--minutes"),
        (["label", "digits", "--robot"], "--rounds"),
        (["label", "digits", "--robot"], "--labels"),
        (["label", "digits", "--robot"], "--speed"),
        (["study", "run", "--plan", "demo", "--participant", "P", "--robot"], "--number"),
        (["simulate", "digits", "--check"], "--workers"),
        (["doctor"], "--keys"),
    ],
)
def test_a_number_that_cannot_be_is_refused_at_once(arguments, option, value, capsys):
    assert main([*arguments, option, value]) == 2
    assert f"Invalid value for '{option}'" in capsys.readouterr().err


def test_every_number_has_a_range():
    for command in COMMANDS.values():
        for parameter in command.params:
            assert parameter.type not in (click.INT, click.FLOAT), parameter.name


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["doctor", "--store", "gone/x.sqlite"], "there is no folder"),
        (["merge", "one.sqlite", "--into", "one.sqlite"], "with itself"),
        (["export", "labels", "--project", "x", "--to", "y", "--links"], "--format folders"),
        (["study", "run", "--plan", ".", "--participant", "P"], "it is no file"),
        (["simulate", "."], "it is no file"),
    ],
)
def test_what_would_do_nothing_is_refused(arguments, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_the_program_is_none_of_the_person(monkeypatch):
    def ends(*_):
        raise EOFError

    monkeypatch.setattr("studies.timing.facts.plan.shipped_plans", ends)
    with pytest.raises(EOFError):
        main(["study", "list"])


def test_the_command_line_loads_neither_qt_nor_torch():
    code = (
        "import sys, clarifier_desktop.cli; "
        "print([m for m in ('PySide6', 'torch', 'numpy', 'matplotlib', 'sqlite3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(os.name != "posix", reason="a pipe that nobody reads")
@pytest.mark.parametrize("words", [["study", "list"], ["--help"], ["simulate", "digits", "--check"]])
def test_a_reader_that_has_gone_is_no_fault(words, tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "clarifier_desktop", *words],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")
