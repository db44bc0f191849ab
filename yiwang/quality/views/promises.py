"""Promises of units against fact (QUA-12)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.core.doors import carried_out
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.quality.actions import end_promise, make_promise
from yiwang.quality.forms.entry import PromiseForm
from yiwang.quality.models import Promise
from yiwang.quality.reads.promises import facts_of, promises_of

from .furniture import page_of


@require_http_methods(["GET", "POST"])
@allowed("quality.view", post="quality.promise")
def promises(request: StaffRequest) -> HttpResponse:
    """The own unit's promises against fact, a new one, and what the units of the area promise."""
    actor, today = request.actor, timezone.localdate()
    unit = get_object_or_404(Unit.objects.visible_to(actor), pk=actor.unit_id)
    form = PromiseForm(request.POST or None, actor=actor)

    def act() -> None:
        make_promise(unit, word=form.word(), by=actor)

    if carried_out(request, form, act, _("承诺已公布。")):
        return redirect("quality:promises")
    rows = Promise.objects.visible_to(actor).current(today).exclude(unit=unit)
    rows = rows.filter(unit__division_id__range=(actor.see.lo, actor.see.hi))
    context = {
        "unit": unit,
        "facts": facts_of(unit, promises_of(unit, today), timezone.now()),
        "page": page_of(request, rows.select_related("unit").order_by("unit", "pk")),
        "form": form,
        "days": int(parameter("qua.promise_days")),
        "may_promise": actor.has("quality.promise"),
    }
    return render(request, "quality/promises.html", context, status=422 if form.errors else 200)


@require_POST
@allowed("quality.promise")
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a promise back."""
    found = get_object_or_404(Promise.objects.visible_to(request.actor), pk=pk)
    try:
        end_promise(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("承诺已撤下。"))
    return redirect("quality:promises")
