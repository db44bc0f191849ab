"""Standards of the service items, and a new version of one (QUA-05)."""

from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import carried_out
from yiwang.core.rules.chinese import clean_text
from yiwang.matters.models import ServiceItem
from yiwang.quality.actions import publish_standard
from yiwang.quality.forms.entry import rows_of
from yiwang.quality.models import Standard

from .furniture import page_of


@require_GET
@allowed("quality.view")
def standards(request: StaffRequest) -> HttpResponse:
    """Every item with the version in force, those with a standard first."""
    newest = Standard.objects.public().filter(item=OuterRef("pk")).order_by("-number")
    rows = ServiceItem.objects.public().annotate(
        version=Subquery(newest.values("number")[:1]),
        since=Subquery(newest.values("published_at")[:1]),
    )
    text = clean_text(request.GET.get("q", ""))[:60]
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(title_en__icontains=text))
    if request.GET.get("only") == "with":
        rows = rows.filter(version__isnull=False)
    rows = rows.select_related("category").order_by("version", "category__order", "pk")
    context = {"page": page_of(request, rows), "q": text, "only": request.GET.get("only", "")}
    return render(request, "quality/standards.html", context)


@require_http_methods(["GET", "POST"])
@allowed("quality.view", post="quality.standard")
def standard(request: StaffRequest, code: str) -> HttpResponse:
    """The points in force, older versions, and the rows of a new one."""
    item = get_object_or_404(ServiceItem.objects.public(), code=code)
    versions = list(Standard.objects.public().filter(item=item).order_by("-number"))
    asked = request.GET.get("version", "")
    shown = next((one for one in versions if str(one.number) == asked), None)
    shown = shown or (versions[0] if versions else None)
    rows = rows_of(versions[0].points if versions else [], request.POST or None)
    wrong = _Rows(rows)

    def act() -> None:
        publish_standard(item, points=wrong.said(), by=request.actor)

    if carried_out(request, wrong, act, _("新版质量标准已发布，办事指南里能看到。")):
        return redirect("quality:standard", item.code)
    context = {
        "item": item,
        "versions": versions,
        "shown": shown,
        "rows": rows,
        "faults": wrong.faults,
        "may_publish": request.actor.may("quality.standard", item),
    }
    return render(request, "quality/standard.html", context, status=422 if wrong.bad else 200)


class _Rows:
    """The rows together, as one form: a refusal stands above them."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows
        self.fields: dict[str, Any] = {}
        self.faults: list[str] = []

    @property
    def bad(self) -> bool:
        return bool(self.faults) or (self.rows.is_bound and not self.is_valid())

    def is_valid(self) -> bool:
        if self.rows.is_valid():
            return True
        if self.rows.non_form_errors():
            self.faults = [_("表单不完整，请重新打开这一页再填。")]
        return False

    def add_error(self, field: str | None, text: str) -> None:
        self.faults.append(text)

    def said(self) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in self.rows if form.filled]
