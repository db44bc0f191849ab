"""The search box of the top bar: a list as one types, and a page of its own."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.console.context import menu_of
from yiwang.console.reads.finding import (
    Group,
    Hit,
    Page,
    find_everything,
    find_pages,
    matter_numbers,
)

QUICK_MOST: Final = 4
PAGE_MOST: Final = 20


@require_GET
@allowed("accounts.self")
@allowed("accounts.self")
def search(request: StaffRequest) -> HttpResponse:
    """Everything the words may mean, grouped; one whole number of a matter opens it at once."""
    words = request.GET.get("q", "").strip()
    quick = bool(request.htmx)
    most = QUICK_MOST if quick else PAGE_MOST
    groups = [_linked(group) for group in find_everything(words, request.actor, most)]
    pages = find_pages(words, _own_pages(request), most)
    if not quick and len(groups) == 1 and not pages and matter_numbers(words):
        only = groups[0]["hits"]
        if len(only) == 1 and only[0]["url"]:
            return redirect(only[0]["url"])
    context = {"words": words, "groups": groups, "pages": pages}
    template = "console/parts/found.html" if quick else "console/search.html"
    return render(request, template, context)


def _own_pages(request: StaffRequest) -> list[Page]:
    menu = menu_of(request.actor, request.path, {})
    return [
        Page(str(item["label"]), item["icon"], item["url"])
        for section in menu
        for item in section["items"]
    ]


def _linked(group: Group) -> dict[str, Any]:
    return {
        "key": group.key,
        "label": group.label,
        "hits": [{"hit": hit, "url": _address(hit)} for hit in group.hits],
    }


def _address(hit: Hit) -> str:
    """Where a result leads; nothing while its page does not exist."""
    if not hit.page:
        return ""
    try:
        return reverse(hit.page, args=[hit.argument])
    except NoReverseMatch:
        return ""
