"""Finding a resident among a million against the bare indexed query."""

import statistics
import time
from collections.abc import Callable
from functools import partial
from random import Random

from django.db import connection

from config.postgres import Site
from yiwang.accounts.actor import Actor
from yiwang.core.vault import keyed_hash
from yiwang.residents.models import Resident
from yiwang.residents.reads import find_residents

from .city import found_city, people_city
from .place import Figure

TRIES = 300


def measure(site: Site, *, residents: int) -> list[Figure]:
    """Medians over the same seekers: our one box (shape, rights, objects) and the query alone."""
    post = found_city()
    people_city(residents)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE residents_resident")
    actor = Actor.of(post)
    sample = _sample(Random(11))
    return [
        _pair("身份证号", sample, actor, lambda one: one.identity or "", _by_identity),
        _pair("电话", sample, actor, lambda one: one.phone or "", _by_phone),
        _pair("姓名（全名）", sample, actor, lambda one: one.name, _by_name),
        _pair("姓名（两字）", sample, actor, lambda one: one.name[:2], _by_tokens),
        _pair("拼音首字母", sample, actor, lambda one: one.name_initials, _by_initials),
    ]


def _sample(draw: Random) -> list[Resident]:
    top = Resident.objects.order_by("-pk").values_list("pk", flat=True)[0]
    picked: list[Resident] = []
    while len(picked) < TRIES:
        found = Resident.objects.filter(pk__gte=draw.randrange(1, top), phone_hash__isnull=False)
        one = found.order_by("pk").first()
        if one is not None:
            picked.append(one)
    return picked


def _pair(
    name: str,
    sample: list[Resident],
    actor: Actor,
    said: Callable[[Resident], str],
    bare: Callable[[Resident, Actor], tuple[str, list[object]]],
) -> Figure:
    ours = [_timed(partial(find_residents, said(one), actor, everywhere=True)) for one in sample]
    with connection.cursor() as cursor:
        peer = [_timed(partial(_run, cursor, *bare(one, actor))) for one in sample]
    a, b = statistics.median(ours), statistics.median(peer)
    worst = statistics.quantiles(ours, n=20)[-1]
    return Figure(
        f"找居民：{name}（{Resident.objects.count():,} 人）",
        f"中位 {a:.2f} 毫秒，p95 {worst:.2f}",
        f"只做索引查询 {b:.2f} 毫秒",
        f"{a / b:.1f}×",
        "含判断所填内容、权限范围、取出对象",
    )


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _run(cursor: object, sql: str, arguments: list[object]) -> None:
    cursor.execute(sql, arguments)  # type: ignore[attr-defined]
    cursor.fetchall()  # type: ignore[attr-defined]


_SELECT = (
    "SELECT * FROM residents_resident WHERE state = 'live' AND division_id BETWEEN %s AND %s AND "
)


def _by_identity(one: Resident, actor: Actor) -> tuple[str, list[object]]:
    key = keyed_hash("identity", one.identity or "")
    return _SELECT + "identity_hash = %s LIMIT 50", [actor.search.lo, actor.search.hi, key]


def _by_phone(one: Resident, actor: Actor) -> tuple[str, list[object]]:
    key = keyed_hash("phone", one.phone or "")
    return _SELECT + "phone_hash = %s LIMIT 50", [actor.search.lo, actor.search.hi, key]


def _by_name(one: Resident, actor: Actor) -> tuple[str, list[object]]:
    return _SELECT + "name = %s LIMIT 50", [actor.search.lo, actor.search.hi, one.name]


def _by_tokens(one: Resident, actor: Actor) -> tuple[str, list[object]]:
    return (
        _SELECT + "name_tokens @> %s::text[] LIMIT 50",
        [actor.search.lo, actor.search.hi, [one.name[:2]]],
    )


def _by_initials(one: Resident, actor: Actor) -> tuple[str, list[object]]:
    return (
        _SELECT + "name_initials = %s LIMIT 50",
        [actor.search.lo, actor.search.hi, one.name_initials],
    )
