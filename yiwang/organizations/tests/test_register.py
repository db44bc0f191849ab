"""One register of organisations: entered once, every value with its source, merged and parted."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import COMMUNITY, NEIGHBOUR, STREET, VILLAGE, World
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.organizations.actions import (
    add_organization,
    change_organization,
    decide_item,
    merge_organizations,
    move_state,
    recompute_organizations,
    record_paper,
    relocate,
    reveal_contact,
    review_organization,
    undo_merge,
    undo_record,
)
from yiwang.organizations.actions.settling import COLUMNS
from yiwang.organizations.models import Event, Organization, OrganizationRecord
from yiwang.organizations.reads import dossier, organizations, waiting_for

from .town import admitted, code, enter


def columns(one: Organization) -> dict[str, Any]:
    one.refresh_from_db()
    return {name: getattr(one, name) for name in COLUMNS}


def test_a_wrong_code_is_told_with_its_cure(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        enter(world, "清爽洗衣店", credit_code=code(1)[:-1] + "1")
    assert "校验位" in refusal.value.fields["credit_code"]
    assert "逐位核对" in refusal.value.fields["credit_code"]


def test_a_code_is_held_once_in_the_city_and_says_by_whom(world: World) -> None:
    enter(world, "清爽洗衣店", credit_code=code(1))
    with pytest.raises(Refused) as refusal:
        add_organization(
            world.place(NEIGHBOUR), surely_new=True, by=world.neighbour_admin,
            values={"name": "别的店", "legal_form": "individual", "credit_code": code(1)},
        )  # fmt: skip
    assert refusal.value.code == "already_registered"
    assert "清爽洗衣店" in str(refusal.value)


@pytest.mark.parametrize("name", ["清爽洗衣店", "南通 清爽洗衣店（个体工商户）", "清爽洗衣点"])
def test_a_name_alike_nearby_asks_and_an_answer_settles_it(world: World, name: str) -> None:
    enter(world, "南通市清爽干洗衣物洗衣店" if name == "清爽洗衣点" else "清爽洗衣店")
    if name == "清爽洗衣点":
        name = "南通清爽干洗衣物洗衣点"
    with pytest.raises(Refused) as refusal:
        enter(world, name)
    assert refusal.value.code == "maybe_registered"
    made = add_organization(
        world.place(COMMUNITY), values={"name": name, "legal_form": "individual"},
        surely_new=True, by=world.network_admin,
    )  # fmt: skip
    assert made.pk


def test_two_codes_are_two_organisations_whatever_their_names(world: World) -> None:
    enter(world, "清爽洗衣店", credit_code=code(1))
    assert enter(world, "清爽洗衣店", credit_code=code(2)).pk


def test_an_address_that_names_another_place_is_not_taken(world: World) -> None:
    other = world.place(VILLAGE).name
    with pytest.raises(Refused) as refusal:
        enter(world, "清爽洗衣店", address=f"{other}1组8号")
    assert refusal.value.code == "other_place"


def test_nobody_enters_an_organisation_elsewhere(world: World) -> None:
    with pytest.raises(PermissionDenied):
        add_organization(
            world.place(VILLAGE), values={"name": "店", "legal_form": "other"},
            by=world.network_admin,
        )  # fmt: skip
    assert not Organization.objects.exists()


def test_the_contact_lies_sealed_and_is_shown_once_for_a_reason(world: World) -> None:
    one = enter(world, "清爽洗衣店", contact_name="顾红", contact_phone="154 0000 7733")
    record = OrganizationRecord.objects.get(organization=one)
    assert set(record.sealed) == {"contact_name", "contact_phone"}
    assert (one.masked_contact, one.masked_phone) == ("顾*", "154****7733")
    with pytest.raises(Refused):
        reveal_contact(one, reason="", by=world.network_admin)
    shown = reveal_contact(one, reason="通知换证", by=world.network_admin)
    assert shown == {"contact_name": "顾红", "contact_phone": "15400007733"}
    line = JournalLine.objects.filter(act="organizations.reveal").latest("pk")
    assert (line.reason, "15400007733" in str(line.facts)) == ("通知换证", False)


def test_the_registration_authority_is_believed_for_the_name_and_people_for_the_telephone(
    world: World,
) -> None:
    one = enter(world, "清爽洗衣店", contact_phone="15400007733")
    bureau = world.actor(Role.TOWNSHIP_OFFICE, STREET, "civil_affairs")
    told = {"name": "清爽洗衣服务部", "contact_phone": "15400007744"}
    change_organization(one, changes=told, source="department", by=bureau)
    one.refresh_from_db()
    assert (one.name, one.contact_phone) == ("清爽洗衣服务部", "15400007733")
    change_organization(one, changes={"name": "清爽店"}, source="visit", by=world.network_admin)
    one.refresh_from_db()
    assert one.name == "清爽洗衣服务部"


def test_a_person_decides_and_says_why(world: World) -> None:
    one = enter(world, "清爽洗衣店")
    bureau = world.actor(Role.TOWNSHIP_OFFICE, STREET, "civil_affairs")
    change_organization(one, changes={"name": "清爽服务部"}, source="department", by=bureau)
    first = OrganizationRecord.objects.filter(organization=one).earliest("pk")
    with pytest.raises(Refused) as refusal:
        decide_item(one, field="name", record=first.pk, reason=" ", by=world.network_admin)
    assert refusal.value.code == "reason_needed"
    decide_item(one, field="name", record=first.pk, reason="看过招牌", by=world.network_admin)
    one.refresh_from_db()
    assert one.name == "清爽洗衣店"


def test_the_register_recomputed_from_its_records_is_identical(world: World) -> None:
    one = enter(world, "清爽洗衣店", credit_code=code(1), contact_name="顾红", point="120.86,32.01")
    change_organization(
        one, changes={"address": "人民路9号"}, source="call", by=world.network_admin
    )
    before = columns(one)
    Organization.objects.filter(pk=one.pk).update(
        name="被改过", address="", longitude=None, latitude=None, credit_code=""
    )
    done = recompute_organizations(world.place(COMMUNITY), by=Actor.system())
    assert (done.organizations, done.changed, columns(one)) == (1, 1, before)
    again = recompute_organizations(world.place(COMMUNITY), by=Actor.system())
    assert again.changed == 0


def test_the_last_word_of_ones_own_is_taken_back(world: World) -> None:
    one = enter(world, "清爽洗衣店", address="人民路1号")
    change_organization(one, changes={"address": "人民路9号"}, by=world.network_admin)
    last = OrganizationRecord.objects.filter(organization=one).latest("pk")
    with pytest.raises(Refused) as refusal:
        undo_record(one, record=last.pk, by=world.street_clerk)
    assert refusal.value.code == "not_own"
    undo_record(one, record=last.pk, by=world.network_admin)
    one.refresh_from_db()
    assert one.address == "人民路1号"
    assert [word.undone for word in dossier(one).item("address").words] == [True, False]  # type: ignore[union-attr]


def test_a_unit_not_looked_at_for_a_year_is_due_until_it_is_reviewed(world: World) -> None:
    then = timezone.now() - timedelta(days=366)
    with circumstances(at=then):
        one = enter(world, "城中小学", "school", located="yes")
        enter(world, "夕阳红舞蹈队", "team")
    by, today = world.network_admin, timezone.localdate()
    assert waiting_for(by, today).due == 1
    assert list(organizations(by, {"view": "due"})) == [one]
    review_organization(one, by=by)
    assert (waiting_for(by, today).due, one.reviewed_on) == (0, today)


def test_an_organisation_ends_with_a_reason_and_comes_back(world: World) -> None:
    one = enter(world, "清爽洗衣店")
    with pytest.raises(Refused) as refusal:
        move_state(one, to="ended", reason="", by=world.network_admin)
    assert refusal.value.code == "reason_needed"
    move_state(one, to="ended", reason="已经关门", by=world.network_admin)
    with pytest.raises(Refused) as refusal:
        change_organization(one, changes={"address": "人民路9号"}, by=world.network_admin)
    assert refusal.value.code == "not_live"
    move_state(one, to="active", reason="又开了", by=world.network_admin)
    assert list(Event.history(one).values_list("state", flat=True)) == ["active", "ended", "active"]


def test_who_moves_an_organisation_reaches_both_places(world: World) -> None:
    one = enter(world, "清爽洗衣店")
    with pytest.raises(PermissionDenied):
        relocate(one, to=world.place(NEIGHBOUR), reason="搬家", by=world.network_admin)
    street = world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre")
    relocate(one, to=world.place(NEIGHBOUR), reason="搬家", by=street)
    assert not Organization.objects.visible_to(world.network_admin).exists()


def twins(world: World) -> tuple[Organization, Organization]:
    one = enter(world, "清爽洗衣店", address="人民路1号")
    other = add_organization(
        world.place(COMMUNITY), surely_new=True, by=world.network_admin,
        values={
            "name": "清爽洗衣店", "legal_form": "individual", "credit_code": code(1),
            "contact_name": "顾红",
        },
    )  # fmt: skip
    return one, other


def test_a_merge_takes_everything_along_and_parting_gives_back_what_was(world: World) -> None:
    one, other = twins(world)
    admitted(world, other)
    before = columns(one), columns(other)
    merge = merge_organizations(one, other=other, reason="同一家", by=world.network_admin)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.credit_code, one.contact_name, one.address) == (code(1), "顾红", "人民路1号")
    assert (other.state, one.provider.state, one.papers.count()) == ("merged", "approved", 1)
    assert not Organization.objects.kept().filter(pk=other.pk).exists()
    assert "organizations.paper.organization" in merge.moved
    undo_merge(merge, by=world.network_admin)
    assert (columns(one), columns(other)) == before
    other = Organization.objects.get(pk=other.pk)
    assert (other.state, other.provider.state, one.papers.count()) == ("active", "approved", 0)


def test_two_codes_are_never_merged(world: World) -> None:
    one, other = (
        enter(world, "甲店", credit_code=code(1)),
        enter(world, "乙厂", credit_code=code(2)),
    )
    with pytest.raises(Refused) as refusal:
        merge_organizations(one, other=other, reason="同一家", by=world.network_admin)
    assert refusal.value.code == "codes_differ"


def test_a_person_with_a_name_decides_on_a_merge(world: World) -> None:
    one, other = twins(world)
    with pytest.raises(Refused) as refusal:
        merge_organizations(one, other=other, reason="同一家", by=Actor.system())
    assert refusal.value.code == "nobody_decided"


def test_a_merged_record_recomputes_to_the_same(world: World) -> None:
    one, other = twins(world)
    record_paper(other, kind="licence", expires_on=date(2030, 1, 1), by=world.network_admin)
    merge_organizations(one, other=other, reason="同一家", by=world.network_admin)
    before = columns(one)
    assert recompute_organizations(world.place(COMMUNITY), by=Actor.system()).changed == 0
    assert columns(one) == before
