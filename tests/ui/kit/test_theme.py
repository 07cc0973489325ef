"""The look: contrast, sizes, switching, and buttons that show their keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from studies.charts.palette import DARK_SURFACE, LIGHT_SURFACE, OkabeIto
from tests.ui.on_screen import open_on_screen
from ui.kit import theme
from ui.kit.look.style import palette
from ui.kit.look.tokens import Tokens, tokens

AA_TEXT = 4.5
AA_GRAPHICS = 3.0


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)


LOOKS = [
    (tokens(dark, strong), 7.0 if strong else AA_TEXT) for dark in (False, True) for strong in (False, True)
]
each_look = pytest.mark.parametrize(
    ("look", "least"), LOOKS, ids=["light", "light-strong", "dark", "dark-strong"]
)


@each_look
def test_all_text_reaches_aa(look: Tokens, least: float) -> None:
    """And AAA where high contrast is asked for."""
    greys = look.greys
    for background in (greys.window, greys.base, greys.raised):
        for ink in (greys.text, greys.muted, look.accent.ink, look.warning.ink, look.done.ink):
            assert contrast(ink, background) >= least, (ink, background)
    assert contrast(greys.text, greys.grid) >= least  # a button under the pointer


@each_look
def test_text_on_what_has_a_meaning_reaches_aa(look: Tokens, least: float) -> None:
    for meaning in (look.accent, look.warning, look.done):
        assert contrast(meaning.on_fill, meaning.fill) >= AA_TEXT
        assert contrast(look.greys.text, meaning.tint) >= AA_TEXT
        assert contrast(meaning.ink, meaning.tint) >= AA_TEXT


@each_look
def test_borders_and_focus_reach_aa_for_graphics(look: Tokens, least: float) -> None:
    greys = look.greys
    for background in (greys.window, greys.base):
        assert contrast(greys.line, background) >= AA_GRAPHICS
        assert contrast(look.accent.ink, background) >= AA_GRAPHICS
        assert contrast(look.accent.fill, background) >= AA_GRAPHICS
        assert contrast(look.done.fill, background) >= AA_GRAPHICS


@each_look
def test_every_pair_of_text_and_ground_in_the_palette_reaches_aa(look: Tokens, least: float) -> None:
    made = palette(look)
    role = QPalette.ColorRole
    pairs = [
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.PlaceholderText, role.Base),
        (role.PlaceholderText, role.Window),
        (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight),
        (role.ToolTipText, role.ToolTipBase),
        (role.Link, role.Window),
    ]
    for text, ground in pairs:
        assert contrast(made.color(text).name(), made.color(ground).name()) >= AA_TEXT, (text, ground)


def test_chart_colours_are_okabe_ito() -> None:
    assert set(theme.CHART_COLOURS) <= {colour.value for colour in OkabeIto}
    assert len(set(theme.CHART_COLOURS)) == len(theme.CHART_COLOURS)


def test_a_fixed_theme_switches_palette_and_back(qapp: QApplication) -> None:
    theme.apply(qapp, theme.Theme.DARK)
    assert theme.is_dark()
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK_SURFACE.window)
    theme.apply(qapp, theme.Theme.LIGHT)
    assert not theme.is_dark()
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT_SURFACE.window)
    assert len(qapp.findChildren(theme._Look)) == 1  # applying again does not pile up


class _WantsContrast:
    def contrastPreference(self) -> Qt.ContrastPreference:
        return Qt.ContrastPreference.HighContrast


def test_a_system_that_asks_for_contrast_gets_it(qapp: QApplication, monkeypatch) -> None:
    theme.apply(qapp, theme.Theme.DARK)
    monkeypatch.setattr(qapp.findChildren(theme._Look)[0], "_wishes", _WantsContrast())
    theme.apply(qapp, theme.Theme.DARK)
    assert theme.look() is tokens(True, True)
    monkeypatch.undo()
    theme.apply(qapp, theme.Theme.LIGHT)
    assert theme.look() is tokens(False)


def test_text_sizes(qapp: QApplication) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    body = theme.font(theme.FontRole.BODY).pointSizeF()
    assert body >= 10
    assert theme.font(theme.FontRole.LARGE).pointSizeF() == pytest.approx(2 * body)
    assert (
        theme.font(theme.FontRole.SMALL).pointSizeF() < body < theme.font(theme.FontRole.TITLE).pointSizeF()
    )
    assert len(theme.FontRole) == 4


def test_a_button_tells_its_key_to_eye_and_screen_reader(qapp: QApplication, qtbot) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    with_key = theme.primary_button("Begin", "Enter")
    without = theme.primary_button("Begin")
    qtbot.addWidget(with_key)
    qtbot.addWidget(without)
    assert with_key.accessibleName() == "Begin"
    assert with_key.accessibleDescription() == "Key: Enter"
    assert with_key.sizeHint().width() > without.sizeHint().width()
    with_key.resize(with_key.sizeHint())
    without.resize(with_key.sizeHint())
    assert with_key.grab().toImage() != without.grab().toImage()


def test_focus_shows_however_it_came(qapp: QApplication, qtbot) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    window = QWidget()
    layout = QVBoxLayout(window)
    field, button = QLineEdit(), theme.plain_button("Open", "Ctrl+O")
    layout.addWidget(field)
    layout.addWidget(button)
    open_on_screen(qtbot, window)
    field.setFocus()
    before = button.grab().toImage()
    button.setFocus(Qt.FocusReason.OtherFocusReason)
    assert button.hasFocus()
    assert window.testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    assert button.grab().toImage() != before


def test_labels_show_markup_as_it_is(qapp: QApplication, qtbot) -> None:
    label = theme.hint_label("<b>bold</b>")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == "<b>bold</b>"
