"""Notices: what others did to my matters, marking them read, and the e-mail of the morning."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.console.actions import mark_notices_read, wish_digest
from yiwang.console.forms import DigestForm
from yiwang.console.models import Digest, Look
from yiwang.console.reads.notices import notices_for
from yiwang.console.reads.queues import title_of
from yiwang.core.doors import carried_out
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
    context = {
        "page": page, "rows": rows, "up_to": timezone.now().isoformat(),
        **_digest(request),
    }  # fmt: skip
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


def _digest(request: StaffRequest, form: DigestForm | None = None) -> dict[str, Any]:
    """The wish of this post, as the form shows it; nothing where no mail leaves the house."""
    wish = Digest.objects.visible_to(request.actor).first()
    shown = form or DigestForm(initial={"email": wish.email if wish else ""})
    return {"digest": wish, "digest_form": shown, "by_mail": bool(settings.EMAIL_FROM)}


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("accounts.self")
def digest(request: StaffRequest) -> HttpResponse:
    """Where the counts of the morning go; an empty address ends it."""
    form = DigestForm(request.POST or None)
    actor = request.actor
    wish = Digest(user_id=actor.user_id or 0, post_id=actor.post_id or 0)

    def act() -> None:
        wish_digest(wish, email=form.cleaned_data["email"], by=actor)

    if carried_out(request, form, act, _("已保存。")):
        return redirect("console:notices")
    context = _digest(request, form if request.method == "POST" else None)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/digest.html", context, status=status)
