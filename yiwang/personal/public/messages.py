"""What I was told, and by which way I want to be told (EXP-12)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.notifications.actions import choose_way, mark_read
from yiwang.notifications.models import Message
from yiwang.notifications.reads import choice_of, told_to
from yiwang.personal.forms.own import WayForm
from yiwang.personal.http import OwnRequest, own_page, page


@require_safe
@own_page
def messages_page(request: OwnRequest) -> HttpResponse:
    """Newest first, in the language of the page; what is new is marked."""
    rows = Message.objects.for_holder(request.visit.person)
    found = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    language = get_language() or "zh-hans"
    told = [(one, *told_to(one, language)) for one in found]
    unread = rows.filter(read_at__isnull=True).count()
    return page(request, "messages", "data", page=found, told=told, unread=unread)


@require_POST
@own_page
def read_all(request: OwnRequest) -> HttpResponse:
    """I have seen them."""
    mark_read(request.visit.person, by=request.visit.actor)
    return redirect("my:messages")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def way(request: OwnRequest) -> HttpResponse:
    """Choose the way, the language, and whether reminders are wanted."""
    visit, now = request.visit, choice_of(request.visit.person)
    initial = {
        "channel": now.channel if now else "sms",
        "email": (now.email or "") if now else "",
        "language": now.language if now else "zh-hans",
        "optional": now.optional if now else True,
    }
    form = WayForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            choose_way(visit.person, **form.cleaned_data, by=visit.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("记下了，以后这样通知您。"))
            return redirect("my:messages")
    status = 422 if form.errors else 200
    return page(request, "way", "data", status=status, form=form)
