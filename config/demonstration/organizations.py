"""Invented organisations of a community: committee, window, units that share, shops that serve.

Their credit codes use the area codes 320690 to 320699, which were never issued; telephones lie
behind prefixes without a network; points are invented on a grid around the middle of the city.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.divisions.models import Division
from yiwang.organizations.actions import (
    NewOrganization,
    Offer,
    apply_as_provider,
    decide_provider,
    import_organizations,
    record_cooperation,
    record_paper,
    share_resource,
)
from yiwang.organizations.models import Organization
from yiwang.organizations.rules.fields import NO, YES
from yiwang.organizations.rules.kinds import checks, legal_forms
from yiwang.residents.rules.credit_code import check_character

from .people import AREAS, FREE_PREFIXES, Population

MIDDLE: Final = (120.864, 32.016)
STEP: Final = 0.011
"""Degrees between two communities of the grid: about a kilometre."""
LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ROADS: Final = ("人民路", "濠西路", "青年路", "工农路", "学田路", "虹桥路", "钟秀路", "外环路")


@dataclass(frozen=True)
class Shared:
    """What a unit shares."""

    kind: str
    name: str
    hours: str
    conditions: str
    capacity: int | None = None


@dataclass(frozen=True)
class Model:
    """One kind of invented organisation; `{}` in the name is the place's short name."""

    name: str
    form: str
    located: bool = False
    shared: Shared | None = None
    categories: tuple[str, ...] = ()
    services: str = ""


ALWAYS: Final = (
    Model("{}居民委员会", "committee"),
    Model("{}便民服务窗口", "window"),
)
SOMETIMES: Final = (
    Model(
        "{}小学",
        "school",
        True,
        Shared("sports", "校园操场", "周六、周日 8:00–17:00", "凭社区出入证登记，雨天关闭", 200),
    ),
    Model(
        "{}幼儿园",
        "school",
        True,
        Shared("hall", "多功能厅", "周六 9:00–16:00", "亲子活动优先，提前三天预约", 80),
    ),
    Model(
        "南通{}物业服务有限公司",
        "property",
        True,
        Shared("parking", "夜间停车位", "每天 18:00 至次日 8:00", "居民凭车牌登记", 30),
    ),
    Model(
        "南通{}机电有限公司",
        "company",
        True,
        Shared("canteen", "职工食堂", "工作日 11:00–13:00", "老人凭助餐卡就餐", 60),
    ),
    Model(
        "{}卫生服务站",
        "hospital",
        True,
        Shared("experts", "健康讲座医师", "每月第二个周三下午", "由社区统一预约"),
    ),
    Model(
        "{}邻里互助社",
        "social",
        categories=("eldercare", "relief"),
        services="陪同就医、代购、上门看望",
    ),
    Model(
        "{}夕阳红舞蹈队", "team", categories=("culture", "sport"), services="广场舞教学、节日演出"
    ),
    Model("{}志愿者服务队", "volunteers", categories=("relief",), services="家电小修、代办跑腿"),
)
SHOPS: Final = (
    Model("{}清爽洗衣店", "individual", categories=("eldercare",), services="洗衣、干洗、被褥清洗"),
    Model("{}顺风理发店", "individual", categories=("eldercare",), services="理发、上门理发"),
    Model("{}家电维修部", "individual", categories=("digital",), services="家电维修、开锁、水电维修"),
    Model("{}家和助餐点", "individual", categories=("eldercare",), services="老年助餐、送餐上门"),
    Model("南通{}家政服务有限公司", "company", categories=("eldercare", "family"),
          services="保洁、月嫂、钟点工、护理"),
)  # fmt: skip


class Founder:
    """Founds the organisations of one community after the other."""

    def __init__(self, people: Population) -> None:
        self.people, self.serial, self.place = people, 0, 0

    def found(self, places: list[Division]) -> int:
        """Those of a township: entered by one workbook, then shared and admitted by the acts."""
        models = [(place, model) for place in places for model in self._models()]
        points = {place.pk: self._centre() for place in places}
        rows = [NewOrganization(at, self._values(at, one, points[at.pk])) for at, one in models]
        township = places[0].parent
        assert township is not None  # noqa: S101 - a community lies in a township
        then = timezone.now() - timedelta(days=self.people.random.choice((40, 120, 250, 380)))
        with circumstances(channel="demonstration", at=then):
            batch = import_organizations(
                township, rows=rows, file_name="单位名册.xlsx", by=Actor.system()
            )
            made = Organization.objects.filter(batch=batch).select_related("division")
            for one, (_place, model) in zip(made.order_by("pk"), models, strict=True):
                self._equip(one, model, then.date())
        return len(rows)

    def _models(self) -> Iterator[Model]:
        draw = self.people.random
        yield from ALWAYS
        yield from draw.sample(SOMETIMES, 3)
        yield from draw.sample(SHOPS, 2)

    def _centre(self) -> tuple[float, float]:
        self.place += 1
        across, up = divmod(self.place, 12)
        return MIDDLE[0] + (across - 6) * STEP, MIDDLE[1] + (up - 6) * STEP

    def _values(self, at: Division, model: Model, centre: tuple[float, float]) -> dict[str, str]:
        draw = self.people.random
        self.serial += 1
        far = 0.0 if model in ALWAYS else 0.005
        longitude = centre[0] + draw.uniform(-far, far)
        latitude = centre[1] + draw.uniform(-far, far)
        values = {
            "name": model.name.format(at.short_name),
            "legal_form": model.form,
            "address": f"{draw.choice(ROADS)}{draw.randint(1, 399)}号",
            "contact_name": self.people.surname() + draw.choice("明华敏静军磊燕芳"),
            "contact_phone": self._phone(),
            "point": f"{longitude:.6f},{latitude:.6f}",
            "located": YES if model.located else NO,
        }
        if legal_forms()[model.form].is_coded:
            values["credit_code"] = self._code()
        return values

    def _code(self) -> str:
        area = AREAS[self.serial % len(AREAS)]
        digits, left = "", self.serial
        for _at in range(8):
            left, digit = divmod(left, 10)
            digits = f"{digit}{digits}"
        first = f"91{area}MA{digits[1:]}"
        return first + check_character(first)

    def _phone(self) -> str:
        return f"{FREE_PREFIXES[1]}{90_000_000 + self.serial:08d}"

    def _equip(self, one: Organization, model: Model, then: date) -> None:
        system, draw = Actor.system(), self.people.random
        if model.shared is not None:
            said = model.shared
            share_resource(
                one, kind=said.kind, name=said.name, hours=said.hours,
                conditions=said.conditions, capacity=said.capacity, phone=self._phone(), by=system,
            )  # fmt: skip
            record_cooperation(one, what="共建活动：便民服务日", on=then, people=60, by=system)
        paper = legal_forms()[model.form].paper
        if paper and model.categories:
            # Some end soon and one or the other has ended, so that the lists are not empty.
            left = draw.choice((900, 1500, 700, 20, -10))
            ends = timezone.localdate() + timedelta(days=left)
            record_paper(
                one, kind=paper, number=one.credit_code, issued_on=then - timedelta(days=300),
                expires_on=max(ends, then + timedelta(days=1)), by=system,
            )  # fmt: skip
        if model.categories:
            self._admit(one, model)

    def _admit(self, one: Organization, model: Model) -> None:
        system, parent = Actor.system(), one.division.parent
        offer = Offer(
            model.categories, model.services, self._phone(), "每天 8:00–18:00",
            [parent] if parent else [],
        )  # fmt: skip
        provider = apply_as_provider(one, offer=offer, by=system)
        if self.people.random.random() < 0.9:
            decide_provider(provider, to="approved", checked=list(checks()), by=system)
