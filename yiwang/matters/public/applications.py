"""A resident applies from home: what is known is filled in, only the rest is asked (SVC-04)."""

from typing import Any

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.matters.actions import (
    discard_own_draft,
    save_own_draft,
    submit_matter,
    withdraw_matter,
)
from yiwang.matters.actions.drafts import drop_files
from yiwang.matters.actions.intake import must_be_online
from yiwang.matters.forms.answers import AnswersForm, raw_answers
from yiwang.matters.forms.application import Application, turned
from yiwang.matters.forms.handed import take_uploads
from yiwang.matters.forms.own import Faults, agent_of, faults_of, hand_in_of
from yiwang.matters.models import Draft, Matter
from yiwang.matters.reads import open_same, planned
from yiwang.matters.reads.own import own_matters
from yiwang.matters.rules.limits import limit_words
from yiwang.personal.http import OwnRequest, page, page_of
from yiwang.personal.models import Scope

TAB = "apply"


_applicant = page_of(Scope.APPLY)


@require_http_methods(["GET", "HEAD", "POST"])
@_applicant
def begin(request: OwnRequest, code: str) -> HttpResponse:
    """What will happen, what is open already; the button begins."""
    person, fault = request.visit.person, ""
    try:
        plan = planned(code)
    except Refused as refusal:
        raise Http404(str(refusal)) from None
    item = plan.item
    try:
        must_be_online(plan, person.division_id)
        if request.method == "POST":
            with circumstances(idempotency_key=""):
                made = save_own_draft(
                    person, item=code, holder=request.visit.holder, by=request.visit.actor
                )
            return redirect("apply:fill", made.pk)
    except Refused as refusal:
        fault = str(refusal)
    begun = Draft.objects.for_holder(person).filter(item=item, matter__isnull=True)
    return page(
        request, "matters/own/begin.html", TAB, status=422 if request.method == "POST" else 200,
        plan=plan, item=item, fault=fault, same=open_same(person, [item])[:2],
        begun=begun.order_by("-pk").first(), limit=limit_words(plan.guide.promised),
        days=int(parameter("matters.draft_days")), check=int(parameter("matters.intake_days")),
    )  # fmt: skip


@require_safe
@_applicant
def mine(request: OwnRequest) -> HttpResponse:
    """What I began and what I applied for, by whatever door."""
    person = request.visit.person
    rows = own_matters(person, for_another=request.visit.for_another)
    found = Paginator(rows.order_by("-pk"), int(parameter("core.page_rows")))
    begun = Draft.objects.for_holder(person).filter(matter__isnull=True).select_related("item")
    return page(
        request, "matters/own/mine.html", TAB, page=found.get_page(request.GET.get("page")),
        drafts=begun.order_by("-updated_at")[: int(parameter("core.page_rows"))],
    )  # fmt: skip


def _draft(request: OwnRequest, pk: int) -> Draft:
    rows = Draft.objects.for_holder(request.visit.person).select_related(
        "item__category", "bundle", "resident__dwelling", "resident__division", "matter"
    )
    return get_object_or_404(rows, pk=pk)


def _keep(request: OwnRequest, draft: Draft, typed: dict[str, Any]) -> Draft:
    visit, person = request.visit, request.visit.person
    with circumstances(idempotency_key=""):
        return save_own_draft(
            person, item=draft.item.code, holder=visit.holder, draft=draft,
            typed={**draft.typed, **typed}, by=visit.actor,
        )  # fmt: skip


def _sent(request: OwnRequest, draft: Draft) -> dict[str, Any]:
    """Everything typed so far, unchecked."""
    typed: dict[str, Any] = {
        "answers": {**draft.typed.get("answers", {}), **raw_answers(request.POST)}
    }
    if "variant" in request.POST:
        typed["variant"] = request.POST["variant"][:40]
    return typed


@require_http_methods(["GET", "HEAD", "POST"])
@_applicant
def fill(request: OwnRequest, pk: int) -> HttpResponse:
    """What is known, with source and date; what is asked. Each button keeps what was typed."""
    draft = _draft(request, pk)
    if draft.matter is not None:
        return redirect("apply:receipt", draft.matter.number)
    if request.method != "POST":
        application = Application(draft)
        return _form_page(request, application, application.asked_form())
    typed = _sent(request, draft)
    if {"fix", "confirm", "keep"} & set(request.POST):
        _keep(request, draft, turned({**draft.typed, **typed}, request.POST.dict()))
        return redirect("apply:fill", pk)
    draft = _keep(request, draft, typed)
    application = Application(draft)
    if request.POST.get("do") == "ask":
        return _form_page(request, application, application.asked_form())
    if request.POST.get("do") == "save":
        messages.success(request, _("草稿已保存，可以随时回来接着填。"))
        return redirect("apply:fill", pk)
    form = AnswersForm(application.asked, request.POST)
    if form.is_valid() and not application.outdated and not application.variant_missing:
        answers = {**draft.typed.get("answers", {}), **form.answers()}
        _keep(request, draft, {"answers": answers, "checked": True})
        return redirect("apply:papers", pk)
    application.faults_into(form)
    return _form_page(request, application, form, status=422)


def _form_page(
    request: OwnRequest, application: Application, form: AnswersForm, status: int = 200
) -> HttpResponse:
    context = application.of_page(form)
    return page(request, "matters/own/fill.html", TAB, status=status, **context)


@require_POST
@_applicant
def save(request: OwnRequest, pk: int) -> HttpResponse:
    """Autosave: whatever was typed so far, unchecked."""
    draft = _draft(request, pk)
    if draft.matter_id:
        return JsonResponse({"saved": False}, status=409)
    _keep(request, draft, _sent(request, draft))
    return JsonResponse({"saved": True})


@require_http_methods(["GET", "HEAD", "POST"])
@_applicant
def papers(request: OwnRequest, pk: int) -> HttpResponse:
    """Photos of documents, the declaration, and handing in."""
    draft = _draft(request, pk)
    if draft.matter is not None:
        return redirect("apply:receipt", draft.matter.number)
    if not Application(draft).is_answered:
        return redirect("apply:fill", pk)
    if request.method != "POST":
        return _papers_page(request, draft, Faults())
    uploads, refused = take_uploads(draft, request.POST.get("drop", ""), request.FILES)
    agreed = set(draft.typed.get("agreed", [])) | set(request.POST.getlist("agree"))
    typed = {"uploads": uploads, "agreed": sorted(agreed)}
    draft = _keep(request, draft, typed)
    faults = Faults(refused)
    if request.POST.get("do") == "submit" and not faults:
        faults = faults_of(Application(draft), declared=request.POST.get("declared") == "yes")
        if not faults:
            return _submitted(request, draft)
    if faults or request.htmx:  # type: ignore[attr-defined]
        return _papers_page(request, draft, faults, status=422 if faults else 200)
    return redirect("apply:papers", pk)


def _submitted(request: OwnRequest, draft: Draft) -> HttpResponse:
    visit, application = request.visit, Application(draft)
    files = [one["path"] for one in draft.typed.get("uploads", [])]
    hand_in = hand_in_of(application, agent_of(visit.person, visit.holder), visit.actor)
    try:
        with circumstances(idempotency_key=""):
            draft = _keep(request, draft, {"asked": hand_in.asked})
            matter = submit_matter(
                draft, hand_in=hand_in, needed=len(application.codes), by=visit.actor
            )
    except Refused as refusal:
        return _papers_page(request, draft, Faults(whole=[str(refusal)]), status=422)
    drop_files(files)
    return redirect("apply:receipt", matter.number)


def _papers_page(
    request: OwnRequest, draft: Draft, faults: Faults, status: int = 200
) -> HttpResponse:
    lines = Application(draft).papers
    for line in lines:
        line.error = faults.papers.get(line.need.code, "")
    return page(
        request, "matters/own/papers.html", TAB, status=status, draft=draft, papers=lines,
        faults=faults, most=int(parameter("matters.attachment_megabytes")),
    )  # fmt: skip


@require_POST
@_applicant
def discard(request: OwnRequest, pk: int) -> HttpResponse:
    """Throw a draft away, with the files it had gathered."""
    draft = _draft(request, pk)
    files = [one["path"] for one in draft.typed.get("uploads", [])]
    try:
        discard_own_draft(draft, by=request.visit.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        drop_files(files)
        messages.success(request, _("草稿已删除。"))
    return redirect("apply:mine")


def _matter(request: OwnRequest, number: str) -> Matter:
    visit = request.visit
    return get_object_or_404(
        own_matters(visit.person, for_another=visit.for_another), number=number
    )


@require_safe
@_applicant
def receipt(request: OwnRequest, number: str) -> HttpResponse:
    """The number, who looks at it and until when, the code that leads to its progress."""
    matter = _matter(request, number)
    address = request.build_absolute_uri(f"/track/?number={matter.number}")
    return page(
        request, "matters/own/receipt.html", TAB, matter=matter, qr=_code_for(address),
        materials=matter.materials.order_by("pk"),
    )  # fmt: skip


def _code_for(address: str) -> SafeString:
    """An address as a QR code; it carries the number, never the person."""
    drawn = segno.make(address, error="m").svg_inline(scale=3, border=0, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - our own drawing of our own address


@require_POST
@_applicant
def withdraw(request: OwnRequest, number: str) -> HttpResponse:
    """Take it back while it is open, with a reason."""
    matter = _matter(request, number)
    try:
        withdraw_matter(matter, reason=request.POST.get("reason", ""), by=request.visit.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回。需要时可以重新申请。"))
    return redirect("apply:receipt", number)
