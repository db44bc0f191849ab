"""Notices: what others did to my matters, and marking them read."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.console.actions import mark_notices_read
from yiwang.console.models import Look
from yiwang.console.reads.notices import notices_for
from yiwang.console.reads.queues import title_of
from yiwang.core.reads import parameter
from yiwang.matters.rules import EventKind

KINDS = {
    EventKind.RETURNED: ("warn", "arrow-back-up"),
    EventKind.URGED: ("danger", "urgent"),
    EventKind.ESCALATED: ("danger", "alarm"),
    EventKind.HANDED_ON: ("brand", "arrows-exchange"),
    EventKind.FINISHED: ("ok", "circle-check"),
    EventKind.REFUSED: ("danger", "circle-x"),
    EventKind.WITHDRAWN: ("", "arrow-back-up"),
    EventKind.RATED: ("warn", "star"),
    EventKind.CALLED_BACK: ("info", "phone"),
    EventKind.REOPENED: ("danger", "refresh"),
    EventKind.REDONE: ("ok", "circle-check"),
    EventKind.CORRECTED: ("info", "file-check"),
    EventKind.EXTENDED: ("info", "hourglass"),
    EventKind.EXTENSION_ASKED: ("info", "hourglass"),
    EventKind.EXTENSION_REFUSED: ("warn", "hourglass"),
    EventKind.PAUSED: ("info", "player-pause"),
    EventKind.RESUMED: ("info", "player-play"),
}


@require_GET
@allowed("accounts.self")
@allowed("accounts.self")
def notices(request: StaffRequest) -> HttpResponse:
    """The newest first; what came since the last look is marked."""
    actor = request.actor
    found = notices_for(actor).select_related("matter__item")
    found = found.defer("matter__answers_sealed", "matter__agent_phone")
    page = Paginator(found, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    look = Look.objects.visible_to(actor).first()
    seen = look.seen_at if look else None
    rows = [
        (
            event,
            title_of(event.matter),
            *KINDS.get(EventKind(event.kind), ("brand", "file-text")),
            not seen or event.at > seen,
        )
        for event in page
    ]
    context = {"page": page, "rows": rows, "up_to": timezone.now().isoformat()}
    return render(request, "console/notices.html", context)


@require_POST
@allowed("accounts.self")
@allowed("accounts.self")
def mark_read(request: StaffRequest) -> HttpResponse:
    """All that the page showed is read; what came meanwhile stays unread."""
    now = timezone.now()
    shown = (
        parse_datetime(request.POST.get("up_to", "")[:40]) if request.POST.get("up_to") else None
    )
    up_to = shown if shown and timezone.is_aware(shown) and shown <= now else now
    actor = request.actor
    look = Look(user_id=actor.user_id or 0, post_id=actor.post_id or 0)
    mark_notices_read(look, up_to=up_to, by=actor)
    messages.success(request, _("通知已全部标为已读。"))
    return redirect("console:notices")
