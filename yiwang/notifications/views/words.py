"""The words of every kind and way: seen with invented facts, changed by publishing a version."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.notifications.actions import publish_wording
from yiwang.notifications.actions.wording import TITLED
from yiwang.notifications.forms import WordingForm
from yiwang.notifications.models import Wording
from yiwang.notifications.reads import Words, sample_of, words_in_force
from yiwang.notifications.rules.kinds import BY_LETTER, Channel, Kind
from yiwang.notifications.rules.wording import BLANKS, allowed_blanks


@require_GET
@allowed("notifications.wording")
def index(request: StaffRequest) -> HttpResponse:
    """Every text with its version."""
    last: dict[tuple[str, str], int] = {}
    for one in Wording.objects.public().order_by("version"):
        last[one.kind, one.channel] = one.version
    rows = [
        (kind, [(way, last.get((kind, way), 0)) for way in Channel if _is_told(kind, way)])
        for kind in Kind
    ]
    return render(request, "notifications/words.html", {"rows": rows, "ways": list(Channel)})


def _is_told(kind: str, way: str) -> bool:
    return way != Channel.PRINT or kind in BY_LETTER


@require_http_methods(["GET", "POST"])
@allowed("notifications.wording")
def edit(request: StaffRequest, kind: str, channel: str) -> HttpResponse:
    """Change the words, look at them, publish them."""
    if kind not in Kind.values or channel not in Channel.values or not _is_told(kind, channel):
        raise Http404
    words, titled = words_in_force(kind, channel), channel in TITLED
    form = WordingForm(request.POST or None, titled=titled, initial=vars(words))
    if request.method == "POST" and form.is_valid() and "publish" in request.POST:
        try:
            publish_wording(
                Wording(kind=kind, channel=channel), **form.cleaned_data, by=request.actor
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("新版文本已发布，以后的通知按新版发送。"))
            return redirect("notifications:words")
    shown = words if request.method == "GET" or form.errors else _said(form)
    context = {
        "form": form,
        "kind": Kind(kind),
        "channel": Channel(channel),
        "words": words,
        "preview": [shown.filled(sample_of(code), code) for code in ("zh-hans", "en")],
        "blanks": [(name, BLANKS[name]) for name in allowed_blanks(channel)],
        "most": parameter("notifications.sms_letters") if channel == Channel.SMS else None,
        "versions": Wording.objects.public().filter(kind=kind, channel=channel),
    }
    return render(
        request, "notifications/wording.html", context, status=422 if form.errors else 200
    )


def _said(form: WordingForm) -> Words:
    said: dict[str, Any] = {"title": "", "title_en": "", **form.cleaned_data}
    return Words(version=0, **said)
