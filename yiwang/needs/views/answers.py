"""Answers of households: at the door on the telephone, or afterwards from paper (EXP-05)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.needs import actions
from yiwang.needs.forms import AnswerForm
from yiwang.needs.models import Survey, SurveyAnswer, SurveyStop

from .surveys import visible_survey


@require_http_methods(["GET", "POST"])
@allowed("needs.answer")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """One household (`?stop=`), or the next that is missing; `?paper=1` for forms on paper."""
    survey = visible_survey(request, pk)
    stop = _stop(request, survey)
    version = survey.version
    if stop is None or version is None:
        messages.info(request, _("没有待录入的户。"))
        return redirect(survey)
    paper = request.GET.get("paper") == "1"
    questions = version.questions
    initial = {"on": timezone.localdate(), "interviewer": request.GET.get("interviewer", "")}
    form = AnswerForm(request.POST or None, questions=questions, paper=paper, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        told = {name: said.pop(name) for name in ("on", "interviewer") if name in said}
        try:
            actions.answer_survey(
                survey, stop=stop.pk, answers=said, number=version.number, by=request.actor,
                door=SurveyAnswer.Door.PAPER if paper else SurveyAnswer.Door.PHONE, **told,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("第 %(order)s 户已录入。") % {"order": stop.order})
            following = reverse("needs:answer", args=[survey.pk])
            return redirect(f"{following}?paper=1" if paper else survey.get_absolute_url())
    rows = [(question, form[question.code]) for question in questions]
    more = [form[name] for name in ("on", "interviewer") if name in form.fields]
    context: dict[str, Any] = {
        "survey": survey, "stop": stop, "form": form, "rows": rows, "more": more, "paper": paper,
    }  # fmt: skip
    return render(request, "needs/answer.html", context, status=422 if form.errors else 200)


def _stop(request: StaffRequest, survey: Survey) -> SurveyStop | None:
    """The household asked for by its record or by the order on the paper; else the next one."""
    stops = survey.stops.select_related("household__dwelling", "household__head").exclude(
        state=SurveyStop.State.ANSWERED
    )
    for name, column in (("stop", "pk"), ("order", "order")):
        text = request.GET.get(name, "")
        if text.isdecimal() and len(text) < 10:
            return stops.filter(**{column: int(text)}).first()
    return stops.first()


@require_POST
@allowed("needs.answer")
def mark(request: StaffRequest, pk: int) -> HttpResponse:
    """Nobody at home, or no answer wanted."""
    survey = visible_survey(request, pk)
    text = request.POST.get("stop", "")
    try:
        actions.mark_stop(
            survey,
            stop=int(text) if text.isdecimal() and len(text) < 19 else 0,
            state=request.POST.get("state", ""),
            by=request.actor,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已登记。"))
    return redirect(survey)
