"""The yearly assessment of a community: compiled, commented, submitted, approved, printed."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.doors import carried_out
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.needs import actions
from yiwang.needs.forms import (
    AssessmentListFilter,
    CommentForm,
    CompileForm,
    ReturnForm,
    SubmitForm,
)
from yiwang.needs.models import Assessment
from yiwang.needs.reads import assessed
from yiwang.needs.rules.categories import Category
from yiwang.needs.sheets import assessments_workbook


@require_http_methods(["GET", "POST"])
@allowed("needs.view", post="needs.assess")
def assessments(request: StaffRequest) -> HttpResponse:
    """Every assessment of the reader's area; a new one is compiled here."""
    form = CompileForm(
        request.POST or None, area=request.actor.enter,
        initial={"year": timezone.localdate().year},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            return redirect(
                actions.compile_assessment(said["place"], year=said["year"], by=request.actor)
            )
        except Refused as refusal:
            refusal.blame(form)
    narrowed = AssessmentListFilter(request.GET)
    rows = Assessment.objects.visible_to(request.actor).select_related("division")
    pages = Paginator(rows.filter(**narrowed.said()), int(parameter("core.page_rows")))
    year = narrowed.said().get("year") or timezone.localdate().year
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "form": form,
        "filter": narrowed,
        "filtered": bool(narrowed.said()),
        "query": request.GET.urlencode(),
        "assessed": assessed(request.actor, request.actor.division_id or 0, year),
        "may_assess": request.actor.has("needs.assess"),
    }
    return render(request, "needs/assessments.html", context, status=422 if form.errors else 200)


@require_GET
@allowed("needs.view")
def export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, as a workbook; journaled with the number of rows."""
    rows = Assessment.objects.visible_to(request.actor).select_related("division")
    found = list(rows.filter(**AssessmentListFilter(request.GET).said()))
    place = Division.objects.get(pk=request.actor.division_id)
    record_line("needs.export", place, request.actor, {"rows": len(found), "of": "assessments"})
    response = HttpResponse(assessments_workbook(found), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="needs-assessments.xlsx"'
    return response


@require_GET
@allowed("needs.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """The report, ready for A4, with what may be done next."""
    return _page(request, _visible(request, pk), CommentForm(), SubmitForm())


@require_POST
@allowed("needs.assess")
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """The figures as they are now."""
    found = _visible(request, pk)
    return _done(
        request, found,
        lambda: actions.compile_assessment(found.division, year=found.year, by=request.actor),
        _("数字已更新。"),
    )  # fmt: skip


@require_POST
@allowed("needs.assess")
def comment(request: StaffRequest, pk: int) -> HttpResponse:
    """A representative of the residents."""
    found = _visible(request, pk)
    form = CommentForm(request.POST)

    def act() -> None:
        actions.comment_assessment(found, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("意见已记录。")):
        return redirect(found)
    return _page(request, found, form, SubmitForm())


@require_POST
@allowed("needs.assess")
def submit(request: StaffRequest, pk: int) -> HttpResponse:
    """To the township."""
    found = _visible(request, pk)
    form = SubmitForm(request.POST)

    def act() -> None:
        actions.submit_assessment(found, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("已报送。")):
        return redirect(found)
    return _page(request, found, CommentForm(), form)


@require_POST
@allowed("needs.approve")
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Back to the community with a reason."""
    found = _visible(request, pk)
    reason = request.POST.get("reason", "")
    return _done(
        request, found,
        lambda: actions.return_assessment(found, reason=reason, by=request.actor),
        _("已退回社区。"),
    )  # fmt: skip


@require_POST
@allowed("needs.approve")
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    """Final, with draft lines of the service plan."""
    found = _visible(request, pk)
    return _done(
        request, found,
        lambda: actions.approve_assessment(found, by=request.actor),
        _("已批准，服务计划草案已生成。"),
    )  # fmt: skip


def _done(
    request: StaffRequest, found: Assessment, act: Callable[[], object], done: str
) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(found)


def _visible(request: StaffRequest, pk: int) -> Assessment:
    rows = Assessment.objects.visible_to(request.actor).select_related("division")
    return get_object_or_404(rows, pk=pk)


def _page(
    request: StaffRequest, found: Assessment, comments: CommentForm, submission: SubmitForm
) -> HttpResponse:
    draft = found.state == Assessment.State.DRAFT
    actor = request.actor
    context = {
        "assessment": found,
        "figures": [(Category(row["category"]).label, row) for row in found.figures],
        "comments": found.comments.all(),
        "lines": found.lines.all(),
        "comment_form": comments,
        "submit_form": submission,
        "return_form": ReturnForm(),
        "may_assess": draft and actor.may("needs.assess", found),
        "may_approve": found.state == Assessment.State.SUBMITTED
        and actor.may("needs.approve", found),
    }
    wrong = comments.errors or submission.errors
    return render(request, "needs/assessment.html", context, status=422 if wrong else 200)
