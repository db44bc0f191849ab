"""My requests and my agreements: asked, followed, taken back (PIPL 15, 44-50)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.core.errors import Refused
from yiwang.personal import actions
from yiwang.personal.forms.own import AskForm
from yiwang.personal.http import OwnRequest, own_page, page, sign_out, visit_of
from yiwang.personal.models import Consent, RightsRequest
from yiwang.personal.reads import consents_of, held_fields
from yiwang.personal.rules.purposes import purposes


@require_safe
@own_page
def requests(request: OwnRequest) -> HttpResponse:
    """What I asked, what was answered, by when an answer is due."""
    asked = RightsRequest.objects.for_holder(request.visit.person).order_by("-pk")
    return page(request, "requests", "requests", asked=asked, now=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def ask(request: OwnRequest) -> HttpResponse:
    """Object, restrict, delete, complain."""
    visit = request.visit
    codes = [one.code for one in held_fields(visit.person, timezone.localdate())]
    wanted = {key: request.GET.get(key, "") for key in ("kind", "field")}
    form = AskForm(codes, request.POST if request.method == "POST" else None, initial=wanted)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_right(
                visit.person, **form.cleaned_data,
                holder=visit.holder if visit.for_another else None, by=visit.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("社区收到了您的请求，办理情况在这里看。"))
            return redirect("my:requests")
    return page(request, "ask", "requests", status=422 if form.errors else 200, form=form)


@require_POST
@own_page
def take_back(request: OwnRequest, pk: int) -> HttpResponse:
    """I do not want it any more."""
    mine = RightsRequest.objects.for_holder(request.visit.person)
    try:
        actions.withdraw_request(get_object_or_404(mine, pk=pk), by=request.visit.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已经撤回。"))
    return redirect("my:requests")


@require_safe
@own_page
def consents(request: OwnRequest) -> HttpResponse:
    """What my data are used for, and what I agreed to."""
    held = consents_of(request.visit.person)
    rows = [(one, held.get(one.code)) for one in purposes().values()]
    return page(request, "consents", "requests", rows=rows)


@require_POST
@own_page
def agree(request: OwnRequest) -> HttpResponse:
    visit = request.visit
    try:
        actions.give_consent(
            visit.person, purpose=request.POST.get("purpose", ""), how="online", by=visit.actor
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已经记下您的同意，随时可以撤回。"))
    return redirect("my:consents")


@require_POST
@own_page
def disagree(request: OwnRequest, pk: int) -> HttpResponse:
    """Take an agreement back; without the one for the account, this is also signing out."""
    mine = Consent.objects.for_holder(request.visit.person)
    try:
        actions.withdraw_consent(get_object_or_404(mine, pk=pk), by=request.visit.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("my:consents")
    messages.success(request, _("同意已经撤回。"))
    if visit_of(request) is None:
        return sign_out(redirect("my:sign-in"))
    return redirect("my:consents")
