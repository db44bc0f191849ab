"""The register of administrators with their training; courses, results, certificates."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Post
from yiwang.core.doors import carried_out
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.liaison import actions
from yiwang.liaison.forms.filters import AdministratorFilter, EnrolmentFilter
from yiwang.liaison.forms.training import AssignForm, CourseForm, ResultForm
from yiwang.liaison.models import Course, Enrolment
from yiwang.liaison.models.coverage import share
from yiwang.liaison.reads.training import TRAINING, administrators, training_counts
from yiwang.liaison.sheets import administrators_workbook, enrolments_workbook

from .furniture import as_file, done, listed, page_of, sorted_by


def _people(request: StaffRequest, form: AdministratorFilter) -> QuerySet[Any]:
    rows = form.narrowed(administrators(request.actor, timezone.localdate()), TRAINING)
    rows = rows.select_related("user", "division__parent")
    offered = ("division", "-division", "starts_on", "-starts_on", "hours", "-hours")
    return sorted_by(request, rows, offered)


@require_GET
@allowed("accounts.view")
def register(request: StaffRequest) -> HttpResponse:
    """Network administrators in post by tier, with the state of training."""
    form = AdministratorFilter(request.GET)
    found = training_counts(administrators(request.actor, timezone.localdate()))
    return listed(
        request, "administrators", _people(request, form), form, found=found,
        percent=share(found["trained"], found["all"]), wanted=parameter("hot.training_hours"),
    )  # fmt: skip


@require_GET
@allowed("accounts.view")
def register_export(request: StaffRequest) -> HttpResponse:
    """The same as a workbook; on record."""
    rows = _people(request, AdministratorFilter(request.GET))
    return as_file(request, rows, administrators_workbook, "administrators")


def _enrolled(request: StaffRequest, form: EnrolmentFilter) -> QuerySet[Any]:
    every = Enrolment.objects.visible_to(request.actor)
    rows = form.narrowed(every, timezone.localdate(), request.actor.user_id or 0)
    rows = rows.select_related("course", "post__user", "post__division")
    return sorted_by(request, rows, ("due_on", "-due_on", "taken_on", "-taken_on"))


@require_GET
@allowed("liaison.view")
def enrolments(request: StaffRequest) -> HttpResponse:
    """Who has to take what until when, and who passed; ?state=mine are one's own."""
    form = EnrolmentFilter(request.GET)
    rows = _enrolled(request, form)
    return listed(request, "training", rows, form, today=timezone.localdate())


@require_GET
@allowed("liaison.view")
def enrolments_export(request: StaffRequest) -> HttpResponse:
    """The same as a workbook; on record."""
    rows = _enrolled(request, EnrolmentFilter(request.GET))
    return as_file(request, rows, enrolments_workbook, "training")


@require_http_methods(["GET", "POST"])
@allowed("liaison.view", post="liaison.train")
def enrolment(request: StaffRequest, pk: int) -> HttpResponse:
    """One person and course; whoever looks after the area enters the result."""
    rows = Enrolment.objects.visible_to(request.actor)
    found = get_object_or_404(rows.select_related("course", "post__user", "post__unit"), pk=pk)
    form = ResultForm(request.POST or None)

    def act() -> None:
        actions.record_result(found, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("成绩已登记。")):
        return redirect(found)
    own = found.post.user_id == request.actor.user_id
    context = {
        "one": found, "form": form, "today": timezone.localdate(),
        "may": not own and not found.taken_on and request.actor.may("liaison.train", found),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "liaison/enrolment.html", context, status=status)


@require_http_methods(["GET", "POST"])
@allowed("liaison.train")
def assign(request: StaffRequest, pk: int) -> HttpResponse:
    """One more course for somebody in post."""
    rows = Post.objects.visible_to(request.actor).held_on(timezone.localdate())
    post = get_object_or_404(rows.select_related("user", "unit"), pk=pk)
    form = AssignForm(request.POST or None, post=post)

    def act() -> None:
        actions.assign_course(post, course=form.cleaned_data["course"], by=request.actor)

    if carried_out(request, form, act, _("课程已安排。")):
        return redirect("liaison:training")
    context = {"post": post, "form": form}
    status = 422 if form.errors else 200
    return render(request, "liaison/assign.html", context, status=status)


@require_http_methods(["GET", "POST"])
@allowed("liaison.view", post="liaison.course")
def courses(request: StaffRequest) -> HttpResponse:
    """The courses of the city; whoever keeps them offers a new one here."""
    form = CourseForm(request.POST or None)
    city = Division.objects.in_city().order_by("pk")[0]

    def act() -> None:
        actions.offer_course(city, plan=form.plan(), by=request.actor)

    if carried_out(request, form, act, _("课程已开设。")):
        return redirect("liaison:courses")
    context = {
        "form": form, "page": page_of(request, Course.objects.public()),
        "may": request.actor.may("liaison.course", city),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "liaison/courses.html", context, status=status)


@require_POST
@allowed("liaison.course")
def retire(request: StaffRequest, pk: int) -> HttpResponse:
    """No longer offered."""
    course = get_object_or_404(Course.objects.public(), pk=pk)
    done(request, lambda: actions.retire_course(course, by=request.actor), _("课程已停开。"))
    return redirect("liaison:courses")
