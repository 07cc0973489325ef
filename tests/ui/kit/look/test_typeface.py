"""The typeface is the program's own, its figures do not change their width, and figures have it too."""

from __future__ import annotations

from PySide6.QtGui import QFontInfo, QFontMetrics
from PySide6.QtWidgets import QApplication

from studies.charts.typeface import FAMILY, FONT_FILES
from studies.labeling.rounds.figure import accuracy_figure
from ui.kit import theme
from ui.kit.theme import FontRole


def test_every_size_has_the_typeface(qapp: QApplication) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    for role in FontRole:
        assert QFontInfo(theme.font(role)).family() == FAMILY
    assert QFontInfo(theme.font(FontRole.BODY, bold=True)).weight() == 600


def test_figures_are_all_of_one_width(qapp: QApplication) -> None:
    theme.apply(qapp, theme.Theme.LIGHT)
    for bold in (False, True):
        metrics = QFontMetrics(theme.font(FontRole.LARGE, bold))
        assert len({metrics.horizontalAdvance(10 * digit) for digit in "0123456789"}) == 1


def test_other_scripts_are_the_systems(qapp: QApplication) -> None:
    metrics = QFontMetrics(theme.font(FontRole.BODY))
    assert metrics.horizontalAdvance("ж") > 0
    assert metrics.horizontalAdvance("\u68ee") > 0


def test_it_is_small_and_has_its_licence() -> None:
    assert sum(file.stat().st_size for file in FONT_FILES) < 1_000_000
    assert "SIL Open Font License" in FONT_FILES[0].with_name("Inter-LICENSE.txt").read_text(encoding="utf-8")


def test_matplotlib_draws_with_it() -> None:
    axes = accuracy_figure(()).axes[0]
    assert axes.xaxis.label.get_fontfamily()[0] == FAMILY
    assert axes.texts[0].get_fontname() == FAMILY


def test_nothing_of_it_stays_in_matplotlib() -> None:
    from matplotlib import rcParams

    accuracy_figure(())
    assert FAMILY not in rcParams["font.family"]
