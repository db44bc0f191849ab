"""Bundles (“一件事”) at the counter: which there are, which parts are wanted, how far they are."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest
from yiwang.core.doors import carried_out
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.matters.actions import publish_bundle, retire_bundle, save_draft
from yiwang.matters.forms.bundle import BundleForm, PartsForm
from yiwang.matters.models import Bundle, BundleCase, Draft, ServiceItem
from yiwang.matters.reads.bundle import bundled, progress_of_case

from .choose import door_of
from .deadlines import deadline_chip
from .door import staff
from .papers import code_for


def parts_of(bundle: Bundle) -> list[ServiceItem]:
    """The items of a bundle in its order."""
    found = {one.code: one for one in ServiceItem.objects.filter(code__in=bundle.items)}
    return [found[code] for code in bundle.items if code in found]


@require_GET
@staff("matters.view")
def bundles(request: StaffRequest) -> HttpResponse:
    """What can be handed in together, and what was lately."""
    today = timezone.localdate()
    actor = request.actor
    cases = BundleCase.objects.visible_to(actor).select_related(
        "bundle", "resident", "acceptor_unit"
    )
    page = Paginator(cases, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    listed = list(Bundle.objects.visible_to(actor))
    names = dict(ServiceItem.objects.values_list("code", "title"))
    context = {
        "bundles": [(one, [names.get(code, code) for code in one.items]) for one in listed],
        "today": today,
        "page": page,
        "may_keep": actor.has("matters.catalogue"),
        "may_accept": actor.has("matters.accept"),
    }
    return render(request, "matters/bundles.html", context)


def _bundle(request: StaffRequest, code: str) -> Bundle:
    return get_object_or_404(Bundle.objects.visible_to(request.actor), code=code)


@require_http_methods(["GET", "POST"])
@staff("matters.view", post="matters.accept")
def bundle(request: StaffRequest, code: str) -> HttpResponse:
    """What it asks once instead of several times; choosing the parts begins an acceptance."""
    found = _bundle(request, code)
    items = parts_of(found)
    initial = {"parts": [one.code for one in items]}
    form = PartsForm(request.POST or None, initial=initial, items=items)
    begun: list[Draft] = []

    def act() -> None:
        begun.append(_begin(request, found, form.cleaned_data["parts"]))

    if carried_out(request, form, act, _("已开始，请认人。")):
        return redirect("matters:accept-person", begun[0].pk)
    context = {"bundle": found, "form": form, "key": uuid4().hex, **_once(found)}
    actor, today = request.actor, timezone.localdate()
    open_ = found.starts_on <= today and (found.retired_on is None or found.retired_on > today)
    context |= {
        "open": open_,
        "may_accept": open_ and actor.has("matters.accept"),
        "may_keep": actor.may("matters.catalogue", found),
    }
    status = 422 if form.errors else 200
    return render(request, "matters/bundle.html", context, status=status)


def _begin(request: StaffRequest, found: Bundle, parts: list[str]) -> Draft:
    plan = bundled(found, parts)
    division = get_object_or_404(Division, pk=request.actor.division_id)
    return save_draft(
        division, item=plan.item.code, bundle=found, channel=door_of(request.actor),
        typed={"parts": [one.item.code for one in plan.parts]}, by=request.actor,
    )  # fmt: skip


def _once(found: Bundle) -> dict[str, Any]:
    """How much is asked together, and how much it would be one by one."""
    try:
        plan = bundled(found)
    except Refused:
        return {"plan": None}
    alone = [len(one.guide.fields) for one in plan.parts]
    papers = [len(one.guide.materials) for one in plan.parts]
    return {
        "plan": plan,
        "fields": len(plan.guide.fields),
        "fields_alone": sum(alone),
        "papers": len(plan.guide.materials),
        "papers_alone": sum(papers),
    }


@require_http_methods(["GET", "POST"])
@staff("matters.catalogue")
def edit(request: StaffRequest, code: str = "") -> HttpResponse:
    """Make a bundle, or change which items go along; accepted cases keep theirs."""
    found = _bundle(request, code) if code else None
    names = ("title", "title_en", "summary", "summary_en", "items", "always", "starts_on")
    initial = {name: getattr(found, name) for name in names} if found else {}
    initial.setdefault("starts_on", timezone.localdate())
    form = BundleForm(request.POST or None, initial=initial, bundle=found)
    made: list[Bundle] = []

    def act() -> None:
        said = dict(form.cleaned_data)
        city = Division.objects.get(pk=Bundle().division_id)
        key = found.code if found else said.pop("code")
        made.append(
            publish_bundle(city, code=key, facts=said, items=said["items"], by=request.actor)
        )

    if carried_out(request, form, act, _("已发布。")):
        return redirect(made[0])
    context = {"form": form, "bundle": found, "key": uuid4().hex}
    status = 422 if form.errors else 200
    return render(request, "matters/bundle_edit.html", context, status=status)


@require_POST
@staff("matters.catalogue")
def retire(request: StaffRequest, code: str) -> HttpResponse:
    """Stop accepting it; publishing it again takes this back."""
    found = _bundle(request, code)
    try:
        retire_bundle(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已停用；已受理的继续办完。"))
    return redirect(found)


@require_GET
@staff("matters.view")
def case(request: StaffRequest, number: str) -> HttpResponse:
    """The whole under one number: receipt, parts, and how far they are."""
    rows = BundleCase.objects.visible_to(request.actor)
    rows = rows.select_related("bundle", "resident", "acceptor_unit", "acceptor_post__user")
    found = get_object_or_404(rows, number=number.replace("-", ""))
    progress, now = progress_of_case(found), timezone.now()
    address = request.build_absolute_uri(f"/track/?number={found.number}")
    context = {
        "case": found,
        "progress": progress,
        "parts": [(one, deadline_chip(one, one.due_at, now)) for one in progress.parts],
        "qr": code_for(address),
        "address": address,
        "fresh": request.GET.get("fresh") == "1",
    }
    return render(request, "matters/bundle_case.html", context)
