"""What happens on pages of the queue, for the machine that holds a project against simple lists."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from studies.labeling.facts.records import Purpose, Task, Verb
from studies.labeling.project.project import Project
from studies.labeling.rounds.conductor import Conductor
from studies.labeling.state.desk import Phase
from studies.labeling.state.queue import CARRIED
from tests.studies.labeling.sample import NAMES, timing

CLASS = st.integers(0, len(NAMES) - 1)


class PageRules(RuleBasedStateMachine):
    """Pages of a class and pages without one: they are made, answered, and kept in the plain list."""

    project: Project
    leads: Conductor
    done: list[list[tuple[int, Verb, int | None]]]

    @precondition(lambda self: self.project.round > 0)
    @rule(count=st.integers(1, 5), class_id=CLASS, carried_over=st.booleans())
    def plan_a_page(self, count, class_id, carried_over):
        project = self.project
        rejected = project.ledger.rejections.items_of(
            project.classes.resolve(class_id), project.classes.resolve
        )
        free = [i for i in np.flatnonzero(project.pool().free).tolist() if i not in rejected][:count]
        number = project.store.next_page()
        # Pages are carried over before a round makes others.
        carried_over &= all(task.strategy == CARRIED for task in project.queue if task.page is not None)
        project.add_tasks(
            [
                Task(
                    project.tasks_made + i,
                    project.round,
                    item,
                    Purpose.PAGE,
                    strategy=CARRIED if carried_over else "page",
                    suggestion=class_id,
                    page=number,
                )
                for i, item in enumerate(free)
            ]
        )

    @precondition(lambda self: self.project.round == 0)
    @rule(count=st.integers(1, 5))
    def ask_about_a_cluster(self, count):
        project = self.project
        free = np.flatnonzero(project.pool().free)[:count].tolist()
        number = project.store.next_page()
        project.add_tasks(
            [
                Task(project.tasks_made + i, 0, item, Purpose.CLUSTER, page=number)
                for i, item in enumerate(free)
            ]
        )

    @precondition(lambda self: self.on_a_page() and self.project.queue.page()[0].purpose is Purpose.CLUSTER)
    @rule(odd=st.sets(st.integers(0, 4), max_size=3), name=st.sampled_from([*NAMES, "elk", None]))
    def name_a_cluster(self, odd, name):
        page = self.project.queue.page()
        if name is None:
            self.leads.pages.refuse(page, set(), timing(len(page)))
            self.done.append([(t.item, Verb.RELEASE, None) for t in page])
            return
        marked = {task.task_id for i, task in enumerate(page) if i in odd}
        self.leads.pages.name(page, marked, set(), name, timing(len(page)))
        class_id = self.project.classes.id_of(name)
        self.done.append(
            [
                (t.item, Verb.RELEASE, None) if i in odd else (t.item, Verb.LABEL, class_id)
                for i, t in enumerate(page)
            ]
        )

    @invariant()
    def the_page_on_the_desk_comes_first(self):
        if hasattr(self, "project") and self.on_a_page():
            assert self.project.queue.page()[0].page == self.project.desk.page

    def on_a_page(self):
        return self.project.desk.phase is Phase.PAGE

    @precondition(
        lambda self: self.on_a_page() and self.project.queue.page()[0].purpose is not Purpose.CLUSTER
    )
    @rule(odd=st.sets(st.integers(0, 4)), unread=st.sets(st.integers(0, 4), max_size=1))
    def confirm_a_page(self, odd, unread):
        page = self.project.queue.page()
        assert page
        marked, unseen = (
            {task.task_id for i, task in enumerate(page) if i in of} for of in (odd - unread, unread)
        )
        self.leads.pages.confirm(page, marked, unseen, timing(len(page)))
        said = [
            (t.item, Verb.RELEASE, None) if i in odd else (t.item, Verb.LABEL, t.suggestion)
            for i, t in enumerate(page)
            if i not in unread
        ]
        if said:
            self.done.append(said)
