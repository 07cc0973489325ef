"""What stands beside and above the image that is asked about, made of the open project, as values."""

from __future__ import annotations

from collections.abc import Iterable

from studies.labeling.doubts.second_look import SecondLook
from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Purpose, Task
from studies.labeling.paging.page_offers import PageOffer
from studies.labeling.project.project import Project
from studies.labeling.project.summary import summarize
from studies.labeling.rounds.conductor import Conductor
from studies.numerals import counted, duration_text
from ui.answering.answer_keys import KEYBOARD_KEYS, KeyboardAction
from ui.labeling.one_by_one.label_actions import LABEL_KEYS, PAUSED_KEYS, LabelAction, PausedAction
from ui.labeling.one_by_one.label_card import Card, End, LabelStatus

_ENTER = KEYBOARD_KEYS[KeyboardAction.ACCEPT].hint
_GRID, _EXPORT, _SETTINGS, _FINISH = (
    LABEL_KEYS[action].hint
    for action in (LabelAction.GRID, LabelAction.EXPORT, LabelAction.SETTINGS, LabelAction.FINISH)
)
_CONTINUE = PAUSED_KEYS[PausedAction.CONTINUE].hint


def card_of(project: Project, recent: Iterable[int], confusable: Iterable[int]) -> Card:
    """The card of the image on the desk; there must be one.

    ``recent`` are the classes answered last, ``confusable`` those that the suggested class is confused with.
    """
    desk, classes = project.desk, project.classes
    item = desk.item
    assert item is not None  # a card is of an image
    if desk.review is not None:
        return Card(
            caption=f"Your label   ({_ENTER}: keep)",
            suggestion=project.label_of(item),
            recent=tuple(recent),
            flagged=bool(project.ledger.flagged[item]),
            history=f"{desk.review.depth} back",
        )
    task = desk.task
    assert task is not None  # nothing else is on the desk
    suggestion = suggested_class(project)
    return Card(
        caption=_caption(task),
        suggestion=suggestion,
        top=tuple(dict.fromkeys(classes.resolve(likely.class_id) for likely in task.top)),
        recent=tuple(recent),
        confusable=() if suggestion is None else tuple(confusable),
        flagged=bool(project.ledger.flagged[item]),
        tier=(task.tier or "") if project.settings.show_tier else "",
    )


def suggested_class(project: Project) -> int | None:
    """The class that the task on the desk suggests, after merges."""
    task = project.desk.task
    return None if task is None or task.suggestion is None else project.classes.resolve(task.suggestion)


def name_decision(project: Project, event: ev.Input) -> str:
    """What a decision about the image says; empty of an input that decides nothing."""
    if isinstance(event, ev.Answer):
        return project.classes.name(event.class_id)
    return event.verb.meaning.remark if isinstance(event, ev.Remark) else ""


def what_undo_takes(project: Project) -> tuple[int, str]:
    """How many images the coming undo is about, and what it takes back of the first."""
    action = project.ledger.can_undo()
    if action is None:
        return 0, ""
    facts = project.ledger.undoing(action)
    named = [project.classes.name(fact.class_id) for fact in facts if fact.class_id is not None]
    first = facts[0].verb
    return len(facts), named[0] if named else first.meaning.remark or first.value


def status_of(
    project: Project, conductor: Conductor, learner: str, offer: PageOffer | None = None
) -> LabelStatus:
    """The lines above the image; ``learner`` says what the program does meanwhile, where pages are no ``offer``."""
    learner = learner or ("" if offer is None else _tell(offer))
    if not project.round and project.ledger.progress().left == 0:
        return LabelStatus("Nothing is left to label", learner)
    if not project.round:
        now = conductor.standing()
        # Without those that are held out.
        examples = f"First labels to learn from: {now.with_example:,} of {now.classes:,} classes"
        return LabelStatus(examples, learner)
    waiting = project.queue.images_of_round
    of_round = f"{waiting:,} to go" if waiting else _beside_round(project)
    return LabelStatus(f"Round {project.round}: {of_round}", learner)


def waiting_text(project: Project, learner: str) -> str:
    """What the page says while there is nothing to label."""
    progress = project.ledger.progress()
    if progress.left == 0:
        return f"Nothing is left. {progress.sentence()} {_EXPORT} saves them; {_GRID} shows them by class."
    return f"There is nothing to label until the next round is ready. {learner}" if learner else "One moment."


def page_waits(project: Project) -> str:
    """What the page says while a page of many images waits that the person has left."""
    page = project.queue.page()
    images = counted(len(page), "image")
    if page[0].purpose is Purpose.CLUSTER:
        return (
            f"A page of {images} that look alike waits: name what they show.   {_CONTINUE}: show it   "
            f"{_SETTINGS}: first labels one by one"
        )
    return (
        f"A page of {images} waits: for you that is quicker than one by one.   {_CONTINUE}: show it   "
        f"{_SETTINGS}: ask without pages"
    )


def end_of(project: Project, second_look: SecondLook) -> End | None:
    """What is said when nothing is left to label; ``None`` while something is."""
    ledger = project.ledger
    progress, last = ledger.progress(), ledger.can_undo()
    if progress.left:
        return None
    title = "Nothing is left to label." if progress.without_label else "Every image has a label."
    facts = [] if last is None else ledger.undoing(last)
    if facts and len(facts) == progress.by_person and facts[0].purpose is Purpose.IMPORT:
        words = (
            "The labels came with the images. Go through them class by class to find wrong ones, or start again "
            "without them and label the images with suggestions."
        )
        return End(title, words, True, bool(project.models))
    last_words = "Go through the labels class by class to find wrong ones, or save them."
    said = (progress.sentence(), *summarize(project), second_look.told(), last_words)
    offer = second_look.offer()
    words = "\n\n".join(sentence for sentence in said if sentence)
    return End(title, words, False, bool(project.models), "" if offer is None else offer.sentence())


def name_round(project: Project, conductor: Conductor) -> str:
    """What a new round brought beside its queue; empty where nothing."""
    labeled, withdrawn = project.ledger.auto_count, conductor.withdrawn
    said = [f"the program labeled {counted(labeled, 'image')}, {_GRID} shows all"] if labeled else []
    if withdrawn:
        said.append(f"{counted(withdrawn, 'label')} of the program could not be certified again")
    if conductor.finish.offer is not None:
        said.append(f"the program can label the rest, {_FINISH} says how well")
    return f"Round {project.round}: {'; '.join(said)}." if said else ""


def _tell(offer: PageOffer) -> str:
    """That many images at once would be quicker, and how much."""
    images = counted(offer.images, "image")
    return f"Pages are quicker for {images}: about {duration_text(offer.saves_s)} less ({_GRID})"


def _beside_round(project: Project) -> str:
    """Why the image on the desk is asked about when the round's queue is used up."""
    task = project.desk.task
    if task is None:
        return "done"
    return "held-out sample" if task.purpose is Purpose.AUDIT else "ahead of the next round"


def _caption(task: Task) -> str:
    if task.suggestion is not None:
        return f"Suggested   ({_ENTER}: accept)"
    return "Marked as odd" if task.purpose is Purpose.RETURNED else "No suggestion"
