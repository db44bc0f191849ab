"""Confirm the work and rate it, by number and code (INF-19)."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import PublicRequest
from yiwang.core.errors import Refused
from yiwang.orders import actions
from yiwang.orders.forms import HolderAnswerForm, HolderForm
from yiwang.orders.models import ServiceOrder
from yiwang.orders.reads import order_of
from yiwang.orders.rules import State


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: PublicRequest) -> HttpResponse:
    """Ask for number and code, show the work, take the answer; nothing is kept between."""
    by = Actor.public("orders.own", label=_("居民"))
    if request.method != "POST":
        return _page(request, HolderForm())
    if "answer" not in request.POST:
        form = HolderForm(request.POST)
        found = order_of(form.cleaned_data["number"]) if form.is_valid() else None
        if found and actions.try_code(found, code=form.cleaned_data["code"], by=by).proved:
            held = {name: form.cleaned_data[name] for name in ("number", "code")}
            return _page(request, HolderAnswerForm(initial=held), found)
        return _page(request, _wrong(form), status=422)
    return _answered(request, HolderAnswerForm(request.POST), by)


def _answered(request: PublicRequest, form: HolderAnswerForm, by: Actor) -> HttpResponse:
    found = order_of(str(form.data.get("number", ""))[:20])
    if found is None or not form.is_valid():
        return _page(request, _wrong(HolderForm(request.POST)), status=422)
    said = {name: form.cleaned_data[name] for name in ("code", "grade", "comment")}
    try:
        actions.answer_as_resident(found, **said, by=by)
    except Refused as refusal:
        refusal.blame(form)
        found.refresh_from_db()
        return _page(request, form, found if found.proved else None, status=422)
    if not found.proved:
        return _page(request, _wrong(HolderForm(request.POST)), status=422)
    return _page(request, form, found, done=True)


def _wrong(form: HolderForm) -> HolderForm:
    """One sentence for every way of being wrong: it never tells which numbers exist."""
    if form.is_valid():
        form.add_error(
            None, _("编号和确认码对不上，或试的次数太多。请核对后再试，或打电话问社区。")
        )
    return form


def _page(
    request: PublicRequest, form: HolderForm, order: ServiceOrder | None = None,
    *, done: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    rating = getattr(order, "rating", None) if order else None
    ready = order is not None and order.state in (State.DONE, State.CONFIRMED)
    context: dict[str, Any] = {
        "form": form, "order": order, "done": done, "rating": rating, "ready": ready,
        "proofs": order.proofs.count() if order else 0,
    }  # fmt: skip
    response = render(request, "orders/answer.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
