"""The workbook of grids and groups: a template that shows what there is, and its rows read back."""

import io
from typing import Final

import xlsxwriter
from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.residents.actions import NewGroup
from yiwang.residents.models import Group

from .table import RowFault, RowFaults, read_table

_MOST: Final = 2000
_NAME, _ABOVE, _KIND, _LEADER = "名称", "上级", "类别", "负责人"
_COLUMNS: Final = (_NAME, _ABOVE, _KIND, _LEADER)


def group_template(place: Division, groups: list[Group]) -> bytes:
    """An XLSX with the columns, the groups there are, and the kinds to choose from."""
    buffer = io.BytesIO()
    names = {one.pk: one.name for one in groups}
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(_("网格和小组"))
        head = book.add_format({"bold": True, "bg_color": "#E4EDF8", "border": 1})
        sheet.write_row(0, 0, _COLUMNS, head)
        sheet.set_column(0, 3, 20)
        for at, one in enumerate(groups, start=1):
            above = names.get(one.parent_id or 0, "")
            cells = [one.name, above, str(one.get_kind_display()), one.leader_name]
            for column, text in enumerate(cells):
                sheet.write_string(at, column, text)
        kinds = [str(label) for label in Group.Kind.labels]
        sheet.data_validation(1, 2, _MOST, 2, {"validate": "list", "source": kinds})
        sheet.freeze_panes(1, 1)
    return buffer.getvalue()


def read_groups(data: bytes, place: Division) -> list[NewGroup]:
    """The rows of a workbook, those above first. Raises Refused for a file that is none, RowFaults
    naming row, column, value and cure."""
    held = set(Group.objects.filter(division=place).current().values_list("name", flat=True))
    rows: list[tuple[int, NewGroup]] = []
    faults: list[RowFault] = []
    for number, said in read_table(data, _COLUMNS, needed=_NAME, most=_MOST):
        faults += _faults_of(number, said, {row.name for _number, row in rows})
        rows.append((number, _row(said)))
    known = held | {row.name for _number, row in rows}
    faults += [
        RowFault(number, _ABOVE, row.above, _("没有这个上级，请先在表里写上它，或改成已有的名称。"))
        for number, row in rows
        if row.above and row.above not in known
    ]
    if not rows:
        raise Refused("empty", _("表里没有一行内容。"), {"file": _("表里没有一行内容。")})
    if faults:
        raise RowFaults(sorted(faults, key=lambda one: one.row))
    return _above_first([row for _number, row in rows], held)


def _faults_of(number: int, said: dict[str, str], before: set[str]) -> list[RowFault]:
    faults = []
    if not said[_NAME]:
        faults.append(RowFault(number, _NAME, "", _("没有填写名称。")))
    elif said[_NAME] in before:
        faults.append(RowFault(number, _NAME, said[_NAME], _("名称在表里重复，请改成不同的名称。")))
    if said[_NAME] and said[_NAME] == said[_ABOVE]:
        faults.append(RowFault(number, _ABOVE, said[_ABOVE], _("上级不能是自己。")))
    if said[_KIND] and said[_KIND] not in _kinds():
        cure = _("只能是 %(choices)s 之一。") % {"choices": "、".join(_kinds())}
        faults.append(RowFault(number, _KIND, said[_KIND], cure))
    return faults


def _kinds() -> dict[str, str]:
    return {str(label): str(value) for value, label in Group.Kind.choices}


def _row(said: dict[str, str]) -> NewGroup:
    kind = _kinds().get(said[_KIND], str(Group.Kind.GRID))
    return NewGroup(said[_NAME][:60], kind, said[_ABOVE][:60], said[_LEADER][:100])


def _above_first(rows: list[NewGroup], held: set[str]) -> list[NewGroup]:
    """In an order in which every row finds the one above it. Raises Refused for a circle."""
    ordered: list[NewGroup] = []
    known = set(held)
    waiting = rows
    while waiting:
        ready = [row for row in waiting if not row.above or row.above in known]
        if not ready:
            names = "、".join(row.name for row in waiting[:5])
            sentence = _("这些行互为上级：%(names)s。") % {"names": names}
            raise Refused("circle", sentence, {"file": sentence})
        ordered += ready
        known |= {row.name for row in ready}
        waiting = [row for row in waiting if row.name not in known]
    return ordered
