"""The touch screen at the door: one tap a line, for whoever stands there."""

import hmac
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import PublicRequest
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.queues.actions import take_ticket
from yiwang.queues.forms import TakeForm
from yiwang.queues.reads import Queue, day_of, touch_key

from .screen import hall_of, ticket_page


@login_not_required
@require_http_methods(["GET", "POST"])
def touch(request: PublicRequest, unit: int, secret: str) -> HttpResponse:
    """Draw a number. The secret in the address keeps strangers on the internet from drawing."""
    hall = hall_of(unit)
    if not hmac.compare_digest(secret.encode(), touch_key(hall.pk).encode()):
        raise Http404
    day = day_of(hall)
    if day is None or not day.is_open:
        return render(request, "queues/touch.html", {"hall": hall, "day": None})
    if request.method == "GET" and "number" in request.GET:
        return ticket_page(request, hall, request.GET["number"], next_url=request.path)
    form = TakeForm(request.POST or None, day.lines.all())
    if request.method == "POST" and form.is_valid():
        try:
            visitor = Actor.public("queues.take", label=str(_("自助取号")))
            drawn = take_ticket(day, **form.cleaned_data, by=visitor)
            return redirect(f"{request.path}?{urlencode({'number': drawn.number})}")
        except Refused as refusal:
            refusal.blame(form)
    queue = Queue.of(day)
    context = {
        "hall": hall,
        "day": day,
        "form": form,
        "key": uuid4().hex,
        "lines": [(line, queue.wait_of_newcomer(line.letter)) for line in day.lines.all()],
        "waiting": len(queue.waiting),
        "priority_age": int(parameter("queues.priority_age", division=hall.division_id)),
    }
    return render(request, "queues/touch.html", context, status=422 if form.errors else 200)
