"""The privacy notice: its text in both languages, from which day, and its earlier versions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.personal import actions
from yiwang.personal.forms.staff import NoticeForm
from yiwang.personal.models import Notice
from yiwang.personal.rules.purposes import purposes


@require_http_methods(["GET", "POST"])
@allowed("personal.notice")
def notice(request: StaffRequest) -> HttpResponse:
    """Write the next version; residents read it at their next log-in from that day on."""
    versions = list(Notice.objects.public())
    latest = versions[0] if versions else Notice(text="", text_en="")
    initial = {
        "text": latest.text, "text_en": latest.text_en, "starts_on": timezone.localdate(),
    }  # fmt: skip
    form = NoticeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish_notice(latest, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("新版告知书已发布，居民下次登录时会看到。"))
            return redirect("personal:notice")
    context = {"form": form, "versions": versions, "purposes": purposes().values()}
    return render(request, "personal/notice.html", context, status=422 if form.errors else 200)
