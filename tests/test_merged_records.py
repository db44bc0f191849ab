"""Whatever speaks of a person follows the record that goes on, and goes back when it is parted."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from tests.corners import ITEM, accepted, bundled, filed, ordered
from tests.world import CHONGCHUAN, COMMUNITY, LAN, NEIGHBOUR, STREET, World
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.accounts.roles import Role
from yiwang.assessments.actions import begin_assessment
from yiwang.collection.actions import open_campaign
from yiwang.collection.actions.campaigns import Order
from yiwang.divisions.rules import range_of
from yiwang.linkage.actions import merge_residents, undo_merge
from yiwang.linkage.models import CheckTask, DepartmentFile, FileRow
from yiwang.matters.actions import save_draft, save_own_draft
from yiwang.needs.actions import register_need
from yiwang.notifications.actions import choose_way
from yiwang.personal.actions import (
    ask_for_right,
    begin_session,
    decide_request,
    give_consent,
    grant_authorisation,
    issue_code,
    use_code,
)
from yiwang.personal.models import ResidentSession
from yiwang.personal.reads import own_actor
from yiwang.queues.actions import book_appointment, open_day, set_booking, take_ticket
from yiwang.queues.actions.booking import Plan, Wish
from yiwang.queues.models import Appointment, HallDay
from yiwang.queues.reads.booking import slots_of
from yiwang.residents.actions import (
    add_group,
    add_resident,
    ask_transfer,
    decide_field,
    move_resident,
    undo_record,
)
from yiwang.residents.actions.merging import references
from yiwang.residents.models import (
    Group,
    Guardianship,
    Registration,
    Resident,
    SourceRecord,
    StatusChange,
)
from yiwang.residents.reads import known_fields
from yiwang.residents.reads.history import dossier
from yiwang.statistics.reads.counting import leaf_cells
from yiwang.tags.actions import except_from_rule, make_visit_list, set_tag
from yiwang.tags.models import Tag, TagKind

TODAY = date(2026, 11, 26)
ASIDE = {"linkage.merge", "linkage.pair", "core.journalline", "core.journalseal"}


def entered(world: World, name: str, at: int = COMMUNITY, **values: str) -> Resident:
    by = world.network_admin if at == COMMUNITY else world.neighbour_admin
    return add_resident(
        world.place(at), name=name, values=values, surely_new=True, source="visit", by=by
    )


def street(world: World) -> Actor:
    return world.actor(Role.TOWNSHIP_NETWORK, STREET, "civil_affairs")


def surround(world: World, person: Resident, code: str) -> None:
    """One row of every kind that speaks of a person."""
    place, system = person.division, Actor.system()
    by = world.network_admin if place.pk == COMMUNITY else world.neighbour_admin
    friend = entered(world, f"友人{code}", place.pk, born_on="1980-01-01")
    _in_apps(world, person, by)
    _of_rights(person, friend, by)
    Guardianship.objects.create(ward=person, guardian=friend, kind="other", starts_on=TODAY)
    Guardianship.objects.create(ward=friend, guardian=person, kind="other", starts_on=TODAY)
    Registration.objects.create(resident=person, division=place)
    group = add_group(place, name=f"网格{code}", by=by)
    Group.objects.filter(pk=group.pk).update(leader=person)
    merge_residents(
        person, other=entered(world, f"旧档{code}", place.pk, born_on="1960-01-01"), by=by
    )
    elsewhere = NEIGHBOUR if place.pk == COMMUNITY else COMMUNITY
    ask_transfer(world.place(elsewhere), people=[person], by=system)


def _booked(unit: Unit, person: Resident) -> None:
    """A time at the hall tomorrow; each person has her own."""
    unit.hours = {kind: [["00:00", "23:59"]] for kind in ("work", "saturday", "sunday", "holiday")}
    unit.save()
    plan = set_booking(unit, plan=Plan(True, ["A"], 30, 2, 3), by=Actor.system())
    plan.unit = unit
    tomorrow = timezone.localdate() + timedelta(days=1)
    slots = slots_of(plan, "A", tomorrow, timezone.now())
    wish = Wish("A", slots[Appointment.objects.count()].starts_at)
    book_appointment(plan, resident=person, wish=wish, by=Actor.system())


def _in_apps(world: World, person: Resident, by: Actor) -> None:
    place = person.division
    begin_assessment(person, by=by)
    filed(person, by)
    veteran, elder = (TagKind.objects.get(code=code) for code in ("veteran", "elder"))
    set_tag(person, kind=veteran, variant="war", evidence="优1", by=by)
    except_from_rule(person, kind=elder, reason="出生日期待查", by=by)
    make_visit_list(place, kind=veteran, residents=[person], by=by)
    unit = Unit.objects.get(division=place, code="service_centre")
    day = HallDay.objects.filter(unit=unit).first()
    day = day or open_day(unit, letters=["A"], windows=1, by=Actor.system())
    take_ticket(day, letter="A", resident=person, by=Actor.system())
    _booked(unit, person)
    register_need(place, category="eldercare", text="助餐", channel="visit", resident=person, by=by)
    order = Order("复核", "年度复核", ["ethnicity"], target="person", areas=[place.pk])
    open_campaign(place, order=order, by=by)
    accepted(place, person, by)
    ordered(place, person, by)
    bundled(place, person)
    save_draft(place, item=ITEM, resident=person, by=by)
    file = DepartmentFile.objects.create(
        division=place, unit=world.unit(CHONGCHUAN, "health"), file_name="单.csv", by_label="施"
    )
    row = FileRow.objects.create(file=file, division=place, row=2, state="matched", resident=person)
    CheckTask.objects.create(row=row, division=place, answer="found", resident=person)


def _of_rights(person: Resident, friend: Resident, by: Actor) -> None:
    for who, other in ((person, friend), (friend, person)):
        grant_authorisation(
            who, holder=other, relation="邻居", scopes=["book"], basis="counter",
            evidence="委托书", by=by,
        )  # fmt: skip
        code = issue_code(who, phone="15400009911", manner="counter", document="身份证", by=by)
        account = use_code(code, password="haohe2026", by=own_actor(who))
        session = begin_session(account, device="手机", by=own_actor(who))
        ResidentSession.objects.filter(pk=session.pk).update(acting_for=other)
        asked = ask_for_right(
            who, kind="object", field="phone", words="不要打电话", holder=other, by=by
        )
        decide_request(asked, granted=True, answer="照办", by=by)
    give_consent(person, purpose="care", how="paper", by=by)
    choose_way(person, channel="sms", language="en", optional=False, by=own_actor(person))
    save_own_draft(person, item=ITEM, holder=person, by=own_actor(person))


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours, but when it was last touched."""
    models = [m for m in apps.get_models() if m.__module__.startswith("yiwang.")]
    return {
        model._meta.label_lower: [
            {k: bytes(v) if isinstance(v, memoryview) else v
             for k, v in row.items() if k != "updated_at"}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in models if model._meta.label_lower not in ASIDE
    }  # fmt: skip


def speaking_of(person: Resident) -> dict[str, int]:
    return {
        f"{model._meta.label}.{name}": model._base_manager.filter(**{name: person}).count()
        for model, name in references()
    }


@pytest.fixture
def twin(world: World) -> Resident:
    """The same 陈桂英 once more, next door, with another telephone."""
    return entered(world, "陈桂瑛", NEIGHBOUR, born_on="1947-03-12", phone="15400008831")


def test_one_of_each_kind_follows_the_survivor_and_goes_back(
    world: World, catalogue: None, resident: Resident, twin: Resident
) -> None:
    surround(world, twin, "甲")
    kinds = speaking_of(twin)
    assert all(kinds.values()), [k for k, n in kinds.items() if not n]
    by = street(world)
    before = everything()
    merge = merge_residents(resident, other=twin, by=by)
    assert not any(speaking_of(twin).values())
    assert speaking_of(resident) == {**kinds, "residents.Resident.merged_into": 2}
    # A tag lies where the resident lives: it went along into the other community.
    assert Tag.objects.get(resident=resident).division_id == COMMUNITY
    undo_merge(merge, by=by)
    assert everything() == before


def test_what_the_survivor_has_already_stays_with_the_old_record(
    world: World, catalogue: None, resident: Resident, twin: Resident
) -> None:
    surround(world, resident, "甲")
    surround(world, twin, "乙")
    by = street(world)
    before = everything()
    merge = merge_residents(resident, other=twin, by=by)
    stayed = {name for name, count in speaking_of(twin).items() if count}
    assert stayed == {
        "assessments.PersonAssessment.resident", "personal.Consent.resident", "personal.ResidentAccount.resident",
        "residents.Registration.resident", "residents.TransferPerson.resident",
        "tags.Tag.resident", "tags.TagException.resident",
    }  # fmt: skip
    undo_merge(merge, by=by)
    assert everything() == before


def test_words_about_both_records_make_one_golden_record(world: World, resident: Resident) -> None:
    twin = entered(world, "陈桂瑛", born_on="1947-03-12", phone="15400008831")
    merge_residents(resident, other=twin, by=street(world))
    resident.refresh_from_db()
    # The last word of the same trust stands, whichever record it was told for.
    assert (resident.phone, resident.identity) == ("15400008831", LAN["identity_number"])
    assert known_fields(resident, ["phone"], TODAY)["phone"].value == "15400008831"
    told = [one.record.resident_id for one in dossier(resident, TODAY).arrivals("phone")]
    assert told == [twin.pk, resident.pk]
    first = SourceRecord.objects.get(resident=twin)
    by = world.network_admin
    own = SourceRecord.objects.get(resident=resident)
    decide_field(resident, field="phone", record=own.pk, reason="当面核对", by=by)
    resident.refresh_from_db()
    assert resident.phone == LAN["phone"]
    undo_record(resident, record=SourceRecord.objects.latest("pk").pk, by=by)
    undone = undo_record(resident, record=first.pk, by=by)
    # It is taken back where it lies, and stays so when the records are parted.
    assert undone.phone == LAN["phone"]
    assert SourceRecord.objects.latest("pk").resident_id == twin.pk


def test_an_address_next_door_is_none_here(world: World, resident: Resident) -> None:
    far = entered(world, "陈桂瑛", NEIGHBOUR, born_on="1947-03-12", home_address="濠东路1号")
    merge_residents(resident, other=far, by=street(world))
    resident.refresh_from_db()
    assert resident.dwelling is not None
    assert resident.dwelling.address == "南园新村12幢302室"


def test_a_merged_record_is_counted_on_no_day(
    world: World, resident: Resident, twin: Resident
) -> None:
    area, today = range_of(STREET), timezone.localdate()
    StatusChange.objects.create(
        resident=twin, kind="moved_in", on=date(2026, 1, 1), to_division=twin.division
    )
    move_resident(twin, to=None, on=date(2026, 11, 1), by=world.neighbour_admin)

    def people(on: date) -> int:
        return sum(cells["people"] for cells in leaf_cells(area, on).values())

    assert [people(today), people(date(2026, 2, 1))] == [1, 1]
    merge = merge_residents(resident, other=twin, by=street(world))
    assert [people(today), people(date(2026, 2, 1))] == [1, 0]
    undo_merge(merge, by=street(world))
    assert [people(today), people(date(2026, 2, 1))] == [1, 1]
