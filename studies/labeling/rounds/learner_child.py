"""The learner's process: requests come in on its input, progress and results go out on its output."""

from __future__ import annotations

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
from model.disk import require_temporary_folder
from model.errors import UserError
from model.port import Cancelled, Port
from model.rounds.live_values import Job, LearnRequest
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
            from model.rounds.live import Workbench, learn, prepare, refit

            images = open_request(request, cache)
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
