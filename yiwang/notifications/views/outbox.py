"""The outbox: what went to whom by which way, what did not arrive, and sending it again."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.notifications.actions import print_instead, send_again
from yiwang.notifications.forms import OutboxFilter
from yiwang.notifications.models import Delivery
from yiwang.notifications.reads import figures_of, shown_words
from yiwang.notifications.rules.kinds import DEAD
from yiwang.notifications.sheets import outbox_workbook

LENGTH = 15  # digits of a number; fewer mean its end


def listed(request: StaffRequest, form: OutboxFilter) -> QuerySet[Delivery]:
    """The sendings of the reader's area that the filter means, newest first."""
    rows = Delivery.objects.visible_to(request.actor)
    if form.said("q"):
        digits = "".join(sign for sign in form.said("q") if sign.isdecimal())
        whole = {"message__reference": f"matter:{digits}"}
        part = {"message__reference__endswith": digits or "-"}
        rows = rows.filter(**(whole if len(digits) == LENGTH else part))
    if form.said("state"):
        wanted = DEAD if form.said("state") == "dead" else {form.said("state")}
        rows = rows.filter(state__in=wanted)
    if form.said("channel"):
        rows = rows.filter(channel=form.said("channel"))
    if form.said("kind"):
        rows = rows.filter(message__kind=form.said("kind"))
    if form.said("since"):
        rows = rows.filter(created_at__gte=_morning(form.said("since"), 0))
    if form.said("until"):
        rows = rows.filter(created_at__lt=_morning(form.said("until"), 1))
    return rows.order_by("-pk")


def _morning(day: datetime, later: int) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=later), time.min))


@require_GET
@allowed("notifications.view")
def index(request: StaffRequest) -> HttpResponse:
    """Every sending of the area with its state, and the sums of each way."""
    form = OutboxFilter(request.GET)
    rows = listed(request, form)
    shown = rows.select_related("message__resident", "message__division")
    page = Paginator(shown, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": form.applied(),
        "page": page,
        "figures": figures_of(rows),
        "query": request.GET.urlencode(),
        "may_export": request.actor.has("notifications.export"),
    }
    return render(request, "notifications/outbox.html", context)


@require_GET
@allowed("notifications.export")
def export(request: StaffRequest) -> HttpResponse:
    """The filtered outbox, masked; goes on record."""
    rows = listed(request, OutboxFilter(request.GET))
    rows = rows.select_related("message__resident", "message__division")
    found = list(rows[: int(parameter("core.export_rows"))])
    record_line("notifications.export", request.actor, request.actor, {"rows": len(found)})
    response = HttpResponse(outbox_workbook(found), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="notifications.xlsx"'
    return response


def visible(request: StaffRequest, pk: int) -> Delivery:
    """A sending of the reader's area; else 404."""
    rows = Delivery.objects.visible_to(request.actor)
    return get_object_or_404(
        rows.select_related("message__resident__dwelling", "message__division"), pk=pk
    )


@require_GET
@allowed("notifications.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One sending: its words as they went out, where it stands and what may be done."""
    one = visible(request, pk)
    title, text = shown_words(one)
    dead = one.state in DEAD
    context = {
        "one": one,
        "title": title,
        "text": text,
        "may_send": dead and request.actor.may("notifications.send", one),
        "may_print": one.channel == "print" and one.state == "waiting"
        and request.actor.may("notifications.print", one),
        "has_letter": one.message.deliveries.filter(channel="print").exists(),
    }  # fmt: skip
    return render(request, "notifications/detail.html", context)


@require_POST
@allowed("notifications.send")
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a dead letter once more."""
    one = visible(request, pk)
    try:
        send_again(one, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已放回待发送，几分钟内发出；免打扰时段内等到早上。"))
    return redirect(one)


@require_POST
@allowed("notifications.send")
def by_letter(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a letter into the printing queue instead."""
    one = visible(request, pk)
    try:
        one = print_instead(one, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("信件已列入待打印。"))
    return redirect(one)
