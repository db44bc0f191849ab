"""Units that share, service subjects with valid papers, and what residents find."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.world import COMMUNITY, NEIGHBOUR, RUDONG, STREET, World
from yiwang.core.errors import Refused
from yiwang.organizations.actions import (
    Offer,
    Scan,
    apply_as_provider,
    change_resource,
    decide_provider,
    end_resource,
    move_state,
    record_paper,
    remove_paper,
    resume_resource,
    share_resource,
)
from yiwang.organizations.models import Paper, Provider
from yiwang.organizations.reads import Search, providers, shared_resources, start_of, waiting_for
from yiwang.organizations.rules.distance import Point, box_around, metres_between
from yiwang.organizations.rules.kinds import checks

from .town import admitted, code, enter

HOME = Point(120.8650, 32.0160)
TODAY = date(2026, 12, 1)


def near(text: str, metres: int, today: date | None = None) -> list[Provider]:
    day = today or timezone.localdate()
    return list(providers(Search(text, near=HOME, metres=metres, today=day)))


def test_a_school_ground_at_weekends_stands_on_the_community_page(world: World) -> None:
    school = enter(world, "城中小学", "school", located="yes", contact_phone="15400007711")
    ground = share_resource(
        school, kind="sports", name="校园操场", hours="周六、周日 8:00–17:00",
        conditions="凭出入证", phone="0513-85216622", by=world.network_admin,
    )  # fmt: skip
    page = Client().get(f"/community/{COMMUNITY}/").content.decode()
    assert "校园操场" in page
    assert "周六、周日 8:00–17:00" in page
    assert "15400007711" not in page
    told = Client().get(f"/api/v1/organizations/shared?place={STREET}").json()
    assert [(one["name"], one["organization"]) for one in told] == [("校园操场", "城中小学")]
    end_resource(ground, by=world.network_admin)
    assert shared_resources(COMMUNITY) == []
    resume_resource(ground, by=world.network_admin)
    change_resource(ground, kind="sports", name="操场", hours="周日", by=world.network_admin)
    assert [one.hours for kind in shared_resources(COMMUNITY) for one in kind.rows] == ["周日"]
    move_state(school, to="ended", reason="撤并", by=world.network_admin)
    assert shared_resources(COMMUNITY) == []


def test_a_resource_without_hours_is_not_taken(world: World) -> None:
    school = enter(world, "城中小学", "school")
    with pytest.raises(Refused) as refusal:
        share_resource(school, kind="nothing", name="操场", hours=" ", by=world.network_admin)
    assert set(refusal.value.fields) == {"kind", "hours"}


def test_a_laundry_is_found_within_a_kilometre_until_its_licence_expires(world: World) -> None:
    shop = enter(world, "清爽洗衣店", credit_code=code(1), point="120.8700,32.0160")
    last = timezone.localdate() + timedelta(days=40)
    admitted(world, shop, "洗衣、干洗", until=last)
    assert [one.organization for one in near("洗衣", 1000)] == [shop]
    assert near("洗衣", 400) == []
    assert near("理发", 1000) == []
    assert len(near("洗衣", 1000, last)) == 1
    assert near("洗衣", 1000, last + timedelta(days=1)) == []
    record_paper(
        shop, kind="licence", expires_on=last + timedelta(days=365), by=world.network_admin
    )
    assert len(near("洗衣", 1000, last + timedelta(days=1))) == 1


def test_the_distance_in_the_database_is_that_of_the_rule(world: World) -> None:
    shop = enter(world, "清爽洗衣店", point="120.8712,32.0203")
    admitted(world, shop)
    (found,) = near("洗衣", 5000)
    assert shop.point is not None
    assert found.metres == pytest.approx(metres_between(HOME, shop.point), abs=0.01)  # type: ignore[attr-defined]


@given(
    longitude=st.floats(-170, 170), latitude=st.floats(-70, 70),
    east=st.floats(-0.05, 0.05), north=st.floats(-0.05, 0.05), metres=st.integers(1, 50_000),
)  # fmt: skip
def test_nothing_within_the_distance_lies_outside_the_box(
    longitude: float, latitude: float, east: float, north: float, metres: int
) -> None:
    here, there = Point(longitude, latitude), Point(longitude + east, latitude + north)
    low, high = box_around(here, metres)
    inside = (
        low.latitude <= there.latitude <= high.latitude
        and low.longitude <= there.longitude <= high.longitude
    )
    assert inside or metres_between(here, there) >= metres * 0.999


def test_a_subject_is_listed_where_it_serves_and_only_there(world: World) -> None:
    shop = enter(world, "清爽洗衣店")
    admitted(world, shop, areas=[world.place(STREET)])

    def serving(place: int) -> int:
        return len(providers(Search(place=place, today=timezone.localdate())))

    assert (serving(COMMUNITY), serving(NEIGHBOUR), serving(RUDONG)) == (1, 1, 0)


def test_admission_asks_for_every_check_and_the_paper_of_the_form(world: World) -> None:
    shop, street = enter(world, "清爽洗衣店"), world.street_clerk
    offer = Offer(["eldercare"], "洗衣", "15400001234")
    provider = apply_as_provider(shop, offer=offer, by=world.network_admin)
    assert waiting_for(street, TODAY).waiting == 1
    with pytest.raises(PermissionDenied):
        decide_provider(provider, to="approved", checked=list(checks()), by=world.network_admin)
    for given_, refused in ((["identity"], "unchecked"), (list(checks()), "no_paper")):
        with pytest.raises(Refused) as refusal:
            decide_provider(provider, to="approved", checked=given_, by=street)
        assert refusal.value.code == refused
    ended = timezone.localdate() - timedelta(days=1)
    record_paper(shop, kind="licence", expires_on=ended, by=world.network_admin)
    with pytest.raises(Refused) as refusal:
        decide_provider(provider, to="approved", checked=list(checks()), by=street)
    assert refusal.value.code == "expired"


def test_a_subject_is_refused_applies_again_is_suspended_and_removed_with_reasons(
    world: World,
) -> None:
    team, street = enter(world, "邻里互助队", "volunteers"), world.street_clerk
    offer = Offer(["relief"], "代购、陪诊", "15400001234")
    provider = apply_as_provider(team, offer=offer, by=world.network_admin)
    with pytest.raises(Refused) as refusal:
        decide_provider(provider, to="refused", by=street)
    assert refusal.value.code == "reason_needed"
    decide_provider(provider, to="refused", reason="电话打不通", by=street)
    provider = apply_as_provider(team, offer=offer, by=world.network_admin)
    decide_provider(provider, to="approved", checked=list(checks()), by=street)
    assert Provider.objects.public(TODAY).count() == 1
    decide_provider(provider, to="suspended", reason="投诉待查", by=street)
    assert Provider.objects.public(TODAY).count() == 0
    decide_provider(provider, to="approved", by=street)
    decide_provider(provider, to="removed", reason="自愿退出", by=street)
    with pytest.raises(Refused) as refusal:
        decide_provider(provider, to="approved", by=street)
    assert refusal.value.code == "no_such_move"
    told = list(team.events.filter(topic="provider").values_list("state", "reason"))
    assert told[:2] == [("removed", "自愿退出"), ("approved", "")]


def test_papers_that_end_within_thirty_days_are_warned_of(world: World) -> None:
    today = timezone.localdate()
    for number, days in enumerate((-3, 30, 31), 1):
        shop = enter(world, f"第{'甲乙丙'[number - 1]}号商店", credit_code=code(number))
        record_paper(
            shop, kind="licence", expires_on=today + timedelta(days=days), by=world.network_admin
        )
    assert waiting_for(world.network_admin, today).papers == 2


def test_a_new_paper_replaces_the_one_of_its_kind_and_a_voided_one_hides_the_subject(
    world: World,
) -> None:
    shop = enter(world, "清爽洗衣店")
    admitted(world, shop)
    new = record_paper(shop, kind="licence", number="L2", by=world.network_admin)
    assert list(Paper.objects.filter(organization=shop).current()) == [new]
    assert Provider.objects.public(TODAY).count() == 1
    remove_paper(new, by=world.network_admin)
    assert Provider.objects.public(TODAY).count() == 0


def test_a_scan_is_kept_sealed_and_must_be_a_picture(world: World) -> None:
    shop = enter(world, "清爽洗衣店")
    with pytest.raises(Refused) as refusal:
        record_paper(shop, kind="licence", scan=Scan("a.exe", b"MZ"), by=world.network_admin)
    assert refusal.value.code == "file_type"
    paper = record_paper(
        shop, kind="licence", scan=Scan("照.png", b"\x89PNG1"), by=world.network_admin
    )
    paper.refresh_from_db()
    assert paper.content_type == "image/png"


def test_distances_begin_at_the_committee_of_the_place(world: World) -> None:
    place = world.place(COMMUNITY)
    assert start_of(place) is None
    enter(world, "南园居委会", "committee", point="120.8650,32.0160")
    start = start_of(place)
    assert start is not None
    assert (start.point, start.name) == (HOME, "南园居委会")


def test_a_resident_finds_the_laundry_from_the_page_of_the_community(world: World) -> None:
    enter(world, "南园居委会", "committee", point="120.8650,32.0160")
    shop = enter(world, "清爽洗衣店", point="120.8720,32.0160", contact_phone="15400007733")
    admitted(world, shop)
    visitor = Client()
    visitor.cookies["yw-community"] = str(COMMUNITY)
    page = visitor.get("/near/", {"q": "洗衣", "metres": "1000"}).content.decode()
    assert "清爽洗衣店" in page
    assert "15400001234" in page
    assert "15400007733" not in page
    assert (
        "清爽洗衣店" not in visitor.get("/near/", {"q": "洗衣", "metres": "500"}).content.decode()
    )
    told = visitor.get(
        "/api/v1/organizations/find",
        {"q": "洗衣", "longitude": "120.865", "latitude": "32.016", "metres": "1000"},
    ).json()
    assert [one["name"] for one in told] == ["清爽洗衣店"]
