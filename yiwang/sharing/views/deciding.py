"""The data officer's pages: grant or limit, refuse, suspend, resume, end."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.sharing import actions
from yiwang.sharing.forms import AnswerForm, GrantForm
from yiwang.sharing.models import Agreement
from yiwang.sharing.reads import agreement_for, preview

from .agreements import kinds_for, page_of, places_in, previewed, told


@require_http_methods(["GET", "POST"])
@allowed("sharing.decide")
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """What was asked, with every item, place, age and day to be limited; one button grants."""
    found = agreement_for(request.actor, pk)
    wanted = found.wanted
    if wanted is None:
        messages.error(request, _("没有等待审批的申请。"))
        return redirect(found)
    form = GrantForm(
        request.POST or None, wanted=wanted, places=places_in(found.division_id, *wanted.areas),
        kinds=kinds_for(request.actor, *wanted.tags), initial=GrantForm.holding(wanted),
    )  # fmt: skip
    shown = previewed(request, form, found.division_id)
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        limit = form.scope(purpose=wanted.purpose, basis=wanted.basis, law=wanted.law)
        try:
            actions.grant_agreement(
                found, limit=limit, answer=form.cleaned_data["answer"], by=request.actor
            )
        except Refused as refusal:
            form.blame(refusal)
        else:
            messages.success(request, _("已批准，立即生效。"))
            return redirect(found)
    if request.method == "GET":
        shown = preview(wanted, found.division_id, request.actor, timezone.localdate())
    context = {"one": found, "form": form, "wanted": told(wanted, request.actor), "preview": shown}
    return render(request, "sharing/decide.html", context, status=422 if form.errors else 200)


@require_POST
@allowed("sharing.decide")
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    """Refuse with a reason."""
    return _answered(request, pk, actions.refuse_agreement, _("已答复不批准。"))


@require_POST
@allowed("sharing.decide")
def suspend(request: StaffRequest, pk: int) -> HttpResponse:
    """Stop reading for a while."""
    return _answered(request, pk, actions.suspend_agreement, _("已暂停。"))


@require_POST
@allowed("sharing.decide")
def resume(request: StaffRequest, pk: int) -> HttpResponse:
    """Go on."""
    return _answered(request, pk, actions.resume_agreement, _("已恢复。"))


@require_POST
@allowed("sharing.decide")
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """End for good."""
    return _answered(request, pk, actions.end_agreement, _("已终止。"))


def _answered(
    request: StaffRequest, pk: int, act: Callable[..., Agreement], said: str
) -> HttpResponse:
    found = agreement_for(request.actor, pk)
    form = AnswerForm(request.POST)
    reason: Any = form.cleaned_data["answer"] if form.is_valid() else ""
    try:
        act(found, reason=reason, by=request.actor)
    except Refused as refusal:
        refusal.blame(form)
        found = agreement_for(request.actor, pk)
        return page_of(request, found, status=422, answer_form=form)
    messages.success(request, said)
    return redirect(found)
