"""Joins the page of exports to an open project: each is written in the background, beside the sitting."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from model.errors import UserError
from model.port import Port
from studies.labeling.file import export_labels as out
from studies.labeling.file.left_out import Rows, tell_left_out
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.contents import refuse_changed_of
from studies.labeling.project.images import open_project_images
from studies.labeling.project.importing import import_labels
from studies.labeling.project.project import Project
from studies.labeling.rounds.figure import save_accuracy
from studies.labeling.rounds.image_table import export_images
from studies.numerals import counted
from studies.table_files import ExportError, TableStyle
from ui.kit.excel import table_style
from ui.kit.file_dialogs import FileDialogs, FileKind
from ui.kit.job_line import JobLine
from ui.kit.jobs import JobRunner
from ui.labeling.child import ChildError, run_child
from ui.labeling.export.export_page import Export, ExportPage
from ui.labeling.project.files import project_folder

_CSV, _JSONL = FileKind("CSV", "csv"), FileKind("JSON Lines", "jsonl")
_PNG, _SVG, _PT = FileKind("Picture", "png"), FileKind("Drawing", "svg"), FileKind("Model", "pt")
_HTML = FileKind("Web page", "html")
_TABLES = {Export.CSV: "labels", Export.ANSWERS: "answers", Export.ROUNDS: "rounds"}
_OF_LABELS = (Export.CSV, Export.JSONL, Export.COPIES, Export.LINKS, Export.IMAGES)
WriteReport = Callable[[Path, Path], None]  # of a project's file; where to
_STOPPED = "Stopped. What was written so far is still there; the same export goes on."


class ExportPresenter(QObject):
    """One export at a time; files are read beside the sitting, which goes on."""

    left = Signal()

    def __init__(
        self,
        project: Project,
        page: ExportPage,
        cache: Path,
        dialogs: FileDialogs,
        prepare_report: Callable[[], WriteReport],
    ) -> None:
        super().__init__(page)
        self._project, self.page, self._cache = project, page, cache
        self._dialogs, self._prepare_report = dialogs, prepare_report
        self._jobs = JobRunner(self)
        self._line = JobLine(self._jobs, page.progress, self)
        page.wanted.connect(self.do)
        page.back_wanted.connect(self.left)

    def do(self, what: Export) -> None:
        """Ask where to and write, or ask what to read."""
        if self._line.busy:
            return
        if what is Export.IMPORT:
            self._import()
            return
        to = self._ask_where(what)
        if to is not None:
            self.page.show_message("")
            work = self._work(what, to)
            if what in _OF_LABELS:
                work = partial(_write_checked, self._project.store.path, self._cache, work)
            self._line.run(
                work,
                self.page.show_message,
                failed=self.page.show_message,
                cancelled=partial(self.page.show_message, _STOPPED),
                text=what.text,
            )

    def close(self) -> None:
        """Stop what is being written; nothing half done is left."""
        self._jobs.shutdown()

    def _ask_where(self, what: Export) -> Path | None:
        file = self._project.store.path
        if what in (Export.COPIES, Export.LINKS):
            return self._dialogs.folder(self.page, "An empty folder, or one of an earlier export")
        kinds = {
            Export.JSONL: (_JSONL,),
            Export.FIGURE: (_PNG, _SVG),
            Export.MODEL: (_PT,),
            Export.REPORT: (_HTML,),
        }.get(what, (_CSV,))
        name = f"{file.stem} {_TABLES.get(what, what.name.lower())}.{kinds[0].ending}"
        return self._dialogs.save(self.page, what.text, file.with_name(name), kinds)

    def _work(self, what: Export, to: Path) -> Callable[[Port], str]:
        file, auto = self._project.store.path, self.page.with_auto
        style = table_style(self.page.for_excel)
        if what is Export.IMAGES:
            return partial(_images, file, project_folder(self._cache, self._project.head.uuid), to, style)
        if what is Export.FIGURE:
            return partial(_figure, file, to)
        if what is Export.MODEL:
            return partial(_model, file, to, onnx=self.page.with_onnx)
        if what is Export.REPORT:
            return partial(_report, file, to, self._prepare_report())
        if what in (Export.COPIES, Export.LINKS):
            copying = out.Copying.LINK if what is Export.LINKS else out.Copying.COPY
            return partial(_folders, file, self._cache, to, copying, auto)
        if what is Export.JSONL:
            return partial(_jsonl, file, to, auto)
        return partial(_table, file, _TABLES[what], to, auto, style)

    def _import(self) -> None:
        project = self._project
        file = self._dialogs.open(self.page, Export.IMPORT.text, project.store.path.parent, _CSV)
        if file is None:
            return
        try:
            imported = import_labels(project, file)
        except UserError as error:
            self.page.show_message(str(error))
            return
        kept = counted(imported.kept, "image keeps the label", "images keep the label")
        text = f"{counted(imported.labels, 'label')} read; {kept} that was there."
        if imported.classes:
            text += f" {counted(imported.classes, 'class is', 'classes are')} new."
        if imported.problems:
            text += f" {counted(len(imported.problems), 'line')} could not be used, the first: {imported.problems[0]}."
        self.page.show_message(" ".join((text, *imported.notes)))


def _write_checked(file: Path, cache: Path, work: Callable[[Port], str], port: Port) -> str:
    port.progress(0, 0, "Seeing whether the images are the labeled ones")
    refuse_changed_of(file, cache, port)
    return work(port)


def _table(file: Path, what: str, to: Path, auto: bool, style: TableStyle, port: Port) -> str:
    port.progress(0, 0, f"Writing {to.name}")
    with ProjectStore.open(file, writable=False) as store:
        done = out.export_table(store, what, to, auto, style)
        told = tell_left_out(store, Rows.DECIDED, auto) if what == "labels" else ""
    rows = counted(done.rows, "row is", "rows are")
    text = f"{rows} in {done.csv}; what the columns mean is in {done.dictionary.name}."
    return f"{text} {told}".rstrip()


def _images(file: Path, folder: Path, to: Path, style: TableStyle, port: Port) -> str:
    port.progress(0, 0, f"Writing {to.name}")
    with ProjectStore.open(file, writable=False) as store:
        done, progress = export_images(store, folder, to, style), store.progress()
        told = " ".join(filter(None, (tell_left_out(store, Rows.ALL), done.tell_predictions())))
    return f"{counted(done.rows, 'image is', 'images are')} in {done.csv}: {progress.in_words()}. {told}"


def _jsonl(file: Path, to: Path, auto: bool, port: Port) -> str:
    port.progress(0, 0, f"Writing {to.name}")
    with ProjectStore.open(file, writable=False) as store:
        rows = counted(out.export_jsonl(store, to, auto), "label is", "labels are")
        return f"{rows} in {to}. {tell_left_out(store, Rows.DECIDED, auto)}"


def _folders(file: Path, cache: Path, to: Path, copying: out.Copying, auto: bool, port: Port) -> str:
    with ProjectStore.open(file, writable=False) as store:
        done = out.export_folders(store, open_project_images(store, cache), to, copying, auto, port)
        told = tell_left_out(store, Rows.LABELED, auto)
    text = f"{counted(done.images, 'image')} of {counted(done.classes, 'class', 'classes')} are in {done.folder}."
    text = f"{text} {told}"
    if done.problems:
        text += (
            f" {len(done.problems):,} could not be copied ({out.MAP_FILE} there names them), the first: "
            f"{done.problems[0]}"
        )
    return text


def _figure(file: Path, to: Path, port: Port) -> str:
    port.progress(0, 0, f"Drawing {to.name}")
    with ProjectStore.open(file, writable=False) as store:
        numbers = save_accuracy(store, to)
    return f"The figure is in {to}, its numbers in {numbers.name}."


def _report(file: Path, to: Path, write: WriteReport, port: Port) -> str:
    port.progress(0, 0, f"Writing {to.name}")
    write(file, to)
    return f"The report is in {to}: one file that any browser shows."


def _model(file: Path, to: Path, port: Port, onnx: bool = False) -> str:
    """In a process of its own: reading the model takes torch, which the window does not load."""
    port.progress(0, 0, f"Writing {to.name}")
    arguments = ["export", "model", "--project", str(file), "--to", str(to)]
    arguments += ["--onnx"] if onnx else []
    try:
        return run_child("clarifier_desktop", arguments, port)
    except ChildError as error:
        raise ExportError(str(error) or f"{to} could not be written.") from None
