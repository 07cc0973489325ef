"""How the program looks: light or dark, text sizes, the 8 px grid, labels and buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleFactory,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from studies.charts.palette import OkabeIto
from ui.kit.look.message_label import MessageLabel
from ui.kit.look.style import palette, style_sheet
from ui.kit.look.tokens import GRID as GRID
from ui.kit.look.tokens import SMALL_RADIUS, Tokens, tokens
from ui.kit.look.tokens import FontRole as FontRole
from ui.kit.look.typeface import body_font, points
from ui.preferences import (
    Theme as Theme,  # said with its functions: theme.apply(application, theme.Theme.DARK)
)

CHART_COLOURS: tuple[str, ...] = (
    OkabeIto.BLUE.value,
    OkabeIto.ORANGE.value,
    OkabeIto.GREEN.value,
    OkabeIto.VERMILLION.value,
    OkabeIto.SKY_BLUE.value,
    OkabeIto.PURPLE.value,
)


class _Look(QObject):
    """Keeps the application in its theme while the system's scheme and the focus change."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("clarifier-look")
        self._app = app
        self._theme = Theme.SYSTEM
        hints = self._hints = QGuiApplication.styleHints()
        self._wishes = hints.accessibility()  # kept: PySide forgets it otherwise
        hints.colorSchemeChanged.connect(self._scheme_changed)
        self._wishes.contrastPreferenceChanged.connect(self._scheme_changed)
        app.focusChanged.connect(self._focus_changed)

    def set_theme(self, theme: Theme) -> None:
        """Switch to ``theme`` and draw everything anew."""
        self._theme = theme
        hints = self._hints
        # Makes title bars and the system's own dialogs follow where the platform can.
        if theme is Theme.SYSTEM:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if theme is Theme.DARK else Qt.ColorScheme.Light)
        self._draw()

    def _scheme_changed(self, _now: object) -> None:
        self._draw()

    def _draw(self) -> None:
        dark = self._theme is Theme.DARK or (
            self._theme is Theme.SYSTEM and self._hints.colorScheme() is Qt.ColorScheme.Dark
        )
        strong = self._wishes.contrastPreference() is Qt.ContrastPreference.HighContrast
        look = tokens(dark, strong)
        self._app.setPalette(palette(look))
        self._app.setStyleSheet(style_sheet(look))

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        # Fusion draws the focus only after a Tab; here it shows however the focus came.
        if new is not None:
            new.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange, True)
            new.update()


def apply(app: QApplication, theme: Theme = Theme.SYSTEM) -> None:
    """Give ``app`` the program's look; calling it again switches the theme."""
    look = app.findChild(_Look, "clarifier-look", Qt.FindChildOption.FindDirectChildrenOnly)
    if look is None:
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(body_font(app.font()))
        look = _Look(app)
    look.set_theme(theme)


def is_dark() -> bool:
    """Whether the application is drawn dark at this moment."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def look() -> Tokens:
    """The colours at this moment."""
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    strong = tokens(is_dark(), True)
    return strong if window == QColor(strong.greys.window) else tokens(is_dark())


def font(role: FontRole, bold: bool = False) -> QFont:
    """Return the application's font in the size of ``role``."""
    result = QFont(QGuiApplication.font())
    result.setPointSizeF(points(result) * role.value)
    result.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return result


def title_label(text: str) -> QLabel:
    """Make a page's title."""
    label = _plain_label(text)
    label.setFont(font(FontRole.TITLE, bold=True))
    return label


def section_label(text: str) -> QLabel:
    """Make the heading of a part of a page, in the body's size."""
    label = _plain_label(text)
    label.setFont(font(FontRole.BODY, bold=True))
    return label


def large_label(text: str) -> QLabel:
    """Make the one line of a page that is read from afar."""
    label = _plain_label(text)
    label.setFont(font(FontRole.LARGE, bold=True))
    return label


def body_label(text: str) -> QLabel:
    """Make a paragraph."""
    label = _plain_label(text)
    label.setWordWrap(True)
    return label


def hint_label(text: str) -> QLabel:
    """Make a quiet line of explanation that wraps."""
    label = _plain_label(text)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setWordWrap(True)
    return label


def message_label() -> QLabel:
    """Make a line for what went wrong and what to do; empty at first."""
    label = MessageLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _plain_label(text: str) -> QLabel:
    label = QLabel()
    # Texts come from plans and files: never read as markup.
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    return label


_LEAST_WORDS = 80  # px: in less room no cut text is of use


class KeyButton(QPushButton):
    """A button that shows its key beside its text; binding the key is the page's work.

    One that ``folds`` cuts its text where there is little room, down to the key alone; its tool tip says the rest.
    """

    folds = False

    def __init__(self, text: str, key_hint: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.key_hint = key_hint
        self.setAccessibleName(text)
        self.setAccessibleDescription(f"Key: {key_hint}" if key_hint else "")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def setText(self, text: str) -> None:
        """Show ``text``, which is its name for those who do not see it too."""
        super().setText(text)
        self.setAccessibleName(text)

    def set_primary(self, primary: bool) -> None:
        """Be the page's one main button, or no longer."""
        self.setProperty("primary", primary)
        self.style().polish(self)

    def sizeHint(self) -> QSize:
        """Return the button's size with room for the key."""
        hint = super().sizeHint()
        return QSize(hint.width() + self._key_width(), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Return the same size, or without the text: the key is never cut off."""
        hint = self.sizeHint()
        if not self.folds or not self.key_hint:
            return hint
        return QSize(hint.width() - self.fontMetrics().horizontalAdvance(self.text()) - GRID, hint.height())

    def let_fold(self) -> None:
        """Take less room than the text needs, where there is little."""
        self.folds = True
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def changeEvent(self, event: QEvent) -> None:
        """Lay out anew when the font changes."""
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the button by its style, then its text and its key."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""  # drawn below, beside the key
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        colour = self._text_colour()
        painter.setPen(colour)
        text = self._visible_text()
        text_width = self.fontMetrics().horizontalAdvance(text)
        key_width = self._key_width() if text else self._key_width() - GRID
        left = (self.width() - text_width - key_width) // 2
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        text_box = QRect(left, 0, text_width + 1, self.height())
        key_box = QRect(left + key_width + text_width - self._key_width() + GRID, 0, 0, self.height())
        key_box.setWidth(self._key_width() - GRID)
        if mirrored:
            text_box.moveRight(self.width() - 1 - left)
            key_box.moveLeft(left)
        painter.drawText(text_box, Qt.AlignmentFlag.AlignCenter, text)
        if self.key_hint:
            self.paint_key(painter, key_box, colour)

    def _visible_text(self) -> str:
        missing = self.sizeHint().width() - self.width()
        if not self.folds or missing <= 0:
            return self.text()
        metrics = self.fontMetrics()
        room = metrics.horizontalAdvance(self.text()) - missing
        return (
            metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room) if room >= _LEAST_WORDS else ""
        )

    def paint_key(self, painter: QPainter, box: QRect, colour: QColor) -> None:
        """Paint the key in a box; one without a top is in the middle."""
        small = font(FontRole.SMALL)
        height = QFontMetrics(small).height() + 2
        top = box.top() or (self.height() - height) // 2
        cap = QRect(box.left(), top, box.width() - 1, height)
        outline = QColor(colour)
        outline.setAlphaF(0.45)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(outline, 1))
        painter.drawRoundedRect(cap, SMALL_RADIUS, SMALL_RADIUS)
        painter.setPen(colour)
        painter.setFont(small)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.key_hint)

    def _key_width(self) -> int:
        if not self.key_hint:
            return 0
        return GRID + QFontMetrics(font(FontRole.SMALL)).horizontalAdvance(self.key_hint) + GRID + 4

    def _text_colour(self) -> QColor:
        colours = look()
        if not self.isEnabled():
            return QColor(colours.faint)
        if self.isDown():
            return QColor(colours.greys.base)
        return QColor(colours.accent.on_fill if self.property("primary") else colours.greys.text)


def primary_button(text: str, key_hint: str = "") -> KeyButton:
    """Make the page's one main button."""
    button = KeyButton(text, key_hint)
    button.setProperty("primary", True)
    return button


def plain_button(text: str, key_hint: str = "") -> KeyButton:
    """Make any other button."""
    return KeyButton(text, key_hint)
