"""The staff of the demonstration: one log-in for each role, and administrators for the stream."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction

from yiwang.accounts.actions import appoint, create_person
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.accounts.roles import GRANTS, Role
from yiwang.divisions.models import Division
from yiwang.divisions.rules import ancestors, depth_of

from .people import Population

Report = Callable[[int, int | None], None]
# Everyone of the demonstration signs in with this; it is printed beside the names.
PASSWORD = "Nantong-2026"  # noqa: S105 - public on purpose, for invented people only
CITY, CHONGCHUAN, HAIMEN = 320600_000_000, 320613_000_000, 320614_000_000
XINCHENGQIAO, YIJIAQIAO = 320613_004_000, 320613_004_006
WENFENG, BINCHA = 320613_008_000, 320623_100_000


@dataclass(frozen=True)
class Seat:
    """One log-in: who, as what, in which unit of which place."""

    username: str
    name: str
    role: Role
    place: int
    unit: str


SEATS = (
    Seat("zhoumin", "周敏", Role.COMMUNITY_NETWORK, YIJIAQIAO, "committee"),
    Seat("gulan", "顾兰", Role.WINDOW, YIJIAQIAO, "service_centre"),
    Seat("jihong", "季红", Role.WORKER, YIJIAQIAO, "committee"),
    Seat("shaojun", "邵军", Role.COMMITTEE, YIJIAQIAO, "committee"),
    Seat("fanghua", "方华", Role.KIOSK, YIJIAQIAO, "kiosk"),
    Seat("huangjun", "黄军", Role.TOWNSHIP_OFFICE, XINCHENGQIAO, "civil_affairs"),
    Seat("wufang", "吴芳", Role.WINDOW, XINCHENGQIAO, "service_centre"),
    Seat("caolei", "曹磊", Role.TOWNSHIP_NETWORK, XINCHENGQIAO, "service_centre"),
    Seat("nijianguo", "倪建国", Role.LEADER, XINCHENGQIAO, "civil_affairs"),
    Seat("shenping", "沈萍", Role.DEPARTMENT, CHONGCHUAN, "civil_affairs"),
    Seat("maohua", "茅华", Role.DEPARTMENT, CHONGCHUAN, "housing"),
    Seat("yinli", "殷丽", Role.DEPARTMENT, CHONGCHUAN, "human_resources"),
    Seat("luweiguo", "陆卫国", Role.LEADER, CHONGCHUAN, "civil_affairs"),
    Seat("zhuhong", "朱红", Role.COUNTY_NETWORK, CHONGCHUAN, "data_bureau"),
    Seat("xuming", "徐明", Role.COUNTY_GROUP, HAIMEN, "civil_affairs"),
    Seat("jiangyan", "姜燕", Role.WINDOW, WENFENG, "service_centre"),
    Seat("qianjing", "钱静", Role.TOWNSHIP_OFFICE, BINCHA, "civil_affairs"),
    Seat("shenguoping", "沈国平", Role.CIVIL_AFFAIRS, CITY, "civil_affairs"),
    Seat("dingxia", "丁霞", Role.WINDOW, CITY, "service_centre"),
    Seat("fengbin", "冯斌", Role.INSPECTOR, CITY, "civil_affairs"),
    Seat("panyu", "潘宇", Role.COORDINATION, CITY, "civil_affairs"),
    Seat("admin", "严成", Role.ADMINISTRATOR, CITY, "civil_affairs"),
    Seat("xuewei", "薛伟", Role.DATA_OFFICER, CITY, "civil_affairs"),
    Seat("gezhong", "葛忠", Role.AUDITOR, CITY, "civil_affairs"),
)


@dataclass(frozen=True)
class Login:
    """What is printed at the start and by `yiwang demo --logins`."""

    username: str
    password: str
    name: str
    role: str
    unit: str


def employ(people: Population, communities: list[Division], report: Report) -> list[Post]:
    """Open every seat, and give each community that has none a network administrator.

    All in one transaction: the log-ins are there together or not at all.
    """
    with transaction.atomic():
        seats = _seats(people, communities)
        posts = fill_seats(seats, date(people.today.year, 1, 5), report)
        unmanned = _unmanned(people, communities)
        return posts + fill_seats(unmanned, date(people.today.year, 1, 5), report)


def _seats(people: Population, communities: list[Division]) -> list[Seat]:
    draw = people.random
    others = [place for place in communities if place.pk != YIJIAQIAO]
    return [
        *SEATS,
        *(
            Seat(
                f"n{place.pk}",
                people.surname() + draw.choice("敏燕军磊静红芳霞萍伟"),
                Role.COMMUNITY_NETWORK,
                place.pk,
                "committee",
            )
            for place in others
        ),
    ]


def sealed_password() -> str:
    """The password of everybody, hashed."""
    return make_password(PASSWORD)


def fill_seats(seats: list[Seat], since: date, report: Report) -> list[Post]:
    """Everyone has the same password, so it is hashed once."""
    system, sealed = Actor.system(), sealed_password()
    places = Division.objects.in_bulk({seat.place for seat in seats})
    units: dict[tuple[int, str], Unit] = {
        (unit.division_id, unit.code): unit
        for unit in Unit.objects.open().filter(division_id__in=list(places)).order_by("-pk")
    }
    posts = []
    for done, seat in enumerate(seats, 1):
        place = places[seat.place]
        unit = units.get((place.pk, seat.unit)) or units[place.pk, "civil_affairs"]
        person = create_person(
            place, name=seat.name, username=seat.username, sealed=sealed, by=system
        )
        posts.append(appoint(unit, person=person, role=seat.role, starts_on=since, by=system))
        report(done, len(seats))
    return posts


def _unmanned(people: Population, communities: list[Division]) -> list[Seat]:
    """A seat in each unit of the communities and of the levels above that has nobody: steps move."""
    keys = {key for place in communities for key in (place.pk, *ancestors(place.pk))}
    seats = []
    for unit in Unit.objects.open().filter(division_id__in=keys, posts=None):
        upper = depth_of(unit.division_id) in GRANTS[Role.DEPARTMENT].levels
        role = Role.DEPARTMENT if upper else Role.WINDOW
        name = people.surname() + "明"
        seats.append(Seat(f"u{unit.pk}", name, role, unit.division_id, unit.code))
    return seats


def write_logins(path: Path) -> None:
    """Keep the printed log-ins beside the data, for `--logins`."""
    listed = []
    for seat in SEATS:
        post = Post.objects.select_related("unit", "user").get(user__username=seat.username)
        role = str(post.get_role_display())
        listed.append(asdict(Login(seat.username, PASSWORD, seat.name, role, post.unit.name)))
    path.write_text(json.dumps(listed, ensure_ascii=False, indent=1), encoding="utf-8")
