"""Service subjects: application, papers, decision."""

import base64
from typing import Any

from django.forms import Textarea
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.organizations import actions
from yiwang.organizations.actions import Scan
from yiwang.organizations.forms import DecisionForm, OfferForm, PaperForm
from yiwang.organizations.models import Paper, Provider
from yiwang.organizations.rules.states import APPLY_AGAIN, PROVIDER_MOVES, ProviderState

from .door import acted, status_of, tapped, visible


@require_http_methods(["GET", "POST"])
@allowed("organizations.change")
def offer(request: StaffRequest, pk: int) -> HttpResponse:
    """Apply as a service subject, or change what is offered."""
    one = visible(request, pk)
    provider: Provider | None = getattr(one, "provider", None)
    form = OfferForm(
        request.POST or None, place=one.division, initial=OfferForm.held(one, provider)
    )
    anew = provider is None or provider.state in APPLY_AGAIN

    def do() -> Provider:
        meant = form.offer()
        if provider is None or anew:
            return actions.apply_as_provider(one, offer=meant, by=request.actor)
        return actions.change_offer(provider, offer=meant, by=request.actor)

    done = _("已提交入驻申请，等待审核。") if anew else _("已保存。")
    answer = acted(request, form, do, done, one)
    title = _("申请成为服务主体") if anew else _("修改服务内容")
    context = {"one": one, "form": form, "title": title}
    return answer or render(request, "organizations/ask.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@allowed("organizations.change")
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """A licence or certificate; a new one replaces the old one of its kind."""
    one = visible(request, pk)
    form = PaperForm(
        request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind", "")}
    )

    def do() -> Paper:
        said = dict(form.cleaned_data)
        file = said.pop("scan")
        sent = Scan(file.name, file.read()) if file else None
        return actions.record_paper(one, **said, scan=sent, by=request.actor)

    answer = acted(request, form, do, _("已登记证照。"), one)
    context = {"one": one, "form": form, "title": _("登记证照"), "with_file": True}
    return answer or render(request, "organizations/ask.html", context, status=status_of(form))


@require_GET
@allowed("organizations.reveal")
def scan(request: StaffRequest, pk: int) -> HttpResponse:
    """The picture of a paper: names stand on it, so the look is journaled."""
    found = _paper(request, pk)
    if not found.sealed and not found.may_be_opened:
        raise Http404
    record_line("organizations.read_paper", found, request.actor, {"kind": found.kind})
    response = HttpResponse(_content(found), content_type=found.content_type)
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@allowed("organizations.change")
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Entered by mistake."""
    found = _paper(request, pk)
    return tapped(
        request, lambda: actions.remove_paper(found, by=request.actor), _("已作废。"), found
    )


@require_http_methods(["GET", "POST"])
@allowed("organizations.approve")
def decide(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """Admit, refuse, suspend, resume, remove."""
    one = visible(request, pk)
    provider: Provider | None = getattr(one, "provider", None)
    if provider is None or what not in ProviderState.values:
        raise Http404
    if what not in PROVIDER_MOVES.get(provider.state, frozenset()) and request.method == "GET":
        return redirect(one)
    form = DecisionForm(request.POST or None)
    if not (what == ProviderState.APPROVED and provider.state == ProviderState.APPLIED):
        del form.fields["checked"]
    if what == ProviderState.APPROVED:
        del form.fields["reason"]
    if what == ProviderState.RETURNED:
        form.fields["reason"].label = _("需要补正的全部内容")
        form.fields["reason"].widget = Textarea(attrs={"rows": 5})
        form.fields["reason"].help_text = _("只能通知一次，请一次写全，对方能看到。")

    def do() -> Provider:
        said: dict[str, Any] = form.cleaned_data
        return actions.decide_provider(
            provider, to=what, checked=said.get("checked", ()), reason=said.get("reason", ""),
            by=request.actor,
        )  # fmt: skip

    answer = acted(request, form, do, _("已登记审核结果。"), one)
    context = {"one": one, "form": form, "title": _title(what, provider)}
    return answer or render(request, "organizations/ask.html", context, status=status_of(form))


def _title(what: str, provider: Provider) -> str:
    if what == ProviderState.APPROVED:
        applied = provider.state == ProviderState.APPLIED
        return _("审核通过") if applied else _("恢复服务")
    return {
        ProviderState.RETURNED: _("通知补正"),
        ProviderState.REFUSED: _("审核不通过"),
        ProviderState.SUSPENDED: _("暂停服务"),
        ProviderState.REMOVED: _("退出"),
    }[ProviderState(what)]


def _content(found: Paper) -> bytes:
    if found.sealed:
        return base64.b64decode(found.sealed)
    with found.file.open("rb") as file:
        content: bytes = file.read()
    return content


def _paper(request: StaffRequest, pk: int) -> Paper:
    rows = Paper.objects.visible_to(request.actor).select_related("organization")
    return get_object_or_404(rows, pk=pk)
