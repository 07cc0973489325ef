"""The list of classes as the fold of its changes: added, renamed, merged, with a key, a colour and an example each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from model.datasets.base import ClassFinder, class_key, name_key, tidy_class_name
from model.errors import UserError
from studies.labeling.facts.records import Change, ClassChange

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class ClassError(UserError):
    """A change of classes that cannot be."""


@dataclass(frozen=True)
class ClassInfo:
    """One class. A class that is merged into another stands for it from then on."""

    class_id: int
    name: str
    key: str = ""  # a character that answers with it
    colour: str = ""  # #rrggbb
    example: int | None = None  # an item
    merged_into: int | None = None


@dataclass(frozen=True)
class ClassList:
    """All classes there ever were, by id from 0; immutable."""

    infos: tuple[ClassInfo, ...] = ()
    _find: Callable[[str], int | None] = field(default=ClassFinder(()), compare=False, repr=False)

    @classmethod
    def of(cls, changes: Iterable[ClassChange]) -> ClassList:
        """The list after all of ``changes``; raises :class:`ClassError`."""
        return cls().after(changes)

    def __len__(self) -> int:
        return len(self.infos)

    @property
    def standing(self) -> tuple[ClassInfo, ...]:
        """The classes that are not merged into others, in the order in which they were added."""
        return tuple(info for info in self.infos if info.merged_into is None)

    def resolve(self, class_id: int) -> int:
        """The class that stands for ``class_id`` after all merges."""
        while (into := self.infos[class_id].merged_into) is not None:
            class_id = into
        return class_id

    def name(self, class_id: int) -> str:
        """The name of the class that stands for ``class_id``."""
        return self.infos[self.resolve(class_id)].name

    def id_of(self, name: str) -> int | None:
        """The standing class of that name, or else the only one of other case; ``None`` if there is none."""
        place = self._find(name)
        return None if place is None else self.standing[place].class_id

    def additions(self, names: Iterable[str]) -> tuple[ClassChange, ...]:
        """The changes that add those of ``names`` that are not there; raises :class:`ClassError` for an empty one.

        Of names that differ only in case each is a class of its own, but one alone is the class that is there.
        """
        names = list(names)
        spellings: dict[str, set[str]] = {}
        for name in names:
            spellings.setdefault(class_key(name), set()).add(name_key(name))
        after, changes = self, []
        for name in names:
            found = after.id_of(name)
            alone = len(spellings[class_key(name)]) == 1
            if found is None or not (alone or name_key(after.name(found)) == name_key(name)):
                changes.append(ClassChange(len(after), Change.ADDED, tidy_class_name(name)))
                after = after.apply(changes[-1])
        return tuple(changes)

    def after(self, changes: Iterable[ClassChange]) -> ClassList:
        """The list after some changes; raises :class:`ClassError` where one of them cannot be."""
        classes = self
        for change in changes:
            classes = classes.apply(change)
        return classes

    def apply(self, change: ClassChange) -> ClassList:
        """The list after a change; raises :class:`ClassError` where it cannot be."""
        if change.change is Change.ADDED:
            if change.class_id != len(self):
                raise ClassError(f"The next class has the number {len(self)}, not {change.class_id}.")
            return self._with(ClassInfo(change.class_id, self._free_name(change.value, None)))
        if not 0 <= change.class_id < len(self):
            raise ClassError(f"There is no class with the number {change.class_id}.")
        info = self.infos[change.class_id]
        if change.change is Change.RENAMED:
            return self._with(replace(info, name=self._free_name(change.value, info.class_id)))
        if change.change is Change.MERGED:
            return self._merge(info, _number(change.value))
        if change.change is Change.KEY:
            return self._with(replace(info, key=self._free_character(change.value, info)))
        if change.change is Change.COLOUR:
            if change.value and not _COLOUR.fullmatch(change.value):
                raise ClassError(f'"{change.value}" is not a colour; write it like #3366cc.')
            return self._with(replace(info, colour=change.value))
        return self._with(replace(info, example=_number(change.value) if change.value else None))

    def _with(self, info: ClassInfo) -> ClassList:
        infos = (*self.infos[: info.class_id], info, *self.infos[info.class_id + 1 :])
        return ClassList(infos, ClassFinder(i.name for i in infos if i.merged_into is None))

    def _merge(self, info: ClassInfo, into: int) -> ClassList:
        if into == info.class_id:
            self._free_name(info.name, info.class_id)
            return self._with(replace(info, merged_into=None))
        if not 0 <= into < len(self):
            raise ClassError(f"There is no class with the number {into}.")
        if self.resolve(into) == info.class_id:
            raise ClassError(
                f"{self.infos[into].name} is merged into {info.name} already; separate them first."
            )
        return self._with(replace(info, merged_into=into))

    def _free_name(self, name: str, own: int | None) -> str:
        key = name_key(name)
        if not key:
            raise ClassError("A class needs a name with visible characters; type one.")
        if any(name_key(other.name) == key and other.class_id != own for other in self.standing):
            raise ClassError(f'There is a class "{tidy_class_name(name)}" already; choose another name.')
        return tidy_class_name(name)

    def _free_character(self, key: str, info: ClassInfo) -> str:
        if len(key) > 1 or (key and (not key.isprintable() or key.isspace())):
            raise ClassError("The key of a class is one letter or sign; type one character.")
        for other in self.standing:
            if key and other.key.casefold() == key.casefold() and other.class_id != info.class_id:
                raise ClassError(f'The key "{key}" belongs to {other.name}; choose another.')
        return key


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ClassError(f'"{text}" is not the number of a class or an image.') from None
