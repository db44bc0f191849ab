"""Drafts of the catalogue: the list, a new one, put away and back, published, as a BPMN file."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.core.workbook import XLSX, workbook
from yiwang.divisions.models import Division
from yiwang.matters import actions
from yiwang.matters.forms.revision import BeginForm
from yiwang.matters.models import Revision, ServiceItem
from yiwang.matters.rules.bpmn import to_bpmn
from yiwang.matters.rules.bpmn_read import MOST_BYTES, from_bpmn
from yiwang.matters.rules.naming import namer
from yiwang.residents.reads import dictionary

from .door import staff
from .editor import find_revision, shown

PER_PAGE = 25
SORTS = {"saved": "updated_at", "title": "content__title", "state": "state"}
BPMN = "application/xml; charset=utf-8"


def _listed(request: StaffRequest) -> tuple[QuerySet[Revision], dict[str, str]]:
    """The drafts as filtered and sorted in the address."""
    asked = {
        "q": clean_text(request.GET.get("q", ""))[:60],
        "state": request.GET.get("state", Revision.State.OPEN.value),
        "sort": request.GET.get("sort", "-saved"),
    }
    rows = Revision.objects.visible_to(request.actor).select_related("category", "base")
    if asked["state"] in Revision.State.values:
        rows = rows.filter(state=asked["state"])
    if asked["q"]:
        rows = rows.filter(content__title__icontains=asked["q"])
    order = SORTS.get(asked["sort"].lstrip("-"), "updated_at")
    return rows.order_by(f"-{order}" if asked["sort"].startswith("-") else order, "pk"), asked


@require_GET
@staff("matters.catalogue")
def revisions(request: StaffRequest) -> HttpResponse:
    """The drafts of the catalogue, those in work first."""
    rows, asked = _listed(request)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {**asked, "page": page, "states": Revision.State.choices, "key": uuid4().hex}
    return render(request, "matters/revision/list.html", context)


@require_GET
@staff("matters.catalogue")
def export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, as a workbook."""
    rows, _asked = _listed(request)
    heads = [_("名称"), _("编码"), _("类别"), _("状态"), _("保存人"), _("保存时间")]
    lines = [
        (one.label, one.code, one.category.label, one.get_state_display(), one.saved_by,
         timezone.localtime(one.updated_at).strftime("%Y-%m-%d %H:%M"))
        for one in rows[:1000]
    ]  # fmt: skip
    made = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    book = workbook(_("事项草稿"), _("%(at)s 导出") % {"at": made}, heads, lines)
    return _download(book, XLSX, "revisions.xlsx")


def _download(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "POST"])
@staff("matters.catalogue")
def begin(request: StaffRequest) -> HttpResponse:
    """A new item: from nothing, from another item, or from a BPMN file."""
    items = list(ServiceItem.objects.public().select_related("category"))
    offered = [(one.code, one.label) for one in items]
    form = BeginForm(request.POST or None, request.FILES or None, items=offered)
    if request.method == "POST" and form.is_valid():
        try:
            return _begun(request, form)
        except Refused as error:
            error.blame(form)
    context = {"form": form, "key": uuid4().hex}
    return render(
        request, "matters/revision/begin.html", context, status=422 if form.errors else 200
    )


def _begun(request: StaffRequest, form: BeginForm) -> HttpResponse:
    data = form.cleaned_data
    content, notes = _first_content(data)
    revision = actions.begin_revision(
        _city(), title=data["title"], category=data["category"], content=content,
        by=request.actor,
    )  # fmt: skip
    for one in notes:
        messages.warning(request, one)
    part = "steps" if content.get("steps") else "basics"
    return redirect("matters:revision-part", revision.pk, part)


def _first_content(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[str]]:
    if data["file"]:
        if data["file"].size > MOST_BYTES:
            raise Refused("bpmn", _("文件超过 1 MB，请确认选的是流程文件。"), {"file": "size"})
        found = from_bpmn(data["file"].read())
        return {**found.rest, "steps": found.steps}, found.notes
    if not data["copied"]:
        return {}, []
    item = get_object_or_404(ServiceItem.objects.public(), code=data["copied"])
    last = item.versions.order_by("-number").first()
    return (last.content if last else {}), []


def _city() -> Division:
    """The catalogue is the city's, whoever writes it."""
    return get_object_or_404(Division, pk=settings.CITY)


@require_POST
@staff("matters.catalogue")
def revise(request: StaffRequest, code: str) -> HttpResponse:
    """The next version of an item: a new draft, or the one already begun."""
    item = get_object_or_404(ServiceItem.objects.visible_to(request.actor), code=code)
    revision = actions.begin_revision(_city(), item=item, by=request.actor)
    return redirect("matters:revision", revision.pk)


def _done(request: StaffRequest, do: Any, said: str) -> bool:
    try:
        do()
    except Refused as error:
        messages.error(request, str(error))
        return False
    messages.success(request, said)
    return True


@require_POST
@staff("matters.catalogue")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the last change back."""
    revision = find_revision(request, pk)
    said = _("已撤销上一步；再点一次可以恢复。")
    _done(request, lambda: actions.undo_revision(revision, by=request.actor), said)
    part = request.POST.get("part", "steps")
    return redirect("matters:revision-part", pk, part if part.isalpha() else "steps")


@require_POST
@staff("matters.catalogue")
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a draft away; the list of the discarded ones gives it back."""
    revision = find_revision(request, pk)
    said = _("已放弃“%(name)s”；在“已放弃”里可以恢复。") % {"name": revision.label}
    _done(request, lambda: actions.discard_revision(revision, by=request.actor), said)
    return redirect("matters:revisions")


@require_POST
@staff("matters.catalogue")
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a discarded draft up again."""
    revision = find_revision(request, pk)
    if _done(
        request, lambda: actions.restore_revision(revision, by=request.actor), _("已恢复草稿。")
    ):
        return redirect("matters:revision", pk)
    return redirect("matters:revisions")


class PublishForm(forms.Form):
    """From which day a draft is in force, and whether a new item is offered everywhere."""

    effective_from = forms.DateField(
        label=gettext_lazy("施行日期"),
        help_text=gettext_lazy("从这一天起按新版本受理；以前受理的仍按原版本办理。"),
    )
    offer = forms.BooleanField(
        label=gettext_lazy("全市都提供这个事项"),
        required=False,
        initial=True,
        help_text=gettext_lazy("不勾选的，发布后在事项页面逐地设置提供范围。"),
    )


@require_http_methods(["GET", "POST"])
@staff("matters.catalogue")
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    """Publish a draft that has no faults."""
    revision = find_revision(request, pk)
    today = timezone.localdate()
    last = revision.base.effective_from if revision.base else today - timedelta(days=1)
    first = max(today, last + timedelta(days=1))
    form = PublishForm(request.POST or None, initial={"effective_from": first})
    if revision.item_id:
        del form.fields["offer"]
    if request.method == "POST" and form.is_valid():
        edition = request.POST.get("edition", "")
        try:
            actions.publish_revision(
                revision, by=request.actor, edition=int(edition) if edition.isdecimal() else 0,
                **form.cleaned_data,
            )  # fmt: skip
        except Refused as error:
            error.blame(form)
        else:
            messages.success(request, _("已发布；以前受理的事项仍按原版本办理。"))
            return redirect("matters:catalogue-item", revision.code)
    context = {"form": form, "key": uuid4().hex}
    return shown(request, revision, "publish", context, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff("matters.catalogue")
def bpmn(request: StaffRequest, pk: int) -> HttpResponse:
    """The process of a draft as a BPMN 2.0 file; a file sent takes the place of its steps."""
    revision = find_revision(request, pk)
    if request.method == "GET":
        name = namer(revision.guide, dictionary())
        return _download(
            to_bpmn(revision.code, revision.content, name), BPMN, f"{revision.code}.bpmn"
        )
    sent = request.FILES.get("file")
    edition = request.POST.get("edition", "")

    def take() -> None:
        if sent is None or not sent.size or sent.size > MOST_BYTES:
            raise Refused("bpmn", _("请选择一个 1 MB 以内的 .bpmn 文件。"))
        found = from_bpmn(sent.read())
        actions.save_revision(
            revision, content={**revision.content, "steps": found.steps}, by=request.actor,
            edition=int(edition) if edition.isdecimal() else 0,
        )  # fmt: skip
        for one in found.notes:
            messages.warning(request, one)

    _done(request, take, _("流程已从文件读入；点“撤销上一步”可以恢复原来的。"))
    return redirect("matters:revision-part", pk, "steps")
