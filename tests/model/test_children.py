"""Children: where they import from, and how messages go to and fro."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from queue import SimpleQueue

import psutil
import pytest

from model import children
from model.children import END, Child, import_folders, read_all, receive, send
from model.errors import UserError

PATIENCE_S = 60.0

ECHO = """
from queue import SimpleQueue
import os, sys
from model.children import Parent

if __name__ == "__main__":
    parent, messages = Parent(), SimpleQueue()
    print("no message", flush=True)
    parent.listen(messages.put)
    while True:
        message = messages.get()
        if message == "end":
            sys.exit(3)
        parent.send((message, sys.argv[1:], os.environ.get("A_VARIABLE")))
"""


@pytest.fixture
def echo(tmp_path: Path) -> str:
    """A file whose process answers each message."""
    file = tmp_path / "echo.py"
    file.write_text(ECHO)
    return str(file)


def orphan_of(code: str) -> psutil.Process:
    """The child that a parent, which runs ``code``, tells of by its number; the parent is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=children.environment(),
    ) as parent:
        assert parent.stdout is not None
        orphan = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
    return orphan


def test_messages_go_to_a_child_and_back(echo: str) -> None:
    messages: SimpleQueue[object] = SimpleQueue()
    child = Child(echo, "one", "two words", deliver=messages.put, variables={"A_VARIABLE": "value"})
    try:
        for number in range(2):
            child.send({"number": number})
            assert messages.get(timeout=PATIENCE_S) == ({"number": number}, ["one", "two words"], "value")
        assert child.is_running()
        assert psutil.pid_exists(child.pid)
        child.send("end")
        assert messages.get(timeout=PATIENCE_S) is END
    finally:
        child.end()
    assert not child.is_running()


def test_a_child_that_is_ended_delivers_its_end(echo: str) -> None:
    messages: SimpleQueue[object] = SimpleQueue()
    child = Child(echo, deliver=messages.put)
    child.end()
    assert messages.get(timeout=PATIENCE_S) is END
    with pytest.raises((OSError, ValueError)):
        child.send("anyone?")


@pytest.mark.skipif(os.name != "posix", reason="by a signal")
def test_a_child_ends_with_its_parent(echo: str) -> None:
    code = (
        "import sys\nfrom queue import SimpleQueue\nfrom model.children import Child\nheard = SimpleQueue()\n"
        f"child = Child({echo!r}, deliver=heard.put)\nchild.send(1)\nheard.get()\nprint(child.pid, flush=True)\n"
        "sys.stdin.read()"
    )
    orphan = orphan_of(code)
    deadline = time.monotonic() + PATIENCE_S
    while orphan.is_running() and orphan.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_module_is_run_by_its_name_with_its_arguments() -> None:
    done = subprocess.run(
        children.command("json.tool", "--compact"),
        input='{ "a": 1 }',
        env=children.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, '{"a":1}', "")


@pytest.mark.parametrize("target", ["module", "file"])
def test_nothing_is_imported_from_where_a_person_stands(target, hostile_folder, echo: str) -> None:
    messages: SimpleQueue[object] = SimpleQueue()
    if target == "file":
        child = Child(echo, deliver=messages.put)
        child.send(1)
        assert messages.get(timeout=PATIENCE_S) == (1, [], None)
        child.end()
    else:
        done = subprocess.run(
            children.command("clarifier_desktop", "study", "list"),
            env=children.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "built-in" in done.stdout
    assert hostile_folder.imported() == []


def test_nor_by_a_process_that_a_child_starts(hostile_folder) -> None:
    if sys.version_info < (3, 11):
        pytest.skip("Python has no PYTHONSAFEPATH before 3.11")
    subprocess.run([sys.executable, "-c", "import queue"], env=children.environment(), check=True)
    subprocess.run([sys.executable, "-m", "json.tool", "--help"], env=children.environment(), check=True)
    assert hostile_folder.imported() == []


def test_a_child_imports_from_its_parents_folders_but_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, elsewhere, link = tmp_path / "here", tmp_path / "elsewhere", tmp_path / "link"
    here.mkdir()
    link.symlink_to(here)
    monkeypatch.chdir(here)
    path = ["", ".", "lib", str(here), str(link), str(elsewhere), f"{tmp_path}/a{os.pathsep}b"]
    assert import_folders(path) == [str(elsewhere)]
    monkeypatch.chdir(children.PROGRAM)
    assert import_folders(["", str(children.PROGRAM), str(here)]) == [str(children.PROGRAM), str(here)]


@pytest.mark.skipif(os.name != "posix", reason="elsewhere it cannot be deleted")
def test_a_working_directory_that_was_deleted_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert import_folders(["", str(tmp_path)]) == [str(tmp_path)]


class StrangeError(UserError):
    """An error that cannot be read back: its text needs two parts."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} {two}")


def test_a_message_that_cannot_be_understood_ends_the_waiting(tmp_path: Path) -> None:
    messages: SimpleQueue[object] = SimpleQueue()
    with (tmp_path / "pipe").open("wb") as pipe:
        send(pipe, (1, 2, "three"))
        send(pipe, StrangeError("a", "b"))
    with (tmp_path / "pipe").open("rb") as pipe:
        read_all(pipe, messages.put)
    assert [messages.get_nowait(), messages.get_nowait()] == [(1, 2, "three"), END]


def test_messages_come_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "pipe"
    with file.open("wb") as pipe:
        send(pipe, {"a": 1})
    with file.open("rb") as pipe:
        assert receive(pipe) == {"a": 1}
        with pytest.raises(EOFError):
            receive(pipe)


@pytest.mark.skipif(os.name != "posix", reason="by a signal")
def test_a_child_ends_with_its_parent_while_it_still_imports(tmp_path: Path) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text(
        "import time\ntime.sleep(600)\n"
    )  # as a library that is long in coming; nothing listens yet
    code = (
        "import sys\nfrom model.children import Child\n"
        f"child = Child({str(slow)!r}, deliver=print)\nprint(child.pid, flush=True)\nsys.stdin.read()"
    )
    orphan_of(code).wait(timeout=PATIENCE_S)
