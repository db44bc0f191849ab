"""Two records become one and two again; every reference follows, nothing of it by score alone."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.test import Client

from tests.world import COMMUNITY, LAN, NEIGHBOUR, STREET, World
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.linkage.actions import merge_residents, start_run, undo_merge
from yiwang.linkage.actions.merging import survivor_of
from yiwang.linkage.models import Pair
from yiwang.matters.actions import accept_matter
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.reads import planned
from yiwang.residents.actions import (
    add_resident,
    change_resident,
    create_household,
    move_resident,
    undo_import,
)
from yiwang.residents.models import Household, ImportBatch, LifeState, Resident, SourceRecord
from yiwang.residents.reads import find_residents, known_fields

ITEM = "elder-care-subsidy"
TODAY = date(2026, 11, 26)


@pytest.fixture
def twin(world: World, resident: Resident) -> Resident:
    """The same 陈桂英 once more, without a number, with another telephone and a household."""
    found = add_resident(
        world.place(COMMUNITY), name="陈桂瑛",
        values={"born_on": "1947-03-12", "phone": "15400008831", "ethnicity": "汉族"},
        surely_new=True, by=world.network_admin,
    )  # fmt: skip
    create_household(world.place(COMMUNITY), number="甲9", head=found, by=world.network_admin)
    found.refresh_from_db()
    return found


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of persons and matters, but when it was last touched."""
    models = [m for m in apps.get_models() if m._meta.app_label in ("residents", "matters")]
    return {
        model._meta.label: [
            {k: bytes(v) if isinstance(v, memoryview) else v
             for k, v in row.items() if k != "updated_at"}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in models
    }  # fmt: skip


def matter_for(world: World, who: Resident) -> Any:
    papers = [HandedIn(need.code) for need in planned(ITEM).guide.materials]
    return accept_matter(
        world.place(COMMUNITY), item=ITEM, resident=who, answers={}, channel="window",
        materials=papers, by=world.network_admin,
    )  # fmt: skip


def test_everything_follows_the_survivor(
    world: World, catalogue: None, resident: Resident, twin: Resident
) -> None:
    matter = matter_for(world, twin)
    merge_residents(resident, other=twin, by=world.network_admin)
    resident.refresh_from_db()
    twin.refresh_from_db()
    matter.refresh_from_db()
    assert matter.resident_id == resident.pk
    assert (twin.state, twin.merged_into_id) == (LifeState.MERGED, resident.pk)
    home = Household.objects.get(number="甲9")
    assert (home.head_id, resident.household_id, resident.relation) == (
        resident.pk,
        home.pk,
        "head",
    )
    assert find_residents("cgy", world.network_admin) == [resident]
    # Source records stay evidence of the record they were written for; reads follow.
    assert SourceRecord.objects.filter(resident=twin, sealed__has_key="ethnicity").exists()
    known = known_fields(resident, ["ethnicity", "phone", "identity_number"], TODAY)
    assert known["ethnicity"].value == "han"
    assert known["phone"].value == resident.phone == "15400008831"
    assert known["identity_number"].value == LAN["identity_number"]


def test_parting_gives_back_exactly_what_was(
    world: World, catalogue: None, resident: Resident, twin: Resident
) -> None:
    matter_for(world, twin)
    matter_for(world, resident)
    before = everything()
    merge = merge_residents(resident, other=twin, by=world.network_admin)
    assert everything() != before
    undo_merge(merge, by=world.network_admin)
    assert everything() == before


def test_what_was_corrected_since_stays_with_the_survivor(
    world: World, resident: Resident, twin: Resident
) -> None:
    merge = merge_residents(resident, other=twin, by=world.network_admin)
    resident.refresh_from_db()
    change_resident(resident, changes={"phone": "15400008899"}, by=world.network_admin)
    undo_merge(merge, by=world.network_admin)
    resident.refresh_from_db()
    twin.refresh_from_db()
    assert (resident.phone, twin.phone) == ("15400008899", "15400008831")
    assert twin.household is not None
    with pytest.raises(Refused) as again:
        undo_merge(merge, by=world.network_admin)
    assert again.value.code == "already_undone"


def test_merges_are_taken_back_in_their_order(
    world: World, resident: Resident, twin: Resident
) -> None:
    third = add_resident(
        world.place(COMMUNITY),
        name="陈桂英",
        values={"phone": "15400008832"},
        by=world.network_admin,
    )
    first = merge_residents(twin, other=third, by=world.network_admin)
    second = merge_residents(resident, other=twin, by=world.network_admin)
    third.refresh_from_db()
    assert third.merged_into_id == resident.pk
    assert {one.pk for one in resident.records()} == {resident.pk, twin.pk, third.pk}
    with pytest.raises(Refused) as early:
        undo_merge(first, by=world.network_admin)
    assert early.value.code == "merged_on"
    undo_merge(second, by=world.network_admin)
    undo_merge(first, by=world.network_admin)
    assert Resident.objects.live().count() == 3


def test_different_numbers_ask_and_the_system_never_decides(
    world: World, resident: Resident
) -> None:
    other = add_resident(
        world.place(COMMUNITY), name="陈桂英",
        values={"identity_number": "320691195001010026"}, by=world.network_admin,
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        merge_residents(resident, other=other, by=world.network_admin)
    assert refusal.value.code == "numbers_differ"
    with pytest.raises(Refused) as nobody:
        merge_residents(resident, other=other, surely_same=True, by=Actor.system())
    assert nobody.value.code == "nobody_decided"
    merge = merge_residents(resident, other=other, surely_same=True, by=world.network_admin)
    assert merge.by_label.startswith("周敏")


def test_who_reaches_one_record_only_may_not_merge(world: World, resident: Resident) -> None:
    far = add_resident(
        world.place(NEIGHBOUR), name="陈桂英", values={"phone": "15400008840"},
        by=world.neighbour_admin,
    )  # fmt: skip
    for record, by in ((resident, world.network_admin), (far, world.neighbour_admin)):
        other = far if record is resident else resident
        with pytest.raises(PermissionDenied):
            merge_residents(record, other=other, by=by)
    street = world.actor(Role.TOWNSHIP_NETWORK, STREET, "civil_affairs")
    merge = merge_residents(resident, other=far, by=street)
    assert merge.division_id == STREET
    resident.refresh_from_db()
    assert resident.dwelling is not None
    assert resident.dwelling.division_id == COMMUNITY


def test_one_record_and_ended_records_are_not_merged(world: World, resident: Resident) -> None:
    with pytest.raises(Refused) as same:
        merge_residents(resident, other=resident, by=world.network_admin)
    assert same.value.code == "same_record"
    gone = add_resident(
        world.place(COMMUNITY), name="陈英", values={"phone": "15400008841"}, by=world.network_admin
    )
    move_resident(gone, to=None, on=date(2026, 11, 1), by=world.network_admin)
    with pytest.raises(Refused) as ended:
        merge_residents(gone, other=resident, by=world.network_admin)
    assert ended.value.code == "not_live"
    assert survivor_of(gone, resident) == resident


def test_the_address_of_a_merged_record_leads_on(
    client: Client, world: World, resident: Resident, twin: Resident
) -> None:
    merge_residents(resident, other=twin, by=world.network_admin)
    client.force_login(User.objects.get(pk=world.network_admin.user_id))
    answer = client.get(twin.get_absolute_url())
    assert answer.status_code == 302
    assert answer["Location"] == resident.get_absolute_url()


def test_an_import_whose_people_took_others_in_is_not_undone(world: World, twin: Resident) -> None:
    batch = ImportBatch.objects.create(
        division=world.place(COMMUNITY), file_name="名册.csv", digest=b"1" * 32, state="loaded"
    )
    imported = Resident(division=world.place(COMMUNITY), batch=batch, sex="female")
    imported.put_name("陈桂英")
    imported.save()
    Pair.objects.create(
        run=start_run(world.place(COMMUNITY), background=False, by=world.network_admin),
        division=world.place(COMMUNITY), left=twin, right=imported, score=90, weight=3,
    )  # fmt: skip
    merge = merge_residents(imported, other=twin, by=world.network_admin)
    with pytest.raises(Refused) as used:
        undo_import(batch, by=world.network_admin)
    assert used.value.code == "rows_in_use"
    undo_merge(merge, by=world.network_admin)
    assert undo_import(batch, by=world.network_admin).state == "undone"
