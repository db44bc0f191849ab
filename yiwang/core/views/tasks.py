"""The scheduled jobs: last run, last error, and running one again (EXP-57)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.core import actions
from yiwang.core.errors import Refused
from yiwang.core.reads import scheduled_tasks

from .doors import StaffRequest, allowed


@require_GET
@allowed("core.tasks")
def tasks(request: StaffRequest) -> HttpResponse:
    """All jobs; those that failed first."""
    rows = scheduled_tasks(request.actor)
    return render(request, "core/tasks.html", {"rows": rows})


@require_POST
@allowed("core.tasks")
def run(request: StaffRequest) -> HttpResponse:
    """Put a job into the queue now."""
    code = request.POST.get("code", "")
    found = next((row for row in scheduled_tasks(request.actor) if row.task.code == code), None)
    if found is None:
        messages.error(request, _("没有这个任务。"))
        return redirect("core:tasks")
    try:
        actions.run_task(found.task, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(task)s”已排队，马上运行。") % {"task": found.task.label})
    return redirect("core:tasks")
