"""Workbooks in and out: the template, imports, failed rows to correct, masked lists."""

from .export import failed_rows_workbook, residents_workbook
from .groups import group_template, read_groups
from .table import RowFault, RowFaults, read_table
from .template import template_workbook
from .upload import later, load_residents, preview

__all__ = [
    "RowFault",
    "RowFaults",
    "failed_rows_workbook",
    "group_template",
    "later",
    "load_residents",
    "preview",
    "read_groups",
    "read_table",
    "residents_workbook",
    "template_workbook",
]
