"""The learner's process: requests come in on its input, progress and results go out on its output."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue

from model.children import Parent
from model.datasets.base import ImageSet
from model.datasets.folder import FileSet
from model.disk import read_file, replacing, require_temporary_folder
from model.errors import UserError
from model.port import Cancelled, Port
from model.rounds.live_values import GIVEN_FILE, Job, LearnRequest
from studies.labeling.doubts.label_check import check_project
from studies.labeling.file.store import ProjectStore
from studies.labeling.project.contents import refuse_changed
from studies.labeling.project.images import is_local, open_items
from studies.labeling.rounds.learner_process import CANCEL, LearnerError, TrainingCurve, failure

_NICE = 10  # the window comes first


class _ChildPort:
    """Tells the parent how far the work is, and hears from it whether to stop."""

    def __init__(self, parent: Parent) -> None:
        self._parent = parent
        self.stop = threading.Event()

    def progress(self, done: int, total: int, text: str) -> None:
        """Tell how far it is."""
        self._parent.send((done, total, text))

    def curve(self, accuracies: Sequence[float]) -> None:
        """Tell how training goes."""
        self._parent.send(TrainingCurve(tuple(accuracies)))

    def cancelled(self) -> bool:
        """Whether to stop."""
        return self.stop.is_set()


def main() -> None:
    """Do one request after another until the parent is gone."""
    if sys.platform != "win32":
        os.nice(_NICE)
    parent = Parent()
    port = _ChildPort(parent)
    requests: SimpleQueue[LearnRequest] = SimpleQueue()

    def take(message: object) -> None:
        if isinstance(message, LearnRequest):
            port.stop.clear()  # here, so that a cancellation right behind the request is not forgotten
            requests.put(message)
        elif message == CANCEL:
            port.stop.set()

    parent.listen(take)
    cache = Path(sys.argv[1])
    bench, source = None, None
    while True:
        request = requests.get()
        try:
            require_temporary_folder()
            from model.rounds.live import learn, prepare, refit
            from model.rounds.workbench import Workbench

            images = open_request(request, cache)
            place_given(request)
            if is_local(request.source.dataset):
                refuse_changed(request.project, images, port)
            seen = (request.source, request.display_ranges)
            if bench is None or source != seen or bench.images.items != images.items:
                if bench is not None:
                    bench.close()
                bench, source = Workbench(images), seen
            jobs: dict[Job, Callable[[LearnRequest, Workbench, Port], object]] = {
                Job.ROUND: learn,
                Job.PREPARE: prepare,
                Job.REFIT: refit,
                Job.CHECK: check_project,
            }
            answer = jobs[request.job](request, bench, port)
        except (UserError, Cancelled) as error:
            answer = error
        except MemoryError:
            answer = LearnerError(
                "There is not enough memory for this network and these images: close other programs, or choose a "
                "smaller network (Ctrl+,). Nothing is lost."
            )
        except BaseException:
            answer = failure(traceback.format_exc())
        try:
            parent.send(answer)
        except OSError:
            os._exit(0)  # the parent is gone: there is nobody to tell


def place_given(request: LearnRequest) -> None:
    """Put the model that the project was begun with where the learner looks for it, if it is not there whole.

    Raises ``UserError`` where the project's own copy is damaged or cannot be written.
    """
    given, file = request.given, request.work / GIVEN_FILE
    if given is None or _has(file, given.sha256):
        return
    with ProjectStore.open(request.project, writable=False) as store:
        content = store.begun_content()
    if hashlib.sha256(content).hexdigest() != given.sha256:
        raise LearnerError(
            "The copy of the model that this project was begun with is damaged. Choose another network in the settings "
            "(Ctrl+,): then the next round learns from your labels alone."
        )
    try:
        request.work.mkdir(parents=True, exist_ok=True)
        with replacing(file) as out:
            out.write(content)
    except OSError as error:
        raise LearnerError(
            f"The model could not be written to {request.work} ({error.strerror}); make room there, then try again."
        ) from error


def _has(file: Path, sha256: str) -> bool:
    try:
        return hashlib.sha256(read_file(file)).hexdigest() == sha256
    except OSError:
        return False


def open_request(request: LearnRequest, cache: Path) -> ImageSet:
    """The images of a request's project; those that the annotator goes on without hold up nothing."""
    with ProjectStore.open(request.project, writable=False) as store:
        items, given_up = store.items(), store.given_up_items()
    images = open_items(request.source, items, cache, request.display_ranges)
    if isinstance(images, FileSet):
        images.given_up = frozenset(items[item].rpartition("/")[0] for item in given_up)
    return images


if __name__ == "__main__":
    main()
