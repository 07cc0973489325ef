"""What lies in a folder: images, subfolders, and what is left out, each with its reason."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from model.datasets.base import DataError, Problem, is_text, natural_order, printable
from model.datasets.images import IMAGE_SUFFIXES, can_read
from model.port import Cancelled, Port

# Nobody takes these for images that are missing.
_LEFT_BY_SYSTEMS = (
    "thumbs.db ehthumbs.db desktop.ini .ds_store .localized .nomedia .gitignore .gitkeep .directory"
)
_TOOLS = ".git .svn .hg .ipynb_checkpoints .vscode .idea .spotlight-v100 .fseventsd .temporaryitems"
_TEXTS = ".txt .csv .tsv .json .jsonl .xml .yaml .yml .toml .md .rst .html .htm .log .ini .cfg .py .ipynb .xmp .aae"
_DATA = ".db .sqlite .clarifier .lock .xls .xlsx .ods .doc .docx .odt .url .lnk .npy .npz .pt .pkl .sha256 .md5 .thm"
_QUIET_NAMES, _QUIET_FOLDERS = frozenset(_LEFT_BY_SYSTEMS.split()), frozenset(_TOOLS.split())
_QUIET_ENDINGS = frozenset((*_TEXTS.split(), *_DATA.split()))
# Their content is not asked: a raw photograph begins like a TIFF file but holds a small preview, others are leftovers.
_RAW = ".3fr .arw .cr2 .cr3 .dcr .dng .erf .kdc .mrw .nef .nrw .orf .pef .raf .raw .rw2 .sr2 .srw .x3f"
_OTHERS = ".svg .eps .ps .pdf .bak .tmp .part .crdownload .download"
_NEVER_READ = frozenset((*_RAW.split(), *_OTHERS.split()))
_SYSTEM_FOLDERS = frozenset(("$recycle.bin", "system volume information", "__macosx", "lost+found"))
_TEXT_SAMPLE = 512
FOLDER_NO_TEXT = ("The folder's name is not valid text.", "folders whose names are not valid text")
"""Why such a folder is left out, and what several of them are called."""
_NAMES_SHOWN, _KINDS_SHOWN = 3, 8


@dataclass(frozen=True)
class Listing:
    """What lies right in a folder: names in natural order, and what is left out."""

    files: list[str]
    folders: list[str]
    problems: list[Problem]


def list_images(folder: Path) -> Listing:
    """Return the image files and the subfolders of ``folder``.

    Files are told by the ending of their names, those of an unknown ending by how they begin. Hidden ones, and
    whatever is no image or cannot be looked at, are left out with a :class:`Problem`, but for text, and files that
    systems leave behind. Raises :class:`DataError` if the folder is none or cannot be read.
    """
    files: list[str] = []
    folders: list[str] = []
    problems: list[Problem] = []
    with _entries(folder) as entries:
        for entry in entries:
            try:
                if entry.is_dir():
                    problem = _why_not_into(entry.name)
                    if problem is None:
                        folders.append(entry.name)
                else:
                    problem = _why_no_image(entry)
                    if problem is None:
                        files.append(entry.name)
            except OSError as error:
                what = (
                    "links that cannot be followed" if entry.is_symlink() else "files that cannot be opened"
                )
                why = f"It cannot be looked at ({error.strerror})."
                problem = Problem(entry.name, why, kind=f"{what}: {error.strerror}")
            if problem is not None and problem.reason:
                problems.append(Problem(printable(problem.item), problem.reason, kind=problem.kind))
    problems.sort(key=lambda problem: problem.item)
    return Listing(natural_order(files), natural_order(folders), problems)


def list_within(root: Path, below: str) -> Listing:
    """Return what lies in the folder ``below`` in ``root``; one that cannot be read is empty but for its problem.

    Problems are named from ``root`` on. Raises :class:`DataError` if ``root`` itself cannot be read any more.
    """
    try:
        found = list_images(root / below)
    except DataError as error:
        with _entries(root):
            pass
        why = str(error.__cause__.strerror if isinstance(error.__cause__, OSError) else error)
        problem = Problem(
            printable(below.rstrip("/")),
            f"The folder cannot be read ({why}).",
            kind=f"folders that cannot be read: {why}",
        )
        return Listing([], [], [problem])
    above = printable(f"{below.rstrip('/')}/") if below else ""
    problems = [Problem(above + p.item, p.reason, kind=p.kind) for p in found.problems]
    return Listing(found.files, found.folders, problems)


def list_new(root: Path, known: Collection[str], port: Port) -> tuple[str, ...]:
    """Return the images in ``root`` and in its subfolders, at whatever depth, that are none of ``known``; in no order.

    What is known is not looked at, and nothing is sorted, so that a window beside it is not held up. Links to folders
    are not followed, and what cannot be looked at is passed over. Raises :class:`DataError` if ``root`` itself cannot
    be read, and :class:`model.port.Cancelled`.
    """
    found: list[str] = []
    waiting = [""]
    while waiting:
        below = waiting.pop()
        if port.cancelled():
            raise Cancelled
        try:
            with _entries(root / below) as entries:
                for entry in entries:
                    name = below + entry.name
                    if name not in known:
                        _sort_in(entry, name, found, waiting)
        except DataError:
            if not below:
                raise
    return tuple(found)


def _sort_in(entry: os.DirEntry[str], name: str, found: list[str], waiting: list[str]) -> None:
    with suppress(OSError):
        if not entry.is_dir():
            if _why_no_image(entry) is None:
                found.append(name)
        elif _why_not_into(entry.name) is None and is_text(entry.name) and not entry.is_symlink():
            waiting.append(f"{name}/")


def describe(problems: Iterable[Problem], most: int = _KINDS_SHOWN) -> list[str]:
    """Return lines for a person: how many of each kind are left out, with the names of the first."""
    groups: dict[str, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(problem.kind or problem.reason, []).append(problem)
    lines = [_describe_group(kind, group) for kind, group in groups.items()]
    if len(lines) > most:
        rest = sum(len(group) for group in list(groups.values())[most - 1 :])
        lines[most - 1 :] = [f"and {rest:,} more, for other reasons"]
    return lines


def tell(problems: Iterable[Problem]) -> list[str]:
    """Return lines for a person that say of each kind whether it is left out or only worth knowing."""
    problems = list(problems)
    left_out = describe(problem for problem in problems if problem.left_out)
    notes = describe(problem for problem in problems if not problem.left_out)
    return [*(f"Left out: {line}" for line in left_out), *(f"Note: {line}" for line in notes)]


def count_left_out(problems: Iterable[Problem]) -> int:
    """Return how many files and folders are left out: not what is only worth knowing."""
    return sum(problem.left_out for problem in problems)


def left_out_here(problems: Iterable[Problem]) -> str:
    """Return what is left out as the end of a message, or nothing."""
    lines = describe((problem for problem in problems if problem.left_out), 3)
    return f" Left out: {'; '.join(lines)}." if lines else ""


def _describe_group(kind: str, group: list[Problem]) -> str:
    if len(group) == 1:
        return f"{group[0].item}: {group[0].reason}"
    names = ", ".join(problem.item for problem in group[:_NAMES_SHOWN])
    more = ", ..." if len(group) > _NAMES_SHOWN else ""
    what = kind if group[0].kind else f"times: {kind}"
    return f"{len(group):,} {what} ({names}{more})"


_SILENT = Problem("", "")


def _why_not_into(name: str) -> Problem | None:
    if name.casefold() in _QUIET_FOLDERS:
        return _SILENT
    if name.startswith("."):
        return Problem(name, "A hidden folder is not looked into.", kind="hidden folders")
    if name.casefold() in _SYSTEM_FOLDERS:
        return Problem(name, "A folder of the system is not looked into.", kind="folders of the system")
    return None


def _why_no_image(entry: os.DirEntry[str]) -> Problem | None:
    """Why something that is no folder is no image; ``_SILENT`` if nobody takes it for one."""
    name = entry.name
    # "._IMG.jpg" is what macOS notes of IMG.jpg on other systems' disks.
    if name.casefold() in _QUIET_NAMES or name.startswith("._"):
        return _SILENT
    ending = os.path.splitext(name)[1].lower()  # noqa: PTH122 (of a million, each counts)
    if not entry.is_file():
        return _why_no_file(entry)
    if ending in IMAGE_SUFFIXES or (ending not in _QUIET_ENDINGS and _reads(entry, ending)):
        if name.startswith("."):
            return Problem(name, "A hidden file is not taken.", kind="hidden files")
        if not (name.isascii() or is_text(name)):
            return Problem(
                name, "The file's name is not valid text.", kind="files whose names are not valid text"
            )
        return None
    if (
        ending in _QUIET_ENDINGS
        or name.startswith(".")
        or (ending not in _NEVER_READ and _is_text_file(entry))
    ):
        return _SILENT
    known = printable(ending) or "names without an ending"
    return Problem(
        name,
        f"The file is of a format that is not read: {known}.",
        kind=f"files of a format that is not read: {known}",
    )


def _why_no_file(entry: os.DirEntry[str]) -> Problem:
    if entry.is_symlink():
        try:
            entry.stat()
        except FileNotFoundError:
            return Problem(entry.name, "The link leads nowhere.", kind="links that lead nowhere")
    return Problem(entry.name, "It is no file but a pipe or a device.", kind="pipes or devices")


def _reads(entry: os.DirEntry[str], ending: str) -> bool:
    return ending not in _NEVER_READ and not entry.name.endswith("~") and can_read(Path(entry.path))


def _is_text_file(entry: os.DirEntry[str]) -> bool:
    with open(entry.path, "rb") as file:  # noqa: PTH123 (the path is a string)
        start = file.read(_TEXT_SAMPLE)
    try:
        start.decode()
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:
            return False
    return b"\0" not in start


@contextmanager
def _entries(folder: Path) -> Iterator[Iterator[os.DirEntry[str]]]:
    try:
        with os.scandir(folder) as entries:
            yield entries
    except FileNotFoundError:
        raise DataError(f"The folder {folder} does not exist; choose another.") from None
    except NotADirectoryError:
        raise DataError(f"{folder} is not a folder; choose the folder that holds the images.") from None
    except OSError as error:
        raise DataError(
            f"The folder {folder} cannot be read ({error.strerror}); check its permissions."
        ) from error
