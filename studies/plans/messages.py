"""What is wrong with a plan, in sentences that name the key and what is allowed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

_Location = tuple[str | int, ...]
_LONGEST = 60  # characters of a key or a value that a message repeats
_MOST = 20  # mistakes that are told one by one: nobody mends more at a time


def sentences(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """One sentence a mistake; ``model`` describes what each key allows."""
    errors: list[Any] = error.errors()
    # A mistake within a block is also reported of the list of blocks: only the inner one tells something.
    outer = {e["loc"][:depth] for e in errors for depth in range(len(e["loc"]))}
    inner = [e for e in errors if e["loc"] not in outer]
    more = [f"There are {len(inner) - _MOST:,} more mistakes."] if len(inner) > _MOST else []
    return [_sentence(e, model) for e in inner[:_MOST]] + more


def table_key(name: str, index: int) -> str:
    """How messages name one of several tables of a name; people count from 1."""
    return f"[[{name}]] number {index + 1}:"


def hint(name: str, known: Iterable[str]) -> str:
    """A known name that ``name`` may have been meant for, as words to put behind it; or nothing."""
    if len(name) > _LONGEST:
        return ""  # no known name is as long, and the search would take minutes
    close = difflib.get_close_matches(name, list(known), 1)
    return f' (did you mean "{close[0]}"?)' if close else ""


def _sentence(error: Mapping[str, Any], model: type[BaseModel]) -> str:
    location: _Location = error["loc"]
    key = _key(location, model)
    part, allowed = _lookup(location, model)
    if error["type"] == "extra_forbidden":
        name = str(location[-1])
        meant = _belongs(name, model) or hint(name, part.model_fields)
        return f"{key} is not a known key{meant}; allowed here: {', '.join(part.model_fields)}."
    if error["type"] == "missing":
        return f"{key} is missing; it must be {allowed}."
    return f"{key} is {_show_value(error['input'])}; allowed is {allowed}."


def _key(location: _Location, model: type[BaseModel]) -> str:
    if len(location) > 1 and isinstance(location[0], str) and isinstance(location[1], int):
        if location[0] not in _tables(model):
            return f"{location[0]} number {location[1] + 1}"
        return " ".join([table_key(location[0], location[1]), *map(shorten, map(str, location[2:]))]).rstrip(
            ":"
        )
    return shorten(".".join(map(str, location)))


def _lookup(location: _Location, model: type[BaseModel]) -> tuple[type[BaseModel], str]:
    """The part of the plan that holds a key, and what the key allows."""
    part, allowed, before = model, "", ""
    for name in location:
        if isinstance(name, int):
            allowed = f"a [[{before}]] table" if before in _tables(model) else allowed
            continue
        before = name
        field = part.model_fields.get(name)
        if field is None:
            break
        allowed = field.description or f"a table of keys under [{name}]"
        part = dict(_parts(part)).get(name, part)
    return part, allowed


def _parts(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """The tables within a part of the plan: of a list, the one that it repeats."""
    for name, field in model.model_fields.items():
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield name, kind


def _tables(model: type[BaseModel]) -> frozenset[str]:
    """The keys under which tables may be repeated."""
    return frozenset(name for name, _ in _parts(model) if _may_repeat(model, name))


def _may_repeat(model: type[BaseModel], name: str) -> bool:
    return bool(getattr(model.model_fields[name].annotation, "__args__", ()))


def _belongs(name: str, model: type[BaseModel]) -> str:
    """Where a key that stands in the wrong place belongs."""
    if name in model.model_fields:
        return " (it belongs at the top, above the first [table])"
    for table, part in _parts(model):
        if name in part.model_fields:
            return f" (it belongs under {f'[[{table}]]' if _may_repeat(model, table) else f'[{table}]'})"
    return ""


def _show_value(value: object) -> str:
    """A value as a plan's file would have it, on one line and not too long."""
    if isinstance(value, dict):
        return "one table"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else str(value)
    return shorten(text)


def shorten(text: str) -> str:
    """A key or a value as far as a message repeats it."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
