"""The register of agreements, one of them, and what its holder asks for."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.residents.models import Standing, all_fields
from yiwang.sharing import actions
from yiwang.sharing.forms import (
    AgreementForm,
    AnswerForm,
    FileForm,
    QueryForm,
    RegisterFilter,
    RenewalForm,
    ScopeForm,
)
from yiwang.sharing.models import Agreement
from yiwang.sharing.reads import Asked, Preview, agreement_for, kinds_named, listed, preview
from yiwang.sharing.reads.inside import HIDDEN, tags_told
from yiwang.sharing.rules.scope import Scope
from yiwang.sharing.sheets import register_workbook
from yiwang.tags.models import TagKind


@require_GET
@allowed("sharing.view")
def register(request: StaffRequest) -> HttpResponse:
    """Every agreement the reader may know of, newest first, with what was used of it."""
    form, rows = _filtered(request)
    page = Paginator(rows, int(parameter("core.page_rows")))
    context = {
        "form": form,
        "page": page.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
        "narrowed": any(form.cleaned_data.values()),
        "may_ask": request.actor.has("sharing.ask"),
    }
    return render(request, "sharing/register.html", context)


def _filtered(request: StaffRequest) -> tuple[RegisterFilter, QuerySet[Any]]:
    form = RegisterFilter(request.GET)
    form.is_valid()
    said = {name: form.cleaned_data.get(name) or "" for name in ("q", "state")}
    asked = Asked(**said, sort=request.GET.get("sort", ""))
    return form, listed(request.actor, asked, timezone.localdate())


@require_GET
@allowed("sharing.view")
def export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, as a workbook; journaled with the number of rows."""
    rows = list(_filtered(request)[1][: int(parameter("tags.list_rows"))])
    place = get_object_or_404(Division.objects.current(), pk=request.actor.division_id)
    record_line("sharing.export", place, request.actor, {"rows": len(rows)})
    response = HttpResponse(register_workbook(rows, request.actor), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="agreements.xlsx"'
    return response


def places_in(division: int, *named: int) -> QuerySet[Division]:
    """The places an agreement may be narrowed to on a page: those right below, and those named."""
    rows = Division.objects.under(division).current().served()
    return rows.filter(Q(parent_id=division) | Q(pk__in=named)).order_by("pk")


@require_http_methods(["GET", "POST"])
@allowed("sharing.ask")
def ask(request: StaffRequest) -> HttpResponse:
    """A new application."""
    actor = request.actor
    place = get_object_or_404(Division.objects.within(actor.enter), pk=actor.division_id)
    form = AgreementForm(request.POST or None, places=places_in(place.pk), kinds=kinds_for(actor))
    if "preview" in request.POST:
        return _asking(request, form, place)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_agreement(
                place, title=form.cleaned_data["title"], scope=form.scope(), by=actor
            )
        except Refused as refusal:
            form.blame(refusal)
        else:
            messages.success(request, _("已提交，等待数据保护员审批。"))
            return redirect(made)
    return _asking(request, form, place)


def _asking(
    request: StaffRequest, form: RenewalForm, place: Division, one: Agreement | None = None
) -> HttpResponse:
    """The application as far as it is filled in; with how many people it selects, when asked."""
    shown = previewed(request, form, place.pk)
    context = {"form": form, "key": request.POST.get("_key") or uuid4().hex, "place": place,
               "one": one, "preview": shown}  # fmt: skip
    return render(request, "sharing/ask.html", context, status=422 if form.errors else 200)


def previewed(request: StaffRequest, form: ScopeForm, division: int) -> Preview | None:
    """What the form selects as it stands, when that was asked for."""
    scope = form.previewed() if "preview" in request.POST else None
    return preview(scope, division, request.actor, timezone.localdate()) if scope else None


def kinds_for(actor: Actor, *named: str) -> QuerySet[TagKind]:
    """The tags an agreement may select by on a page: those the reader may know of, those named."""
    known = TagKind.objects.visible_to(actor).current()
    return (known | kinds_named(named, actor)).order_by("order", "code")


@require_http_methods(["GET", "POST"])
@allowed("sharing.ask")
def renew(request: StaffRequest, pk: int) -> HttpResponse:
    """Another term or another scope for a running agreement."""
    found = agreement_for(request.actor, pk)
    held = found.wanted or found.scope
    form = RenewalForm(
        request.POST or None, places=places_in(found.division_id, *held.areas),
        kinds=kinds_for(request.actor, *held.tags), initial=RenewalForm.holding(held),
    )  # fmt: skip
    if "preview" in request.POST:
        return _asking(request, form, found.division, found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_renewal(found, scope=form.scope(), by=request.actor)
        except Refused as refusal:
            form.blame(refusal)
        else:
            messages.success(request, _("已提交；审批以前按现在的协议执行。"))
            return redirect(found)
    return _asking(request, form, found.division, found)


@require_GET
@allowed("sharing.view")
def agreement(request: StaffRequest, pk: int) -> HttpResponse:
    """One agreement: scope, versions, use, and what may be done with it."""
    return page_of(request, agreement_for(request.actor, pk))


def page_of(
    request: StaffRequest, found: Agreement, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page of an agreement, with forms as they were sent where something was wrong."""
    actor = request.actor
    mine = found.unit_id == actor.unit_id
    used = found.readings.aggregate(calls=Count("pk"), persons=Sum("found"))
    context = {
        "one": found,
        "scope": told(found.scope, actor),
        "wanted": told(found.wanted, actor) if found.wanted and found.version else None,
        "versions": [(row, told(row.scope, actor)) for row in found.versions.all()[:20]],
        "used": {"calls": used["calls"], "persons": used["persons"] or 0},
        "readings": found.readings.all()[:10],
        "reads": mine and actor.has("sharing.read") and found.state == Agreement.State.IN_FORCE
        and not found.is_over,
        "files": found.files.all()[:10] if mine and actor.has("sharing.read") else (),
        "asks": mine and actor.may("sharing.ask", found),
        "decides": actor.may("sharing.decide", found),
        "query_form": QueryForm(), "answer_form": AnswerForm(), "file_form": FileForm(),
        **forms,
    }  # fmt: skip
    return render(request, "sharing/agreement.html", context, status=status)


def told(scope: Scope, actor: Actor) -> dict[str, Any]:
    """A scope in the reader's words."""
    items = all_fields()
    return {
        "scope": scope,
        "fields": [
            (items[code].label, code in scope.clear) for code in scope.fields if code in items
        ],
        "tags": kinds_named(scope.tags, actor),
        "hidden": HIDDEN in tags_told(scope.tags, actor),
        "standings": [Standing(one).label for one in scope.standings],
        "places": Division.objects.filter(pk__in=scope.areas).order_by("pk"),
        "basis": dict(Agreement._meta.get_field("basis").flatchoices).get(scope.basis, ""),
    }


@require_POST
@allowed("sharing.ask")
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back what waits for a decision."""
    found = agreement_for(request.actor, pk)
    try:
        actions.withdraw_agreement(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回。"))
    return redirect(found)
