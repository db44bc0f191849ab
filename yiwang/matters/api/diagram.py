"""The process of a service and of a draft as a drawing and as BPMN 2.0."""

from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.matters.models import Revision
from yiwang.matters.reads import planned
from yiwang.matters.reads.offered import unit_kinds
from yiwang.matters.rules.bpmn import to_bpmn
from yiwang.matters.rules.guide import Guide
from yiwang.matters.rules.limits import limit_words
from yiwang.matters.rules.naming import namer
from yiwang.matters.rules.process import StepPlan
from yiwang.matters.rules.svg import to_svg, wrapped
from yiwang.residents.reads import dictionary

router = Router()
Kind = Annotated[str, Query(pattern="^(svg|bpmn)$", description="svg 图，或 bpmn 文件")]


@router.get(
    "/services/{code}/diagram", response=bytes, auth=None, summary="流程图 The process as a drawing"
)
def service_diagram(request: HttpRequest, code: str, kind: Kind = "svg") -> HttpResponse:
    """The process in force, as the guide shows it."""
    found = planned(code)
    return _answer(code, found.version.content, found.guide, kind)


@router.get("/revisions/{pk}/diagram", response=bytes, summary="草稿流程图 The process of a draft")
@allowed("matters.catalogue")
def revision_diagram(request: StaffRequest, pk: int, kind: Kind = "svg") -> HttpResponse:
    found = get_object_or_404(Revision.objects.visible_to(request.actor), pk=pk)
    return _answer(found.code, found.content, found.guide, kind)


def _answer(code: str, content: dict[str, Any], guide: Guide, kind: str) -> HttpResponse:
    if kind == "bpmn":
        file = to_bpmn(code, content, namer(guide, dictionary()))
        return HttpResponse(file, content_type="application/xml")
    kinds = dict(unit_kinds())

    def small(step: StepPlan) -> Sequence[str]:
        return [wrapped(str(kinds.get(step.unit, step.unit)), 14)[0], limit_words(step.limit)]

    drawn = to_svg(guide.title, guide.process, small)
    return HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
