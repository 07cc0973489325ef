"""The environment's record, the crash log, and the verdicts of the checks on clocks that are told what to say."""

from __future__ import annotations

import faulthandler
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clarifier_desktop.machine import diagnostics
from clarifier_desktop.machine.diagnostics import CrashLog
from model.errors import UserError


def test_the_environment_tells_versions_without_importing_them() -> None:
    code = (
        "import json, sys; from clarifier_desktop.machine.diagnostics import environment; "
        "print(json.dumps(environment()));"
        "assert not {'torch', 'numpy', 'PySide6', 'sqlite3'} & set(sys.modules), 'imported too much'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["PySide6-Essentials"].startswith("6.")
    assert found["cpu_count"] == os.cpu_count()
    assert 0 < found["clock_resolution_s"] < 1


def test_a_package_that_is_not_there_is_null(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics, "PACKAGES", ("no-such-package",))
    assert diagnostics.environment()["no-such-package"] is None


# -- Crash log -----------------------------------------------------------------------------------------------


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def log(tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[CrashLog]:
    monkeypatch.setattr(faulthandler, "enable", lambda file: None)  # pytest has its own
    monkeypatch.setattr(faulthandler, "disable", lambda: None)
    log = diagnostics.install_crash_log(tmp_path / "crashes", said.append)
    yield log
    log.close()


def reports(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "crashes").glob("crash-*.txt"))


def crash(error: BaseException) -> None:
    """Hand an exception to the hook as the interpreter does."""
    try:
        raise error
    except BaseException as caught:
        sys.excepthook(type(caught), caught, caught.__traceback__)


def test_a_bug_leaves_a_report_and_one_sentence_that_names_it(
    log: CrashLog, said: list[str], tmp_path: Path
) -> None:
    crash(AttributeError("'NoneType' object has no attribute 'plan'"))
    (file,) = reports(tmp_path)
    assert len(said) == 1
    assert str(file) in said[0]
    assert "AttributeError" in said[0]
    text = file.read_text(encoding="utf-8")
    assert "no attribute 'plan'" in text
    assert "in crash" in text
    assert '"PySide6-Essentials"' in text
    assert "utc: 20" in text
    assert "+00:00" in text


class QuotingError(Exception):
    """One whose text holds what a participant did."""


@pytest.mark.parametrize("kind", [KeyError, ValueError, RuntimeError, QuotingError, AssertionError])
def test_a_report_never_quotes_answers_or_codes(log: CrashLog, tmp_path: Path, kind: type[Exception]) -> None:
    error = kind("participant P07 answered horse")
    error.__cause__ = OSError(28, "No space left on device", "/store of P07")
    error.__cause__.__context__ = kind("also P07")
    crash(error)
    (file,) = reports(tmp_path)
    text = file.read_text(encoding="utf-8")
    assert "P07" not in text
    assert "horse" not in text
    assert kind.__name__ in text
    assert text.index("No space left on device") < text.rindex(kind.__name__)


def test_exceptions_that_lead_in_a_circle_end(log: CrashLog, tmp_path: Path) -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    crash(first)
    assert len(reports(tmp_path)) == 1


def test_the_home_folder_does_not_name_the_person(
    log: CrashLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path(__file__).parent)
    crash(ValueError())
    text = reports(tmp_path)[0].read_text(encoding="utf-8")
    assert 'File "~/test_diagnostics.py"' in text
    assert str(Path(__file__).parent) not in text


def test_a_home_at_the_root_leaves_paths_readable(
    log: CrashLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path(tmp_path.anchor))
    crash(ValueError())
    assert f'File "{__file__}"' in reports(tmp_path)[0].read_text(encoding="utf-8")


def test_a_persons_mistake_is_no_crash(log: CrashLog, said: list[str], tmp_path: Path) -> None:
    crash(UserError("There is no such plan. Name one of: demo, paper."))
    assert said == ["There is no such plan. Name one of: demo, paper."]
    assert reports(tmp_path) == []


def test_a_bug_that_repeats_is_written_once_and_another_again(
    log: CrashLog, said: list[str], tmp_path: Path
) -> None:
    for _ in range(3):
        crash(ValueError())
    assert len(reports(tmp_path)) == 1
    assert len(set(said)) == 1
    crash(KeyError())
    assert len(reports(tmp_path)) == 2


def in_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_a_bug_in_a_thread_is_reported_and_a_thread_that_exits_is_not(
    log: CrashLog, said: list[str], tmp_path: Path
) -> None:
    in_thread(sys.exit)
    assert said == []
    in_thread(lambda: 1 / 0)
    assert len(said) == 1
    assert "ZeroDivisionError: division by zero" in reports(tmp_path)[0].read_text(encoding="utf-8")


def test_ctrl_c_is_no_crash(
    log: CrashLog, said: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crash(KeyboardInterrupt())
    assert said == []
    assert reports(tmp_path) == []
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_closing_puts_the_hooks_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faulthandler, "enable", lambda file: None)
    monkeypatch.setattr(faulthandler, "disable", lambda: None)
    before = sys.excepthook, threading.excepthook
    log = diagnostics.install_crash_log(tmp_path, print)
    assert sys.excepthook is not before[0]
    log.close()
    assert (sys.excepthook, threading.excepthook) == before


def test_a_folder_that_cannot_be_written_still_gives_a_sentence(tmp_path: Path, said: list[str]) -> None:
    (tmp_path / "crashes").write_text("a file in the way")
    log = diagnostics.install_crash_log(tmp_path / "crashes", said.append)
    try:
        crash(ValueError("P07"))
    finally:
        log.close()
    assert len(said) == 1
    assert "could not write a report" in said[0]
    assert "P07" not in said[0]


def run_with_log(folder: Path, then: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys; from pathlib import Path; from clarifier_desktop.machine.diagnostics import install_crash_log;"
        f"log = install_crash_log(Path(sys.argv[1]));{then}"
    )
    return subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True)


def test_a_real_process_ends_with_the_sentence_and_no_traceback(tmp_path: Path) -> None:
    done = run_with_log(tmp_path, "{}['P07']")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(tmp_path) in done.stderr
    assert len(list(tmp_path.glob("crash-*.txt"))) == 1


@pytest.mark.skipif(os.name != "posix", reason="aborts in its own way on Windows")
def test_a_crash_of_python_itself_leaves_its_stack(tmp_path: Path) -> None:
    done = run_with_log(tmp_path, "import os; os.abort()")
    assert done.returncode < 0
    assert "Fatal Python error: Aborted" in (tmp_path / "fault.log").read_text()
