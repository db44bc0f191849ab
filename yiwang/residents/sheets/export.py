"""Workbooks going out: the failed rows of an import to be corrected, and masked lists."""

import io
from collections.abc import Iterable
from typing import Any, Final

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.residents.models import ImportBatch, Resident
from yiwang.residents.reads import NOTHING, Limits, with_limits
from yiwang.residents.rules.reading import ROW, read_table

FAULTS: Final = "错误与改法"
_WIDTH: Final = 16
_LONGEST_CELL: Final = 32000


def failed_rows_workbook(batch: ImportBatch) -> bytes:
    """Only the rows with faults, as they were, with a column that says what is wrong and the cure.

    Corrected there and uploaded again, the rows already entered are recognised.
    """
    faults: dict[int, list[str]] = {}
    for one in batch.errors:
        sentence = _("%(column)s：%(problem)s%(cure)s") % one
        faults.setdefault(one["row"], []).append(sentence)
    table = read_table(batch.file.content)
    columns = [name for name in table.frame.columns if name != ROW]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(_("居民"))
        head = book.add_format({"bold": True, "bg_color": "#E4EDF8", "border": 1})
        wrong = book.add_format({"font_color": "#B3261E", "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, len(columns) - 1, _WIDTH, text)
        sheet.set_column(len(columns), len(columns), 60, wrong)
        titles = [*(table.titles[code] for code in columns), _(FAULTS)]
        sheet.write_row(0, 0, titles, head)
        at = 1
        for row in table.frame.iter_rows(named=True):
            if row[ROW] in faults:
                _write_texts(sheet, at, [row[code] for code in columns], text)
                sheet.write_string(at, len(columns), "\n".join(faults[row[ROW]]), wrong)
                at += 1
        sheet.freeze_panes(1, 1)
    return buffer.getvalue()


def residents_workbook(people: Iterable[Resident], *, title: str, by: str = "") -> bytes:
    """A masked list as the page shows it: title, unit, date, then the rows.

    `by` is who exports it: named with the time in the sheet and at the foot of every printed page
    (EXP-21).
    """
    headings = [
        _("姓名"), _("性别"), _("年龄"), _("公民身份号码"), _("联系电话"), _("现住址"), _("社区"),
        _("居住状态"), _("户号"),
    ]  # fmt: skip
    today = timezone.localdate()
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(_("居民"))
        bold = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "bg_color": "#E4EDF8", "border": 1})
        sheet.write_string(0, 0, title, bold)
        sheet.write_string(
            1, 0, _("导出日期 %(day)s，单位：人；个人信息已脱敏") % {"day": today.isoformat()}
        )
        mark = f"{by} {timezone.localtime():%Y-%m-%d %H:%M}".strip()
        sheet.write_string(1, 5, mark)
        sheet.set_footer("&C" + mark.replace("&", "&&"))
        sheet.write_row(2, 0, headings, head)
        sheet.set_column(0, 8, _WIDTH)
        sheet.set_column(3, 5, 26)
        rows = with_limits(people)
        for at, person in enumerate(rows, start=3):
            sheet.write_row(at, 0, _cells(person))
        limited = sum(bool(_limits(person)) for person in rows)
        if limited:
            words = _("有 %(people)s 人要求限制使用部分信息（个人信息保护法第四十四条），未列出。")
            sheet.write_string(3 + len(rows), 0, words % {"people": limited})
        sheet.freeze_panes(3, 1)
    return buffer.getvalue()


def _limits(person: Resident) -> Limits:
    found: Limits = getattr(person, "limits", NOTHING)
    return found


def _cells(person: Resident) -> list[str | int]:
    age, limits = person.age(), _limits(person)
    out = _("限制使用")
    return [
        out if limits.on("name") else person.masked_name,
        person.get_sex_display(),
        "" if age is None else age,
        out if limits.on("identity_number") else person.masked_identity,
        out if limits.on("phone") else person.masked_phone,
        out if limits.on("home_address") else person.masked_address,
        person.division.name,
        person.get_standing_display(),
        person.household.number if person.household else "",
    ]


def _write_texts(sheet: Any, row: int, values: list[str], text: Any) -> None:
    for at, value in enumerate(values):
        sheet.write_string(row, at, value[:_LONGEST_CELL], text)
