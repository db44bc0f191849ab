"""Code lists kept by the city, and the forms checked; each change is a version at once."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.workbook import XLSX, workbook
from yiwang.dictionary import actions
from yiwang.dictionary.forms import CheckFilter, CodeForm, WithdrawForm
from yiwang.dictionary.models import DictionaryVersion
from yiwang.dictionary.reads import (
    Asked,
    CheckedForm,
    checked_forms,
    content_now,
    current,
    history,
    listed,
    told,
    unpublished,
    with_words,
)
from yiwang.divisions.models import Division

PAGE = 25


def _city(request: StaffRequest) -> Division:
    return get_object_or_404(Division.objects.in_city(), pk=settings.CITY)


def _may(request: StaffRequest, right: str) -> bool:
    return request.actor.may(right, _city(request))


@require_GET
@allowed("dictionary.view")
def tables(request: StaffRequest) -> HttpResponse:
    """The code lists of the version in force, and what waits to be published."""
    version = current()
    asked = Asked(q=request.GET.get("q", "")[:40], sort=request.GET.get("sort", ""))
    own = request.GET.get("own") == "1"
    rows = listed(version, "tables", asked) if version else []
    context = {
        "version": version,
        "page": Paginator([one for one in rows if one["kept_by_city"] or not own], PAGE).get_page(
            request.GET.get("page")
        ),
        "q": asked.q,
        "own": own,
        "waiting": [told(one) for one in unpublished()],
        "versions": history()[:5],
        "may_publish": _may(request, "dictionary.publish"),
        "may_keep": _may(request, "residents.codes"),
    }
    return render(request, "dictionary/tables.html", context)


@require_POST
@allowed("dictionary.publish")
def publish(request: StaffRequest) -> HttpResponse:
    """Publish what has changed now, without waiting for the job."""
    return _done(request, lambda: actions.publish(_city(request), by=request.actor))


@require_http_methods(["GET", "POST"])
@allowed("dictionary.view", post="residents.codes")
def table(request: StaffRequest, code: str) -> HttpResponse:
    """One code list; whoever keeps it adds a code here."""
    row = _table(code)
    kept = bool(row["field"]) and _may(request, "residents.codes")
    if request.method == "POST" and not kept:
        raise PermissionDenied(_("这份代码表不在这里维护。"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_code(
                _city(request), table=code, **form.cleaned_data, by=request.actor
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            _say(request, made)
            return redirect("dictionary:table", code=code)
    context = {
        "table": row,
        "form": form if kept else None,
        "version": current(),
    }
    return render(request, "dictionary/table.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allowed("residents.codes")
def withdraw(request: StaffRequest, code: str, one: str) -> HttpResponse:
    """Withdraw a code, with the reason asked first."""
    row = _table(code)
    chosen = next((choice for choice in row["codes"] if choice["code"] == one), None)
    if chosen is None:
        raise Http404
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.withdraw_code(
                _city(request), table=code, code=one, **form.cleaned_data, by=request.actor
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            _say(request, made)
            return redirect("dictionary:table", code=code)
    context = {"table": row, "one": chosen, "form": form}
    return render(request, "dictionary/withdraw.html", context, status=422 if form.errors else 200)


@require_POST
@allowed("residents.codes")
def restore(request: StaffRequest, code: str, one: str) -> HttpResponse:
    """Offer a withdrawn code again."""
    return _done(
        request,
        lambda: actions.restore_code(_city(request), table=code, code=one, by=request.actor),
        "dictionary:table", code,
    )  # fmt: skip


@require_GET
@allowed("dictionary.view")
def check(request: StaffRequest) -> HttpResponse:
    """Every form, what it binds, and what it asks that the register has."""
    form, rows = _checked(request)
    context = {
        "form": form,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "faulty": sum(bool(one.faults) for one in rows),
        "bound": sum(one.bound for one in rows),
        "kept": sum(one.kept for one in rows),
        "free": sum(one.free for one in rows),
        "query": request.GET.urlencode(),
    }
    return render(request, "dictionary/check.html", context)


@require_GET
@allowed("dictionary.view")
def export_check(request: StaffRequest) -> HttpResponse:
    """The same list as a workbook."""
    heads = [_("种类"), _("名称"), _("绑定的信息项"), _("其中档案已存"), _("自拟的题目"), _("问题")]
    rows = [
        [one.sort_label, one.name, one.bound, one.kept, one.free, " ".join(one.faults)]
        for one in _checked(request)[1]
    ]
    body = workbook(_("表单检查"), request.actor.label, heads, rows)
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="forms.xlsx"'
    return response


def _checked(request: StaffRequest) -> tuple[CheckFilter, list[CheckedForm]]:
    form = CheckFilter(request.GET)
    form.is_valid()
    said = form.cleaned_data
    words = str(said.get("q") or "").lower()
    rows = [
        one
        for one in checked_forms(request.actor)
        if words in one.name.lower()
        and said.get("sort") in (None, "", one.sort)
        and (one.faults or not said.get("faulty"))
    ]
    return form, sorted(rows, key=lambda one: not one.faults)


def _table(code: str) -> dict[str, Any]:
    """The list as it stands now, `field` when it belongs to an item of the register."""
    content = content_now()
    row = next((one for one in content["tables"] if one["code"] == code), None)
    if row is None:
        raise Http404
    items = {one["table"] for one in content["items"]}
    return with_words(row) | {"field": code in items and row["kept_by_city"]}


def _done(
    request: StaffRequest,
    work: Callable[[], DictionaryVersion],
    to: str = "dictionary:tables",
    *args: str,
) -> HttpResponse:
    try:
        _say(request, work())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(to, *args)


def _say(request: StaffRequest, made: DictionaryVersion) -> None:
    messages.success(request, _("已发布数据字典 %(number)s 版。") % {"number": made.number})
