"""The palette of a look, and the few rules that a palette does not reach."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QColor, QPalette

from ui.kit.look.tokens import GRID, RADIUS, SMALL_RADIUS, Tokens

# One grey for the arrow of lists that is seen on light and on dark alike.
_ASSETS = (Path(__file__).parent / "assets").as_posix()
_ARROW, _ARROW_UP = f"{_ASSETS}/arrow.svg", f"{_ASSETS}/arrow-up.svg"


def palette(look: Tokens) -> QPalette:
    """Build the Qt palette of a look."""
    greys, strong = look.greys, look.accent
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
        result.setColor(disabled, key, QColor(look.faint))
    result.setColor(disabled, role.Highlight, QColor(greys.grid))
    return result


def style_sheet(look: Tokens) -> str:
    """Return the rules for what a palette does not reach: flat buttons, headers, and a focus that shows."""
    greys, strong = look.greys, look.accent
    tick = f"{_ASSETS}/tick-{'light' if QColor(strong.on_fill).lightness() > 128 else 'dark'}.svg"
    return f"""
    QPushButton {{ background: {greys.raised}; color: {greys.text}; border: 1px solid {look.edge};
        border-radius: {RADIUS}px; padding: 7px 15px; }}
    QPushButton:hover {{ background: {greys.grid}; }}
    QPushButton:pressed {{ background: {greys.line}; color: {greys.base}; }}
    QPushButton:checked {{ border: 2px solid {strong.ink}; padding: 6px 14px; }}
    QPushButton:disabled {{ color: {look.faint}; background: transparent; border-color: {greys.grid}; }}
    QPushButton:focus {{ border: 2px solid {strong.ink}; padding: 6px 14px; outline: 0; }}
    QPushButton[primary="true"]:enabled {{ background: {strong.fill}; color: {strong.on_fill};
        border-color: {strong.fill}; }}
    QPushButton[primary="true"]:pressed {{ background: {greys.text}; color: {greys.base}; }}
    QPushButton[primary="true"]:focus {{ border: 2px solid {greys.text}; padding: 6px 14px; }}
    QFrame[card="true"] {{ background: {greys.base}; border: 1px solid {look.edge}; border-radius: {RADIUS}px; }}
    QLabel[warning="true"] {{ background: {look.warning.tint}; color: {greys.text}; padding: 6px 10px;
        border-left: 4px solid {look.warning.fill}; }}
    QAbstractScrollArea {{ border: 1px solid {greys.grid}; }}
    QAbstractScrollArea:focus {{ border: 2px solid {strong.ink}; }}
    QHeaderView {{ border: none; }}
    QHeaderView::section {{ background: {greys.raised}; color: {greys.text}; border: none;
        border-right: 1px solid {greys.grid}; border-bottom: 1px solid {greys.grid}; padding: 4px 8px; }}
    QTableView {{ gridline-color: {greys.grid}; }}
    QTableView::item {{ padding: 0 8px; }}
    QProgressBar {{ background: {greys.grid}; border: none; border-radius: {SMALL_RADIUS}px;
        min-height: {GRID}px; max-height: {GRID}px; }}
    QProgressBar::chunk {{ background: {strong.fill}; border-radius: {SMALL_RADIUS}px; }}
    QLineEdit, QPlainTextEdit {{ background: {greys.base}; color: {greys.text}; border: 1px solid {greys.line};
        border-radius: {RADIUS}px; padding: 5px 8px; }}
    QLineEdit, QPlainTextEdit {{ placeholder-text-color: {greys.muted}; }}
    QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {strong.ink}; padding: 4px 7px; }}
    QComboBox {{ background: {greys.base}; color: {greys.text}; border: 1px solid {greys.line};
        border-radius: {RADIUS}px; padding: 5px 8px; }}
    QComboBox:focus, QComboBox:on {{ border: 2px solid {strong.ink}; padding: 4px 7px; }}
    QComboBox:disabled, QLineEdit:disabled, QSpinBox:disabled {{ color: {look.faint};
        border-color: {greys.grid}; }}
    QSpinBox {{ background: {greys.base}; color: {greys.text}; border: 1px solid {greys.line};
        border-radius: {RADIUS}px; padding: 5px 8px; }}
    QSpinBox:focus {{ border: 2px solid {strong.ink}; padding: 4px 7px; }}
    QSpinBox QLineEdit, QSpinBox QLineEdit:focus {{ border: none; padding: 0 {GRID}px; background: transparent; }}
    QSpinBox::up-button, QSpinBox::down-button {{ border: none; width: {3 * GRID}px; }}
    QSpinBox::up-arrow {{ image: url("{_ARROW_UP}"); width: 10px; height: 10px; }}
    QSpinBox::down-arrow {{ image: url("{_ARROW}"); width: 10px; height: 10px; }}
    QComboBox::drop-down {{ border: none; width: {3 * GRID}px; }}
    QComboBox::down-arrow {{ image: url("{_ARROW}"); width: 12px; height: 12px; }}
    QComboBox QLineEdit, QComboBox QLineEdit:focus {{ border: none; padding: 0; }}
    QComboBox QAbstractItemView {{ background: {greys.base}; color: {greys.text}; border: 1px solid {greys.line};
        selection-background-color: {strong.fill}; selection-color: {strong.on_fill}; }}
    QMenu {{ background: {greys.base}; color: {greys.text}; border: 1px solid {greys.line}; padding: 4px 0; }}
    QMenu::item {{ padding: 5px 24px 5px 16px; }}
    QMenu::item:selected {{ background: {strong.fill}; color: {strong.on_fill}; }}
    QMenu::item:disabled {{ color: {look.faint}; }}
    QMenu::separator {{ height: 1px; background: {greys.grid}; margin: 4px 0; }}
    QMenuBar {{ background: {greys.window}; color: {greys.text}; padding: 2px {GRID}px; }}
    QMenuBar::item {{ padding: 3px {GRID}px; border-radius: {SMALL_RADIUS}px; }}
    QMenuBar::item:selected {{ background: {greys.grid}; color: {greys.text}; }}
    QCheckBox::indicator:unchecked, QRadioButton::indicator:unchecked {{ background: {greys.base};
        border: 1px solid {greys.line}; border-radius: 2px; width: 12px; height: 12px; }}
    QRadioButton::indicator:unchecked {{ border-radius: 7px; }}
    QCheckBox::indicator:checked {{ background: {strong.fill}; border: 1px solid {strong.fill};
        border-radius: 2px; width: 12px; height: 12px; image: url("{tick}"); }}
    QToolTip {{ background: {greys.base}; color: {greys.text};
        border: 1px solid {greys.line}; padding: 4px; }}
    """
