"""The printing queue: letters for whom there is no other way, printed together."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.notifications.actions import mark_printed
from yiwang.notifications.models import Delivery
from yiwang.notifications.reads import letter_of, may_be_written
from yiwang.notifications.rules.kinds import Channel, State


def waiting(request: StaffRequest) -> QuerySet[Delivery]:
    """Letters of the reader's area that wait, the oldest first."""
    rows = Delivery.objects.visible_to(request.actor)
    rows = rows.filter(channel=Channel.PRINT, state=State.WAITING).order_by("pk")
    return rows.select_related("message__resident__dwelling", "message__division")


@require_GET
@allowed("notifications.print")
def letters(request: StaffRequest) -> HttpResponse:
    """What waits to be printed, masked."""
    most = int(parameter("notifications.letters"))
    rows = waiting(request)
    context = {"rows": rows[:most], "total": rows.count(), "most": most}
    return render(request, "notifications/letters.html", context)


@require_POST
@allowed("notifications.print")
def sheets(request: StaffRequest) -> HttpResponse:
    """The letters with name and address, one a sheet; goes on record."""
    found = [
        one
        for one in waiting(request)[: int(parameter("notifications.letters"))]
        if not may_be_written(one.message.resident)
    ]
    for one in found:
        facts = {"resident": one.message.resident_id, "reference": one.message.reference}
        record_line("notifications.print", one, request.actor, facts)
    context = {
        "letters": [letter_of(one) for one in found],
        "today": timezone.localdate(),
        "unit": request.actor.unit_name,
    }
    return render(request, "notifications/sheets.html", context)


@require_POST
@allowed("notifications.print")
def done(request: StaffRequest) -> HttpResponse:
    """Say that the printed ones were sent."""
    asked = {int(pk) for pk in request.POST.getlist("letter") if pk.isdecimal() and len(pk) < 18}
    sent = 0
    for one in waiting(request).filter(pk__in=asked):
        try:
            mark_printed(one, by=request.actor)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            sent += 1
    words = ngettext("%(count)s 封信已记为寄出。", "%(count)s 封信已记为寄出。", sent)
    messages.success(request, words % {"count": sent}) if sent else messages.warning(
        request, _("没有选中还在等的信。")
    )
    return redirect("notifications:letters")
