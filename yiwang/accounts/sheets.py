"""Departments of the plan read from data; people, units and the matrix of rights as XLSX."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import xlsxwriter
import yaml
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Kind, Level

from . import actions
from .actor import Actor
from .models import Officer, Unit
from .models.unit import UnitClass
from .reads import matrix
from .roles import Role

Progress = Callable[[int, int | None], None]
DATA: Final = Path(__file__).parent / "data"
LEVELS: Final = {
    Level.CITY: "city",
    Level.COUNTY: "county",
    Level.TOWNSHIP: "township",
    Level.COMMUNITY: "community",
}
# What a body is called in English by the end of its Chinese name; others say it themselves.
ENDINGS = (
    ("分局", "Branch"), ("局", "Bureau"), ("委员会", "Commission"),
    ("办公室", "Office"), ("所", "Office"), ("站", "Station"),
)  # fmt: skip


@cache
def department_list() -> list[dict[str, Any]]:
    """The departments of the plan under today's names, and the units every division has."""
    listed: list[dict[str, Any]] = yaml.safe_load((DATA / "departments.yaml").read_text())
    return listed


def read_departments(places: Iterable[Division]) -> list[Unit]:
    """The units each of the places has by its level, not yet saved."""
    return [unit for place in places for unit in _units_of(place)]


def load_departments(
    city: Division, progress: Progress | None = None, *, by: Actor | None = None
) -> int:
    """Open the departments, centres and committees of a city; gives the places served.

    Placeholders of the statistical list have no residents and get none.
    """
    places = list(Division.objects.under(city.pk).current().served())
    units = read_departments(places)
    actions.load_departments(city, units=units, by=by or Actor.system())
    if progress:
        progress(len(units), len(units))
    return len(places)


def _units_of(place: Division) -> Iterator[Unit]:
    level = LEVELS.get(Level(place.level), "")
    for row in department_list():
        name = _name(row, place, level) if level in row["levels"] else ""
        if name:
            yield Unit(
                division=place,
                code=row["code"],
                name=name[:80],
                short_name=row["short"] if level in ("city", "county") else "",
                name_en=_english(row, place, name)[:120],
                unit_class=_class(row),
                plan_names=row["plan_names"],
                duties=row["duties"],
            )


def _english(row: dict[str, Any], place: Division, name: str) -> str:
    """Chongchuan District Civil Affairs Bureau: the ending of the Chinese name tells its kind."""
    where = place.name_en or place.pinyin.split("/")[0].title()
    if row["code"] == "committee":
        village = place.kind == Kind.VILLAGERS
        return f"{where} {'Villagers' if village else 'Residents'}' Committee"
    kind = next((word for ending, word in ENDINGS if name.endswith(ending)), "")
    return " ".join(filter(None, (where, row["name_en"], kind)))


def _class(row: dict[str, Any]) -> str:
    fixed = {"service_centre": UnitClass.CENTRE, "committee": UnitClass.COMMITTEE}
    return str(fixed.get(row["code"]) or row["class"] or UnitClass.OTHER)


def _name(row: dict[str, Any], place: Division, level: str) -> str:
    kind = "village" if place.kind == Kind.VILLAGERS else level
    ending = row.get(f"name_{kind}")
    base = place.short_name if level == "community" else place.name
    return f"{base}{ending}" if ending else ""


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], *, by: Actor) -> bytes:
    """A workbook of one sheet: title, who made it and when, heads, rows (EXP-21: named copies)."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    made = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    sheet.write_string(1, 0, _("%(who)s 于 %(at)s 导出") % {"who": by.label, "at": made})
    for column, head in enumerate(heads):
        sheet.write_string(2, column, str(head), bold)
        sheet.set_column(column, column, max(12, 2 * len(str(head)) + 4))
    for number, row in enumerate(rows, 3):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, "" if cell is None else str(cell))
    sheet.freeze_panes(3, 0)
    book.close()
    return out.getvalue()


def write_board(officers: Iterable[Officer], *, by: Actor) -> bytes:
    """Who is in office, with term and how they came into it (DIV-10)."""
    heads = [_("社区"), _("组织"), _("职务"), _("姓名"), _("产生方式"), _("任期开始"),
             _("任期届满"), _("离任日期"), _("公示")]  # fmt: skip
    rows = [
        [one.division.name, one.get_body_display(), one.position, one.name,
         one.get_manner_display(), one.starts_on, one.ends_on, one.left_on,
         "✓" if one.published else ""]
        for one in officers
    ]  # fmt: skip
    return table(_("社区公示栏"), heads, rows, by=by)


def write_vacancies(places: Iterable[Division], *, by: Actor) -> bytes:
    """Where no network administrator is in post, and the last day of whoever was (HOT-01)."""
    heads = [_("区划"), _("上级"), _("层级"), _("前任离岗")]
    rows = [
        [one.name, one.parent.name if one.parent else "", one.get_level_display(),
         getattr(one, "last_day", None)]
        for one in places
    ]  # fmt: skip
    return table(_("网络管理员空缺"), heads, rows, by=by)


def write_matrix(by: Actor) -> bytes:
    """Rights by role as a workbook; ✓ where the role holds the right (EXP-09)."""
    roles = list(Role)
    rows = [[right, *("✓" if role in held else "" for role in roles)] for right, held in matrix()]
    return table(_("权限矩阵"), [_("权限"), *(str(role.label) for role in roles)], rows, by=by)
