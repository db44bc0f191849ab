"""Pages and API of figures, profiles and quality."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.world import CITY, COMMUNITY, LAN, NEIGHBOUR, STREET, VILLAGE
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import User
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.residents.actions import add_resident, move_resident
from yiwang.statistics.actions import declare_profile, take_summaries
from yiwang.statistics.models import ProfileValue, Summary
from yiwang.statistics.reads import profile_of
from yiwang.statistics.reads.profile import required_area


def browser(actor):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.fixture
def clerk(world, resident):
    return browser(world.network_admin)


def declared(world, households, day=None):
    return declare_profile(
        world.place(COMMUNITY), values={"households": Decimal(households)},
        as_of=day or timezone.localdate(), source="2026年年报", by=world.network_admin,
    )  # fmt: skip


def test_a_number_leads_to_the_list_behind_it(clerk, resident):
    page = clerk.get("/desk/statistics/")
    text = page.content.decode()
    assert "cell=people" in text
    behind = clerk.get(f"/desk/statistics/people/?place={COMMUNITY}&cell=people").content.decode()
    assert "居民人数 1 人" in behind
    assert "陈桂英" not in behind
    assert resident.masked_name in behind


def test_a_place_of_others_falls_back_to_the_own(clerk):
    page = clerk.get(f"/desk/statistics/?place={VILLAGE}")
    assert "南园社区" in page.content.decode()
    assert "群贤村" not in page.content.decode()


def test_a_day_to_come_is_said_beside_the_field(clerk):
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "这一天还没有到" in clerk.get(f"/desk/statistics/?on={tomorrow}").content.decode()


def test_who_has_moved_where_one_does_not_see_is_counted_not_shown(world):
    today = timezone.localdate()
    with circumstances(at=timezone.now() - timedelta(days=20)):
        person = add_resident(
            world.place(COMMUNITY), name="陈桂英", values=LAN, by=world.network_admin
        )
    move_resident(person, to=world.place(NEIGHBOUR), on=today, by=Actor.system())
    day = (today - timedelta(days=3)).isoformat()
    address = f"/desk/statistics/people/?place={COMMUNITY}&on={day}"
    assert "只计数不列名" in browser(world.network_admin).get(address).content.decode()


def test_the_workbook_holds_the_table_of_the_page(clerk):
    answer = clerk.get("/desk/statistics/export/")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet["A4"].value == "区划"
    assert [sheet["A5"].value, sheet["B5"].value] == ["南园社区", 1]


def test_the_city_freezes_a_day_and_a_community_cannot(world, clerk):
    take_summaries(world.place(CITY), on=timezone.localdate(), by=Actor.system())
    body = {"place": CITY, "on": timezone.localdate().isoformat()}
    assert clerk.post("/desk/statistics/freeze/", body).status_code == 403
    assert browser(world.city_bureau).post("/desk/statistics/freeze/", body).status_code == 302
    assert Summary.objects.filter(frozen=True).count() == Summary.objects.count() > 0


def test_a_declared_denominator_moves_the_required_area_and_stays_in_history(world):
    declared(world, 3612, timezone.localdate() - timedelta(days=1))
    assert required_area(profile_of(world.place(COMMUNITY))) == Decimal("722.4")
    declared(world, 3700)
    assert required_area(profile_of(world.place(COMMUNITY))) == 740
    assert ProfileValue.objects.count() == 2


def test_without_a_declaration_the_register_counts(world, resident):
    line = next(one for one in profile_of(world.place(COMMUNITY)) if one.indicator == "residents")
    assert line.used == line.counted == 1
    assert line.declared is None


def test_a_declaration_grows_old(world):
    declared(world, 10, timezone.localdate() - timedelta(days=450))
    line = next(one for one in profile_of(world.place(COMMUNITY)) if one.indicator == "households")
    assert line.old


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"values": {}}, "nothing"),
        ({"values": {"households": Decimal(-1)}}, "negative"),
        ({"source": " "}, "source_needed"),
        ({"as_of": timezone.localdate() + timedelta(days=2)}, "future"),
    ],
)
def test_what_cannot_be_declared_is_refused(world, changes, code):
    said = {
        "values": {"households": Decimal(1)}, "as_of": timezone.localdate(), "source": "年报",
        **changes,
    }  # fmt: skip
    with pytest.raises(Refused) as refusal:
        declare_profile(world.place(COMMUNITY), by=world.network_admin, **said)
    assert refusal.value.code == code
    assert not ProfileValue.objects.exists()


def test_only_communities_have_a_profile(world):
    with pytest.raises(Refused, match="村（居）"):
        declare_profile(
            world.place(STREET), values={"households": Decimal(1)}, as_of=timezone.localdate(),
            source="年报", by=world.street_clerk,
        )  # fmt: skip


def test_a_neighbour_may_not_declare(world):
    with pytest.raises(PermissionDenied):
        declare_profile(
            world.place(COMMUNITY), values={"households": Decimal(1)},
            as_of=timezone.localdate(), source="年报", by=world.neighbour_admin,
        )  # fmt: skip


def test_a_profile_is_declared_on_its_page(clerk):
    day = timezone.localdate().isoformat()
    body = {"as_of": day, "source": "年报", "households": "3612", "area": "1.25"}
    assert clerk.post(f"/desk/statistics/profiles/{COMMUNITY}/", body).status_code == 302
    text = clerk.get(f"/desk/statistics/profiles/{COMMUNITY}/").content.decode()
    assert "722.4" in text
    wrong = clerk.post(f"/desk/statistics/profiles/{COMMUNITY}/", {**body, "households": "许多"})
    assert wrong.status_code == 422
    assert "许多" in wrong.content.decode()


def test_the_list_of_profiles_says_which_are_due(world, clerk):
    declared(world, 5, timezone.localdate() - timedelta(days=500))
    assert "该更新了" in clerk.get("/desk/statistics/profiles/").content.decode()
    assert "没有这样的社区" in clerk.get("/desk/statistics/profiles/?q=没有").content.decode()


def test_programs_read_the_same_figures(world, clerk):
    found = clerk.get(f"/api/v1/statistics/figures/{COMMUNITY}").json()
    assert (found["figures"]["people"], found["live"]) == (1, True)
    assert clerk.get(f"/api/v1/statistics/figures/{VILLAGE}").status_code == 404
    future = timezone.localdate() + timedelta(days=1)
    assert clerk.get(f"/api/v1/statistics/figures/{COMMUNITY}?on={future}").status_code == 409
    body = {"as_of": "2026-01-31", "source": "年报", "values": {"groups": 12}}
    said = clerk.post(
        f"/api/v1/statistics/profiles/{COMMUNITY}", body, content_type="application/json"
    )
    assert {one["indicator"]: one["used"] for one in said.json()}["groups"] in ("12.000", 12, "12")
    assert clerk.get("/api/v1/statistics/definitions").json()[0]["code"] == "people"
