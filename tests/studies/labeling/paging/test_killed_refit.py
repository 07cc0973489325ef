"""The program is killed while a refit is stored and pages are planned: the same image or page comes first again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.rounds.live_values import Likeliest, Refitted
from studies.labeling.planning.page_plan import plan_pages
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.state.desk import Phase
from tests.studies.labeling.paging.paged import CELLS, ITEMS, SINGLES, begin, confirm, items_of, make
from tests.studies.labeling.sample import Hand, open_project


@pytest.fixture
def project(tmp_path: Path):
    made = make(tmp_path)
    yield made
    made.store.close()


def refit(project: Project, leads: Conductor) -> None:
    """A newer model is sure of every image, and pages are planned by it."""
    request = leads.refits.request()
    labels = np.array([[i % 3, (i + 1) % 3, (i + 2) % 3] for i in range(ITEMS)], np.int32)
    p = np.tile(np.array([0.998, 0.002, 0.0], np.float32), (ITEMS, 1))
    likeliest = Likeliest(labels, p)
    top = dict.fromkeys(request.learn.wanted, ((1, 0.9), (2, 0.05)))
    made = Refitted(9, labels[:, 0], p[:, 0], ((), (), ()), True, top, 0.4, likeliest)
    assert request.pages is not None
    plan = plan_pages(likeliest, True, replace(request.pages, cells=CELLS))
    leads.renew_suggestions(request, made, replace(plan, likely=np.zeros(ITEMS, np.bool_)))


def asked_first(project: Project) -> list[tuple[int, int | None, int | None]]:
    """The image or page that is on the desk."""
    if project.desk.phase is Phase.PAGE:
        return items_of(project.queue.page())
    assert project.desk.task is not None
    return items_of([project.desk.task])


def test_a_kill_in_a_refit_asks_first_about_what_was_on_screen(project: Project, tmp_path: Path) -> None:
    leads, hand = begin(project), Hand(project)
    killed: list[list[tuple[int, int | None, int | None]]] = []

    def kill() -> None:
        """What a program that opens the file at this moment finds there."""
        copy = tmp_path / f"killed {len(killed)}.clarifier"
        for end in ("", "-wal"):
            shutil.copy(f"{project.store.path}{end}", f"{copy}{end}")
        killed.append(asked_first(project))

    store = project.store
    add_refit, add_tasks = store.add_refit, store.add_tasks
    with pytest.MonkeyPatch.context() as patch:

        def then_kill(stores: Callable[..., object]) -> Callable[..., object]:
            def stored(*given: object, **named: object) -> object:
                done = stores(*given, **named)
                kill()
                return done

            return stored

        patch.setattr(store, "add_refit", then_kill(add_refit))
        patch.setattr(store, "add_tasks", then_kill(add_tasks))
        for _ in SINGLES:
            refit(project, leads)
            kill()
            leads.pages.fill(CELLS)
            kill()
            hand.answer(1)
        leads.pages.fill(CELLS)
        for _ in range(2):
            refit(project, leads)
            kill()
            confirm(leads, project.queue.page(), odd={1})
            leads.pages.fill(CELLS)
            kill()
    assert len(killed) >= 20
    for number, first in enumerate(killed):
        again = open_project(tmp_path / f"killed {number}.clarifier")
        assert [item for item, *_ in asked_first(again)] == [item for item, *_ in first]
        again.store.close()
