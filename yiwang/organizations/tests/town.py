"""Organisations for tests: entered through the same acts as staff use."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.world import COMMUNITY, STREET, World, build_world
from yiwang.accounts.roles import Role
from yiwang.divisions.models import Division
from yiwang.organizations.actions import (
    Offer,
    add_organization,
    apply_as_provider,
    change_organization,
    decide_provider,
    merge_organizations,
    record_cooperation,
    record_paper,
    share_resource,
)
from yiwang.organizations.models import Organization, Provider
from yiwang.organizations.rules.kinds import checks
from yiwang.residents.rules.credit_code import check_character


def code(number: int) -> str:
    """A credit code that passes, of an area that was never issued."""
    first = f"91320690MA{number:07d}"
    return first + check_character(first)


def enter(world: World, name: str, form: str = "individual", **values: str) -> Organization:
    place = world.place(int(values.pop("place", COMMUNITY)))
    return add_organization(
        place, values={"name": name, "legal_form": form, **values}, by=world.network_admin
    )


def admitted(
    world: World, one: Organization, services: str = "洗衣、干洗", *, until: date | None = None,
    areas: Sequence[Division] = (),
) -> Provider:  # fmt: skip
    """Taken up as a service subject by the street, with a licence."""
    ends = until or timezone.localdate() + timedelta(days=400)
    record_paper(one, kind="licence", number="L1", expires_on=ends, by=world.network_admin)
    offer = Offer(["eldercare"], services, "15400001234", "每天 8:00–18:00", areas)
    provider = apply_as_provider(one, offer=offer, by=world.network_admin)
    return decide_provider(provider, to="approved", checked=list(checks()), by=world.street_clerk)


def build() -> dict[str, Any]:
    """A neighbourhood for the browser."""
    there = {place.pk: place for place in Division.objects.all()}
    world = World(there) if there else build_world()
    by = world.network_admin
    enter(world, "南园社区居民委员会", "committee", point="120.8650,32.0160", address="人民路1号")
    school = enter(
        world, "南通市城中小学", "school", located="yes", address="青年路18号",
        credit_code=code(11), contact_name="孔令辉", contact_phone="15400007711",
        point="120.8660,32.0165",
    )  # fmt: skip
    share_resource(
        school, kind="sports", name="校园操场", hours="周六、周日 8:00–17:00",
        conditions="凭社区出入证登记，雨天关闭", capacity=200, phone="15400007712", by=by,
    )  # fmt: skip
    share_resource(school, kind="hall", name="报告厅", hours="周六下午", by=by)
    record_cooperation(school, what="暑期托管班", on=date(2026, 7, 1), people=45, by=by)
    change_organization(school, changes={"contact_phone": "15400007755"}, source="call", by=by)
    shop = enter(
        world, "清爽洗衣店", credit_code=code(12), address="人民路25号",
        contact_name="顾红", contact_phone="15400007733", point="120.8655,32.0162",
    )  # fmt: skip
    admitted(world, shop, areas=[world.place(STREET)])
    late = enter(world, "顺风理发店", credit_code=code(13), point="120.8640,32.0150")
    admitted(world, late, "理发、上门理发", until=timezone.localdate() + timedelta(days=9))
    waiting = enter(world, "南园家政服务有限公司", "company", credit_code=code(14))
    apply_as_provider(waiting, offer=Offer(["eldercare"], "保洁、护理", "15400007744"), by=by)
    twin = add_organization(
        world.place(COMMUNITY), values={"name": "清爽洗衣店", "legal_form": "individual"},
        surely_new=True, by=by,
    )  # fmt: skip
    spare = enter(world, "夕阳红舞蹈队", "team")
    again = add_organization(
        world.place(COMMUNITY), values={"name": "夕阳红舞蹈队", "legal_form": "team"},
        surely_new=True, by=by,
    )  # fmt: skip
    merge = merge_organizations(spare, other=again, reason="同一支队伍", by=by)
    world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre")
    return {
        "user": world.post(Role.TOWNSHIP_NETWORK, STREET, "service_centre").user.username,
        "school": school.pk, "shop": shop.pk, "waiting": waiting.pk, "twin": twin.pk,
        "merge": merge.pk,
    }  # fmt: skip
