"""The result on paper and as a file, its receipt, and the signature (SVC-05, SVC-07, EXP-03)."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest
from yiwang.core.doors import file_answer
from yiwang.core.rules.wording import grouped
from yiwang.matters.models import Matter, Result
from yiwang.matters.reads.results import file_name, official_result

from .detail import find_matter
from .door import staff
from .papers import code_for, document_answer, rating_code


def _found(request: StaffRequest, number: str) -> tuple[Matter, Result]:
    matter = find_matter(number, request.actor)
    result = getattr(matter, "result", None)
    if result is None:
        raise Http404(_("这件事还没有办理结果。"))
    return matter, result


def _address(request: StaffRequest, result: Result) -> str:
    """Where everybody checks whether the paper is genuine."""
    return request.build_absolute_uri(f"/verify/{result.code}/")


@require_GET
@staff("matters.view")
def result(request: StaffRequest, number: str) -> HttpResponse:
    """The numbered answer in the layout of an official document."""
    matter, found = _found(request, number)
    address = _address(request, found)
    context = {
        "matter": matter,
        "result": found,
        "qr": code_for(address),
        "address": address,
        "code": grouped(found.code),
        "rate_qr": rating_code(request, matter),
    }
    return render(request, "matters/result.html", context)


@require_GET
@staff("matters.view")
def result_file(request: StaffRequest, number: str, kind: str) -> HttpResponse:
    """The same as PDF or Word, in the proportions of GB/T 9704."""
    matter, found = _found(request, number)
    document = official_result(matter, _address(request, found), matter.resident.name)
    return document_answer(document, kind, file_name(found))


@require_GET
@staff("matters.view")
def delivery_receipt(request: StaffRequest, number: str) -> HttpResponse:
    """The receipt on paper, to be signed at the door (送达回证)."""
    matter, found = _found(request, number)
    context = {"matter": matter, "result": found, "handover": getattr(found, "handover", None)}
    return render(request, "matters/delivery_receipt.html", context)


@require_GET
@staff("matters.view")
def signature(request: StaffRequest, number: str) -> HttpResponseBase:
    """The signature of whoever received the result."""
    _matter, found = _found(request, number)
    handover = getattr(found, "handover", None)
    if handover is None or not handover.file_name:
        raise Http404(_("没有签名。"))
    return file_answer(handover, _("签收"), look="look" in request.GET)
