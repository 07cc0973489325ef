"""The light and the dark palette, and the few rules that a palette does not reach."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

from studies.charts.palette import surface


@dataclass(frozen=True)
class Accent:
    """The one accent colour: as a fill with text on it, and as text or line on the window."""

    fill: str
    on_fill: str
    ink: str


LIGHT_ACCENT = Accent(fill="#005F99", on_fill="#FFFFFF", ink="#005F99")
DARK_ACCENT = Accent(fill="#6ABDF0", on_fill="#0B1116", ink="#6ABDF0")


def accent(dark: bool) -> Accent:
    """Return the accent colour of the dark or of the light look."""
    return DARK_ACCENT if dark else LIGHT_ACCENT


def palette(dark: bool) -> QPalette:
    """Build the Qt palette of the dark or of the light look."""
    greys, strong = surface(dark), accent(dark)
    role = QPalette.ColorRole
    colours = {
        role.Window: greys.window,
        role.WindowText: greys.text,
        role.Base: greys.base,
        role.AlternateBase: greys.window,
        role.Text: greys.text,
        role.PlaceholderText: greys.muted,
        role.Button: greys.raised,
        role.ButtonText: greys.text,
        role.BrightText: greys.text,
        role.ToolTipBase: greys.base,
        role.ToolTipText: greys.text,
        role.Highlight: strong.fill,
        role.HighlightedText: strong.on_fill,
        role.Accent: strong.fill,
        role.Link: strong.ink,
        role.LinkVisited: strong.ink,
        role.Light: greys.base,
        role.Midlight: greys.grid,
        role.Mid: greys.line,
        role.Dark: greys.line,
        role.Shadow: greys.text,
    }
    result = QPalette()
    for key, colour in colours.items():
        result.setColor(key, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for key in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(disabled, key, QColor(greys.line))
    result.setColor(disabled, role.Highlight, QColor(greys.grid))
    return result


def style_sheet(dark: bool) -> str:
    """Return the rules for what a palette does not reach: flat buttons, headers, and a focus that shows."""
    greys, strong = surface(dark), accent(dark)
    return f"""
    QPushButton {{ background: {greys.raised}; color: {greys.text}; border: 1px solid {greys.line};
        border-radius: 4px; padding: 7px 15px; }}
    QPushButton:hover {{ background: {greys.grid}; }}
    QPushButton:pressed {{ background: {greys.line}; color: {greys.base}; }}
    QPushButton:checked {{ border: 2px solid {strong.ink}; padding: 6px 14px; }}
    QPushButton:disabled {{ color: {greys.line}; background: transparent; border-color: {greys.grid}; }}
    QPushButton:focus {{ border: 2px solid {strong.ink}; padding: 6px 14px; outline: 0; }}
    QPushButton[primary="true"]:enabled {{ background: {strong.fill}; color: {strong.on_fill};
        border-color: {strong.fill}; }}
    QPushButton[primary="true"]:focus {{ border: 2px solid {greys.text}; padding: 6px 14px; }}
    QAbstractScrollArea {{ border: 1px solid {greys.grid}; }}
    QAbstractScrollArea:focus {{ border: 2px solid {strong.ink}; }}
    QHeaderView {{ border: none; }}
    QHeaderView::section {{ background: {greys.raised}; color: {greys.text}; border: none;
        border-right: 1px solid {greys.grid}; border-bottom: 1px solid {greys.grid}; padding: 4px 8px; }}
    QTableView {{ gridline-color: {greys.grid}; }}
    QTableView::item {{ padding: 0 8px; }}
    QProgressBar {{ background: {greys.raised}; border: 1px solid {greys.line}; border-radius: 4px;
        min-height: 6px; max-height: 6px; }}
    QProgressBar::chunk {{ background: {strong.fill}; border-radius: 3px; }}
    QLineEdit {{ background: {greys.base}; color: {greys.text}; border: 1px solid {greys.line};
        border-radius: 4px; padding: 4px 7px; }}
    QLineEdit {{ placeholder-text-color: {greys.muted}; }}
    QLineEdit:focus {{ border: 2px solid {strong.ink}; padding: 3px 6px; }}
    QCheckBox::indicator:unchecked, QRadioButton::indicator:unchecked {{ background: {greys.base};
        border: 1px solid {greys.line}; border-radius: 2px; width: 12px; height: 12px; }}
    QRadioButton::indicator:unchecked {{ border-radius: 7px; }}
    QToolTip {{ background: {greys.base}; color: {greys.text};
        border: 1px solid {greys.line}; padding: 4px; }}
    """
