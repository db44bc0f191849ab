"""The catalogue as acts: a new version from a date on, an item retired, an offering set (SVC-01, 02)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.memory import forget
from yiwang.core.rules.chinese import bigrams, clean_text, initials
from yiwang.divisions.models import Division
from yiwang.matters.models import Category, CategoryName, Offering, ServiceItem, ServiceVersion
from yiwang.matters.reads.coverage import coverage_faults
from yiwang.matters.rules.guide import Guide
from yiwang.matters.rules.lint import lint
from yiwang.matters.rules.shape import Misshapen, must_be_readable
from yiwang.residents.reads import dictionary


@act("matters.catalogue")
def publish_version(
    division: Division,
    *,
    code: str,
    category: str,
    content: Mapping[str, Any],
    effective_from: date,
    by: Actor,
) -> ServiceVersion:
    """Publish an item's content from a date on; matters accepted before keep their version.

    Raises Refused with every fault of the content, or when the date is not after the last version.
    """
    _must_be_sound(code, content, by)
    owner = Category.objects.filter(pk=category).first()
    if owner is None:
        raise Refused("category", _("没有“%(code)s”这个服务类别。") % {"code": category})
    item, _new = ServiceItem.objects.get_or_create(
        code=code, defaults={"category": owner, "title": content["title"]}
    )
    version = _next_version(item, content, effective_from, by)
    _describe(item, owner, content)
    transaction.on_commit(lambda: forget("matters.planned."))
    note(code=code, version=version.number)
    return version


def _must_be_sound(code: str, content: Mapping[str, Any], by: Actor) -> None:
    try:
        must_be_readable(content)
    except Misshapen as fault:
        raise Refused("content", str(fault)) from fault
    faults = lint(content, dictionary())
    if by.post_id is not None:  # the shipped catalogue is loaded before a city has its units
        item = ServiceItem.objects.filter(code=code).first()
        faults += coverage_faults(item, Guide(dict(content)).process.steps)
    told = [one.sentence.rstrip("。") for one in faults if one.blocking]
    if told:
        raise Refused("content", "；".join(told) + "。")


def _next_version(
    item: ServiceItem, content: Mapping[str, Any], starts: date, by: Actor
) -> ServiceVersion:
    last = item.versions.order_by("-number").first()
    if last is not None:
        if starts <= last.effective_from:
            raise Refused(
                "too_early",
                _("新版本的施行日期须晚于现行版本（%(day)s）。") % {"day": last.effective_from},
            )
        last.effective_to = starts - timedelta(days=1)
        last.save(update_fields=["effective_to", "updated_at"])
    return ServiceVersion.objects.create(
        item=item,
        number=last.number + 1 if last else 1,
        effective_from=starts,
        content=dict(content),
        published_by=by.label[:160],
    )


def _describe(item: ServiceItem, category: Category, content: Mapping[str, Any]) -> None:
    words = [content["title"], *content.get("keywords", [])]
    item.category = category
    item.title = content["title"]
    item.title_en = content.get("title_en", "")
    item.common = bool(content.get("common", False))
    item.confidential = bool(content.get("confidential", False))
    item.tokens = sorted({token for word in words for token in bigrams(word)})
    item.initials = " ".join(initials(word, person=False) for word in words)[:120]
    item.save()


@act("matters.catalogue")
def retire_item(item: ServiceItem, *, on: date, by: Actor) -> ServiceItem:
    """Stop accepting an item from a day on; running matters go on."""
    if item.retired_on is not None:
        raise Refused("retired", _("这个事项已经停用。"))
    item.retired_on = on
    item.save(update_fields=["retired_on", "updated_at"])
    transaction.on_commit(lambda: forget("matters.planned."))
    return item


@act("matters.catalogue")
def set_offering(
    division: Division, *, item: ServiceItem, offered: bool, by: Actor, reason: str = ""
) -> Offering:
    """Say that a division does, or does not, offer an item; everything below follows."""
    row, _new = Offering.objects.update_or_create(
        item=item, division=division, defaults={"offered": offered, "reason": reason}
    )
    return row


@act("matters.catalogue")
def rename_category(
    division: Division, *, category: Category, name: str, name_en: str, reason: str, by: Actor
) -> Category:
    """Call one of the ten categories otherwise from today on; what it was called stays known.

    Raises Refused: name_missing, reason_missing, same_name, taken.
    """
    lock(category)
    named, english, why = clean_text(name), clean_text(name_en), clean_text(reason)
    if not named or not english:
        missing = "name_en" if named else "name"
        raise Refused("name_missing", _("请写中文和英文名称。"), {missing: "required"})
    if not why:
        raise Refused("reason_missing", _("请写改名依据，例如文号。"), {"reason": "required"})
    if (named, english) == (category.name, category.name_en):
        sentence = _("名称没有变。")
        raise Refused("same_name", sentence, {"name": sentence})
    if Category.objects.filter(name=named).exclude(pk=category.pk).exists():
        sentence = _("已有另一个类别叫“%(name)s”。") % {"name": named}
        raise Refused("taken", sentence, {"name": sentence})
    # Changed twice on one day: only what it was called before that day is history.
    CategoryName.objects.get_or_create(
        category=category, until=timezone.localdate(moment()) - timedelta(days=1),
        defaults={"name": category.name, "name_en": category.name_en, "reason": why[:200],
                  "changed_by": by.label[:160]},
    )  # fmt: skip
    note(code=category.code, before=category.name, after=named, reason=why)
    category.name, category.name_en = named[:40], english[:80]
    category.save(update_fields=["name", "name_en", "updated_at"])
    transaction.on_commit(lambda: forget(""))
    return category
