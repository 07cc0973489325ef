"""How tables are written for the Excel of this machine."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from studies.table_files import PLAIN, TableStyle


def table_style(for_excel: bool) -> TableStyle:
    """The style of an export: for programs, or for Excel with this system's decimal sign."""
    return TableStyle.excel(QLocale.system().decimalPoint()) if for_excel else PLAIN
