"""One order: what happened, and what this reader may do next; and placing a new one."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import carried_out, file_answer
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.matters.models import Matter
from yiwang.orders import actions
from yiwang.orders.actions.placing import Wanted
from yiwang.orders.forms import CodeForm, OrderForm, ProofForm, ReasonForm, TextForm
from yiwang.orders.models import ServiceOrder
from yiwang.orders.rules import BACK, State
from yiwang.residents.models import Resident
from yiwang.residents.reads import find_residents


def visible(request: StaffRequest, pk: int) -> ServiceOrder:
    """The order the reader may see, or 404."""
    rows = ServiceOrder.objects.visible_to(request.actor).select_related(
        "organization", "division", "unit", "matter", "resident__dwelling", "rating", "follows",
        "placer_unit", "followed",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


@require_GET
@allowed("orders.view")
def order(request: StaffRequest, pk: int) -> HttpResponse:
    return page(request, visible(request, pk))


@require_GET
@allowed("orders.view")
def proof(request: StaffRequest, pk: int, proof: int) -> HttpResponseBase:
    """A proof, as a download under its real type; nothing is shown inline."""
    kept = get_object_or_404(visible(request, pk).proofs, pk=proof)
    return file_answer(kept, kept.file_name.rpartition(".")[0])


def page(
    request: StaffRequest, found: ServiceOrder, *, plain: dict[str, str] | None = None,
    what: str = "", form: forms.Form | None = None,
) -> HttpResponse:  # fmt: skip
    """The order with its forms; `form` is the one of `what` that was not accepted."""
    actor, state = request.actor, State(found.state)
    ours = found.unit_id == actor.unit_id and actor.has("orders.work")
    may = {
        "answer": ours and state == State.OFFERED,
        "work": ours and state == State.ACCEPTED,
        "reveal": ours and found.is_granted and bool(found.shared) and found.resident_id,
        "code": ours and state == State.DONE,
        "confirm": state == State.DONE and actor.may("orders.confirm", found),
        "cancel": state in (State.OFFERED, State.ACCEPTED, *BACK)
        and actor.may("orders.place", found),
        "again": state in BACK and not hasattr(found, "followed") and actor.has("orders.place"),
        "code_seen": not ours and state not in (State.CONFIRMED, State.CANCELLED)
        and actor.may("orders.confirm", found),
        "matter": bool(found.matter_id) and actor.has("matters.view"),
    }  # fmt: skip
    shown = {name: kind() for name, (kind, _act, _said) in {**WORK, **SETTLE, **CALL_OFF}.items()}
    if form is not None:
        shown[what] = form
    context: dict[str, Any] = {
        "order": found,
        "person": plain if plain is not None else found.masked(),
        "is_plain": plain is not None,
        "events": found.events.all()[:100],
        "proofs": found.proofs.all(),
        "rating": getattr(found, "rating", None),
        "late": state in (State.OFFERED, State.ACCEPTED)
        and found.due_on < timezone.localdate(),
        "may": may,
        "forms": shown,
        "failed": form,
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    response = render(request, "orders/order.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


Act = Callable[..., Any]
# Each thing that may be done: its form, its act, and what is said when it is done.
WORK: dict[str, tuple[type[forms.Form], Act, Any]] = {
    "accept": (forms.Form, actions.accept_order, lambda: _("已接单，现在可以查看服务对象。")),
    "refuse": (ReasonForm, actions.refuse_order, lambda: _("已拒单，工单退回派单单位。")),
    "report": (TextForm, actions.report_order, lambda: _("进展已记下，派单单位看得到。")),
    "proof": (ProofForm, actions.add_proof, lambda: _("凭证已上传。")),
    "finish": (TextForm, actions.finish_order, lambda: _("已报完工，居民会收到确认和评价的邀请。")),
    "code": (CodeForm, actions.answer_as_resident, lambda: _("居民已确认完工。")),
}
SETTLE: dict[str, tuple[type[forms.Form], Act, Any]] = {
    "confirm": (forms.Form, actions.confirm_order, lambda: _("已确认完工。")),
    "return": (ReasonForm, actions.return_work, lambda: _("已退回服务单位返工。")),
}
CALL_OFF: dict[str, tuple[type[forms.Form], Act, Any]] = {
    "cancel": (ReasonForm, actions.cancel_order, lambda: _("工单已撤销。")),
}


def _done(
    request: StaffRequest, pk: int, what: str, ways: dict[str, tuple[type[forms.Form], Act, Any]]
) -> HttpResponse:
    if what not in ways:
        raise Http404
    found = visible(request, pk)
    kind, act, said = ways[what]
    form = kind(request.POST, request.FILES)

    def do() -> None:
        by = request.actor.within_act("orders.own") if what == "code" else request.actor
        answer = act(found, **form.cleaned_data, by=by)
        if what == "code" and not answer.proved:
            sentence = _("确认码不对，或试的次数太多，请稍后再试。")
            raise Refused("wrong_code", sentence, {"code": sentence})

    if carried_out(request, form, do, said()):
        return redirect(found)
    found.refresh_from_db()
    if not form.fields:
        messages.error(request, " ".join(str(one) for one in form.non_field_errors()))
        return redirect(found)
    return page(request, found, what=what, form=form)


@require_POST
@allowed("orders.work")
def work(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """The organisation's own acts."""
    return _done(request, pk, what, WORK)


@require_POST
@allowed("orders.confirm")
def settle(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """The community confirms or sends back."""
    return _done(request, pk, what, SETTLE)


@require_POST
@allowed("orders.place")
def call_off(request: StaffRequest, pk: int) -> HttpResponse:
    """Whoever ordered calls it off."""
    return _done(request, pk, "cancel", CALL_OFF)


@require_POST
@allowed("orders.work")
def reveal(request: StaffRequest, pk: int) -> HttpResponse:
    """Whom the work is for, in full, once; on record."""
    found = visible(request, pk)
    try:
        actions.reveal_order(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    return page(request, found, plain=found.plain())


@require_http_methods(["GET", "POST"])
@allowed("orders.place")
def place(request: StaffRequest) -> HttpResponse:
    """A new order: directly, out of a matter, or instead of one that came back."""
    actor, today = request.actor, timezone.localdate()
    matter, back = _matter(request), _back(request)
    if back and back.matter_id:
        matter = back.matter
    initial: dict[str, Any] = {}
    if back:
        initial |= {"what": back.what, "place_text": back.place_text, "due_on": back.due_on}
    form = OrderForm(request.POST or None, actor=actor, today=today, matter=matter, initial=initial)
    made: list[ServiceOrder] = []

    def do() -> None:
        said = dict(form.cleaned_data)
        where = matter.division if matter else said.pop("place")
        organization, text = said.pop("organization"), said.pop("resident", "")
        resident = back.resident if back and not text else _meant(text, where, request)
        wanted = Wanted(**said, resident=resident, matter=matter, follows=back)
        made.append(actions.place_order(where, organization=organization, wanted=wanted, by=actor))

    if carried_out(request, form, do, _("工单已派出，等服务单位答复。")):
        return redirect(made[0])
    context = {"form": form, "matter": matter, "back": back}
    return render(request, "orders/place.html", context, status=422 if form.errors else 200)


def _matter(request: StaffRequest) -> Matter | None:
    number = request.GET.get("matter", "")
    if not number:
        return None
    return get_object_or_404(
        Matter.objects.visible_to(request.actor).select_related("division", "resident", "item"),
        number=number.replace("-", ""),
    )


def _back(request: StaffRequest) -> ServiceOrder | None:
    pk = request.GET.get("follows", "")
    return visible(request, int(pk)) if pk.isdecimal() and len(pk) < 18 else None


def _meant(text: str, place: Division, request: StaffRequest) -> Resident | None:
    """The one resident of the place whom a text means. Raises Refused: nobody, several."""
    if not text.strip():
        return None
    people = find_residents(text, request.actor) if request.actor.has("residents.view") else []
    here = [one for one in people if one.division_id == place.pk]
    if len(here) == 1:
        return here[0]
    sentence = (
        _("有几位居民符合，请写得更准，例如加上电话。") if here
        else _("这个社区没有找到这位居民。")
    )  # fmt: skip
    raise Refused("nobody", sentence, {"resident": sentence})
