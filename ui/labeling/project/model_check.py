"""Whether a project can begin with a model: looked at when it is chosen, and not a round later."""

from __future__ import annotations

from pathlib import Path

from model.port import Port
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.chosen_model import ChosenModel, read_chosen
from ui.labeling.child import ChildError, run_child
from ui.labeling.project.files import PROJECT_SUFFIX, project_folder


def check_model(chosen: Path, cache: Path, port: Port) -> ChosenModel:
    """Look whether a project can begin with a model: that in a file, or the last one of a project.

    Raises ``UserError`` with a sentence, and ``Cancelled``.
    """
    port.progress(0, 0, f"Looking at {chosen.name}")
    arguments = [str(chosen.absolute())]
    if chosen.suffix == PROJECT_SUFFIX:
        with ProjectStore.peek(chosen) as store:
            arguments.append(str(project_folder(cache, store.head().uuid)))
    try:
        return read_chosen(run_child("studies.labeling.project.chosen_model", arguments, port))
    except ChildError as error:
        raise ChildError(str(error) or "The model could not be looked at; see the log.") from None
