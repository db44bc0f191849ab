"""Households: the list, one with its members and history, entering and correcting."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division, Level
from yiwang.residents import actions
from yiwang.residents.forms import HouseholdForm, HouseholdListForm, MemberForm
from yiwang.residents.models import Group, Household, HouseholdChange, Resident
from yiwang.residents.reads import find_residents

from .door import visible_resident
from .scope import area_asked, community_asked, filter_choices, form_status, place_choices

_UNDOABLE = frozenset({"head", "split", "merged"})


def visible_household(request: StaffRequest, pk: int) -> Household:
    """The household if the reader may see it; else 404."""
    homes = Household.objects.visible_to(request.actor)
    return get_object_or_404(homes.select_related("division", "dwelling__group", "head"), pk=pk)


def members_of(request: StaffRequest, home: Household) -> list[Resident]:
    """The live members, the head first, then by age."""
    people = Resident.objects.visible_to(request.actor).live().filter(household=home)
    rows = people.select_related("division", "registration__division").order_by("birth_year", "pk")
    return sorted(rows, key=lambda one: one.pk != home.head_id)


# ---------- list ----------


@require_GET
@allowed("residents.view")
def households(request: StaffRequest) -> HttpResponse:
    """The households of the reader's area: found by number, head or address; who needs a head."""
    place = community_asked(request)
    form = HouseholdListForm(request.GET, filter_choices(request, place))
    rows = _filtered(request, form)
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "place": place,
        "area": area_asked(request),
        "places": place_choices(request) if place is None or "place" in request.GET else [],
        "filters": _applied(form),
        "may_change": request.actor.has("residents.change"),
        "tab": "households",
    }
    return render(request, "residents/households.html", context)


def _filtered(request: StaffRequest, form: HouseholdListForm) -> QuerySet[Household]:
    living = Count("members", filter=Q(members__state="live"))
    rows = Household.objects.visible_to(request.actor).annotate(living=living)
    rows = rows.select_related("division", "head", "dwelling__group")
    area = area_asked(request)
    if area is not None:
        rows = rows.filter(division_id__range=(area.area.lo, area.area.hi))
    rows = rows.filter(ended_on__isnull=form.said("state") != "ended")
    if form.said("state") == "headless":
        rows = rows.filter(head__isnull=True, living__gt=0)
    if form.said("state") == "lived":
        rows = rows.filter(living__gt=0)
    if form.said("state") == "empty":
        rows = rows.filter(living=0)
    if form.said("group"):
        group = Group.objects.visible_to(request.actor).filter(pk=form.said("group")).first()
        rows = rows.filter(dwelling__group__path__startswith=group.path) if group else rows
    if form.said("q"):
        text = form.said("q")
        rows = rows.filter(
            Q(number__startswith=text) | Q(head__name=text) | Q(dwelling__address__contains=text)
        )
    return rows.order_by("division_id", "number")


def _applied(form: HouseholdListForm) -> list[dict[str, str]]:
    return [
        {"key": name, "label": form.words(name).strip()}
        for name in ("state", "group")
        if form.said(name)
    ]


# ---------- one household ----------


@require_GET
@allowed("residents.view")
def household(request: StaffRequest, pk: int) -> HttpResponse:
    """One household with its members."""
    home = visible_household(request, pk)
    return _page(request, home, MemberForm())


def _page(request: StaffRequest, home: Household, form: MemberForm) -> HttpResponse:
    changes = HouseholdChange.objects.visible_to(request.actor).filter(household=home)
    changes = changes.select_related("other", "undone_by", "from_division", "to_division")
    may_change = request.actor.may("residents.change", home)
    context: dict[str, Any] = {
        "home": home,
        "members": members_of(request, home),
        "form": form,
        "changes": list(changes[:50]),
        "undoable": _UNDOABLE,
        "may": {"change": may_change and home.ended_on is None, "undo": may_change},
        "transfer": home.transfers.open().first(),
        "key": uuid4().hex,
    }
    return render(request, "residents/household.html", context, status=form_status(form))


@require_GET
@allowed("residents.view")
def household_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """The household on one A4 sheet to take along; masked like the page."""
    home = visible_household(request, pk)
    context = {"home": home, "members": members_of(request, home)}
    return render(request, "residents/household_sheet.html", context)


# ---------- entering and correcting ----------


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def household_new(request: StaffRequest) -> HttpResponse:
    """A new household, perhaps around one resident (`?head=`)."""
    head = None
    if request.GET.get("head", "").isdecimal():
        head = visible_resident(request, int(request.GET["head"][:18]))
    place = head.division if head else Division.objects.get(pk=request.actor.division_id)
    form = HouseholdForm(request.POST or None)
    if place.level != Level.COMMUNITY:
        messages.error(request, _("请从居民档案里新建家庭，这样才知道是哪个社区。"))
        return redirect("residents:list")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            home = actions.create_household(
                place, number=said["number"], address=said["address"], head=head,
                kind=said["kind"] or Household.Kind.FAMILY, by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已新建家庭 %(number)s。") % {"number": home.number})
            return redirect(home)
    context = {"form": form, "head": head, "place": place}
    return render(request, "residents/household_form.html", context, status=form_status(form))


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def household_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Number, kind and address of a household."""
    home = visible_household(request, pk)
    held = {
        "number": home.number, "kind": home.kind,
        "address": home.dwelling.address if home.dwelling else "",
    }  # fmt: skip
    form = HouseholdForm(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.change_household(
                home, number=said["number"], address=said["address"], kind=said["kind"] or None,
                by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect(home)
    context = {"form": form, "home": home, "place": home.division}
    return render(request, "residents/household_form.html", context, status=form_status(form))


@require_POST
@allowed("residents.change")
def member_add(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody of the community into the household."""
    home = visible_household(request, pk)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            person = _meant(request, home, form.cleaned_data["resident"])
            actions.place_in_household(
                person, household=home, relation=form.cleaned_data["relation"], by=request.actor
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("%(name)s已编入这一户。") % {"name": person.masked_name})
            return redirect(home)
    return _page(request, home, form)


@require_POST
@allowed("residents.change")
def member_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody out of the household; the record stays."""
    home = visible_household(request, pk)
    people = Resident.objects.visible_to(request.actor).filter(household=home)
    person = get_object_or_404(people, pk=request.POST.get("resident", "0"))
    try:
        actions.place_in_household(person, household=None, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s已移出这一户。") % {"name": person.masked_name})
    return redirect(home)


def _meant(request: StaffRequest, home: Household, text: str) -> Resident:
    """The one resident of the household's community a text means. Raises Refused."""
    found = find_residents(text, request.actor, limit=20)
    here = [person for person in found if person.division_id == home.division_id]
    exact = [person for person in here if person.name == text] or here
    if len(exact) == 1:
        return exact[0]
    sentence = (
        _("%(place)s没有这样的居民。") % {"place": home.division.label}
        if not exact
        else _("有 %(count)s 个人符合，请用身份证号或电话。") % {"count": len(exact)}
    )
    raise Refused("not_one", sentence, {"resident": sentence})
