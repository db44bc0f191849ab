"""Acceptances that are not finished: kept on the server, continued or thrown away (EXP-08)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest
from yiwang.core.acts import circumstances
from yiwang.matters.actions import discard_draft, save_draft
from yiwang.matters.actions.drafts import drop_files
from yiwang.matters.forms.answers import raw_answers
from yiwang.matters.models import Draft, Matter

from .door import staff


def find_draft(request: StaffRequest, pk: int) -> Draft:
    """The reader's own draft with what every step shows."""
    rows = Draft.objects.visible_to(request.actor).select_related(
        "item__category", "bundle", "resident__dwelling", "resident__division", "division", "matter"
    )
    return get_object_or_404(rows, pk=pk)


def keep(
    request: StaffRequest, draft: Draft, typed: dict[str, Any] | None = None, **more: Any
) -> Draft:
    """Save a draft with some of what was typed changed; saying it twice does no harm."""
    with circumstances(idempotency_key=""):
        return save_draft(
            draft.division,
            item=draft.item.code,
            draft=draft,
            typed={**draft.typed, **(typed or {})},
            **{"channel": draft.channel, **more},
            by=request.actor,
        )


def accepted(draft: Draft) -> HttpResponseRedirect | None:
    """Where a draft goes that has become a matter: the back button accepts nothing twice."""
    if draft.matter is None:
        return None
    return redirect(receipt_of(draft.matter))


def receipt_of(matter: Matter) -> str:
    """Where the receipt stands: of the matter, or of the whole it was handed in with."""
    if matter.bundle_case is not None:
        return matter.bundle_case.get_absolute_url()
    return reverse("matters:receipt", args=[matter.number])


def step_of(draft: Draft) -> str:
    """The address at which a draft is continued."""
    if draft.resident_id is None:
        return reverse("matters:accept-person", args=[draft.pk])
    page = "accept-materials" if draft.typed.get("checked") else "accept-check"
    return reverse(f"matters:{page}", args=[draft.pk])


@require_GET
@staff("matters.draft")
def drafts(request: StaffRequest) -> HttpResponse:
    """What I began and did not finish."""
    rows = Draft.objects.visible_to(request.actor).filter(matter__isnull=True)
    found = list(
        rows.select_related("item", "bundle", "resident__division").order_by("-updated_at")[:100]
    )
    context = {"drafts": [(draft, step_of(draft)) for draft in found]}
    return render(request, "matters/drafts.html", context)


@require_POST
@staff("matters.draft")
def save(request: StaffRequest, pk: int) -> HttpResponse:
    """Autosave: whatever the open step has typed so far, unchecked."""
    draft = find_draft(request, pk)
    if draft.matter_id:
        return JsonResponse({"saved": False}, status=409)
    known = draft.typed
    typed: dict[str, Any] = {}
    answers = raw_answers(request.POST)
    if answers:
        typed["answers"] = {**known.get("answers", {}), **answers}
    if "variant" in request.POST:
        typed["variant"] = request.POST["variant"][:40]
    if "who" in request.POST:
        typed["who"] = request.POST["who"]
        typed["agent"] = {
            key: request.POST.get(f"agent_{key}", "")[:60] for key in ("name", "phone", "relation")
        }
    if "signature_manner" in request.POST:
        typed["signature"] = read_signature(request.POST)
        typed["ticked"] = request.POST.getlist("tick")
    keep(request, draft, typed)
    return JsonResponse({"saved": True})


def read_signature(data: Any) -> dict[str, str]:
    """How the applicant signed: on the pad (a PNG), or on paper before a witness."""
    return {
        "manner": data.get("signature_manner", "pad"),
        "image": data.get("signature_image", ""),
        "witness": data.get("witness", "").strip()[:60],
    }


@require_POST
@staff("matters.draft")
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Throw a draft away, and the files it had gathered."""
    draft = find_draft(request, pk)
    files = [one["path"] for one in draft.typed.get("uploads", [])]
    discard_draft(draft, by=request.actor)
    drop_files(files)
    messages.success(request, _("草稿已删除。"))
    return redirect("matters:drafts")
