"""The dictionary as it stands now, gathered from where each part is kept."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import override

from yiwang.accounts.models import Unit
from yiwang.accounts.models.unit import UnitClass
from yiwang.divisions.models.division import Kind, Level, Settlement
from yiwang.matters.models import Category, ServiceItem, ServiceVersion
from yiwang.matters.rules.states import Channel, State
from yiwang.needs.models.need import Channel as NeedChannel
from yiwang.needs.models.need import Urgency
from yiwang.needs.rules.categories import Category as NeedCategory
from yiwang.residents.models import LifeState, Relation, SourceKind, Standing
from yiwang.residents.models.code import read_fields
from yiwang.residents.reads.golden import fresh_days
from yiwang.residents.rules.dictionary import Choice, Field
from yiwang.tags.models import KindGroup, TagKind

Row = dict[str, Any]
_LISTS: Final[tuple[tuple[str, str, str, str, type[models.Choices]], ...]] = (
    ("relation", "与户主关系", "Relation to the head of the household", "GB/T 4761", Relation),
    ("standing", "居住状态", "Residence status", "", Standing),
    ("life_state", "档案状态", "State of the record", "", LifeState),
    ("source_kind", "信息来源", "Kind of source", "", SourceKind),
    ("division_level", "区划级别", "Level of division", "", Level),
    ("division_kind", "区划类型", "Kind of division", "", Kind),
    ("settlement", "城乡类型", "Urban or rural", "", Settlement),
    ("unit_class", "单位职能类别", "Kind of unit", "", UnitClass),
    ("matter_channel", "受理渠道", "Channel of acceptance", "", Channel),
    ("matter_state", "事项状态", "State of a matter", "", State),
    ("need_category", "需求类别", "Category of need", "", NeedCategory),
    ("need_channel", "需求来源", "Source of a need", "", NeedChannel),
    ("need_urgency", "需求缓急", "Urgency of a need", "", Urgency),
    ("tag_group", "标签类别", "Group of tags", "", KindGroup),
)
"""Lists that are part of the program: code, names, the standard followed, where they stand."""


def content_now() -> dict[str, list[Row]]:
    """Items, tables and forms, each a list in its order; nothing in it tells of a person."""
    fields = read_fields()
    return {
        "items": [_item(field) for field in fields.values()],
        "tables": [
            *(_list_of(field) for field in fields.values() if field.choices or field.withdrawn),
            *(_program_list(*one) for one in _LISTS),
            _categories(),
            _departments(),
            *_tags(),
        ],
        "forms": [_form(version) for version in versions_in_force()],
    }


def _item(field: Field) -> Row:
    return {
        "code": field.code,
        "name": field.name,
        "name_en": field.name_en,
        "type": field.type,
        "group": field.group,
        "table": field.code if field.choices or field.withdrawn else "",
        "kept": field.register,
        "owner": field.owner or "",
        "standard": field.standard,
        "sensitive": field.sensitive,
        "fresh_days": fresh_days(field),
        "aliases": list(field.aliases),
    }


def _list_of(field: Field) -> Row:
    rows = [_code(one) for one in field.choices]
    rows += [_code(one, in_use=False) for one in field.withdrawn]
    return _table(
        field.code, field.name, field.name_en, field.standard, rows, kept_by_city=not field.fixed
    )


def _code(choice: Choice, *, in_use: bool = True) -> Row:
    return {"code": choice.code, "name": choice.name, "name_en": choice.name_en, "in_use": in_use}


def _table(
    code: str, name: str, name_en: str, standard: str, codes: Sequence[Row], *,
    kept_by_city: bool = False,
) -> Row:  # fmt: skip
    """`kept_by_city` says whether the city's officials add codes to it."""
    return {
        "code": code, "name": name, "name_en": name_en, "standard": standard,
        "kept_by_city": kept_by_city, "codes": list(codes),
    }  # fmt: skip


def _program_list(
    code: str, name: str, name_en: str, standard: str, choices: type[models.Choices]
) -> Row:
    chinese, english = _said(choices, "zh-hans"), _said(choices, "en")
    rows = [
        {"code": str(one.value), "name": chinese[one.value], "name_en": english[one.value],
         "in_use": True}
        for one in choices
    ]  # fmt: skip
    return _table(code, name, name_en, standard, rows)


def _said(choices: type[models.Choices], language: str) -> dict[Any, str]:
    with override(language):
        return {value: str(label) for value, label in choices.choices}


def _categories() -> Row:
    rows = [
        {"code": one.code, "name": one.name, "name_en": one.name_en, "in_use": True}
        for one in Category.objects.all()
    ]
    return _table("service_category", "服务类别", "Category of service", "", rows)


def _departments() -> Row:
    """Who may own an item: the units of the city."""
    units = Unit.objects.open().filter(division_id=settings.CITY).order_by("code", "pk")
    rows = {
        one.code: {"code": one.code, "name": one.short_name or one.name,
                   "name_en": one.name_en or one.code, "in_use": True}
        for one in units
    }  # fmt: skip
    return _table("department", "部门", "Department", "", list(rows.values()))


def _tags() -> Iterator[Row]:
    """Kinds of tags that everybody may know of, and the variants and grades they have.

    Of a sensitive kind only the roles it names know that it exists; it is not published.
    """
    kinds = list(TagKind.objects.filter(sensitive=False))
    rows = [
        {"code": one.code, "name": one.name, "name_en": one.name_en, "in_use": one.active}
        for one in kinds
    ]
    yield _table("tag_kind", "标签种类", "Kind of tag", "", rows, kept_by_city=True)
    for kind in kinds:
        for part, word, word_en in (("variants", "细类", "variants"), ("grades", "等级", "grades")):
            codes = [{**one, "in_use": True} for one in getattr(kind, part)]
            if codes:
                name, name_en = f"{kind.name}{word}", f"{kind.name_en}: {word_en}"
                yield _table(f"tag_{kind.code}_{part}", name, name_en, "", codes, kept_by_city=True)


def versions_in_force() -> list[ServiceVersion]:
    """What each item of the service catalogue that is still accepted asks today."""
    rows = ServiceVersion.objects.in_force(timezone.localdate()).order_by("item_id", "number")
    newest = {one.item_id: one for one in rows.select_related("item__category")}
    open_items = set(ServiceItem.objects.public().values_list("pk", flat=True))
    return [one for key, one in newest.items() if key in open_items]


def _form(version: ServiceVersion) -> Row:
    item = version.item
    return {
        "code": item.code,
        "name": item.title,
        "name_en": item.title_en,
        "category": item.category_id,
        "version": version.number,
        "items": list(version.content.get("fields", [])),
    }
