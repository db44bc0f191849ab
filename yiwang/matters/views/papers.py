"""Papers of a matter on A4: receipt, correction notice, blank form (SVC-03)."""

from typing import Any

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest
from yiwang.core.errors import Refused
from yiwang.core.official import PDF, WORD, Official, as_pdf, as_word
from yiwang.matters.forms.reveal import RevealForm
from yiwang.matters.models import Matter
from yiwang.matters.reads import planned
from yiwang.matters.reads.official import official_notice
from yiwang.matters.reads.rating import invitation_path
from yiwang.matters.rules.conditions import condition_words
from yiwang.matters.rules.naming import namer
from yiwang.matters.rules.rating import RatingChannel
from yiwang.residents.actions import reveal_field
from yiwang.residents.reads import dictionary

from .detail import find_matter, named_materials, title_of
from .door import staff
from .handling import put_refusal
from .promise import promise_of

REVEALED = ("phone", "identity_number")


def code_for(address: str) -> SafeString:
    """A QR code as SVG without any style: the page's policy allows none."""
    drawn = segno.make(address, error="m").svg_inline(scale=4, border=1, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - drawn here from an address of ours


def tracking_address(request: StaffRequest, matter: Matter) -> str:
    """Where the resident follows the matter by its number."""
    return request.build_absolute_uri(f"/track/?number={matter.number}")


def rating_code(request: StaffRequest, matter: Matter) -> SafeString:
    """The code by which the holder of the paper rates the result, once."""
    path = invitation_path(matter.number, RatingChannel.QR)
    return code_for(request.build_absolute_uri(path))


def document_answer(document: Official, kind: str, name: str) -> HttpResponse:
    """An official document as a download; Http404 for a kind there is not."""
    if kind not in {"pdf", "docx"}:
        raise Http404
    body, media = (as_pdf(document), PDF) if kind == "pdf" else (as_word(document), WORD)
    answer = HttpResponse(body, content_type=media)
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    return answer


@require_GET
@staff("matters.view")
def receipt(request: StaffRequest, number: str) -> HttpResponse:
    """Step 5 of acceptance, and the paper the resident takes home."""
    matter = find_matter(number, request.actor)
    context = {
        "matter": matter,
        "promise": promise_of(matter.version.guide, matter),
        "qr": code_for(tracking_address(request, matter)),
        "rate_qr": rating_code(request, matter),
        "address": tracking_address(request, matter),
        "materials": named_materials(matter),
        "title": title_of(matter),
        "fresh": request.GET.get("fresh") == "1",
        "may_accept": request.actor.has("matters.accept"),
    }
    return render(request, "matters/receipt.html", context)


@require_GET
@staff("matters.view")
def correction_notice(request: StaffRequest, number: str) -> HttpResponse:
    """The one notice of everything that is missing."""
    matter = find_matter(number, request.actor)
    found = getattr(matter, "correction", None)
    if found is None:
        raise Http404(_("这件事没有要求补正。"))
    address = tracking_address(request, matter)
    context = {"matter": matter, "correction": found, "qr": code_for(address), "address": address}
    return render(request, "matters/correction_notice.html", context)


@require_GET
@staff("matters.view")
def notice(request: StaffRequest, number: str, what: str, kind: str) -> HttpResponse:
    """A notice of acceptance, correction or extension as PDF or Word (GB/T 9704)."""
    matter = find_matter(number, request.actor)
    found = official_notice(matter, what, tracking_address(request, matter))
    if found is None:
        raise Http404(_("这件事没有这份告知书。"))
    return document_answer(found, kind, f"{found.title} {matter.display_number}")


@require_GET
@staff("matters.view")
def blank_form(request: StaffRequest, code: str) -> HttpResponse:
    """The form of an item on paper, for those who fill in at home."""
    plan, words = planned(code), dictionary()
    name, when = namer(plan.guide, words), plan.guide.asked_when
    asked = [words[one] for one in plan.guide.fields if one in words]
    context = {
        "item": plan.item,
        "guide": plan.guide,
        "fields": [
            (one, condition_words(when[one.code], name) if one.code in when else "")
            for one in asked
        ],
    }
    return render(request, "matters/blank_form.html", context)


@require_http_methods(["GET", "POST"])
@staff("residents.reveal")
def reveal(request: StaffRequest, number: str, field: str) -> HttpResponse:
    """A whole telephone or identity number, for a reason that goes on record."""
    matter = find_matter(number, request.actor)
    if field not in REVEALED:
        raise Http404
    form, value = RevealForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            value = reveal_field(matter.resident, field=field, reason=reason, by=request.actor)
        except Refused as error:
            put_refusal(form, error)
    context: dict[str, Any] = {
        "matter": matter,
        "form": form,
        "value": value,
        "label": dictionary()[field].label,
    }
    return render(request, "matters/reveal.html", context, status=422 if form.errors else 200)
