"""Surveys: built with questions in versions, drawn, followed, closed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.needs import actions
from yiwang.needs.forms import QuestionFormSet, SurveyForm, content_of, initial_questions
from yiwang.needs.models import Survey, SurveyStop
from yiwang.needs.reads import coverage, results


def visible_survey(request: StaffRequest, pk: int) -> Survey:
    """The survey if the reader sees its place; else 404."""
    rows = Survey.objects.visible_to(request.actor).select_related("division")
    return get_object_or_404(rows, pk=pk)


@require_GET
@allowed("needs.view")
def surveys(request: StaffRequest) -> HttpResponse:
    """Every survey of the reader's area, newest first."""
    rows = Survey.objects.visible_to(request.actor).select_related("division").order_by("-pk")
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, coverage(one)) for one in page],
        "may_survey": request.actor.has("needs.survey"),
    }
    return render(request, "needs/surveys.html", context)


@require_GET
@allowed("needs.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """How far it is, which addresses are missing, what was answered so far."""
    survey = visible_survey(request, pk)
    missing = survey.stops.exclude(state=SurveyStop.State.ANSWERED)
    missing = missing.select_related("household__dwelling", "household__head")
    page = Paginator(missing, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    version = survey.version
    context = {
        "survey": survey,
        "version": version,
        "versions": survey.versions.all(),
        "coverage": coverage(survey),
        "missing": page,
        "results": results(survey) if survey.state != Survey.State.DRAFT else [],
        "least": parameter("needs.small_cell"),
        "may_survey": request.actor.may("needs.survey", survey),
        "may_answer": request.actor.may("needs.answer", survey),
    }
    return render(request, "needs/survey.html", context)


@require_http_methods(["GET", "POST"])
@allowed("needs.survey")
def new(request: StaffRequest) -> HttpResponse:
    """A survey with its first questions."""
    return _builder(request, None)


@require_http_methods(["GET", "POST"])
@allowed("needs.survey")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Another version of the questions."""
    return _builder(request, visible_survey(request, pk))


def _builder(request: StaffRequest, survey: Survey | None) -> HttpResponse:
    version = survey.version if survey else None
    form = SurveyForm(request.POST or None, area=request.actor.enter, initial=_initial(survey))
    questions = QuestionFormSet(
        request.POST or None, initial=initial_questions(version.content) if version else None
    )
    if request.method == "POST" and form.is_valid() and questions.is_valid():
        said = dict(form.cleaned_data)
        place = said.pop("place")
        try:
            saved = actions.save_survey(
                place, content=content_of(questions.cleaned_data), survey=survey, **said,
                by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("调查已保存。"))
            return redirect(saved)
    wrong = bool(form.errors or any(questions.errors) or questions.non_form_errors())
    context = {"form": form, "questions": questions, "survey": survey}
    return render(request, "needs/builder.html", context, status=422 if wrong else 200)


def _initial(survey: Survey | None) -> dict[str, Any]:
    if survey is None:
        return {
            "percent": parameter("needs.sample_percent"),
            "least": parameter("needs.sample_least"),
        }
    return {
        "place": survey.division_id, "title": survey.title, "method": survey.method,
        "percent": survey.percent, "least": survey.least, "due_on": survey.due_on,
    }  # fmt: skip


@require_POST
@allowed("needs.survey")
def begin(request: StaffRequest, pk: int) -> HttpResponse:
    """Draw the households."""
    survey = visible_survey(request, pk)
    try:
        actions.open_survey(survey, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = {"count": survey.stops.count(), "seed": survey.seed}
        messages.success(request, _("已抽取 %(count)s 户，种子 %(seed)s。") % said)
    return redirect(survey)


@require_POST
@allowed("needs.survey")
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """No more answers."""
    survey = visible_survey(request, pk)
    try:
        actions.close_survey(survey, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("调查已结束。"))
    return redirect(survey)
