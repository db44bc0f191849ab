"""Lists that wait for someone's word: bad ratings to put right, requests for more time."""

from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.matters.actions import answer_follow_up, decide_extension
from yiwang.matters.forms.rating import PutRightForm
from yiwang.matters.models import Extension, FollowUp, Matter
from yiwang.matters.reads.rating import last_call, reason_labels

from .deadlines import deadline_chip
from .door import staff
from .handling import put_refusal


@require_GET
@staff("matters.view")
def follow_ups(request: StaffRequest) -> HttpResponse:
    """Bad ratings of the area, open ones first, each with its own clock (SVC-24)."""
    now, done = timezone.now(), request.GET.get("tab") == "done"
    rows = FollowUp.objects.visible_to(request.actor).filter(done_at__isnull=not done)
    rows = rows.select_related("rating__matter__resident", "rating__matter__item", "unit")
    pages = Paginator(rows.order_by("-done_at" if done else "due_at", "pk"), _rows_a_page())
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, deadline_chip(_running(one), one.due_at, now)) for one in page],
        "done": done,
        "may_answer": request.actor.has("matters.answer_follow_up"),
    }
    return render(request, "matters/follow_ups.html", context)


def _running(follow_up: FollowUp) -> Matter:
    """A matter whose clock is the follow-up's: the rated one has ended long ago."""
    return Matter(state="working", amber_at=follow_up.due_at, due_at=follow_up.due_at)


def _rows_a_page() -> int:
    return int(parameter("core.page_rows"))


@require_http_methods(["GET", "POST"])
@staff("matters.view", post="matters.answer_follow_up")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what was verified, put right and replied."""
    rows = FollowUp.objects.visible_to(request.actor)
    rows = rows.select_related("rating__matter__resident", "rating__matter__item", "unit")
    found = get_object_or_404(rows, pk=pk)
    form = PutRightForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_follow_up(found, **form.cleaned_data, by=request.actor)
        except Refused as error:
            put_refusal(form, error)
        else:
            messages.success(request, _("整改情况已记下。"))
            return redirect("matters:follow-ups")
    context = {
        "follow_up": found,
        "matter": found.rating.matter,
        "form": form,
        "key": uuid4().hex,
        "may_answer": request.actor.may("matters.answer_follow_up", found),
        "reasons": reason_labels(found.rating.reasons),
        "called": last_call(found.rating.matter, found.rating.at),
        "told": found.told.select_related("place"),
    }
    return render(request, "matters/follow_up.html", context, status=422 if form.errors else 200)


@require_GET
@staff("matters.approve")
def extensions(request: StaffRequest) -> HttpResponse:
    """Requests for more time that wait for a leader, the nearest deadline first (SV-2)."""
    now, done = timezone.now(), request.GET.get("tab") == "done"
    rows = Extension.objects.visible_to(request.actor).select_related("matter__resident")
    asked = Extension.State.ASKED
    rows = rows.exclude(state=asked).order_by("-decided_at") if done else rows.filter(state=asked)
    rows = rows if done else rows.order_by("matter__due_at", "pk")
    page = Paginator(rows, _rows_a_page()).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [
            (
                one,
                deadline_chip(one.matter, one.matter.due_at, now),
                not done and request.actor.may("matters.approve", one),
                uuid4().hex,
            )
            for one in page
        ],
        "done": done,
    }
    return render(request, "matters/extensions.html", context)


@require_POST
@staff("matters.approve")
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Grant or deny; the second of two leaders reads that it is decided already."""
    found = get_object_or_404(Extension.objects.visible_to(request.actor), pk=pk)
    try:
        decide_extension(found, granted=request.POST.get("granted") == "yes", by=request.actor)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已审批，办理单位会看到。"))
    return redirect("matters:extensions")
