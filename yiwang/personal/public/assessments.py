"""My assessments: the grade, until when, what was scored, and saying that it is wrong (QUA-04)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.assessments.actions import object_to_grade
from yiwang.assessments.models import PersonAssessment
from yiwang.core.errors import Refused
from yiwang.personal.forms.own import ObjectionForm
from yiwang.personal.http import OwnRequest, own_page, page


@require_safe
@own_page
def assessments(request: OwnRequest) -> HttpResponse:
    """Every assessment of mine that came into force, newest first."""
    mine = PersonAssessment.objects.for_holder(request.visit.person).select_related("scale")
    rows = [(one, one.holds_on(timezone.localdate())) for one in mine]
    return page(request, "assessments", "data", rows=rows)


@require_safe
@own_page
def assessment(request: OwnRequest, pk: int) -> HttpResponse:
    """All of one: it is mine, no reason is asked."""
    return _shown(request, _mine(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def objection(request: OwnRequest, pk: int) -> HttpResponse:
    """The grade is wrong: others assess me again."""
    found = _mine(request, pk)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            object_to_grade(found, **form.cleaned_data, by=request.visit.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("社区收到了，会由另外的评估人上门复评。"))
            return redirect("my:assessment", pk=found.pk)
    return page(
        request, "assessment_object", "data", status=422 if form.errors else 200, form=form,
        assessment=found,
    )  # fmt: skip


def _mine(request: OwnRequest, pk: int) -> PersonAssessment:
    mine = PersonAssessment.objects.for_holder(request.visit.person).select_related("scale")
    return get_object_or_404(mine, pk=pk)


def _shown(request: OwnRequest, found: PersonAssessment) -> HttpResponse:
    form, content = found.scale.form, found.content
    parts = [
        (one, content["parts"].get(one.code),
         [(item, item.option(content["answers"].get(item.code))) for item in one.items])
        for one in form.sections
    ]  # fmt: skip
    newest = PersonAssessment.objects.for_holder(request.visit.person).first()
    may_object = (
        newest == found and found.objected_on is None and found.holds_on(timezone.localdate())
    )
    return page(
        request, "assessment", "data", assessment=found, scale=form, parts=parts,
        may_object=may_object,
    )  # fmt: skip
