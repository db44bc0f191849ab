"""One resident's account, codes, agents and agreements, as the window keeps them (DIV-14)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.personal import actions
from yiwang.personal.forms.staff import AgentForm, AskForm, CodeForm, ReasonForm
from yiwang.personal.models import (
    AccessCode,
    Authorisation,
    Consent,
    ResidentAccount,
    Restriction,
    RightsRequest,
)
from yiwang.personal.reads import consents_of, is_child, person_named
from yiwang.personal.rules.codes import spoken
from yiwang.personal.rules.purposes import purposes
from yiwang.residents.models import Resident

RIGHTS = ("account", "ask", "authorise", "consent", "decide")


def _person(request: StaffRequest, pk: int) -> Resident:
    people = Resident.objects.visible_to(request.actor).not_withdrawn()
    return get_object_or_404(people.select_related("division", "dwelling"), pk=pk)


@require_GET
@allowed("personal.view")
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything about the rights of one resident."""
    return _show(request, _person(request, pk))


def _show(request: StaffRequest, one: Resident, **more: Any) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    held = Authorisation.objects.for_holder(one).select_related(
        "resident__division", "holder__division"
    )
    given = consents_of(one)
    context = {
        "person": one,
        "child": is_child(one, today),
        "account": ResidentAccount.objects.visible_to(actor).filter(resident=one).last(),
        "agents": [(row, row.is_in_force(today)) for row in held],
        "consents": [(purpose, given.get(purpose.code)) for purpose in purposes().values()],
        "requests": RightsRequest.objects.visible_to(actor).filter(resident=one).order_by("-pk"),
        "restrictions": Restriction.objects.visible_to(actor).filter(resident=one, ended_on=None),
        "may": {right: actor.may(f"personal.{right}", one) for right in RIGHTS},
        "end_form": ReasonForm(),
        **more,
    }
    bad = any(getattr(form, "errors", None) for form in more.values())
    return render(request, "personal/person.html", context, status=422 if bad else 200)


@require_http_methods(["GET", "POST"])
@allowed("personal.account")
def code(request: StaffRequest, pk: int) -> HttpResponse:
    """Check who it is, then tell or print a one-time code; it is shown here and never again."""
    one = _person(request, pk)
    form = CodeForm(request.POST or None, initial={"manner": "counter"})
    context: dict[str, Any] = {"person": one, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.issue_code(one, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            return _told(request, one, given)
    return render(request, "personal/code.html", context, status=422 if form.errors else 200)


def _told(request: StaffRequest, one: Resident, given: AccessCode) -> HttpResponse:
    context = {
        "person": one,
        "code": given,
        "spoken": spoken(given.secret),
        "address": request.build_absolute_uri("/my/code/"),
    }
    return render(request, "personal/code_letter.html", context)


@require_http_methods(["GET", "POST"])
@allowed("personal.ask")
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    """A request made at the window is kept like one made at home."""
    one = _person(request, pk)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_for_right(one, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已登记请求。"))
            return redirect(made)
    return _form_page(request, one, form, "ask")


@require_http_methods(["GET", "POST"])
@allowed("personal.authorise")
def agent(request: StaffRequest, pk: int) -> HttpResponse:
    """An authorisation given at the counter, or by guardianship."""
    one = _person(request, pk)
    form = AgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        holder = person_named(said.pop("name"), said.pop("phone"))
        if holder is None:
            form.add_error("phone", _("名册里没有这个姓名和手机号的人，请先登记或核对。"))
        else:
            try:
                actions.grant_authorisation(one, holder=holder, **said, by=request.actor)
            except Refused as refusal:
                refusal.blame(form)
            else:
                messages.success(request, _("授权已登记。"))
                return redirect("personal:person", one.pk)
    return _form_page(request, one, form, "agent")


def _form_page(request: StaffRequest, one: Resident, form: Any, kind: str) -> HttpResponse:
    context = {"person": one, "form": form, "kind": kind}
    return render(request, "personal/form.html", context, status=422 if form.errors else 200)


@require_POST
@allowed("personal.account")
def end_account(request: StaffRequest, pk: int) -> HttpResponse:
    """Close an account, with the reason."""
    held = get_object_or_404(ResidentAccount.objects.visible_to(request.actor), pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        return _do(
            request, held.resident, _("账号已停用。"),
            lambda: actions.end_account(
                held, reason=form.cleaned_data["reason"], by=request.actor
            ),
        )  # fmt: skip
    return _show(request, held.resident, end_form=form)


@require_POST
@allowed("personal.authorise")
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """End an authorisation at once."""
    held = get_object_or_404(Authorisation.objects.visible_to(request.actor), pk=pk)
    return _do(
        request, held.resident, _("授权已撤销。"),
        lambda: actions.revoke_authorisation(held, by=request.actor),
    )  # fmt: skip


@require_POST
@allowed("personal.consent")
def agree(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down an agreement given at the window or on paper."""
    one, how = _person(request, pk), request.POST.get("how", "counter")
    known = how if how in Consent.How.values else Consent.How.COUNTER
    purpose = request.POST.get("purpose", "")
    return _do(
        request, one, _("已记录同意。"),
        lambda: actions.give_consent(one, purpose=purpose, how=known, by=request.actor),
    )  # fmt: skip


@require_POST
@allowed("personal.consent")
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Write down that an agreement was taken back."""
    held = get_object_or_404(Consent.objects.visible_to(request.actor), pk=pk)
    return _do(
        request, held.resident, _("已记录撤回。"),
        lambda: actions.withdraw_consent(held, by=request.actor),
    )  # fmt: skip


def _do(
    request: StaffRequest, one: Resident, done: str, work: Callable[[], object]
) -> HttpResponse:
    try:
        work()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("personal:person", one.pk)
