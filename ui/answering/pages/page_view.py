"""A page of many images, marked and confirmed by key and mouse."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from studies.answers import Device, Touch
from ui.answering.pages.cell_codes import typed_code
from ui.answering.pages.page_cursor import Change
from ui.answering.pages.page_images import LoadImage
from ui.answering.pages.page_keys import PAGE_KEYS, PageAction
from ui.answering.pages.timed_view import TimedView
from ui.answering.stamps import Stamp
from ui.kit.keys import KeyTable
from ui.kit.places import digit_of, is_command, meant_key

_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class PageView(TimedView):
    """Takes the keys of ``PAGE_KEYS``, letters of cells, clicks and drags; other keys go on to the page around it."""

    def __init__(self, load: LoadImage, parent: QWidget | None = None) -> None:
        super().__init__(load, parent)
        self._drag: tuple[QPoint, bool] | None = None  # where it is, and whether it marks
        self._pointed_last = False  # the pointer moved after the cursor
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Page of images")

    def key_tables(self) -> tuple[KeyTable[PageAction]]:
        """The keys that hold here."""
        return (PAGE_KEYS,)

    def end_page(self) -> None:
        """Nothing on screen counts any more."""
        super().end_page()
        self._drag, self.typed = None, ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Mark, move, enlarge or confirm."""
        stamp = self.inputs.stamp(event)
        fresh = self.inputs.held.is_fresh(event.key(), event.timestamp(), event.isAutoRepeat())
        entry = PAGE_KEYS.find(event)
        typed, self.typed = self.typed, ""
        if not self.cells:
            event.ignore()
        elif typed and event.key() == Qt.Key.Key_Escape:
            pass  # what was typed is taken back, and no more
        elif entry is None:
            if is_command(event) or not self._type(typed, event, stamp, fresh):
                event.ignore()
        elif entry[0].action is PageAction.ENLARGE:
            self._enlarge(fresh)
        elif fresh or entry[0].repeats:
            self._act(entry[0].action, event.key(), stamp)
        if self.typed != typed:
            self.update()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A release ends the closer look, and teaches the clock and what is held."""
        self.inputs.release(event)
        if PAGE_KEYS.action_of(meant_key(event)) is PageAction.ENLARGE and not event.isAutoRepeat():
            self.let_go_soon()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark the cell that is pressed, or take its mark back; with Shift all up to it."""
        stamp, index = self.inputs.stamp(event), self.cell_at(event.position())
        self._pointed_last = True
        if event.button() is not Qt.MouseButton.LeftButton or index is None or self.enlarged:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.apply(self.page_cursor.extend(index, self.marked), stamp)
        else:
            change = self.page_cursor.toggle(index, self.marked)
            self._drag = event.position().toPoint(), change.marked
            self.apply((change,), stamp)
        self.draw_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click is one mark: its second half is no press of its own."""
        self.inputs.stamp(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A drag does with every cell on its way what it did with the first."""
        stamp, here = self.inputs.stamp(event), event.position().toPoint()
        self.pointer, self._pointed_last = self.cell_at(here), True
        if self._drag is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        before, marked = self._drag
        self._drag = here, marked
        passed = self.layout_of_cells.between((before.x(), before.y()), (here.x(), here.y()))
        cells = tuple(cell for cell in passed if (cell in self.marked) is not marked)
        if cells:
            self.page_cursor.go(cells[-1])
            self.apply((Change(cells, marked),), stamp)
            self.draw_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag ends."""
        self.inputs.stamp(event)
        self._drag = None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be marked from the cell on."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        index = self.cell_at(event.pos()) if by_mouse else self.page_cursor.at
        if index is None or not self.cells:
            return
        self._go(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        hint = PAGE_KEYS[PageAction.TO_END].hint
        menu.addAction(f"All from here to the end are odd\t{hint}", partial(self._choose_to_end, True))
        menu.addAction("Take the marks back from here to the end", partial(self._choose_to_end, False))
        menu.popup(event.globalPos() if by_mouse else self.mapToGlobal(self.image_place(index).center()))

    def _act(self, action: PageAction, key: int, stamp: Stamp) -> None:
        cursor = self.page_cursor
        if action is PageAction.CONFIRM:
            self.confirm(stamp, Device.KEYBOARD)
        elif action is PageAction.MARK:
            self._toggle(cursor.at, stamp)
        elif action is PageAction.MOVE:
            if self._go(self._target(key)):
                self.note(Touch(stamp.at_ns))
        elif action is PageAction.RANGE:
            self._pointed_last = False
            self.apply(cursor.extend(self._target(key), self.marked), stamp)
            self.draw_cursor()
        elif action is PageAction.TO_END:
            rest = set(range(cursor.at, len(self.cells))) - self.silent
            self._to_end(not rest <= self.marked, stamp)

    def _type(self, typed: str, event: QKeyEvent, stamp: Stamp, fresh: bool) -> bool:
        """Take a letter or digit of a cell's code; whether it is one."""
        key = meant_key(event)
        is_letter = Qt.Key.Key_A <= key <= Qt.Key.Key_Z
        code = typed_code(self.codes, typed, chr(key).lower() if is_letter else digit_of(event))
        if code is None:
            return False
        if not fresh:
            self.typed = typed
        elif code in self.codes:
            self._toggle(self.codes.index(code), stamp)
        else:
            self.typed = code
        return True

    def _toggle(self, index: int, stamp: Stamp) -> None:
        self._pointed_last = False
        self.apply((self.page_cursor.toggle(index, self.marked),), stamp)
        self.draw_cursor()

    def _go(self, index: int) -> bool:
        moved = self.page_cursor.go(index)
        self._pointed_last = False
        if moved:
            self.draw_cursor()
        return moved

    def _target(self, key: int) -> int:
        """Where a key leads the cursor."""
        at, columns = self.page_cursor.at, self.layout_of_cells.columns
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return 0 if key == Qt.Key.Key_Home else len(self.cells) - 1
        across, down = _STEPS[Qt.Key(key)]
        return at + across + down * columns

    def _enlarge(self, fresh: bool) -> None:
        """Show the cell under the pointer, or under the cursor, as long as the key is held."""
        if not fresh or self.enlarged:
            self.keep_enlarged()
            return
        if self._pointed_last and self.pointer is not None and self.underMouse():
            self._go(self.pointer)
        self.enlarge()

    def _choose_to_end(self, marked: bool) -> None:
        self._to_end(marked, self.inputs.clock.stamp(0, self.now_ns()))

    def _to_end(self, marked: bool, stamp: Stamp) -> None:
        rest = range(self.page_cursor.at, len(self.cells))
        cells = tuple(cell for cell in rest if (cell in self.marked) is not marked)
        self.apply((Change(cells, marked),), stamp)
