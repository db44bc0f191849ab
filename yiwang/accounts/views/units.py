"""Units: the list by class and division, one unit, opening, changing, closing."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts import actions
from yiwang.accounts.forms.board import HoursForm
from yiwang.accounts.forms.units import CloseUnitForm, NewUnitForm, UnitForm
from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Post, Unit
from yiwang.accounts.models.unit import KIOSK, UnitClass
from yiwang.accounts.reads import duty_counts
from yiwang.accounts.rules.hours import KINDS, spans_text
from yiwang.accounts.sheets import department_list
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.core.rules.wording import bracketed
from yiwang.divisions.models import Division
from yiwang.divisions.rules import ancestors

from .places import chosen_place, place_list

DUTY_CLASSES = (UnitClass.LEAD, UnitClass.POLICY, UnitClass.ORGANISATION, UnitClass.GUIDANCE)


def _place(request: StaffRequest) -> Division:
    """The division looked at: everyone may look anywhere, the own one first."""
    asked = request.GET.get("division", "")
    key = int(asked) if asked.isdigit() else request.actor.division_id
    places = Division.objects.visible_to(request.actor)
    return get_object_or_404(places, pk=key)


def _filtered(request: StaffRequest, place: Division) -> QuerySet[Unit]:
    asked = request.GET
    units = Unit.objects.visible_to(request.actor).filter(division=place)
    if asked.get("closed") != "1":
        units = units.open()
    typed = clean_text(asked.get("q", ""))[:60]
    if typed:
        units = units.filter(
            Q(name__contains=typed) | Q(plan_names__contains=[typed]) | Q(code__startswith=typed)
        )
    if asked.get("class") in UnitClass.values:
        units = units.filter(
            Q(unit_class=asked["class"]) | Q(duties__contains=[{"class": asked["class"]}])
        )
    held = Q(posts__ends_on__isnull=True) | Q(posts__ends_on__gte=timezone.localdate())
    people = Count("posts", filter=held & Q(posts__ended_at__isnull=True))
    return units.annotate(people=people).order_by("pk")


@allowed("divisions.view")
def units(request: StaffRequest) -> HttpResponse:
    """The units of one division, its children beside them; plan names find today's bodies."""
    place = _place(request)
    rows = Paginator(_filtered(request, place), int(parameter("core.page_rows_max")))
    visible = Division.objects.visible_to(request.actor)
    counts = duty_counts(place.pk)
    above = visible.in_bulk([key for key in ancestors(place.pk) if key >= settings.CITY])
    context = {
        "page": rows.get_page(request.GET.get("page")),
        "place": place,
        "above": [above[key] for key in sorted(above)],
        "children": visible.filter(parent=place).current().served(),
        "classes": UnitClass.choices,
        "duties": [(kind.label, counts.get(kind.value, 0)) for kind in DUTY_CLASSES],
        "manages": request.actor.may("accounts.manage", place),
    }
    return render(request, "accounts/units.html", context)


@allowed("divisions.view")
def unit(request: StaffRequest, pk: int) -> HttpResponse:
    """One unit: duties in the plan, contact, who is in post."""
    rows = Unit.objects.visible_to(request.actor).select_related("division", "successor")
    found = get_object_or_404(rows, pk=pk)
    posts = Post.objects.visible_to(request.actor).held_on(timezone.localdate())
    labels = dict(UnitClass.choices)
    duties = [
        {"class": labels.get(duty["class"], duty["class"]), "plan_name": duty["plan_name"],
         "printed": found.printed_for(duty["plan_name"])}
        for duty in found.duties
    ]  # fmt: skip
    context = {
        "unit": found,
        "duties": duties,
        "posts": posts.filter(unit=found).select_related("user"),
        "manages": request.actor.may("accounts.manage", found),
        "keeps_hours": request.actor.may("accounts.hours", found),
        "hours": [(label, spans_text(found.hours.get(kind, []))) for kind, label in KINDS.items()],
    }
    return render(request, "accounts/unit.html", context)


@allowed("accounts.manage")
def unit_new(request: StaffRequest) -> HttpResponse:
    """Open a unit in a division of the own area."""
    place = chosen_place(request)
    context: dict[str, Any] = {"place": place, "picker": place_list(request)}
    if place is None:
        return render(request, "accounts/unit_new.html", context)
    form = NewUnitForm(request.POST or None, codes=_codes())
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        try:
            made = actions.create_unit(place, code=facts.pop("code"), **facts, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("单位已设立。"))
            return redirect(made)
    context |= {"form": form, "key": request.POST.get("_key") or secrets.token_urlsafe(12)}
    return render(request, "accounts/unit_new.html", context, status=422 if form.errors else 200)


def _codes() -> list[tuple[str, str]]:
    listed = [(row["code"], bracketed(row["short"], row["code"])) for row in department_list()]
    return [*listed, (KIOSK, _("便民服务亭")), ("other", _("其他"))]


@allowed("accounts.manage")
def unit_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change the facts of a unit."""
    found = get_object_or_404(Unit.objects.visible_to(request.actor), pk=pk)
    request.actor.must("accounts.manage", found)
    initial = {name: getattr(found, name) for name in UnitForm.base_fields}
    form = UnitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_unit(found, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect(found)
    context = {"form": form, "unit": found}
    return render(request, "accounts/unit_edit.html", context, status=422 if form.errors else 200)


@allowed("accounts.hours")
def unit_hours(request: StaffRequest, pk: int) -> HttpResponse:
    """When the unit is open, by kind of day."""
    found = get_object_or_404(Unit.objects.visible_to(request.actor), pk=pk)
    request.actor.must("accounts.hours", found)
    initial = {"note": found.hours_note}
    form = HoursForm(request.POST or None, hours=found.hours, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            remark = form.cleaned_data["note"]
            actions.set_hours(found, hours=form.hours(), remark=remark, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect(found)
    context = {"form": form, "unit": found}
    return render(request, "accounts/unit_hours.html", context, status=422 if form.errors else 200)


@allowed("accounts.manage")
def unit_close(request: StaffRequest, pk: int) -> HttpResponse:
    """Close a unit; people and work go on in the successor."""
    found = get_object_or_404(Unit.objects.visible_to(request.actor), pk=pk)
    request.actor.must("accounts.manage", found)
    above = [found.division_id, *ancestors(found.division_id)]
    others = Unit.objects.visible_to(request.actor).open().filter(division__in=above)
    form = CloseUnitForm(request.POST or None, successors=others.exclude(pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_unit(found, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("单位已撤销。"))
            return redirect(found)
    context = {"form": form, "unit": found}
    return render(request, "accounts/unit_close.html", context, status=422 if form.errors else 200)
