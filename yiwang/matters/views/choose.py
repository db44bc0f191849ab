"""Steps 1 and 2 of acceptance: which item, and for whom (INF-08, SVC-03)."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest
from yiwang.accounts.models.unit import KIOSK
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.matters.actions import save_draft
from yiwang.matters.actions.acceptance import must_be_there
from yiwang.matters.forms.person import PersonForm
from yiwang.matters.models import Category, Draft, ServiceItem
from yiwang.matters.reads import (
    guides_in_force,
    offered_in,
    offered_items,
    search_items,
)
from yiwang.matters.reads.bundle import items_of, plan_of
from yiwang.matters.reads.entrustment import blocked, must_be_entrusted
from yiwang.matters.rules import Channel
from yiwang.matters.rules.limits import limit_words
from yiwang.residents.models import LifeState, Resident
from yiwang.residents.reads import find_residents

from .door import staff
from .drafts import accepted, find_draft, keep

PEOPLE_SHOWN = 20


@require_http_methods(["GET", "POST"])
@staff("matters.accept")
def choose_item(request: StaffRequest) -> HttpResponse:
    """Step 1: search, ten categories, common items."""
    if request.method == "POST":
        return _begin(request)
    text, category = request.GET.get("q", "").strip(), request.GET.get("category", "")
    items = _items(text, category)
    resident = _named_resident(request, request.GET.get("resident", ""))
    context = {
        "text": text,
        "category": category,
        "categories": _categories(),
        "items": _described(items, request.actor),
        "resident": resident,
        "key": uuid4().hex,
        "drafts": Draft.objects.visible_to(request.actor).filter(matter__isnull=True).count(),
    }
    return render(request, "matters/accept_item.html", context)


def _begin(request: StaffRequest) -> HttpResponse:
    if refusal := _not_entrusted(request, request.POST.get("item", "")):
        messages.error(request, refusal)
        return redirect("matters:accept")
    division = get_object_or_404(Division, pk=request.actor.division_id)
    resident = _named_resident(request, request.POST.get("resident", ""))
    code = request.POST.get("item", "")
    draft = save_draft(division, item=code, channel=door_of(request.actor), by=request.actor)
    if resident and not _refusal(draft, resident):
        keep(request, draft, resident=resident)
        return redirect("matters:accept-check", draft.pk)
    return redirect("matters:accept-person", draft.pk)


def door_of(actor: Actor) -> Channel:
    """The door an acceptance begins with: a kiosk's own, else a window."""
    return Channel.KIOSK if actor.unit_code == KIOSK else Channel.WINDOW


def _not_entrusted(request: StaffRequest, code: str) -> str:
    """Why this post may not accept an item at all; empty when it may (KSK-06)."""
    actor, item = request.actor, ServiceItem.objects.public().filter(code=code).first()
    if item is None:
        return ""
    try:
        must_be_entrusted(item, unit=actor.unit_id, code=actor.unit_code, on=timezone.localdate())
    except Refused as error:
        return str(error)
    return ""


def _items(text: str, category: str) -> list[ServiceItem]:
    if category and not text:
        rows = ServiceItem.objects.public().filter(category_id=category)
        return list(rows.select_related("category").order_by("-common", "pk"))
    found = search_items(text)
    return [one for one in found if not category or one.category_id == category]


def _categories() -> list[tuple[Category, int]]:
    items = list(ServiceItem.objects.public().values_list("category_id", flat=True))
    return [(one, items.count(one.pk)) for one in Category.objects.all()]


def _described(items: list[ServiceItem], actor: Actor) -> list[dict[str, Any]]:
    """Items with summary, limit, and whether they are offered and entrusted, in two statements."""
    today = timezone.localdate()
    found = guides_in_force(items, today)
    versions = {item: version.guide for item, version in found.items()}
    offered = offered_items(items, actor.division_id)
    closed = blocked(items, unit=actor.unit_id, code=actor.unit_code, on=today)
    return [
        {
            "item": item,
            "guide": versions[item.pk],
            "limit": limit_words(versions[item.pk].promised),
            "offered": offered.get(item.pk, False),
            "blocked": closed.get(item.pk, ""),
        }
        for item in items
        if item.pk in versions
    ]


def _named_resident(request: StaffRequest, pk: str) -> Resident | None:
    """Somebody within search; the dead too, because there are matters after death."""
    if not pk.isdecimal() or len(pk) > 18:
        return None
    there = [LifeState.LIVE, LifeState.DECEASED]
    people = Resident.objects.searchable_by(request.actor).filter(state__in=there)
    return people.select_related("division", "dwelling").filter(pk=int(pk)).first()


@require_http_methods(["GET", "POST"])
@staff("matters.accept")
def choose_person(request: StaffRequest, pk: int) -> HttpResponse:
    """Step 2: find the applicant in the register; say who comes and through which door."""
    draft = find_draft(request, pk)
    if done := accepted(draft):
        return done
    if request.method == "POST":
        return _take_person(request, draft)
    agent = draft.typed.get("agent") or {}
    initial = {f"agent_{key}": value for key, value in agent.items()}
    initial |= {"channel": draft.channel, "who": draft.typed.get("who", "self")}
    return _person_page(request, draft, PersonForm(initial=initial))


def _take_person(request: StaffRequest, draft: Draft) -> HttpResponse:
    form = PersonForm(request.POST)
    named = _named_resident(request, request.POST.get("resident", ""))
    resident = named or draft.resident
    if not form.is_valid():
        return _person_page(request, draft, form, status=422)
    if resident is None:
        form.add_error(None, _("请先在登记册里找到申请人，并选中。"))
        return _person_page(request, draft, form, status=422)
    refusal = _refusal(draft, resident)
    if refusal:
        form.add_error(None, refusal)
        return _person_page(request, draft, form, status=422)
    data = form.cleaned_data
    typed: dict[str, Any] = {"agent": form.agent(), "who": data["who"]}
    if draft.resident_id != resident.pk:
        typed |= {"answers": {}, "fixing": [], "confirmed": [], "checked": False}
        typed |= {"anew": [], "agreed": [], "keeping": {}, "overridden": []}
    keep(request, draft, typed, resident=resident, channel=data["channel"])
    return redirect("matters:accept-check", draft.pk)


def _refusal(draft: Draft, resident: Resident) -> str:
    """Why the item cannot be accepted for this person; empty when it can."""
    try:
        must_be_there(plan_of(draft), resident)
    except Refused as error:
        return str(error)
    lacking = [one for one in items_of(draft) if not offered_in(one, resident.division_id)]
    if not lacking:
        return ""
    return _("%(place)s没有提供“%(item)s”，不能受理。请换一个事项，或联系上级确认提供范围。") % {
        "place": resident.division.label,
        "item": lacking[0].label,
    }


def _person_page(
    request: StaffRequest, draft: Draft, form: PersonForm, status: int = 200
) -> HttpResponse:
    text = (request.POST.get("q") or request.GET.get("q", "")).strip()
    found = (
        find_residents(
            text, request.actor, everywhere=True, limit=PEOPLE_SHOWN,
            dead_too=plan_of(draft).guide.after_death,
        )
        if text
        else []
    )  # fmt: skip
    new = _named_resident(request, request.GET.get("resident", ""))
    context = {
        "draft": draft,
        "plan": plan_of(draft),
        "form": form,
        "text": text,
        "people": [*([new] if new and new not in found else []), *found],
        "register": _register_link(request, draft),
        "step": 2,
    }
    return render(request, "matters/accept_person.html", context, status=status)


def _register_link(request: StaffRequest, draft: Draft) -> str:
    """Where someone new is entered; the way back is carried along."""
    if not request.actor.has("residents.add"):
        return ""
    try:
        address = reverse("residents:add")
    except NoReverseMatch:
        return ""
    back = reverse("matters:accept-person", args=[draft.pk])
    return f"{address}?{urlencode({'next': back})}"


def say_saved(request: StaffRequest) -> None:
    """One sentence after 存草稿."""
    messages.success(request, _("草稿已保存，可以随时回来接着办。"))
