"""Lists without an order: what falls due, whom nobody has met, how fresh the register is."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.collection import actions
from yiwang.collection.actions.campaigns import Order
from yiwang.collection.forms import ListForm
from yiwang.collection.models import Purpose, Target
from yiwang.collection.reads.due import due_buildings
from yiwang.collection.reads.finding import place_for
from yiwang.collection.reads.freshness import freshness_below, freshness_of
from yiwang.collection.reads.held import of_age
from yiwang.collection.reads.unreached import contact_since, unreached
from yiwang.collection.rules.asking import askable, expiring
from yiwang.collection.rules.overlap import label_of
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division, Level
from yiwang.residents.models import Resident


def _below(place: Division) -> list[Division]:
    return list(Division.objects.filter(parent=place).current().served())


def _made(request: StaffRequest, place: Division, form: ListForm, **more: Any) -> Any:
    """The visit list as a campaign, or None with the reason on the form."""
    order = Order(**form.cleaned_data, target=Target.HOUSEHOLD, **more)
    try:
        return actions.open_campaign(place, order=order, by=request.actor)
    except Refused as refusal:
        refusal.blame(form)
        return None


@require_http_methods(["GET", "POST"])
@allowed("collection.view", post="collection.manage")
def due(request: StaffRequest) -> HttpResponse:
    """Whose values have grown old in a community, by building; made into a list with one step."""
    place = place_for(request.actor, request.GET.get("place"))
    code = request.GET.get("field", "")
    codes = [code] if code in expiring() else list(expiring())
    form = ListForm(request.POST or None, initial=_first(_("到期复核 %(day)s")))
    if request.method == "POST" and form.is_valid():
        reason = _("信息到期，按复核周期核实")
        made = _made(request, place, form, purpose=Purpose.DUE, fields=codes, reason=reason)
        if made is not None:
            messages.success(request, _("名单已生成。"))
            return redirect(made)
    here = place.level == Level.COMMUNITY
    rows = due_buildings(place.pk, codes, timezone.localdate()) if here else []
    context = {
        "place": place,
        "here": here,
        "below": [] if here else _below(place),
        "rows": [(one, _worst(one.fields)) for one in rows],
        "people": sum(one.people for one in rows),
        "fields": expiring().values(),
        "code": code if code in expiring() else "",
        "form": form,
        "manage": request.actor.has("collection.manage"),
    }
    return render(request, "collection/due.html", context, status=422 if form.errors else 200)


def _worst(fields: dict[str, int]) -> str:
    """The fields that most people lack, in words."""
    most = sorted(fields.items(), key=lambda one: -one[1])[:3]
    return "、".join(f"{label_of(askable().get(code), code)} {count}" for code, count in most)


def _first(title: str) -> dict[str, Any]:
    day = timezone.localdate().isoformat()
    return {"title": title % {"day": day}, "limit_days": parameter("collection.limit_days")}


@require_http_methods(["GET", "POST"])
@allowed("collection.view", post="collection.manage")
def unmet(request: StaffRequest) -> HttpResponse:
    """XCT-07: people whom nobody has met for long; made into a visit list with one step."""
    place = place_for(request.actor, request.GET.get("place"))
    form = ListForm(request.POST or None, initial=_first(_("未触达走访 %(day)s")))
    if request.method == "POST" and form.is_valid():
        made = _made(
            request, place, form, purpose=Purpose.UNREACHED, only_due=False,
            fields=["phone", "home_address"], reason=_("长期没有联系，上门了解情况"),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("走访名单已生成。"))
            return redirect(made)
    group = request.GET.get("group", "")
    people = _group(Resident.objects.visible_to(request.actor).live(), group)
    people = people.filter(division_id__range=(place.area.lo, place.area.hi))
    context = {
        "place": place,
        "group": group,
        "groups": _groups(),
        "since": contact_since(timezone.localdate()),
        "form": form,
        "manage": request.actor.has("collection.manage"),
    }
    context |= _unmet_rows(request, place, people)
    return render(request, "collection/unreached.html", context, status=422 if form.errors else 200)


def _unmet_rows(request: StaffRequest, place: Division, people: Any) -> dict[str, Any]:
    """People of a community; counts by community of a township; above only the way down."""
    today = timezone.localdate()
    if place.level == Level.COMMUNITY:
        rows = unreached(people, today).select_related("dwelling").order_by("name_pinyin", "pk")
        size = int(parameter("core.page_rows"))
        return {"page": Paginator(rows, size).get_page(request.GET.get("page")), "here": True}
    counts = {}
    if place.level == Level.TOWNSHIP:
        found = unreached(people, today).order_by().values("division")
        counts = {row["division"]: row["n"] for row in found.annotate(n=Count("pk"))}
    below = [(one, counts.get(one.pk, 0)) for one in _below(place)]
    return {"below": below, "counted": place.level == Level.TOWNSHIP}


def _groups() -> list[tuple[str, str]]:
    return [
        ("", _("全部")),
        ("elder", _("老年人")),
        ("minor", _("未成年人")),
        ("no_phone", _("没有电话")),
        ("no_address", _("没有住址")),
    ]


def _group(people: Any, group: str) -> Any:
    today = timezone.localdate()
    if group == "elder":
        return of_age(people, int(parameter("residents.elder_age")), None, today)
    if group == "minor":
        return of_age(people, None, int(parameter("residents.adult_age")) - 1, today)
    if group == "no_phone":
        return people.filter(phone_hash__isnull=True)
    return people.filter(dwelling__isnull=True) if group == "no_address" else people


@require_GET
@allowed("collection.view")
def freshness(request: StaffRequest) -> HttpResponse:
    """INF-07: for every field the share that is fresh, soon due, overdue or missing."""
    place = place_for(request.actor, request.GET.get("place"))
    found = freshness_of(place)
    growing = [code for code in expiring() if code in found.shares]
    rows = [(askable()[code], found.shares[code]) for code in growing]
    order = {"-fresh": -1, "fresh": 1}.get(request.GET.get("sort", ""), 0)
    rows.sort(key=lambda one: (order * one[1].percent, one[1].missing))
    context = {
        "place": place,
        "here": place.level == Level.COMMUNITY,
        "path": [one for one in place.path() if request.actor.see.holds(one.pk)],
        "rows": rows,
        "on": found.on,
        "all": found.all,
        "below": [] if place.level == Level.COMMUNITY else freshness_below(place, growing),
    }
    return render(request, "collection/freshness.html", context)
