"""Pages of matters among a million, from four levels: the application's role against the superuser.

The same page by the same programs, once as the restricted role of the application and once as the
administrator of the database, in turn: whoever looks through a right must not wait for it. Where
somebody sees more, the page may not be slower either: levels stand beside each other.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial

from django.core.management import call_command
from django.db import connections
from django.test import Client

from config.demonstration.staff import SEATS, fill_seats
from config.postgres import Site
from config.postgres.privileges import log_in
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.accounts.roles import Role
from yiwang.matters.models import Matter

from .city import found_city
from .million import RARE, many_matters
from .place import Figure

TRIES = 15
SUPERUSER = "postgres"
LEVELS = {
    Role.COMMUNITY_NETWORK: "社区",
    Role.TOWNSHIP_NETWORK: "街道",
    Role.DEPARTMENT: "区",
    Role.CIVIL_AFFAIRS: "全市",
}


def measure(site: Site, *, matters: int) -> list[Figure]:
    """List, page in the middle, searches and detail, each from four levels, in milliseconds."""
    call_command("collectstatic", verbosity=0, interactive=False)  # pages name their styles
    first = found_city()
    one = many_matters(site, first, matters)
    seats = {one.role: one for one in reversed(SEATS) if one.role in LEVELS}
    later = [seat for role, seat in seats.items() if role != Role.COMMUNITY_NETWORK]
    posts = [first, *fill_seats(later, date(2026, 1, 5), lambda done, total: None)]
    by_role = {post.role: post for post in posts}
    return [
        figure
        for role, level in LEVELS.items()
        for figure in _of_level(by_role[role], level, one, matters)
    ]


def _of_level(post: Post, level: str, one: Matter, matters: int) -> list[Figure]:
    browser = Client()
    browser.force_login(post.user)
    session = browser.session
    session["post"] = post.pk
    session.save()
    pages = {
        "列表": "/desk/matters/?tab=area",
        "深页": f"/desk/matters/?tab=area&after={_middle(post)}",
        "按编号找": f"/desk/matters/?tab=area&q={one.number}",
        "按常见标题找": f"/desk/matters/?tab=area&q={one.title}",
        "按少见标题找": f"/desk/matters/?tab=area&q={RARE}",
        "详情": f"/desk/matters/{one.number}/",
    }
    figures = []
    for name, address in pages.items():
        ours, peer = _both(partial(_opened, browser, address))
        figures.append(
            Figure(
                f"{level}用户的办件{name}（{matters:,} 件）",
                f"中位 {ours:.1f} 毫秒",
                f"数据库超级用户 {peer:.1f} 毫秒",
                f"{ours / peer:.2f}",
            )
        )
    return figures


def _middle(post: Post) -> str:
    """The cursor of a page deep in what this post sees."""
    rows = Matter.objects.visible_to(Actor.of(post)).order_by("-accepted_at", "-pk")
    found = rows[rows.count() // 2]
    return f"{found.accepted_at.isoformat()}~{found.pk}".replace("+", "%2B")


def _opened(browser: Client, address: str) -> None:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")


def _both(work: Callable[[], None]) -> tuple[float, float]:
    """Medians of the two roles, measured in turn; what both remember is warm."""
    plain = dict(connections.settings["default"])
    ours: list[float] = []
    peer: list[float] = []
    try:
        for entry, times in [
            (plain, ours),
            ({**plain, "USER": SUPERUSER, "PASSWORD": ""}, peer),
        ] * 2:
            log_in(entry)
            work()
            for _turn in range(TRIES):
                begun = time.perf_counter()
                work()
                times.append((time.perf_counter() - begun) * 1000)
    finally:
        log_in(plain)
    return statistics.median(ours), statistics.median(peer)
