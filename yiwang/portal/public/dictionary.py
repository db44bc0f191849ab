"""The published data dictionary: what each item and code means, in which version (INF-26)."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from yiwang.core.workbook import XLSX
from yiwang.dictionary.models import DictionaryVersion
from yiwang.dictionary.reads import (
    Asked,
    current,
    department_of,
    history,
    label_of,
    listed,
    told,
    version_of,
    with_words,
)
from yiwang.dictionary.rules import GROUPS
from yiwang.dictionary.sheets import as_csv, as_workbook

from .frame import page, public_page

PARTS: Final = {"items": _("信息项"), "tables": _("代码表"), "forms": _("表单")}
KINDS: Final = ("csv", "xlsx", "json")
PAGE: Final = 25


@public_page
def dictionary(request: HttpRequest) -> HttpResponse:
    """Items, tables or forms of a version; says so before the first one is published."""
    version = _version(request)
    if version is None:
        return page(request, "dictionary", "about", version=None)
    part = request.GET.get("show", "")
    part = part if part in PARTS else "items"
    q, group, sort = (request.GET.get(name, "")[:40] for name in ("q", "group", "sort"))
    rows = listed(version, part, Asked(q=q, group=group, sort=sort))
    return page(
        request,
        "dictionary",
        "about",
        **_around(version, part),
        q=q,
        group=group,
        sort=sort,
        groups=_groups(version, part),
        found=Paginator(rows, PAGE).get_page(request.GET.get("page")),
    )


@public_page
def entry(request: HttpRequest, part: str, code: str) -> HttpResponse:
    """One item with its codes and forms, one table with its codes, or one form with its items."""
    version = _version(request)
    row = version.row(part, code) if version and part in PARTS else None
    if version is None or row is None:
        raise Http404(_("数据字典里没有这一项。"))
    shown = with_words(row)
    table = version.row("tables", row.get("table") or "") if part == "items" else None
    return page(
        request,
        "dictionary_entry",
        "about",
        **_around(version, part),
        row=shown,
        table=with_words(table) if table else shown if part == "tables" else None,
        owner=department_of(version, row["owner"]) if row.get("owner") else "",
        forms=[with_words(one) for one in version.rows("forms") if code in one["items"]]
        if part == "items" else [],
        items=[(one, label_of(version, "items", one)) for one in row.get("items", [])],
        category=_category(version, row),
    )  # fmt: skip


@public_page
def changes(request: HttpRequest) -> HttpResponse:
    """Every version with what it changed, the newest first."""
    found = Paginator(history(), 10).get_page(request.GET.get("page"))
    versions = [(one, [told(change) for change in one.changes]) for one in found]
    return page(
        request, "dictionary_changes", "about", found=found, versions=versions, version=current()
    )


@public_page
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """A version as JSON, or one part of it as CSV or XLSX."""
    version, part = _version(request), request.GET.get("show", "items")
    if version is None or part not in PARTS or kind not in KINDS:
        raise Http404
    if kind == "json":
        head = {"version": version.number, "published_on": version.published_on.isoformat()}
        answer: HttpResponse = JsonResponse(
            head | version.content, json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
        name = f"dictionary-{version.number}.json"
    elif kind == "csv":
        answer = HttpResponse(as_csv(version, part), content_type="text/csv; charset=utf-8")
        name = f"dictionary-{part}-{version.number}.csv"
    else:
        answer = HttpResponse(as_workbook(version, part), content_type=XLSX)
        name = f"dictionary-{part}-{version.number}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _version(request: HttpRequest) -> DictionaryVersion | None:
    """The version asked for, else the one in force. Raises Http404 for one that never was."""
    number = request.GET.get("version", "")[:20]
    version = version_of(number)
    if version is None and number:
        raise Http404(_("没有这个版本的数据字典。"))
    return version


def _around(version: DictionaryVersion, part: str) -> dict[str, Any]:
    newest = current()
    return {
        "version": version,
        "old": newest is not None and newest.pk != version.pk,
        "versions": history(),
        "parts": [(code, label, len(version.rows(code))) for code, label in PARTS.items()],
        "part": part,
        "part_label": PARTS[part],
        "keep": f"&version={version.number}" if newest and newest.pk != version.pk else "",
    }


def _groups(version: DictionaryVersion, part: str) -> list[tuple[str, Any]]:
    """What the list may be narrowed to: groups of items, categories of forms."""
    if part == "items":
        return list(GROUPS.items())
    table = version.row("tables", "service_category") if part == "forms" else None
    codes = with_words(table)["codes"] if table else []
    return [(one["code"], one["label"]) for one in codes]


def _category(version: DictionaryVersion, row: dict[str, Any]) -> str:
    groups = dict(_groups(version, "forms"))
    return str(groups.get(row.get("category", ""), ""))
