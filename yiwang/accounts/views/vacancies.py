"""Where no network administrator is in post: the list, coverage by tier, and the way to appoint."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.reads import NETWORK_ROLES, network_places
from yiwang.accounts.sheets import write_vacancies
from yiwang.core.acts import record_line
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division, Level

from .people import workbook

SORTS: dict[str, Any] = {
    "place": "key",
    "-place": "-key",
    "since": F("last_day").asc(nulls_first=True),
    "-since": F("last_day").desc(nulls_last=True),
}


def _places(request: StaffRequest) -> QuerySet[Any]:
    mine = Division.objects.visible_to(request.actor).within(request.actor.see)
    return network_places(mine, timezone.localdate())


def _filtered(request: StaffRequest) -> QuerySet[Any]:
    asked = request.GET
    rows = _places(request).filter(vacant=True)
    if asked.get("tier", "").isdecimal():
        rows = rows.filter(level=min(int(asked["tier"]), Level.COMMUNITY + 1))
    typed = clean_text(asked.get("q", ""))[:60]
    flat = typed.replace(" ", "").lower()
    if flat:
        rows = rows.filter(
            Q(name__contains=typed) | Q(pinyin__startswith=flat) | Q(initials__startswith=flat)
        )
    return rows.select_related("parent").order_by(SORTS.get(asked.get("sort", ""), "key"))


@allowed("accounts.view")
def vacancies(request: StaffRequest) -> HttpResponse:
    """Places of the area without a network administrator, and how many have one, by tier."""
    page = Paginator(_filtered(request), int(parameter("core.page_rows"))).get_page(
        request.GET.get("page")
    )
    counted = _places(request).values("level").order_by("level")
    tiers = counted.annotate(all=Count("pk"), held=Count("pk", filter=Q(vacant=False)))
    today = timezone.localdate()
    for one in page.object_list:
        one.days_vacant = (today - one.last_day).days if one.last_day else None
    context = {
        "page": page,
        "tiers": [(Level(row["level"]).label, row["held"], row["all"]) for row in tiers],
        "choices": [(str(level.value), level.label) for level in NETWORK_ROLES],
        "filters": _applied(request),
        "manages": request.actor.has("accounts.manage"),
        "query": request.GET.urlencode(),
    }
    return render(request, "accounts/vacancies.html", context)


def _applied(request: StaffRequest) -> list[dict[str, str]]:
    asked = request.GET
    labels = {str(level.value): str(level.label) for level in NETWORK_ROLES}
    chips = [{"key": "q", "label": asked["q"][:60]}] if asked.get("q") else []
    if asked.get("tier") in labels:
        chips.append({"key": "tier", "label": labels[asked["tier"]]})
    return chips


@allowed("accounts.view")
def vacancies_export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, as a workbook; on record."""
    rows = list(_filtered(request)[: int(parameter("core.export_rows"))])
    record_line(
        "accounts.export", request.actor, request.actor, {"rows": len(rows), "of": "vacancies"}
    )
    return workbook(_("网络管理员空缺"), write_vacancies(rows, by=request.actor))
