"""My data: all that is held, confirmed in one tap, copied, and who looked at it (PIPL 44-45)."""

import json

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.workbook import XLSX
from yiwang.notifications.models import Message
from yiwang.personal import actions
from yiwang.personal.forms.own import CorrectForm
from yiwang.personal.http import OwnRequest, anybodys_page, own_page, page
from yiwang.personal.models import RightsRequest, Scope
from yiwang.personal.reads import copy_of, held_fields, looks_at
from yiwang.personal.sheets import copy_workbook
from yiwang.residents.reads import dictionary


@require_safe
@anybodys_page
def home(request: OwnRequest) -> HttpResponse:
    """What waits for me: values to confirm, requests under way, whom I may act for.

    Who acts for another finds there what that person allowed, and nothing of the rest.
    """
    person = request.visit.person
    if not request.visit.may(Scope.DATA):
        return page(request, "home", "data")
    held = held_fields(person, timezone.localdate())
    waiting = RightsRequest.objects.for_holder(person).filter(state=RightsRequest.State.OPEN)
    return page(
        request, "home", "data", due=[one for one in held if not one.known.fresh],
        held=len(held), waiting=waiting.count(),
        news=Message.objects.for_holder(person).filter(read_at__isnull=True).count(),
    )  # fmt: skip


@require_safe
@own_page
def data(request: OwnRequest) -> HttpResponse:
    """Every value with source, day, purpose and due day; what is due stands first."""
    held = held_fields(request.visit.person, timezone.localdate())
    due = [one for one in held if not one.known.fresh]
    fresh = [one for one in held if one.known.fresh]
    return page(request, "data", "data", due=due, fresh=fresh)


@require_POST
@own_page
def confirm(request: OwnRequest) -> HttpResponse:
    """One tap: one value, or all that are due, are still right."""
    visit = request.visit
    try:
        actions.confirm_own(visit.person, fields=request.POST.getlist("field"), by=visit.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("谢谢，已经确认，不用再跑一趟。"))
    return redirect("my:data")


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def correct(request: OwnRequest, code: str) -> HttpResponse:
    """Say what a value should be; the community checks it and answers."""
    field = dictionary().get(code)
    if field is None or not field.register:
        raise Http404
    visit = request.visit
    form = CorrectForm(field, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask_for_right(
                visit.person, kind="correct", field=code, **form.cleaned_data,
                holder=visit.holder if visit.for_another else None, by=visit.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            day = timezone.localtime(asked.due_at).strftime("%Y-%m-%d")
            messages.success(request, _("社区收到了，%(day)s 前答复您。") % {"day": day})
            return redirect("my:requests")
    known = {one.code: one.known for one in held_fields(visit.person, timezone.localdate())}
    return page(
        request, "correct", "data", status=422 if form.errors else 200, form=form, field=field,
        known=known.get(code),
    )  # fmt: skip


@require_safe
@own_page
def looks(request: OwnRequest) -> HttpResponse:
    """Who looked behind the mask, when and why."""
    return page(request, "looks", "data", looks=looks_at(request.visit.person))


@require_safe
@own_page
def copy(request: OwnRequest) -> HttpResponse:
    """All of it on paper."""
    return page(request, "copy", "data", copy=_copied(request, "page"))


@require_safe
@own_page
def copy_json(request: OwnRequest) -> HttpResponse:
    """All of it for another system."""
    text = json.dumps(_copied(request, "json"), ensure_ascii=False, indent=1)
    return _file(text, "application/json; charset=utf-8", "json")


@require_safe
@own_page
def copy_xlsx(request: OwnRequest) -> HttpResponse:
    """All of it for a spreadsheet."""
    return _file(copy_workbook(_copied(request, "xlsx"), request.visit.actor.label), XLSX, "xlsx")


def _copied(request: OwnRequest, kind: str) -> dict[str, object]:
    visit = request.visit
    facts = {"kind": kind, "resident": visit.person.pk}
    record_line("personal.own", visit.person, visit.actor, facts)
    return copy_of(visit.person, timezone.localdate())


def _file(content: str | bytes, kind: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="my-data.{ending}"'
    return response
