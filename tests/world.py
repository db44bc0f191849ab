"""A small real corner of Nantong for tests: places, units, posts, one family, the catalogue.

Fixtures build through the same acts as users do; nothing here is shorter than a real way in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit, User
from yiwang.accounts.roles import Role
from yiwang.divisions.models import Division, Kind, Level
from yiwang.divisions.rules import depth_of, parent_of

CITY = 320600_000_000
CHONGCHUAN = 320613_000_000
STREET = 320613_001_000
COMMUNITY = 320613_001_001
NEIGHBOUR = 320613_001_002
RUDONG = 320623_000_000
BINCHA = 320623_102_000
VILLAGE = 320623_102_201
PLACES = {
    320000_000_000: ("江苏省", Kind.PROVINCE),
    CITY: ("南通市", Kind.PREFECTURE),
    CHONGCHUAN: ("崇川区", Kind.DISTRICT),
    STREET: ("城东街道", Kind.SUBDISTRICT),
    COMMUNITY: ("南园社区", Kind.RESIDENTS),
    NEIGHBOUR: ("濠东社区", Kind.RESIDENTS),
    RUDONG: ("如东县", Kind.COUNTY),
    BINCHA: ("栟茶镇", Kind.TOWN),
    VILLAGE: ("群贤村", Kind.VILLAGERS),
}
UNITS = {
    CITY: ("civil_affairs", "service_centre", "data_bureau"),
    CHONGCHUAN: (
        "civil_affairs", "housing", "human_resources", "health", "veterans_affairs",
        "service_centre", "education", "disabled_federation", "medical_insurance",
    ),
    RUDONG: ("civil_affairs", "housing", "human_resources", "health", "service_centre"),
    STREET: ("civil_affairs", "service_centre", "health", "veterans_affairs", "human_resources"),
    BINCHA: ("civil_affairs", "service_centre", "health"),
    COMMUNITY: ("committee", "service_centre"),
    NEIGHBOUR: ("committee", "service_centre"),
    VILLAGE: ("committee", "service_centre"),
}  # fmt: skip
ITEMS = (
    "elder-care-subsidy", "senior-allowance", "housing-repair-aid", "temporary-relief",
    "veteran-preferential-care", "birth-registration", "disability-allowances", "funeral-relief",
)  # fmt: skip
# An identity number of an area code that was never issued; the check digit is right.
LAN = {"identity_number": "320690194703120026", "phone": "15400008830"}


OFFICES = {
    "civil_affairs": "民政局", "service_centre": "便民服务中心", "data_bureau": "数据局",
    "housing": "住房和城乡建设局", "human_resources": "人力资源和社会保障局", "health": "卫生健康委员会",
    "veterans_affairs": "退役军人事务局", "education": "教育局", "disabled_federation": "残疾人联合会",
    "medical_insurance": "医疗保障局", "committee": "居民委员会",
}  # fmt: skip
IN_TOWNS = {"civil_affairs": "民政办公室", "health": "卫生健康办公室",
            "human_resources": "人力资源和社会保障服务所",
            "veterans_affairs": "退役军人服务站"}  # fmt: skip


def unit_name(place: str, code: str) -> str:
    """What a unit of this kind is called in a place: 崇川区民政局, 城东街道民政办公室, 群贤村村民委员会."""
    if code == "committee" and place.endswith("村"):
        return f"{place}村民委员会"
    town = IN_TOWNS if place.endswith(("街道", "镇")) else {}
    return f"{place}{town.get(code) or OFFICES.get(code, code)}"


@dataclass
class World:
    """What tests ask for by name."""

    places: dict[int, Division]

    def place(self, key: int) -> Division:
        return self.places[key]

    def unit(self, key: int, code: str) -> Unit:
        return Unit.objects.get(division_id=key, code=code)

    def post(self, role: Role, key: int, code: str, name: str = "周敏") -> Post:
        """A person with this post; the same call gives the same post."""
        username = f"{role.value}-{key}-{code}".lower()
        user, _new = User.objects.get_or_create(username=username, defaults={"name": name})
        post, _new = Post.objects.get_or_create(
            user=user,
            unit=self.unit(key, code),
            role=role,
            defaults={"division_id": key, "starts_on": date(2026, 1, 4)},
        )
        return post

    def actor(self, role: Role, key: int, code: str, name: str = "周敏") -> Actor:
        return Actor.of(self.post(role, key, code, name))

    @property
    def network_admin(self) -> Actor:
        return self.actor(Role.COMMUNITY_NETWORK, COMMUNITY, "committee")

    @property
    def neighbour_admin(self) -> Actor:
        return self.actor(Role.COMMUNITY_NETWORK, NEIGHBOUR, "committee", "季红")

    @property
    def street_clerk(self) -> Actor:
        return self.actor(Role.TOWNSHIP_OFFICE, STREET, "civil_affairs", "黄军")

    @property
    def bureau_clerk(self) -> Actor:
        return self.actor(Role.DEPARTMENT, CHONGCHUAN, "civil_affairs", "沈国平")

    @property
    def leader(self) -> Actor:
        return self.actor(Role.LEADER, CHONGCHUAN, "civil_affairs", "陆建华")

    @property
    def city_window(self) -> Actor:
        return self.actor(Role.WINDOW, CITY, "service_centre", "吴芳")

    @property
    def city_bureau(self) -> Actor:
        return self.actor(Role.CIVIL_AFFAIRS, CITY, "civil_affairs", "徐明")

    @property
    def administrator(self) -> Actor:
        return self.actor(Role.ADMINISTRATOR, CITY, "data_bureau", "系统管理员")


def let_go() -> None:
    """Forget what a process remembers of one database before it works in another."""
    from yiwang.core.memory import forget
    from yiwang.matters.actions import acceptance

    forget("")
    acceptance._block.clear()


def build_world() -> World:
    """Places and units; people come with the posts a test asks for."""
    places = {}
    for key, (name, kind) in PLACES.items():
        places[key] = Division.objects.create(
            key=key,
            parent_id=parent_of(key) or None,
            level=Level(depth_of(key)),
            name=name,
            short_name=name.rstrip("市区县镇"),
            kind=kind,
        )
    for key, codes in UNITS.items():
        for code in codes:
            Unit.objects.create(division_id=key, code=code, name=unit_name(PLACES[key][0], code))
    return World(places)


@pytest.fixture(autouse=True)
def _begin_in_chinese() -> None:
    """A request in English leaves its language in the thread; the next test starts anew."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def world(db: Any) -> World:
    """The city stands already: a test with this fixture is led into it (root conftest)."""
    return World({one.pk: one for one in Division.objects.all()})


@pytest.fixture
def sign_in(db: Any) -> Callable[[Actor], Client]:
    """A browser of whoever holds the actor's post."""

    def do(actor: Actor) -> Client:
        browser = Client()
        browser.force_login(User.objects.get(pk=actor.user_id))
        session = browser.session
        session["post"] = actor.post_id
        session.save()
        return browser

    return do


@pytest.fixture
def catalogue(world: World) -> None:
    """A few items of the shipped catalogue, published for the city: one of each shape."""
    from yiwang.core.memory import forget

    forget("matters.")


@pytest.fixture
def resident(world: World) -> Any:
    """陈桂英, an elder of 南园社区, entered by her network administrator."""
    from yiwang.residents.actions import add_resident

    return add_resident(
        world.place(COMMUNITY), name="陈桂英",
        values={**LAN, "home_address": "南园新村12幢302室"},
        source="visit", source_label="走访", by=world.network_admin,
    )  # fmt: skip
