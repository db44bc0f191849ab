"""Step 4 of acceptance: documents and signature; then the one act that accepts (INF-08)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest
from yiwang.core.acts import lock
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.matters.actions import accept_bundle, accept_matter
from yiwang.matters.actions.acceptance import Agent
from yiwang.matters.actions.bundle import HandIn
from yiwang.matters.actions.drafts import drop_files
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.forms.application import Application
from yiwang.matters.forms.handed import filing_of, papers_of, take_uploads
from yiwang.matters.forms.signature import drawn_png, signature_file
from yiwang.matters.models import Draft, Matter
from yiwang.matters.reads.papers import PaperLine
from yiwang.residents.actions import set_document_consent
from yiwang.residents.models import Document
from yiwang.residents.rules.documents import document_kinds

from .check import form_of
from .choose import say_saved
from .door import staff
from .drafts import accepted, find_draft, keep, read_signature, receipt_of
from .promise import promise_for


@dataclass
class Faults:
    """What is wrong on the page: by document, with the signature, and as a whole."""

    papers: dict[str, str] = field(default_factory=dict)
    signature: str = ""
    whole: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.papers or self.signature or self.whole)


@require_http_methods(["GET", "POST"])
@staff("matters.accept")
def hand_in(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what is still needed; 受理 accepts, every other button only keeps."""
    draft = find_draft(request, pk)
    if done := accepted(draft) or _not_ready(draft):
        return done
    if request.method == "GET":
        return _page(request, draft, Faults())
    faults = _keep_what_came(request, draft)
    if request.POST.get("do") == "accept" and not faults:
        return _accept(request, draft)
    if request.POST.get("do") == "save" and not faults:
        say_saved(request)
    if faults or request.htmx:
        return _page(request, draft, faults, status=422 if faults else 200)
    return redirect("matters:accept-materials", draft.pk)


def _not_ready(draft: Draft) -> HttpResponseRedirect | None:
    """Back to the step that is not done yet."""
    if draft.resident_id is None:
        return redirect("matters:accept-person", draft.pk)
    if not form_of(draft).is_answered:
        return redirect("matters:accept-check", draft.pk)
    return None


def _keep_what_came(request: StaffRequest, draft: Draft) -> Faults:
    """Files, ticks and signature into the draft first: nothing is lost when something is wrong."""
    uploads, papers = take_uploads(draft, request.POST.get("drop", ""), request.FILES)
    faults = Faults(papers)
    signature = read_signature(request.POST)
    typed = {
        "uploads": uploads,
        "ticked": request.POST.getlist("tick"),
        "origin": request.POST.get("origin") == "yes",
        "signature": signature,
        **_about_the_file(request, draft),
    }
    keep(request, draft, typed)
    return faults


def _about_the_file(request: StaffRequest, draft: Draft) -> dict[str, Any]:
    """What the person says of her documents on file, and of those that go there now."""
    anew = set(draft.typed.get("anew", []))
    anew |= {request.POST.get("anew", "")}
    anew -= {request.POST.get("from_file", ""), ""}
    parts = ("issuer", "valid_from", "valid_to", "agreed")
    keeping = {
        need.code: {one: request.POST.get(f"{one}-{need.code}", "").strip() for one in parts}
        for need in form_of(draft).plan.guide.materials
        if need.code in document_kinds() and f"keeps-{need.code}" in request.POST
    }
    return {
        "anew": sorted(anew),
        "agreed": request.POST.getlist("agree"),
        "keeping": {**draft.typed.get("keeping", {}), **keeping},
    }


def _accept(request: StaffRequest, draft: Draft) -> HttpResponse:
    application = form_of(draft)
    faults = _missing(application)
    if faults:
        return _page(request, draft, faults, status=422)
    files = [one["path"] for one in draft.typed.get("uploads", [])]
    try:
        accepted_as = _accept_once(request, draft)
    except Refused as error:
        faults.whole.append(str(error))
        return _page(request, find_draft(request, draft.pk), faults, status=422)
    drop_files(files)
    return redirect(f"{receipt_of(accepted_as)}?fresh=1")


def _accept_once(request: StaffRequest, draft: Draft) -> Matter:
    """Under a lock on the draft, so that two clicks and two windows make one matter."""
    with transaction.atomic():
        lock(draft)
        if draft.matter is not None:
            return draft.matter
        application, typed = form_of(draft), draft.typed
        form = application.sent_form()
        form.is_valid()
        answers = {one.code: one.value for one in application.known} | form.answers()
        _write_consents(application, request.actor)
        if typed["signature"]["manner"] == "paper":
            answers["signature_witness"] = typed["signature"]["witness"]
        if draft.bundle is not None:
            return _accept_bundle(draft, application, answers, request.actor)
        return accept_matter(
            draft.division,
            item=draft.item.code,
            resident=application.resident,
            answers=answers,
            channel=draft.channel,
            materials=list(_handed_in(application)),
            agent=Agent(**(typed.get("agent") or {})),
            asked=[code for code in application.asked if code in answers],
            needed=len(application.codes),
            draft=draft,
            confirmed=typed.get("confirmed", []),
            not_from_file=typed.get("anew", []),
            variant=typed.get("variant", ""),
            by=request.actor,
        )


def _accept_bundle(
    draft: Draft, application: Application, answers: dict[str, str], by: Actor
) -> Matter:
    """The parts of a bundle as one; gives the first of them, which names the whole."""
    typed = draft.typed
    hand_in = HandIn(
        resident=application.resident,
        channel=draft.channel,
        answers=answers,
        asked=[code for code in application.asked if code in answers],
        confirmed=typed.get("confirmed", []),
        materials=list(_handed_in(application)),
        not_from_file=typed.get("anew", []),
        agent=Agent(**(typed.get("agent") or {})),
    )
    bundle = draft.bundle
    assert bundle is not None  # noqa: S101 - the caller has asked
    case = accept_bundle(
        draft.division, bundle=bundle, hand_in=hand_in, parts=typed.get("parts"), draft=draft, by=by
    )
    return case.parts.order_by("pk")[0]


def _write_consents(application: Application, by: Actor) -> None:
    """The person agreed at the counter that what is on file is used, now and later."""
    for line in application.papers:
        if line.agreed and not line.anew and not line.waived:
            for one in line.held.unasked:
                set_document_consent(
                    one, agreed=True, how=Document.How.COUNTER,
                    by=by.within_act("residents.document"),
                )  # fmt: skip


def _missing(application: Application) -> Faults:
    faults, typed = Faults(), application.draft.typed
    for line in application.papers:
        if line.need.required and not line.settled:
            faults.papers[line.need.code] = _("请拍照上传，或勾选“已收纸质件”。")
        elif line.files and (fault := _fault_of_dates(line)):
            faults.papers[line.need.code] = fault
    signature = typed.get("signature") or {}
    if signature.get("manner") == "paper" and not signature.get("witness"):
        faults.signature = _("在纸质表上签名的，请填写见证人姓名。")
    if signature.get("manner") != "paper" and drawn_png(signature.get("image", "")) is None:
        faults.signature = _("请居民签名；不便签名的，改用纸质表签名。")
    return faults


def _fault_of_dates(line: PaperLine) -> str:
    """Why a document cannot go on file as it was described; empty when it can or is not to."""
    if not line.keeping.get("agreed"):
        return ""
    try:
        filing = filing_of(line)
    except ValueError:
        return _("有效期请按 2028-05-01 的样子填写。")
    if line.expires and filing.valid_to is None:
        return _("存入档案的证件，请照证件填写“有效期至”。")
    if filing.valid_from and filing.valid_to and filing.valid_to < filing.valid_from:
        return _("有效期的止日早于起日。")
    return ""


def _handed_in(application: Application) -> Iterable[HandedIn]:
    origin = bool(application.draft.typed.get("origin"))
    yield from papers_of(application.papers, origin=origin)
    signature = application.draft.typed["signature"]
    drawn = signature_file(signature["image"]) if signature["manner"] == "pad" else None
    if drawn:
        yield HandedIn("signature", upload=drawn)
    else:
        yield HandedIn("paper_signature")


def _page(request: StaffRequest, draft: Draft, faults: Faults, status: int = 200) -> HttpResponse:
    application = form_of(draft)
    lines = application.papers
    for line in lines:
        line.error = faults.papers.get(line.need.code, "")
    context = {
        "draft": draft,
        "plan": application.plan,
        "papers": lines,
        "waived": sum(one.reused for one in lines),
        "signature": draft.typed.get("signature") or {"manner": "pad", "image": "", "witness": ""},
        "faults": faults,
        "fault_count": len(faults.papers) + bool(faults.signature) + len(faults.whole),
        "most": int(parameter("matters.attachment_megabytes")),
        "promise": promise_for(
            application.plan, application.resident.division_id, application.draft.channel
        ),
        "key": uuid4().hex,
        "step": 4,
    }
    return render(request, "matters/accept_materials.html", context, status=status)
