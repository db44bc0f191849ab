"""The workbook people fill in: headings, drop-down lists, and a sheet that explains it."""

import io
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _

from yiwang.divisions.models import Division, Level
from yiwang.residents.models import Relation, Standing, all_fields

COLUMNS: Final = (
    "name", "identity_number", "sex", "born_on", "phone", "home_address", "standing", "household",
    "relation", "ethnicity", "marital_status", "education_level", "employment_status", "employer",
    "living_situation", "emergency_contact", "emergency_phone", "domicile_address",
)  # fmt: skip
_TEXTS: Final = {"identity_number", "phone", "born_on", "household", "emergency_phone"}
_WIDTHS: Final = {"identity_number": 22, "home_address": 32, "domicile_address": 32, "employer": 24}
_LAST_ROW: Final = 20000


def title_of(code: str) -> str:
    """The heading of a column in the reader's language."""
    titles = {
        "community": _("社区"),
        "standing": _("居住状态"),
        "household": _("户号"),
        "relation": _("与户主关系"),
    }
    return titles.get(code) or all_fields()[code].label


def template_workbook(division: Division) -> bytes:
    """An XLSX for the residents of a division; above a community it has a column for it."""
    columns = list(COLUMNS)
    if division.level != Level.COMMUNITY:
        columns.insert(0, "community")
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        _data_sheet(book, columns)
        _notes_sheet(book, columns, division)
    return buffer.getvalue()


def _data_sheet(book: Any, columns: list[str]) -> None:
    sheet = book.add_worksheet(_("居民"))
    head = book.add_format({"bold": True, "bg_color": "#E4EDF8", "border": 1})
    must = book.add_format(
        {"bold": True, "bg_color": "#1C478C", "font_color": "#FFFFFF", "border": 1}
    )
    text = book.add_format({"num_format": "@"})
    for at, code in enumerate(columns):
        needed = code in ("name", "community")
        title = title_of(code) + (_("（必填）") if needed else "")
        # Text format keeps the 18 digits of an identity number whole.
        sheet.set_column(at, at, _WIDTHS.get(code, 14), text if code in _TEXTS else None)
        sheet.write(0, at, title, must if needed else head)
        offered = _offered(code)
        if offered:
            sheet.data_validation(1, at, _LAST_ROW, at, {"validate": "list", "source": offered})
    sheet.freeze_panes(1, columns.index("name") + 1)


def _offered(code: str) -> list[str]:
    """The answers a column offers; lists longer than a spreadsheet's limit are typed."""
    if code == "standing":
        return [str(label) for label in Standing.labels]
    if code == "relation":
        return [str(label) for label in Relation.labels]
    field = all_fields().get(code)
    names = [choice.label for choice in field.choices] if field else []
    return names if len(",".join(names)) <= 255 else []


def _notes_sheet(book: Any, columns: list[str], division: Division) -> None:
    sheet = book.add_worksheet(_("填写说明"))
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22, wrap)
    sheet.set_column(1, 1, 70, wrap)
    sheet.set_column(2, 2, 30, wrap)
    sheet.write(0, 0, _("%(place)s居民导入模板") % {"place": division.name}, bold)
    for at, line in enumerate(_rules_of_filling(), start=1):
        sheet.write(at, 1, line, wrap)
    top = len(_rules_of_filling()) + 2
    for at, title in enumerate((_("列"), _("怎样填写"), _("示例"))):
        sheet.write(top, at, title, bold)
    for at, code in enumerate(columns, start=top + 1):
        sheet.write(at, 0, title_of(code))
        sheet.write(at, 1, _notes().get(code) or "、".join(_offered(code)))
        sheet.write_string(at, 2, _EXAMPLES.get(code, ""))


def _rules_of_filling() -> list[str]:
    return [
        _("一行一个人，从第二行起填写；不要合并单元格，不要写公式。"),
        _("只有“姓名”必填；身份证号、出生日期、联系电话至少再填一项。"),
        _("填了身份证号，性别和出生日期可以不填。"),
        _("已经在册的人会被认出来，不会重复登记；可以放心再次上传。"),
        _("列的先后可以调换，不用的列可以删去；也认得“身份证”“手机”“住址”等叫法。"),
    ]


def _notes() -> dict[str, str]:
    return {
        "community": _("村（居）的全称，例如“易家桥社区”。"),
        "name": _("证件上的姓名，100 个字以内，生僻字照写。"),
        "identity_number": _("18 位；末位 X 大小写都可以；旧证 15 位会自动升位。"),
        "born_on": _("1947-03-12、1947年3月12日、1947/3/12 都可以；只知道年份就填年份。"),
        "phone": _("手机，或带区号的固定电话；一格一个号码。"),
        "home_address": _("现在住的地方，写到幢、单元、室或村民小组。"),
        "household": _("同一户填同一个号，例如户口簿号或自编号。"),
        "ethnicity": _("例如汉族、回族。"),
    }


_EXAMPLES: Final = {
    "community": "易家桥社区",
    "name": "陈桂英",
    "identity_number": "320690194703120025",
    "sex": "女",
    "born_on": "1947-03-12",
    "phone": "13800002207",
    "home_address": "易家桥新村12幢302室",
    "standing": "户籍在本地",
    "household": "H0012",
    "relation": "户主",
    "ethnicity": "汉族",
}
