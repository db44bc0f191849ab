"""Pages of households, transfers, groups, buildings and addresses as people use them."""

import io
from typing import Any

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import CHONGCHUAN, COMMUNITY, LAN, NEIGHBOUR, VILLAGE, World
from yiwang.accounts.roles import Role
from yiwang.core.models import JournalLine
from yiwang.residents.actions import (
    add_building,
    add_group,
    add_resident,
    create_household,
    mark_deceased,
    place_in_household,
    record_registration,
)
from yiwang.residents.jobs import read_new_addresses
from yiwang.residents.models import (
    AddressQuestion,
    Dwelling,
    Group,
    Household,
    Resident,
    Transfer,
)

from .test_pages import signed_in, text_of

TODAY = timezone.localdate().isoformat()


@pytest.fixture
def admin(world: World) -> Client:
    return signed_in(world, Role.COMMUNITY_NETWORK, COMMUNITY)


@pytest.fixture
def neighbour(world: World) -> Client:
    return signed_in(world, Role.COMMUNITY_NETWORK, NEIGHBOUR)


@pytest.fixture
def chen(world: World) -> Resident:
    values = {**LAN, "home_address": "南园新村12幢302室"}
    place, by = world.place(COMMUNITY), world.network_admin
    return add_resident(place, name="陈桂英", values=values, by=by)


@pytest.fixture
def home(world: World, chen: Resident) -> Household:
    place, by = world.place(COMMUNITY), world.network_admin
    made = create_household(place, number="H1", head=chen, address="南园新村12幢302室", by=by)
    son = add_resident(place, name="王强", values={"phone": "13900012345", "sex": "male"}, by=by)
    place_in_household(son, household=made, relation="child", by=by)
    made.refresh_from_db()
    return made


def of(name: str, *args: Any) -> str:
    return reverse(f"residents:{name}", args=args)


def key_of(name: str) -> int:
    return Resident.objects.get(name=name).pk


# ---------- transfers ----------


def test_entering_somebody_known_elsewhere_leads_to_a_request_that_is_accepted(
    admin: Client, neighbour: Client, home: Household, chen: Resident
) -> None:
    check = neighbour.get(of("check"), {"identity_number": LAN["identity_number"]})
    ask = f"{of('transfer-ask')}?resident={chen.pk}"
    assert "已采集" in text_of(check)
    assert ask in text_of(check)
    page = text_of(neighbour.get(ask))
    assert "申请陈*英迁入" in page
    assert "全户 2 人" in page
    assert "陈桂英" not in page
    answer = neighbour.post(ask, {"whom": "household", "home_address": "濠东绿苑3幢201室"})
    transfer = Transfer.objects.get()
    assert answer.headers["Location"] == transfer.get_absolute_url()
    for client in (admin, neighbour):
        listed = text_of(client.get(of("transfers")))
        assert "南园社区 → 濠东社区" in listed
        assert "南园新村" not in listed
    assert "这里没有迁移申请" in text_of(neighbour.get(of("transfers"), {"list": "mine"}))
    assert "陈*英" in text_of(admin.get(of("transfers"), {"list": "mine"}))
    assert "同意迁移" in text_of(admin.get(transfer.get_absolute_url()))
    assert "同意迁移" not in text_of(neighbour.get(transfer.get_absolute_url()))
    url = of("transfer-answer", transfer.pk)
    short = admin.post(url, {"refuse": "1", "reason": ""})
    assert short.status_code == 422
    assert admin.post(url, {"accept": "1", "on": TODAY}).status_code == 302
    assert admin.get(chen.get_absolute_url()).status_code == 404
    moved = text_of(neighbour.get(home.get_absolute_url()))
    assert "整户迁移" in moved
    assert "陈*英" in moved
    assert "市内迁移" in text_of(neighbour.get(chen.get_absolute_url()))


def test_an_offer_is_refused_with_a_reason_and_may_be_taken_back(
    admin: Client, neighbour: Client, home: Household
) -> None:
    url = of("household-transfer", home.pk)
    assert "没有找到" in text_of(admin.post(url, {"to": "没有的社区"}))
    for button in ("refuse", "withdraw"):
        assert admin.post(url, {"to": "濠东社区"}).status_code == 302
        assert "等待答复" in text_of(admin.get(home.get_absolute_url()))
        again = admin.post(url, {"to": "濠东社区"})
        assert "已有一份迁移申请" in text_of(again)
        transfer = Transfer.objects.open().get()
        client = neighbour if button == "refuse" else admin
        said = {button: "1", "reason": "这里没有这户人家"}
        assert client.post(of("transfer-answer", transfer.pk), said).status_code == 302
    done = text_of(admin.get(of("transfers"), {"list": "done"}))
    assert "不同意" in done
    assert "已撤回" in done
    assert Household.objects.filter(division_id=COMMUNITY).count() == 1


def test_people_elsewhere_are_looked_for_and_the_departed_return(
    admin: Client, neighbour: Client, chen: Resident
) -> None:
    find = of("transfer-ask")
    assert neighbour.get(find).status_code == 200
    assert "没有找到" in text_of(neighbour.get(find, {"q": "没有此人"}))
    assert admin.post(of("move", chen.pk), {"to": "", "on": TODAY}).status_code == 302
    found = text_of(neighbour.get(find, {"q": LAN["identity_number"]}))
    back = f"{of('return')}?resident={chen.pk}"
    assert back in found
    assert "办理迁回" in text_of(admin.get(chen.get_absolute_url()))
    assert neighbour.get(back).status_code == 200
    said = {"resident": chen.pk, "on": TODAY, "home_address": "濠东绿苑3幢201室"}
    assert neighbour.post(back, said).status_code == 302
    assert "迁回" in text_of(neighbour.get(chen.get_absolute_url()))
    assert "不用迁回" in text_of(neighbour.post(back, said))
    assert Resident.objects.count() == 1
    assert neighbour.get(of("return")).status_code == 302


# ---------- households ----------


def test_head_split_merger_and_undo_on_the_page(
    admin: Client, world: World, home: Household, chen: Resident
) -> None:
    son = key_of("王强")
    for name in ("household-head", "household-split", "household-merge"):
        assert admin.get(of(name, home.pk)).status_code == 200
    same = admin.post(of("household-head", home.pk), {"head": chen.pk, "on": TODAY})
    assert "已经是户主" in text_of(same)
    done = admin.post(of("household-head", home.pk), {"head": son, "on": TODAY}, follow=True)
    assert "户主已更换" in text_of(done)
    split = {"people": [chen.pk], "head": chen.pk, "number": "H2", "on": TODAY}
    assert admin.post(of("household-split", home.pk), split).status_code == 302
    small = Household.objects.get(number="H2")
    missing = admin.post(of("household-merge", small.pk), {"into": "H77", "on": TODAY})
    assert "没有户号 H77" in text_of(missing)
    assert (
        admin.post(of("household-merge", small.pk), {"into": "H1", "on": TODAY}).status_code == 302
    )
    page = text_of(admin.get(small.get_absolute_url()))
    assert "销户" in page
    change = small.changes.get()
    undone = admin.post(of("household-undo", small.pk), {"change": change.pk}, follow=True)
    assert "已撤销，恢复到变动以前" in text_of(undone)
    again = admin.post(of("household-undo", small.pk), {"change": change.pk}, follow=True)
    assert "已经撤销过" in text_of(again)
    assert small.members.count() == 1


def test_households_are_found_by_number_head_address_and_group(
    admin: Client, world: World, home: Household
) -> None:
    by, place = world.network_admin, world.place(COMMUNITY)
    grid = add_group(place, name="第一网格", by=by)
    assert home.dwelling is not None
    Dwelling.objects.filter(pk=home.dwelling.pk).update(group=grid)
    create_household(place, number="Z9", by=by)
    url = of("households")
    for query, both in (
        ({}, True), ({"q": "H1"}, False), ({"q": "陈桂英"}, False), ({"q": "新村12幢"}, False),
        ({"group": grid.pk}, False), ({"state": "headless"}, None), ({"state": "ended"}, None),
        ({"state": "nonsense"}, True),
    ):  # fmt: skip
        page = text_of(admin.get(url, query))
        assert (home.get_absolute_url() in page) is (both is not None), query
        assert (">Z9<" in page) is (both is True), query
        assert "陈桂英" not in page.replace('value="陈桂英"', "")
    mark_deceased(Resident.objects.get(name="陈桂英"), on=timezone.localdate(), by=by)
    assert "待定户主" in text_of(admin.get(url, {"state": "headless"}))


def test_a_household_sheet_is_printed_masked(admin: Client, home: Household) -> None:
    page = text_of(admin.get(of("household-sheet", home.pk)))
    assert "家庭登记表" in page
    assert "陈*英" in page
    for secret in ("陈桂英", LAN["identity_number"], LAN["phone"], "302"):
        assert secret not in page


# ---------- lives ----------


def test_birth_absence_registration_and_death_of_a_head(
    admin: Client, world: World, home: Household, chen: Resident
) -> None:
    wrong = admin.post(of("birth", chen.pk), {"sex": "female", "born_on": "2999-01-01"})
    assert "日期还没有到" in text_of(wrong)
    born = {"sex": "female", "born_on": TODAY, "father": key_of("王强"), "name": "王小"}
    page = text_of(admin.post(of("birth", chen.pk), born, follow=True))
    assert "已登记出生" in page
    assert "母亲：陈*英" in page
    assert admin.post(of("away", chen.pk), {"on": TODAY}).status_code == 302
    assert "户籍在本地，外出" in text_of(admin.get(chen.get_absolute_url()))
    assert admin.post(of("away", chen.pk), {"on": TODAY}).status_code == 302
    both = admin.post(of("registration", chen.pk), {"division": "濠东社区", "outside": "安徽"})
    assert "只填一处" in text_of(both)
    assert admin.post(of("registration", chen.pk), {"division": "濠东社区"}).status_code == 302
    assert "人户分离" in text_of(admin.get(chen.get_absolute_url()))
    assert "濠东社区" in text_of(admin.get(of("registration", chen.pk)))
    death = of("deceased", chen.pk)
    assert "新户主" in text_of(admin.get(death))
    assert admin.post(death, {"on": TODAY, "new_head": key_of("王强")}).status_code == 302
    home.refresh_from_db()
    assert home.head_id == key_of("王强")


def test_both_sides_see_who_lives_and_is_registered_apart(
    admin: Client, neighbour: Client, world: World, chen: Resident
) -> None:
    record_registration(chen, division=world.place(NEIGHBOUR), by=world.network_admin)
    here = text_of(admin.get(of("separation"), {"side": "in"}))
    assert chen.get_absolute_url() in here
    there = text_of(neighbour.get(of("separation"), {"side": "out"}))
    assert "陈*英" in there
    assert chen.get_absolute_url() not in there
    assert "没有人户分离" in text_of(admin.get(of("separation")))
    assert neighbour.get(of("separation-export")).content.startswith(b"PK")
    line = JournalLine.objects.filter(act="residents.export").get()
    assert line.facts == {"rows": 1, "separation": "out"}


# ---------- groups and housing ----------


def test_a_tree_is_built_moved_merged_and_ended_on_the_page(admin: Client, world: World) -> None:
    new = of("group-new")
    for name in ("第一网格", "第二网格", "三组"):
        assert admin.post(new, {"name": name, "kind": "grid"}).status_code == 302
    assert "这里已有" in text_of(admin.post(new, {"name": "三组", "kind": "grid"}))
    nobody = admin.post(new, {"name": "四组", "kind": "grid", "leader_name": "13900099999"})
    assert "没有找到这样的居民" in text_of(nobody)
    one, two, three = Group.objects.order_by("pk")
    assert admin.post(of("group-move", three.pk), {"parent": one.pk}).status_code == 302
    saved = admin.post(
        of("group", three.pk), {"name": "甲组", "kind": "residents", "leader_name": "李四"}
    )
    assert saved.status_code == 302
    assert "还有网格或小组" in text_of(admin.post(of("group-end", one.pk), {"on": TODAY}))
    merge = {"into": two.pk, "on": TODAY}
    assert admin.post(of("group-merge", one.pk), merge).status_code == 302
    three.refresh_from_db()
    assert (three.parent, three.name, three.leader_name) == (two, "甲组", "李四")
    assert "已于" in text_of(admin.get(of("group", one.pk)))
    assert admin.post(of("group-end", three.pk), {"on": TODAY}).status_code == 302
    assert "第二网格" in text_of(admin.get(of("groups")))


def sheet_of(rows: list[list[str]]) -> io.BytesIO:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([["名称", "上级", "类别", "负责人"], *rows]):
            sheet.write_row(at, 0, row)
    file.seek(0)
    file.name = "groups.xlsx"
    return file


def test_a_workbook_names_each_wrong_row_and_takes_none(admin: Client) -> None:
    url = of("group-import")
    assert admin.get(of("group-workbook")).content.startswith(b"PK")
    rows = [["一组", "东片", "村民小组", "李四"], ["东片", "", "", ""], ["", "东片", "", ""],
            ["二组", "没有的", "", ""], ["一组", "", "怪物", ""]]  # fmt: skip
    answer = admin.post(url, {"file": sheet_of(rows)})
    page = text_of(answer)
    assert answer.status_code == 422
    for words in ("没有填写名称", "没有这个上级", "名称在表里重复", "只能是", "4 处要改"):
        assert words in page
    assert not Group.objects.exists()
    assert admin.post(url, {"file": sheet_of(rows[:2])}).status_code == 302
    assert Group.objects.get(name="一组").parent == Group.objects.get(name="东片")
    circle = sheet_of([["甲", "乙", "", ""], ["乙", "甲", "", ""]])
    assert "互为上级" in text_of(admin.post(url, {"file": circle}))
    photo = io.BytesIO(b"\x89PNG\r\n\x1a\n000")
    photo.name = "x.xlsx"
    assert admin.post(url, {"file": photo}).status_code == 422


def test_a_building_is_seen_as_it_stands_and_a_dwelling_gets_its_use(
    admin: Client, world: World, chen: Resident
) -> None:
    grid = add_group(world.place(COMMUNITY), name="第一网格", by=world.network_admin)
    form = {"estate": "南园新村", "building": "12", "units": 1, "floors": 4, "rooms": 2,
            "group": grid.pk}  # fmt: skip
    assert admin.post(of("building-new"), {**form, "floors": 0}).status_code == 422
    assert admin.post(of("building-new"), form).status_code == 302
    listed = text_of(admin.get(of("buildings")))
    assert "南园新村 12 幢" in listed
    assert "住所 8，居民 1，无人登记 7" in listed
    assert chen.dwelling is not None
    page = text_of(admin.get(of("building", chen.dwelling.pk)))
    assert "陈*英" in page
    assert "4 层" in page
    dwelling = of("dwelling", chen.dwelling.pk)
    assert admin.post(dwelling, {"kind": "rented", "group": grid.pk}).status_code == 302
    assert "出租" in text_of(admin.get(dwelling))
    assert "南园新村 12 幢" in text_of(admin.get(of("buildings"), {"kind": "rented", "q": "12幢"}))
    assert "第一网格" in text_of(admin.get(of("buildings"), {"group": grid.pk}))
    people = text_of(admin.get(of("list"), {"group": grid.pk}))
    assert "陈*英" in people
    assert admin.get(of("group", grid.pk)).status_code == 200


def test_houses_of_a_village_stand_by_group(world: World) -> None:
    client = signed_in(world, Role.COMMUNITY_NETWORK, VILLAGE)
    for number in (1, 2, 10):
        Dwelling.at(VILLAGE, f"3组{number}号")
    read_new_addresses()
    first = Dwelling.objects.first()
    assert first is not None
    listed = text_of(client.get(of("buildings")))
    assert listed.count("3组") == 1
    assert client.get(of("building", first.pk)).status_code == 200


def test_unclear_addresses_wait_on_a_list_and_are_settled(admin: Client) -> None:
    Dwelling.at(COMMUNITY, "南园新村3幢靠河边")
    Dwelling.at(COMMUNITY, "濠东社区5幢302室")
    assert "核读 2 个新地址" in text_of(admin.get(of("addresses")))
    page = text_of(admin.post(of("addresses-read"), follow=True))
    assert "有一部分看不懂" in page
    assert "地址写的是别的社区" in page
    assert read_new_addresses() == 0
    question = AddressQuestion.objects.get(topic="left_over")
    url = of("address", question.pk)
    assert "靠河边" in text_of(admin.get(url))
    assert admin.post(url, {"road": ""}).status_code == 422
    assert admin.post(url, {"estate": "南园新村", "building": "3"}).status_code == 302
    assert "已经核对过" in text_of(admin.post(url, {"estate": "南园新村"}))


def test_one_place_written_in_two_ways_is_made_one(admin: Client, chen: Resident) -> None:
    Dwelling.at(COMMUNITY, "崇川区城东街道南园社区南园新村12栋302室")
    assert read_new_addresses() == 2
    question = AddressQuestion.objects.get(topic="twice")
    url = of("address", question.pk)
    assert "是同一处，并为一处" in text_of(admin.get(url))
    assert admin.post(url, {"merge": "1"}).status_code == 302
    assert Dwelling.objects.count() == 1
    chen.refresh_from_db()
    assert chen.dwelling is not None
    assert not AddressQuestion.objects.exists()


# ---------- batches ----------


def test_many_people_are_worked_on_after_a_look_at_what_would_happen(
    admin: Client, world: World, home: Household, chen: Resident
) -> None:
    grid = add_group(world.place(COMMUNITY), name="第一网格", by=world.network_admin)
    url, son = of("people-batch"), key_of("王强")
    assert "还没有选人" in text_of(admin.get(url))
    assert "选了 2 人" in text_of(admin.get(url, {"pick": [chen.pk, son]}))
    assert "选了 2 人" in text_of(admin.get(url, {"all": "1", "home": "with"}))
    said = {"pick": [chen.pk, son], "act": "group", "group": grid.pk}
    look = text_of(admin.post(url, said))
    assert "将办理 1 人" in look
    assert "跳过 1 人" in look
    chen.refresh_from_db()
    assert chen.dwelling is not None
    assert chen.dwelling.group is None
    assert admin.post(url, {**said, "confirmed": "1"}).status_code == 302
    chen.dwelling.refresh_from_db()
    assert chen.dwelling.group == grid
    away = {"pick": [chen.pk, son], "act": "away", "on": TODAY, "confirmed": "1"}
    assert "已登记 2 人外出" in text_of(admin.post(url, away, follow=True))
    assert "将办理 0 人" in text_of(admin.post(url, {"pick": [chen.pk], "act": "away"}))


def test_above_the_community_one_is_chosen_first(world: World, home: Household) -> None:
    county = signed_in(world, Role.COUNTY_NETWORK, CHONGCHUAN, "civil_affairs")
    for name in ("groups", "buildings", "households", "separation", "transfers", "addresses"):
        assert county.get(of(name)).status_code == 200
    for name in ("groups", "buildings"):
        assert "请先选一个社区" in text_of(county.get(of(name)))
        assert "南园社区" in text_of(county.get(of(name), {"place": COMMUNITY}))
        assert "群贤村" not in text_of(county.get(of(name), {"place": VILLAGE}))


def test_a_list_of_buildings_costs_few_statements(
    admin: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    for building in "123":
        add_building(
            world.place(COMMUNITY), place="南园新村", building=building, units=1, floors=2,
            rooms=2, by=world.network_admin,
        )  # fmt: skip
    admin.get(of("buildings"))
    with django_assert_max_num_queries(22):
        admin.get(of("buildings"))
