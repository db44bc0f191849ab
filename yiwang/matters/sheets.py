"""The catalogue in from YAML files, published as acts; lists of matters out as workbooks."""

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.workbook import workbook
from yiwang.divisions.models import Division

from .actions import publish_bundle, publish_version, set_offering
from .models import (
    Bundle,
    Category,
    CategoryName,
    Entrustment,
    Matter,
    Rating,
    Reopening,
    RoutingRule,
    ServiceItem,
)
from .reads.rating import reason_labels

DATA = Path(__file__).parent / "data"
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Loaded:
    """How many rows were read, and how many were new or changed."""

    rows: int
    changed: int


def load_catalogue(
    path: Path | None = None,
    progress: Progress | None = None,
    only: Collection[str] | None = None,
) -> Loaded:
    """Load categories and items (all, or `only` these) from a folder of YAML, ours by default.

    An item whose content is as published stays as it is; a changed one becomes a new version from
    its `effective_from`, or from today when that date is taken. All or nothing. Before the city's
    divisions are loaded there is nobody to offer anything, and nothing is loaded.
    """
    folder = Path(path) if path else DATA
    folder = folder.parent if folder.name == "catalogue" else folder
    if not Division.objects.filter(pk=settings.CITY).exists():
        return Loaded(0, 0)
    raw_items = [
        (category, raw)
        for category, raw in _read_items(folder)
        if only is None or raw["code"] in only
    ]
    changed = 0
    with transaction.atomic():
        _load_categories(folder)
        for done, (category, raw) in enumerate(raw_items, 1):
            changed += _publish(category, raw)
            if progress:
                progress(done, len(raw_items))
        changed += _load_bundles(folder)
    return Loaded(len(raw_items), changed)


def catalogue_is_loaded() -> bool:
    """Whether any service item is published."""
    return ServiceItem.objects.exists()


def _parsed(file: Path) -> Any:
    """The YAML of a file; not to be changed, it is kept as long as the file is as it was."""
    return _parse(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _parse(file: Path, _changed_at: int) -> Any:
    """By libyaml where it is there: ten times as quick, equally safe."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506


def _read_items(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted((folder / "catalogue").glob("*.yaml")):
        for raw in _parsed(file):
            yield file.stem, raw


def _load_bundles(folder: Path) -> int:
    """Publish the bundles that are new and whose items are all there; the city's own words stay."""
    known = set(Bundle.objects.values_list("code", flat=True))
    codes = set(ServiceItem.objects.public().values_list("code", flat=True))
    system, city = Actor.system(), Division.objects.get(pk=settings.CITY)
    changed = 0
    for file in sorted((folder / "bundles").glob("*.yaml")):
        raw = _parsed(file)
        if raw["code"] not in known and codes.issuperset(raw["items"]):
            publish_bundle(city, code=raw["code"], facts=raw, items=raw["items"], by=system)
            changed += 1
    return changed


def _load_categories(folder: Path) -> None:
    for raw in _parsed(folder / "categories.yaml"):
        facts = {key: value for key, value in raw.items() if key != "code"}
        if CategoryName.objects.filter(category=raw["code"]).exists():
            # The city calls it otherwise: an upgrade does not take that back.
            facts = {key: value for key, value in facts.items() if key not in {"name", "name_en"}}
        Category.objects.update_or_create(code=raw["code"], defaults=facts)


def _publish(category: str, raw: dict[str, Any]) -> bool:
    """Publish one item when it differs from what is in force; tells whether it did."""
    content = {key: value for key, value in raw.items() if key != "effective_from"}
    content.pop("code", None)
    item = ServiceItem.objects.filter(code=raw["code"]).first()
    last = item.versions.order_by("-number").first() if item else None
    if last is not None and last.content == content:
        return False
    starts = date.fromisoformat(str(raw.get("effective_from") or timezone.localdate()))
    if last is not None and starts <= last.effective_from:
        starts = timezone.localdate()
    system, city = Actor.system(), Division.objects.get(pk=settings.CITY)
    version = publish_version(
        city, code=raw["code"], category=category, content=content, effective_from=starts, by=system
    )
    if last is None:
        set_offering(city, item=version.item, offered=True, by=system)
    return True


@dataclass(frozen=True)
class Heading:
    """What stands above an exported list: title, unit, moment and the filters in force."""

    title: str
    unit: str
    made_at: datetime
    filters: Sequence[str] = ()


WIDTHS = (20, 32, 28, 12, 32, 10, 26, 18, 18, 16)
HEAD_ROW = 4


def matters_workbook(heading: Heading, rows: Iterable[Sequence[str]]) -> bytes:
    """A list of matters as XLSX, one row a matter, written as text so that nothing is a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(_("事项"))
    title = book.add_format({"bold": True, "font_size": 16})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E4EDF8"})
    cell = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
    made = timezone.localtime(heading.made_at).strftime("%Y-%m-%d %H:%M")
    sheet.write_string(0, 0, heading.title, title)
    sheet.write_string(1, 0, _("%(unit)s　%(at)s 导出") % {"unit": heading.unit, "at": made})
    sheet.write_string(2, 0, _("条件：%(all)s") % {"all": "；".join(heading.filters) or _("无")})
    for column, (name, width) in enumerate(zip(_columns(), WIDTHS, strict=True)):
        sheet.write_string(HEAD_ROW, column, name, head)
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows, HEAD_ROW + 1):
        for column, text in enumerate(row):
            sheet.write_string(number, column, str(text), cell)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    book.close()
    return out.getvalue()


def _columns() -> list[str]:
    return [
        _("编号"),
        _("标题"),
        _("事项"),
        _("居民"),
        _("地址"),
        _("来源"),
        _("状态"),
        _("受理时间"),
        _("承诺期限"),
        _("时限"),
    ]


def ratings_workbook(rows: Iterable[Rating], about: str) -> bytes:
    """A row a rating; nothing in it says who gave it."""
    heads = [
        _("编号"), _("事项"), _("受理单位"), _("办结时间"), _("满意程度"), _("原因"), _("意见"),
        _("评价方式"), _("代为录入"), _("评价时间"),
    ]  # fmt: skip
    return workbook(_("评价"), about, heads, (_rating(one) for one in rows))


def _rating(one: Rating) -> list[str]:
    unit = one.matter.acceptor_unit
    return [
        one.matter.display_number, one.matter.item.label, unit.label if unit else "",
        _minute(one.matter.finished_at), str(one.get_grade_display()),
        _("、").join(reason_labels(one.reasons)), one.comment, str(one.get_channel_display()),
        one.entered_by, _minute(one.at),
    ]  # fmt: skip


def reopenings_workbook(rows: Iterable[Reopening], about: str) -> bytes:
    """A row a reopening."""
    heads = [
        _("编号"), _("事项"), _("重办单位"), _("重办原因"), _("首次结果"), _("重办时间"),
        _("期限"), _("重办结果"), _("办结时间"), _("居民不满意仍办结的理由"),
    ]  # fmt: skip
    found = (
        [
            one.matter.display_number, one.matter.item.label, one.unit.label, one.reason,
            one.first_result.number, _minute(one.opened_at), _minute(one.due_at), one.text,
            _minute(one.done_at), one.against,
        ]
        for one in rows
    )  # fmt: skip
    return workbook(_("重办"), about, heads, found)


def waiting_workbook(rows: Iterable[tuple[Any, int]], about: str) -> bytes:
    """A row a result that waits: where it lies, for how many days, when it was reminded of."""
    heads = [
        _("编号"), _("事项"), _("结果"), _("文号"), _("在哪里领"), _("办结时间"), _("已等天数"),
        _("提醒时间"),
    ]  # fmt: skip
    found = (
        [
            one.matter.display_number, one.matter.item.label, one.title, one.number,
            one.matter.acceptor_unit.label if one.matter.acceptor_unit else "",
            _minute(one.matter.finished_at), str(days), _minute(one.reminded_at),
        ]
        for one, days in rows
    )  # fmt: skip
    return workbook(_("待领取的结果"), about, heads, found)


def against_workbook(rows: Iterable[Matter], about: str) -> bytes:
    """A row a matter that was closed against the resident's word, with the reasons."""
    heads = [
        _("编号"), _("事项"), _("受理单位"), _("满意程度"), _("差评整改的理由"), _("重办的理由"),
        _("办理人"),
    ]  # fmt: skip
    return workbook(_("不顾居民意见办结"), about, heads, (_against(one) for one in rows))


def _against(one: Matter) -> list[str]:
    rating, again = getattr(one, "rating", None), getattr(one, "reopening", None)
    follow_up = getattr(rating, "follow_up", None)
    return [
        one.display_number, one.item.label, one.acceptor_unit.label if one.acceptor_unit else "",
        str(rating.get_grade_display()) if rating else "",
        follow_up.against if follow_up else "", again.against if again else "",
        (again.done_by if again else "") or (follow_up.done_by if follow_up else ""),
    ]  # fmt: skip


def _minute(value: datetime | None) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


def rules_workbook(rules: Iterable[RoutingRule], about: str) -> bytes:
    """Routing rules in their order, a row a rule."""
    heads = [
        _("次序"), _("种类"), _("适用区划"), _("事项或类别"), _("环节"), _("来源"), _("承办单位"),
        _("经办人"), _("理由"), _("制定人"), _("开始日期"), _("结束日期"),
    ]  # fmt: skip
    rows = (
        [
            one.order, _("兜底规则") if one.fallback else _("分办规则"), one.division.label,
            one.about, one.step, one.get_channel_display(), one.unit.label,
            str(one.post.user) if one.post else one.get_pick_display(), one.reason, one.made_by,
            str(one.starts_on), str(one.ends_on or ""),
        ]
        for one in rules
    )  # fmt: skip
    return workbook(_("分办规则"), about, heads, rows)


def entrustments_workbook(
    rows: Iterable[tuple[Entrustment, Sequence[str], str]], about: str
) -> bytes:
    """The register, a row an entrustment with the names of what it covers and its state."""
    heads = [
        _("委托单位"), _("受托单位"), _("编号"), _("委托事项"), _("开始日期"), _("到期日期"),
        _("状态"), _("职责"), _("数据权限"), _("委托书文号"), _("登记人"),
    ]  # fmt: skip
    lines = (
        [
            one.authority.label, one.agent.label, one.agent.number, "、".join(names),
            str(one.starts_on), str(one.ends_on), state, one.duties, one.data_rights, one.basis,
            one.made_by,
        ]
        for one, names, state in rows
    )  # fmt: skip
    return workbook(_("事项委托"), about, heads, lines)
