"""What the actions of the labeling page do: remarks, inputs to the project, and looks at the image."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from studies.labeling.facts import inputs as ev
from studies.labeling.facts.records import Verb
from ui.labeling.one_by_one.label_actions import LabelAction
from ui.labeling.one_by_one.label_view import LabelView

REMARKS = {LabelAction.SKIP: Verb.SKIP, LabelAction.NONE: Verb.NONE, LabelAction.SEVERAL: Verb.SEVERAL}
INPUTS = {
    LabelAction.UNDO: ev.Undo,
    LabelAction.BACK: ev.Back,
    LabelAction.FORWARD: ev.Forward,
    LabelAction.FLAG: ev.Flag,
}
LOOKS: Mapping[LabelAction, Callable[[LabelView], None]] = {
    LabelAction.ZOOM_IN: lambda view: view.zoom_by(1),
    LabelAction.ZOOM_OUT: lambda view: view.zoom_by(-1),
    LabelAction.ZOOM_RESET: LabelView.zoom_reset,
    LabelAction.BRIGHTER: lambda view: view.brighten(1),
    LabelAction.DARKER: lambda view: view.brighten(-1),
}


def toggle(widget: QWidget | None) -> None:
    """Show what is hidden, and hide what shows."""
    if widget is not None:
        widget.setVisible(widget.isHidden())
