"""The resident's word: ratings with their figures, one matter's story, and closing against it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest
from yiwang.core.acts import record_line
from yiwang.core.doors import carried_out
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.matters import actions
from yiwang.matters.forms.rating import CallBackForm, EnterRatingForm, RatingFilter
from yiwang.matters.models import Matter, Rating
from yiwang.matters.reads.rating import (
    closed_against,
    ended,
    invitation_path,
    rating_by_unit,
    rating_reasons,
    rating_total,
    reason_labels,
)
from yiwang.matters.rules.rating import RatingChannel
from yiwang.matters.sheets import against_workbook, ratings_workbook

from .door import staff
from .papers import code_for

SORTS = ("-at", "at", "grade", "-grade")


@require_GET
@staff("matters.view")
def ratings(request: StaffRequest) -> HttpResponse:
    """Ratings of the area, newest first, and the shares against their targets."""
    form = RatingFilter(request.GET, actor=request.actor)
    page = Paginator(_listed(request, form), int(parameter("core.page_rows")))
    shown = page.get_page(request.GET.get("page"))
    rows = ended(Matter.objects.visible_to(request.actor), *form.period())
    context = {
        "form": form,
        "filters": form.applied(),
        "page": shown,
        "rows": [(one, reason_labels(one.reasons)) for one in shown],
        "figures": rating_total(rows),
        "units": rating_by_unit(rows)[: int(parameter("core.page_rows_max"))],
        "days": form.days(),
        "targets": targets(request.actor.division_id),
        "query": request.GET.urlencode(),
    }
    return render(request, "matters/ratings.html", context)


def targets(division: int) -> dict[str, int]:
    """What the shares are to reach, in percent."""
    names = {
        "rated": "matters.rating_share",
        "called": "hot.callback",
        "low": "EV-3.call_back_percent",
    }
    return {key: int(parameter(one, division=division)) for key, one in names.items()}


def _listed(request: StaffRequest, form: RatingFilter) -> QuerySet[Rating]:
    rows = form.ratings(Rating.objects.visible_to(request.actor))
    sort = request.GET.get("sort", "")
    rows = rows.order_by(sort if sort in SORTS else "-at", "-pk")
    return rows.select_related("matter__item", "matter__acceptor_unit", "follow_up")


@require_GET
@staff("matters.export")
def export(request: StaffRequest) -> HttpResponse:
    """The ratings as filtered, as a workbook; on record."""
    form = RatingFilter(request.GET, actor=request.actor)
    rows = list(_listed(request, form)[: int(parameter("core.export_rows"))])
    return as_file(request, ratings_workbook(rows, about(request)), "ratings", len(rows))


def about(request: StaffRequest) -> str:
    """Who took a list away, and when."""
    return f"{request.actor.unit_name} {timezone.localtime():%Y-%m-%d %H:%M} {request.actor.name}"


def as_file(request: StaffRequest, content: bytes, name: str, rows: int) -> HttpResponse:
    record_line("matters.export", request.actor, request.actor, {"rows": rows, "list": name})
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@require_GET
@staff("matters.supervise")
def against(request: StaffRequest) -> HttpResponse:
    """What was closed although the resident was not content, each with its reason."""
    found = closed_against(request.actor, request.GET.get("q", "").strip()[:60])
    page = Paginator(found, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {"page": page, "q": request.GET.get("q", ""), "query": request.GET.urlencode()}
    return render(request, "matters/against.html", context)


@require_GET
@staff("matters.supervise")
def against_export(request: StaffRequest) -> HttpResponse:
    """The same list as a workbook; on record."""
    found = closed_against(request.actor, request.GET.get("q", "").strip()[:60])
    rows = list(found[: int(parameter("core.export_rows"))])
    return as_file(request, against_workbook(rows, about(request)), "against", len(rows))


def _matter(request: StaffRequest, number: str) -> Matter:
    rows = Matter.objects.visible_to(request.actor)
    rows = rows.select_related("item", "resident", "acceptor_unit", "result", "rating__follow_up")
    rows = rows.select_related("reopening__unit")
    return get_object_or_404(rows, number=number.replace("-", ""))


@require_GET
@staff("matters.view")
def rating(request: StaffRequest, number: str) -> HttpResponse:
    """What the resident said of one matter, and what may be done about it."""
    return _story(request, _matter(request, number))


def _story(
    request: StaffRequest, matter: Matter, enter: Any = None, call: Any = None
) -> HttpResponse:
    actor = request.actor
    said = getattr(matter, "rating", None)
    closed = matter.finished_at is not None and matter.state != "withdrawn"
    context = {
        "matter": matter,
        "rating": said,
        "reasons": reason_labels(said.reasons) if said else [],
        "calls": matter.call_backs.all(),
        "reopening": getattr(matter, "reopening", None),
        "result": getattr(matter, "result", None),
        "enter_form": enter or EnterRatingForm(division=matter.division_id),
        "call_form": call or CallBackForm(),
        "may_enter": closed and not said and actor.may("matters.enter_rating", matter),
        "may_invite": closed and not said and actor.may("matters.invite_rating", matter),
        "may_call": closed and actor.may("matters.call_back", matter),
        "closed": closed,
    }
    wrong = bool(enter and enter.errors) or bool(call and call.errors)
    return render(request, "matters/rating.html", context, status=422 if wrong else 200)


@require_POST
@staff("matters.enter_rating")
def enter(request: StaffRequest, number: str) -> HttpResponse:
    """Write down a paper card or what was said by telephone."""
    matter = _matter(request, number)
    form = EnterRatingForm(request.POST, division=matter.division_id)

    def act() -> None:
        actions.enter_rating(matter, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("评价已录入。")):
        return redirect("matters:rating", matter.number)
    return _story(request, matter, enter=form)


@require_POST
@staff("matters.call_back")
def call_back(request: StaffRequest, number: str) -> HttpResponse:
    """Write down a call back."""
    matter = _matter(request, number)
    form = CallBackForm(request.POST)

    def act() -> None:
        actions.record_call_back(matter, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("回访已记下。")):
        return redirect("matters:rating", matter.number)
    return _story(request, matter, call=form)


@require_http_methods(["POST"])
@staff("matters.invite_rating")
def invite(request: StaffRequest, number: str) -> HttpResponse:
    """Send the link, or turn this window into the screen on which the resident rates."""
    matter = _matter(request, number)
    channel = request.POST.get("channel", "")
    try:
        actions.invite_to_rate(matter, channel=channel, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("matters:rating", matter.number)
    if channel == RatingChannel.WINDOW:
        return redirect(invitation_path(matter.number, RatingChannel.WINDOW))
    messages.success(request, _("评价邀请已发出。"))
    return redirect("matters:rating", matter.number)


@require_GET
@staff("matters.invite_rating")
def card(request: StaffRequest, number: str) -> HttpResponse:
    """A card to print: tick by hand and give back, or rate with a telephone by the code."""
    matter = _matter(request, number)
    address = request.build_absolute_uri(invitation_path(matter.number, RatingChannel.QR))
    context = {
        "matter": matter,
        "grades": Rating.Grade.choices,
        "reasons": [one.label for one in rating_reasons(matter.division_id)],
        "days": int(parameter("matters.rating_invitation")),
        "qr": code_for(address),
    }
    return render(request, "matters/rating_card.html", context)
