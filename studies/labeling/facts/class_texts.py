"""What a network that reads texts is told of each class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

PLACE = "{}"
"""Where a class's name stands in the template."""

_MOST = 200  # characters; the networks read 64 or 77 pieces of words


def _holds_place(template: str) -> str:
    if PLACE not in template:
        raise ValueError(f"it must hold {PLACE}, where the class's name stands, as in: a photo of a {PLACE}")
    return template


Text = Annotated[str, Field(min_length=1, max_length=_MOST)]


class ClassTexts(BaseModel):
    """A template for all classes, and texts of one's own for some."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    use: bool = True  # where the network reads texts
    template: Annotated[Text, AfterValidator(_holds_place)] = f"a photo of a {PLACE}"
    own: Mapping[int, Text] = {}  # by class id, in place of the template with the name

    def of(self, class_id: int, name: str) -> str:
        """The text of a class of a name. Underscores, as names of folders have them, are read as spaces."""
        return self.own.get(class_id) or self.template.replace(PLACE, name.replace("_", " ").strip())

    def with_own(self, class_id: int, text: str) -> ClassTexts:
        """The same with another text for a class; without words it is the template again."""
        rest = {other: own for other, own in self.own.items() if other != class_id}
        own = {**rest, class_id: text} if text else rest
        return ClassTexts(use=self.use, template=self.template, own=own)
