"""Step 3 of acceptance: what the net knows is shown with its source, only the rest is asked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yiwang.accounts.http import StaffRequest
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.matters.forms.answers import AnswersForm, raw_answers
from yiwang.matters.forms.application import Application, turned
from yiwang.matters.models import Draft, Matter
from yiwang.matters.reads import open_same
from yiwang.matters.reads.bundle import items_of
from yiwang.residents.actions import confirm_field, override_limit

from .choose import say_saved
from .door import staff
from .drafts import accepted, find_draft, keep
from .promise import promise_for

SAME_SHOWN = 2


def form_of(draft: Draft) -> Application:
    """The form a draft is about. Raises Refused while nobody is chosen."""
    return Application(draft)


@require_http_methods(["GET", "POST"])
@staff("matters.accept")
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Show, confirm, correct, fill in; each button keeps everything typed so far."""
    draft = find_draft(request, pk)
    if done := accepted(draft):
        return done
    if draft.resident_id is None:
        return redirect("matters:accept-person", draft.pk)
    if request.method == "POST":
        return _answered(request, draft)
    application = form_of(draft)
    return _page(request, application, application.asked_form())


def _answered(request: StaffRequest, draft: Draft) -> HttpResponse:
    answers = {**draft.typed.get("answers", {}), **raw_answers(request.POST)}
    if "override" in request.POST:
        return _overridden(request, draft, answers)
    code = request.POST.get("fix") or request.POST.get("confirm") or request.POST.get("keep") or ""
    if code:
        _turn(request, draft, code, answers)
        anchor = f"#id_a-{code}" if "fix" in request.POST else f"#fact-{code}"
        return redirect(f"{reverse('matters:accept-check', args=[draft.pk])}{anchor}")
    typed: dict[str, Any] = {"answers": answers}
    if "variant" in request.POST:
        typed["variant"] = request.POST["variant"][:40]
    draft = keep(request, draft, typed)
    if request.POST.get("do") == "ask":
        application = form_of(draft)
        return _page(request, application, application.asked_form())
    if request.POST.get("do") == "save":
        say_saved(request)
        return redirect("matters:accept-check", draft.pk)
    return _next(request, draft)


def _overridden(request: StaffRequest, draft: Draft, answers: dict[str, str]) -> HttpResponse:
    """法定职责: what the person restricted is used for this matter, with a reason on record."""
    code, person = request.POST["override"], form_of(draft).resident
    try:
        with circumstances(idempotency_key=""):
            override_limit(
                person, field=code, reason=request.POST.get(f"duty-{code}", ""),
                purpose=draft.item.title, by=request.actor.within_act("residents.override_limit"),
            )  # fmt: skip
    except Refused as error:
        messages.error(request, str(error))
        keep(request, draft, {"answers": answers})
    else:
        used = [*draft.typed.get("overridden", []), code]
        keep(request, draft, {"answers": answers, "overridden": used})
    return redirect("matters:accept-check", draft.pk)


def _turn(request: StaffRequest, draft: Draft, code: str, answers: dict[str, str]) -> None:
    if "confirm" in request.POST:
        _confirm(request, draft, code)
    keep(request, draft, turned({**draft.typed, "answers": answers}, request.POST.dict()))


def _confirm(request: StaffRequest, draft: Draft, code: str) -> None:
    """In the register at once where this post may; else by the act of acceptance itself."""
    person = draft.resident
    if person is not None and request.actor.may("residents.confirm", person):
        with circumstances(idempotency_key=""):
            confirm_field(person, field=code, by=request.actor)


def _next(request: StaffRequest, draft: Draft) -> HttpResponse:
    application = form_of(draft)
    form = AnswersForm(application.asked, request.POST)
    if form.is_valid() and not application.outdated and not application.variant_missing:
        answers = {**draft.typed.get("answers", {}), **form.answers()}
        keep(request, draft, {"answers": answers, "checked": True})
        return redirect("matters:accept-materials", draft.pk)
    application.faults_into(form)
    return _page(request, application, form, status=422)


def _same(request: StaffRequest, application: Application) -> list[tuple[Matter, bool]]:
    """What is still open of the same person and item, and whether the reader may go on with it."""
    found = list(open_same(application.resident, items_of(application.draft))[:SAME_SHOWN])
    seen = Matter.objects.visible_to(request.actor).filter(pk__in=[one.pk for one in found])
    mine = set(seen.values_list("pk", flat=True)) if found else set()
    return [(one, one.pk in mine) for one in found if one.pk in mine or not one.confidential]


def _page(
    request: StaffRequest, application: Application, form: AnswersForm, status: int = 200
) -> HttpResponse:
    context = {
        **application.of_page(form),
        "promise": promise_for(
            application.plan, application.resident.division_id, application.draft.channel
        ),
        "same": _same(request, application),
        "step": 3,
    }
    return render(request, "matters/accept_check.html", context, status=status)
