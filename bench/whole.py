"""A city of millions: look-ups from a community, a township and the city, and its statistics.

A part of the people comes through the ordinary import; the rest are copies of them with numbers and
telephones of their own, spread over the same communities, because a full import of everybody would
take most of an hour and adds nothing to what is measured here.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from random import Random

from django.db import connection
from django.utils import timezone

from config.demonstration.staff import SEATS, fill_seats
from config.postgres import Site, acting_as_owner
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.vault import keyed_hash
from yiwang.divisions.models import Division
from yiwang.residents.models import Resident
from yiwang.residents.reads import find_residents
from yiwang.residents.sheets import load_residents
from yiwang.statistics.actions import take_summaries
from yiwang.statistics.reads.figures import figures_of

from .city import found_city, write_residents
from .place import Figure

CITY = 320600_000_000
Kind = tuple[Callable[[Resident], str], Callable[[Resident], tuple[str, str | bytes]]]
"""What is typed, and the bare condition with its value."""
SEED = 200_000
"""So many come through the import."""
TRIES = 200
SEEKERS = {
    Role.COMMUNITY_NETWORK: "社区",
    Role.TOWNSHIP_NETWORK: "街道",
    Role.CIVIL_AFFAIRS: "全市",
}


def measure(site: Site, *, people: int) -> list[Figure]:
    """Look-ups of three scopes and a day's statistics among `people` residents of the whole city."""
    first = found_city()
    for path in write_residents(min(SEED, people), root=CITY):
        load_residents(path)
    with acting_as_owner(site):
        _multiply(people)
    seats = [one for one in SEATS if one.role in SEEKERS][1:]
    posts = [first, *fill_seats(seats, date(2026, 1, 5), lambda done, total: None)]
    figures: list[Figure] = []
    for role, scope in SEEKERS.items():
        actor = Actor.of(next(one for one in posts if one.role == role))
        figures += _look_ups(actor, scope, people)
    return figures + _statistics(people)


def _multiply(people: int) -> None:
    """Copies until there are so many; indexes stay in place, as in a register that grew."""
    model = Resident._meta
    own = {"id", "identity_hash", "phone_hash", "identity_tail", "phone_tail"}
    columns = [one.column for one in model.concrete_fields if one.column not in own]
    plain = ", ".join(f'"{one}"' for one in columns)
    fresh = (
        "substr(sha256(identity_hash || int4send(n)), 1, 16), "
        "substr(sha256(phone_hash || int4send(n)), 1, 16), "
        "substr(sha256(identity_tail || int4send(n)), 1, 16), "
        "substr(sha256(phone_tail || int4send(n)), 1, 16)"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(id) FROM residents_resident")
        count, top = cursor.fetchone()
        for n in range(1, -(-people // count)):
            cursor.execute(
                "INSERT INTO residents_resident "
                f"(identity_hash, phone_hash, identity_tail, phone_tail, {plain}) "
                f"SELECT {fresh}, {plain} FROM residents_resident, (SELECT %s::int AS n) AS turn "
                "WHERE id <= %s LIMIT %s",
                [n, top, people - count * n],
            )
        cursor.execute("VACUUM ANALYZE residents_resident")


def _look_ups(actor: Actor, scope: str, people: int) -> list[Figure]:
    sample = _sample(actor, Random(11))
    kinds: dict[str, Kind] = {
        "姓名": (
            lambda one: one.name,
            lambda one: ("name = %s", one.name),
        ),
        "拼音首字母": (
            lambda one: one.name_initials,
            lambda one: ("name_initials = %s", one.name_initials),
        ),
        "电话": (
            lambda one: one.phone or "",
            lambda one: ("phone_hash = %s", keyed_hash("phone", one.phone or "")),
        ),
    }
    figures = []
    for kind, (said, bare) in kinds.items():
        ours = [_timed(partial(find_residents, said(one), actor)) for one in sample]
        peer = [_timed(partial(_bare, actor, *bare(one))) for one in sample]
        a, b = statistics.median(ours), statistics.median(peer)
        worst = statistics.quantiles(ours, n=20)[-1]
        figures.append(
            Figure(
                f"{scope}用户找居民：{kind}（{people:,} 人）",
                f"中位 {a:.2f} 毫秒，p95 {worst:.2f}",
                f"只做索引查询 {b:.2f} 毫秒",
                f"{a / b:.1f}×",
                "含判断所填内容、权限范围、取出对象",
            )
        )
    return figures


def _sample(actor: Actor, draw: Random) -> list[Resident]:
    """People of the imported part whom this actor sees."""
    mine = Resident.objects.visible_to(actor).filter(phone_hash__isnull=False)
    keys = list(mine.order_by("pk").values_list("pk", flat=True)[:SEED])
    return list(Resident.objects.filter(pk__in=draw.sample(keys, min(TRIES, len(keys)))))


def _bare(actor: Actor, condition: str, value: str | bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM residents_resident WHERE state = 'live' "
            f"AND division_id BETWEEN %s AND %s AND {condition} LIMIT 50",
            [actor.see.lo, actor.see.hi, value],
        )
        cursor.fetchall()


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _statistics(people: int) -> list[Figure]:
    city, today = Division.objects.get(pk=CITY), timezone.localdate()
    night = _timed(partial(take_summaries, city, on=today, by=Actor.system())) / 1000
    with connection.cursor() as cursor:
        bare = _timed(partial(_grouped, cursor)) / 1000
    screen = statistics.median(_timed(partial(figures_of, city, today)) for _ in range(50))
    return [
        Figure(
            f"一天的统计：全市各级各项（{people:,} 人）",
            f"{night:.1f} 秒",
            f"只按社区、性别、出生年份数一遍 {bare:.1f} 秒",
            f"{night / bare:.1f}×",
            "含年龄段、户籍与居住、户数、逐级汇总、存入每日统计",
        ),
        Figure(
            f"分县统计页取数（{people:,} 人）",
            f"中位 {screen:.1f} 毫秒",
            f"现数一遍 {bare * 1000:,.0f} 毫秒",
            f"1/{bare * 1000 / screen:,.0f}",
            "取自每日统计",
        ),
    ]


def _grouped(cursor: object) -> None:
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT division_id, sex, birth_year, count(*) FROM residents_resident "
        "WHERE state = 'live' GROUP BY 1, 2, 3"
    )
    cursor.fetchall()  # type: ignore[attr-defined]
