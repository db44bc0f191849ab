"""At home with a telephone: score, hand over, confirm; afterwards read, doubt, print."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.assessments import actions
from yiwang.assessments.forms import ObjectionForm, ScoreForm, WhyForm
from yiwang.assessments.models import PersonAssessment
from yiwang.assessments.reads import prefilled
from yiwang.assessments.rules.states import State
from yiwang.core.errors import Refused
from yiwang.residents.reads import dictionary

from .door import asked, visible


@require_http_methods(["GET", "POST"])
@allowed("assessments.assess")
def score(request: StaffRequest, pk: int) -> HttpResponse:
    """All items on one page; what is held is shown, not asked. Every button keeps what was chosen."""
    found = visible(request, pk)
    if found.state != State.DRAFT:
        return redirect(found)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_answers(found, **form.said(), by=request.actor)
            if request.POST.get("do") == "submit":
                actions.submit_scores(found, on=form.cleaned_data["on"], by=request.actor)
        except Refused as refusal:
            form.blamed(refusal.fields) if refusal.fields else form.add_error(None, str(refusal))
        else:
            kept = found.state == State.DRAFT
            messages.success(request, _("已保存。") if kept else _("已提交，请第二评估人确认。"))
            return redirect("assessments:score", pk=found.pk) if kept else redirect(found)
    scored = len(found.content["answers"])
    total = len(found.scale.form.items)
    context = {
        "assessment": found, "form": form, "sections": form.sections(), "scored": scored,
        "total": total, "percent": round(100 * scored / total), "held": _held(found, request),
        "facts": [form[f"fact-{code}"] for code in form.facts],
    }  # fmt: skip
    return render(request, "assessments/score.html", context, status=422 if form.errors else 200)


@require_POST
@allowed("assessments.assess")
def autosave(request: StaffRequest, pk: int) -> HttpResponse:
    """What is chosen so far, while the page stays open."""
    found = visible(request, pk)
    form = _form(request, found)
    try:
        if form.is_valid():
            actions.save_answers(found, **form.said(), by=request.actor)
    except Refused:
        return JsonResponse({"saved": False}, status=409)
    return JsonResponse({"saved": form.is_valid()}, status=200 if form.is_valid() else 422)


@require_GET
@allowed("assessments.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """The report: grade, until when, by whom. The scores while they are decided, else for a reason."""
    found = visible(request, pk)
    open_to = found.is_open and request.actor.may("assessments.assess", found)
    return report(request, found, scores=open_to)


@require_POST
@allowed("assessments.assess")
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """The second assessor agrees."""
    found = visible(request, pk)
    try:
        actions.confirm_scores(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("评估结果已生效。"))
    return redirect(found)


@require_http_methods(["GET", "POST"])
@allowed("assessments.assess")
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    """The second assessor does not agree."""
    found, form = visible(request, pk), WhyForm(request.POST or None)
    words = {
        "title": _("退回评估"),
        "verb": _("退回"),
        "done": _("已退回，请重新评估。"),
        "hint": "",
    }
    return asked(
        request, found, form,
        lambda: actions.return_scores(found, **form.cleaned_data, by=request.actor), words,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allowed("assessments.assess")
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Given up before it counts."""
    found, form = visible(request, pk), WhyForm(request.POST or None)
    words = {"title": _("作废评估"), "verb": _("作废"), "done": _("这次评估已作废。"),
             "hint": _("还没有生效的评估可以作废，记录保留。")}  # fmt: skip
    return asked(
        request, found, form,
        lambda: actions.withdraw_assessment(found, **form.cleaned_data, by=request.actor), words,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allowed("assessments.object")
def objection(request: StaffRequest, pk: int) -> HttpResponse:
    """The person said at the counter that the grade is wrong."""
    found, form = visible(request, pk), ObjectionForm(request.POST or None)
    words = {"title": _("对评估结果提出异议"), "verb": _("提出异议"),
             "done": _("已登记异议，由没有参加这次评估的人复评。"),
             "hint": _("复评生效之前，现在的等级继续有效。")}  # fmt: skip
    return asked(
        request, found, form,
        lambda: actions.object_to_grade(found, **form.cleaned_data, by=request.actor), words,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allowed("assessments.reveal")
def reveal(request: StaffRequest, pk: int) -> HttpResponse:
    """Say why, then see and print every score, once."""
    found, form = visible(request, pk), WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reveal_answers(found, reason=form.cleaned_data["reason"], by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            return report(request, found, scores=True)
    context = {"assessment": found, "form": form, "title": _("查看评估内容"),
               "verb": _("查看并记录"), "hint": _("居民本人能看到谁在什么时候为什么看过。")}  # fmt: skip
    return render(request, "assessments/ask.html", context, status=422 if form.errors else 200)


def report(request: StaffRequest, found: PersonAssessment, *, scores: bool) -> HttpResponse:
    """The page of one assessment."""
    actor, form, content = request.actor, found.scale.form, found.content
    answers = content.get("answers", {})
    rows = [
        (one, content.get("parts", {}).get(one.code),
         [(item, item.option(answers.get(item.code))) for item in one.items])
        for one in form.sections
    ]  # fmt: skip
    may, final = actor.may, found.state == State.FINAL
    newest = PersonAssessment.objects.for_holder(found.resident).first() if final else None
    assess = may("assessments.assess", found)
    context = {
        "assessment": found, "scale": form, "scores": scores, "rows": rows if scores else [],
        "conditions": [one for one in form.conditions if one.code in content.get("conditions", [])],
        "facts": _facts(content) if scores else [],
        "holds": found.holds_on(timezone.localdate()), "newest": newest == found,
        "may_assess": assess,
        "may_confirm": assess and found.state == State.SUBMITTED
        and actor.user_id != found.first_user_id,
        "may_object": newest == found and found.objected_on is None
        and found.holds_on(timezone.localdate()) and may("assessments.object", found),
        "may_reveal": final and not scores and may("assessments.reveal", found),
    }  # fmt: skip
    return render(request, "assessments/detail.html", context)


def _facts(content: dict[str, Any]) -> list[tuple[str, str]]:
    fields = dictionary()
    shown = []
    for code, value in content.get("facts", {}).items():
        names = {one.code: one.label for one in fields[code].choices}
        shown.append((fields[code].label, names.get(value, value)))
    return shown


def _held(found: PersonAssessment, request: StaffRequest) -> Any:
    return prefilled(found.resident, found.scale, request.actor, timezone.localdate())


def _form(request: StaffRequest, found: PersonAssessment) -> ScoreForm:
    content = found.content
    initial: dict[str, Any] = {
        **content["answers"],
        **{f"fact-{code}": value for code, value in content["facts"].items()},
        "conditions": content["conditions"],
        "on": timezone.localdate(),
    }
    return ScoreForm(
        request.POST if request.method == "POST" else None, scale=found.scale.form, asked=_held(found, request).asked,
        initial=initial,
    )  # fmt: skip
