"""The editor of a draft: a city official writes a service without code (EXP-32, EXP-33, INF-09)."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest
from yiwang.core.errors import Refused
from yiwang.matters import actions
from yiwang.matters.forms.revision import StepForm
from yiwang.matters.forms.rules import (
    condition_sent,
    fields_to_ask,
    questions_to_ask,
    rule_rows,
)
from yiwang.matters.models import Revision
from yiwang.matters.reads.offered import unit_kinds
from yiwang.matters.reads.revisions import faults_of_revision
from yiwang.matters.rules.conditions import Condition
from yiwang.matters.rules.editing import put_step, set_beside, steps_of
from yiwang.matters.rules.lint import Fault
from yiwang.matters.rules.questions import ALWAYS, put_question
from yiwang.residents.reads import dictionary

from .catalogue import differences
from .door import staff
from .flow import drawing_of
from .revision_parts import PARTS, Content

MORE = (
    ("check", gettext_lazy("检查和试办"), "clipboard-check"),
    ("compare", gettext_lazy("与现行版本比较"), "history"),
    ("publish", gettext_lazy("发布"), "send"),
)


def find_revision(request: StaffRequest, pk: int) -> Revision:
    """A draft the reader may see, and change when something is sent. Raises Http404."""
    rows = Revision.objects.visible_to(request.actor).select_related("category", "item", "base")
    revision = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        request.actor.must("matters.catalogue", revision)
    return revision


@require_http_methods(["GET", "POST"])
@staff("matters.catalogue")
def edit(request: StaffRequest, pk: int, part: str = "steps") -> HttpResponse:
    """One part of a draft; every button saves what was typed first."""
    revision, one = find_revision(request, pk), PARTS.get(part)
    if one is None:
        raise Http404
    if request.method == "GET":
        return shown(request, revision, part, one.read(revision))
    content, context = one.write(revision, request.POST)
    if content is None:
        return shown(request, revision, part, context, 422)
    if not _saved(request, revision, content):
        return shown(request, revision, part, one.read(revision), 422)
    if request.htmx:
        return shown(request, revision, part, one.read(revision))
    _say(request, revision)
    return redirect(_where(revision, part, request.POST))


def _where(revision: Revision, part: str, data: QueryDict) -> str:
    """Back to the part; a step just added is opened, so that what it lacks can be said."""
    if part == "steps" and data.get("do") == "add":
        code = steps_of(revision.content)[-1]["code"]
        return reverse("matters:revision-step", args=[revision.pk, code])
    if data.get("do") == "next":
        keys = [*PARTS, "check"]
        following = keys[keys.index(part) + 1]
        name = "matters:revision-part" if following in PARTS else f"matters:revision-{following}"
        args = [revision.pk, following] if following in PARTS else [revision.pk]
        return reverse(name, args=args)
    return reverse("matters:revision-part", args=[revision.pk, part])


def _saved(request: StaffRequest, revision: Revision, content: Content) -> bool:
    """Keep the content; a refusal is said on the page."""
    edition = request.POST.get("edition", "")
    try:
        actions.save_revision(
            revision,
            content=content,
            edition=int(edition) if edition.isdecimal() else 0,
            category=request.POST.get("category", ""),
            by=request.actor,
        )
    except Refused as error:
        messages.error(request, str(error))
        return False
    return True


def _say(request: StaffRequest, revision: Revision) -> None:
    do = request.POST.get("do", "").partition(":")[0]
    if do in {"remove", "drop-rule"}:
        messages.success(request, _("已删除；点“撤销上一步”可以恢复。"))
    elif do in {"", "save"}:
        messages.success(request, _("草稿已保存。"))


def shown(
    request: StaffRequest,
    revision: Revision,
    part: str,
    context: Mapping[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A page of the editor: the parts, what is wrong, and this part."""
    faults = faults_of_revision(revision)
    page = {
        "revision": revision,
        "part": part,
        "tabs": _tabs(revision, faults),
        "faults": [(one, _cure_at(revision, one)) for one in faults],
        "blocked": sum(one.blocking for one in faults),
        "drawing": drawing_of(revision.guide) if part in {"steps", "step"} else None,
        **context,
    }
    template = PARTS[part].template if part in PARTS else f"matters/revision/{part}.html"
    return render(request, template, page, status=status)


def _tabs(revision: Revision, faults: list[Fault]) -> list[tuple[str, Any, str, str, int]]:
    counts = {key: sum(one.part == key and one.blocking for one in faults) for key in PARTS}
    parts = [
        (one.key, one.label, one.icon, reverse("matters:revision-part", args=[revision.pk, one.key]),
         counts[one.key])
        for one in PARTS.values()
    ]  # fmt: skip
    more = [
        (key, label, icon, reverse(f"matters:revision-{key}", args=[revision.pk]), 0)
        for key, label, icon in MORE
    ]
    return [*parts, *more]


def _cure_at(revision: Revision, fault: Fault) -> str:
    if fault.step:
        return reverse("matters:revision-step", args=[revision.pk, fault.step])
    return reverse("matters:revision-part", args=[revision.pk, fault.part])


@require_http_methods(["GET", "POST"])
@staff("matters.catalogue")
def step(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """One step: who, how long, with which documents, when, and when it goes back."""
    revision = find_revision(request, pk)
    if code not in {one["code"] for one in steps_of(revision.content)}:
        raise Http404
    if request.method == "GET":
        return shown(request, revision, "step", _step_context(revision, code))
    form = _step_form(revision, code, request.POST)
    if not form.is_valid():
        return shown(request, revision, "step", _step_context(revision, code, form), 422)
    content = _step_content(revision.content, code, form, request.POST)
    if not _saved(request, revision, content):
        return shown(request, revision, "step", _step_context(revision, code), 422)
    if request.htmx:
        return shown(request, revision, "step", _step_context(revision, code))
    _say(request, revision)
    if request.POST.get("do") == "done":
        return redirect("matters:revision-part", revision.pk, "steps")
    return redirect("matters:revision-step", revision.pk, code)


def _step_form(revision: Revision, code: str, data: QueryDict | None = None) -> StepForm:
    return StepForm(data, content=revision.content, code=code, kinds=unit_kinds())


def _step_context(revision: Revision, code: str, form: StepForm | None = None) -> dict[str, Any]:
    guide, words = revision.guide, dictionary()
    plan = guide.process.by_code[code]
    return {
        "plan": plan,
        "form": form or _step_form(revision, code),
        "condition": plan.when,
        "rules": rule_rows(plan.when, guide, words),
        "askable": fields_to_ask(guide, plan.stage, words),
    }


def _step_content(
    content: Content, code: str, form: StepForm, data: QueryDict
) -> Mapping[str, Any]:
    condition = condition_sent(data, Condition.of(form.step.get("when")))
    when = condition.as_content() if condition else None
    changed = put_step(content, code, {**form.changes(), "when": when})
    return set_beside(changed, code, bool(form.cleaned_data.get("beside")))


@require_http_methods(["GET", "POST"])
@staff("matters.catalogue")
def question(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """When one item of the form is asked."""
    revision = find_revision(request, pk)
    if code not in revision.guide.fields:
        raise Http404
    if request.method == "GET":
        return shown(request, revision, "question", _question_context(revision, code))
    before = revision.guide.asked_when.get(code, ALWAYS)
    content = put_question(revision.content, code, condition_sent(request.POST, before))
    if not _saved(request, revision, content):
        return shown(request, revision, "question", _question_context(revision, code), 422)
    if request.htmx:
        return shown(request, revision, "question", _question_context(revision, code))
    _say(request, revision)
    if request.POST.get("do") == "done":
        return redirect("matters:revision-part", revision.pk, "fields")
    return redirect("matters:revision-question", revision.pk, code)


def _question_context(revision: Revision, code: str) -> dict[str, Any]:
    guide, words = revision.guide, dictionary()
    condition = guide.asked_when.get(code, ALWAYS)
    return {
        "label": words[code].label if code in words else code,
        "condition": condition,
        "rules": rule_rows(condition, guide, words),
        "askable": questions_to_ask(guide, code, words),
    }


@require_GET
@staff("matters.catalogue")
def compare(request: StaffRequest, pk: int) -> HttpResponse:
    """The draft beside the version it was begun from."""
    revision = find_revision(request, pk)
    context = {
        "changes": differences(revision.base.guide, revision.guide) if revision.base else [],
        "was": drawing_of(revision.base.guide) if revision.base else None,
        "drawing": drawing_of(revision.guide),
    }
    return shown(request, revision, "compare", context)
