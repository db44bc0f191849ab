"""The catalogue for those who keep it: items, completeness by community, versions (SVC-01, 02)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest
from yiwang.core.errors import Refused
from yiwang.core.rules.wording import listed
from yiwang.divisions.models import Division
from yiwang.matters.actions import retire_item, set_offering
from yiwang.matters.models import Category, ServiceItem, ServiceVersion
from yiwang.matters.reads import completeness, guides_in_force
from yiwang.matters.rules.guide import Guide
from yiwang.matters.rules.limits import limit_words

from .door import staff
from .flow import drawing_of, form_words, step_words

INCOMPLETE_SHOWN = 100


@require_GET
@staff("matters.view")
def catalogue(request: StaffRequest) -> HttpResponse:
    """Items by category, and which communities lack one of the ten."""
    category = request.GET.get("category", "")
    rows = ServiceItem.objects.visible_to(request.actor).select_related("category")
    if category:
        rows = rows.filter(category_id=category)
    items = list(rows.order_by("category__order", "-common", "pk"))
    in_force = guides_in_force(items, timezone.localdate())
    context = {
        "category": category,
        "categories": list(Category.objects.all()),
        "items": [(one, in_force.get(one.pk)) for one in items],
        "complete": completeness(request.actor.division_id),
        "most": INCOMPLETE_SHOWN,
        "may_keep": request.actor.may("matters.catalogue", Division(pk=settings.CITY)),
    }
    return render(request, "matters/catalogue.html", context)


@require_GET
@staff("matters.view")
def item(request: StaffRequest, code: str) -> HttpResponse:
    """One item: its guide as in force, its versions and what changed between them."""
    found = get_object_or_404(ServiceItem.objects.select_related("category"), code=code)
    versions = list(found.versions.order_by("-number"))
    today = timezone.localdate()
    current = next((one for one in versions if _in_force(one, today)), None)
    shown = _chosen(versions, request.GET.get("version", "")) or current or versions[0]
    guide = shown.guide
    older = next((one for one in versions if one.number < shown.number), None)
    context = {
        "item": found,
        "versions": versions,
        "shown": shown,
        "current": current,
        "guide": guide,
        "promised": limit_words(guide.promised),
        "statutory": limit_words(guide.statutory),
        "drawing": drawing_of(guide),
        "fields": form_words(guide),
        "changes": differences(older.guide, guide) if older else [],
        "older": older,
        "offerings": list(found.offerings.select_related("division").order_by("division_id")),
        "places": _places(request.actor.division_id),
        "may_keep": request.actor.may("matters.catalogue", found),
        "may_accept": request.actor.has("matters.accept") and found.retired_on is None,
        "key": uuid4().hex,
    }
    return render(request, "matters/catalogue_item.html", context)


def _in_force(version: ServiceVersion, day: Any) -> bool:
    ends = version.effective_to
    return version.effective_from <= day and (ends is None or day <= ends)


def _chosen(versions: Iterable[ServiceVersion], number: str) -> ServiceVersion | None:
    return next((one for one in versions if str(one.number) == number), None)


def _places(division: int) -> list[Division]:
    below = Division.objects.public().current().served().filter(parent_id=division)
    return [*Division.objects.public().filter(pk=division), *below]


@dataclass(frozen=True)
class Change:
    """One part of the content that differs: as it was and as it is."""

    label: str
    before: str
    after: str


def differences(before: Guide, after: Guide) -> list[Change]:
    """What a reader of the older version has to know about the newer one."""
    old, new = _parts(before), _parts(after)
    return [
        Change(label, old.get(label, ""), text)
        for label, text in new.items()
        if old.get(label, "") != text
    ]


def _parts(guide: Guide) -> dict[str, str]:
    return {
        _("名称"): guide.title,
        _("简介"): guide.summary,
        _("服务对象"): guide.audience,
        _("条件"): listed(guide.conditions),
        _("材料"): listed(one.name for one in guide.materials),
        _("信息项"): listed(form_words(guide)),
        _("办理环节"): "；".join(step_words(guide)),
        _("承诺时限"): limit_words(guide.promised) if guide.content.get("promised") else "",
        _("法定时限"): limit_words(guide.statutory),
        _("费用"): guide.fee,
    }


@require_POST
@staff("matters.catalogue")
def retire(request: StaffRequest, code: str) -> HttpResponse:
    """Stop accepting an item from today; what runs goes on."""
    found = get_object_or_404(ServiceItem, code=code)
    _say(request, lambda: retire_item(found, on=timezone.localdate(), by=request.actor))
    return redirect("matters:catalogue-item", code)


@require_POST
@staff("matters.catalogue")
def offer(request: StaffRequest, code: str) -> HttpResponse:
    """Say that a division does or does not offer an item."""
    found = get_object_or_404(ServiceItem, code=code)
    key = request.POST.get("division", "")
    place = get_object_or_404(Division, pk=int(key) if key.isdecimal() else 0)
    offered, reason = request.POST.get("offered") == "yes", request.POST.get("reason", "")[:200]
    _say(
        request,
        lambda: set_offering(place, item=found, offered=offered, reason=reason, by=request.actor),
    )
    return redirect("matters:catalogue-item", code)


def _say(request: StaffRequest, do: Any) -> None:
    try:
        do()
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已保存。"))
