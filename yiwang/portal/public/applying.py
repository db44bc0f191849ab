"""An organisation applies to be admitted as a service subject, and follows it (DIV-12)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.core.reads import file_limits, parameter
from yiwang.organizations.actions import (
    PaperSaid,
    hand_in_paper,
    send_application,
    send_corrections,
    withdraw_application,
)
from yiwang.organizations.models import Application
from yiwang.portal.actions import proved_application, take_application_from
from yiwang.portal.forms import ApplyCorrectionForm, ApplyForm, ApplyPaperForm, ApplyTrackForm
from yiwang.portal.reads.applying import application_of, held_of, progress_of_application

from .frame import chosen, page

KEY: Final = "applications"
BY: Final = Actor.public("organizations.apply", label="申请单位")


def for_applicant(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one application, for whoever proved to hold its number a short while ago."""

    @wraps(view)
    def guarded(request: HttpRequest, number: str) -> HttpResponse:
        kept: dict[str, float] = request.session.get(KEY, {})
        found = application_of(number) if kept.get(number, 0) > time.time() else None
        if found is None:
            return redirect("portal:join-find")
        return view(request, found)

    return login_not_required(guarded)


def _open(request: HttpRequest, found: Application) -> HttpResponse:
    until = time.time() + 60 * int(parameter("portal.tracking_minutes"))
    request.session[KEY] = {found.number: until}
    return redirect("portal:application", number=found.number)


def _done(form: forms.Form, do: Callable[[], Any]) -> bool:
    """Do it when the form is right; else the form says why not."""
    if not form.is_valid():
        return False
    try:
        do()
    except Refused as refusal:
        refusal.blame(form)
        return False
    return True


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Who applies, whom to ring, what is offered; from the chosen community."""
    place = chosen(request)
    if place is None:
        return page(request, "join", "place")
    form = ApplyForm(request.POST or None, place=place, initial={"areas": [str(place.pk)]})
    made: list[Application] = []

    def do() -> None:
        take_application_from(str(request.META.get("REMOTE_ADDR", "")))
        made.append(send_application(place, values=form.values(), offer=form.offer(), by=BY))

    if request.method == "POST" and _done(form, do):
        messages.success(request, _("申请已经收到，请记下编号，接着上传证照。"))
        return _open(request, made[0])
    return page(request, "join", "place", status=_status(form), place=place, form=form)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the number of the application and the last digits of the telephone."""
    form = ApplyTrackForm(request.POST or None)
    found: list[Application] = []

    def do() -> None:
        found.append(proved_application(**form.cleaned_data))

    if request.method == "POST" and _done(form, do):
        return _open(request, found[0])
    return page(request, "join_find", "place", status=_status(form), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_applicant
def application(request: HttpRequest, found: Application) -> HttpResponse:
    """Where it stands; papers are added here while nothing is decided."""
    form = ApplyPaperForm(request.POST or None, request.FILES or None)

    def do() -> None:
        said = dict(form.cleaned_data)
        upload = said.pop("scan")
        hand_in_paper(found, said=PaperSaid(**said), upload=upload, by=BY)

    if request.method == "POST" and _done(form, do):
        messages.success(request, _("证照已经收到。"))
        return redirect("portal:application", number=found.number)
    return page(
        request, "application", "place", status=_status(form), one=found, form=form,
        most=file_limits().megabytes, **progress_of_application(found),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_applicant
def correct(request: HttpRequest, found: Application) -> HttpResponse:
    """Answer the one request for corrections."""
    progress, one = progress_of_application(found), found.organization
    if not progress["correcting"]:
        messages.info(request, _("这份申请现在不需要补正。"))
        return redirect("portal:application", number=found.number)
    held = held_of(progress["standing"])
    form = ApplyCorrectionForm(request.POST or None, place=one.division, initial=held)

    def do() -> None:
        send_corrections(found, values=form.values(), offer=form.offer(), by=BY)

    if request.method == "POST" and _done(form, do):
        messages.success(request, _("补正已经收到，接着审核。"))
        return redirect("portal:application", number=found.number)
    return page(request, "join_correct", "place", status=_status(form), one=found, form=form)


@require_POST
@for_applicant
def withdraw(request: HttpRequest, found: Application) -> HttpResponse:
    """Take the application back while nothing is decided."""
    try:
        withdraw_application(found, by=BY)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("申请已经撤回，需要时可以再申请。"))
    return redirect("portal:application", number=found.number)


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200
