"""What every staff page shows around its content: menu, posts to switch to, counts."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import User

from .reads.duties import workload
from .reads.surroundings import city_name, is_demonstration, other_posts, site_name, who
from .rules.menu import ACCEPT, ACCOUNT, MENU, QUICK, QUICK_MOST, Entry, allowed, current_of

Counts = Mapping[str, int]


def shell(request: HttpRequest) -> Mapping[str, Any]:
    """Menu and scope for signed-in staff; only names of city and site for everybody else.

    What costs a statement is called by the template, so that a fragment pays nothing.
    """
    actor: Actor | None = getattr(request, "actor", None)
    around: dict[str, Any] = {
        "today": timezone.localdate(),
        "city_name": city_name(),
        "site_name": site_name(),
        "demo": is_demonstration,
    }
    return {**around, **_staff(request, actor)} if actor is not None else around


def _staff(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    counts = _once(lambda: workload(actor))
    posts = _once(lambda: _posts(request, actor))
    removable = is_demonstration() and actor.has("core.demonstration")
    return {
        "actor": who(actor),
        "menu": _once(lambda: menu_of(actor, request.path, counts())),
        "quick": _once(lambda: quick_of(actor, request.path, counts())),
        "posts": posts,
        "notices_unread": lambda: counts()["unread"],
        "primary_action": _link(ACCEPT, "", {}) if _opens(ACCEPT, actor) else None,
        "account_links": _links(ACCOUNT, actor, "", {}),
        "demo_remove_url": address("console:remove-demo") if removable else "",
    }


def menu_of(actor: Actor, path: str, counts: Counts) -> list[dict[str, Any]]:
    """The sections of the menu with what this actor may open of the pages there are."""
    entries = [entry for section in MENU for entry in section.entries if _opens(entry, actor)]
    own = [_url(entry) for entry in ACCOUNT]
    current = current_of([*(_url(one) for one in entries if one.key != "home"), *own], path)
    if not current and path == address("console:home"):
        current = path
    sections = [
        {"title": section.title, "items": _links(section.entries, actor, current, counts)}
        for section in MENU
    ]
    return [section for section in sections if section["items"]]


def quick_of(actor: Actor, path: str, counts: Counts) -> list[dict[str, Any]]:
    """The few entries of the bar at the bottom of a telephone."""
    offered = [entry for entry in QUICK if _opens(entry, actor)][:QUICK_MOST]
    current = current_of([_url(entry) for entry in offered if entry.key != "home"], path)
    return _links(
        offered, actor, current or (path if path == address("console:home") else ""), counts
    )


def _links(
    entries: tuple[Entry, ...] | list[Entry], actor: Actor, current: str, counts: Counts
) -> list[dict[str, Any]]:
    there = [entry for entry in entries if address(entry.page)]
    return [_link(entry, current, counts) for entry in allowed(there, actor.rights)]


def _link(entry: Entry, current: str, counts: Counts) -> dict[str, Any]:
    url = _url(entry)
    return {
        "key": entry.key,
        "label": entry.label,
        "icon": entry.icon,
        "url": url,
        "count": counts.get(entry.count, 0) if entry.count else 0,
        "current": bool(current) and url == current,
    }


def _opens(entry: Entry, actor: Actor) -> bool:
    return entry.open_to(actor.rights) and bool(address(entry.page))


def _url(entry: Entry) -> str:
    return address(entry.page)


def _posts(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    user = request.user
    return other_posts(user, actor) if isinstance(user, User) else []


def _once(make: Callable[[], Any]) -> Callable[[], Any]:
    """Made when the template first asks, and only then."""
    return cache(make)


@cache
def address(name: str) -> str:
    """The address of a page, or nothing while the page does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
