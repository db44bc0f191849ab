"""The pages of linkage as their readers meet them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from tests.visitors import PHONE, aside, session_of, visitors
from tests.world import CHONGCHUAN, COMMUNITY, NEIGHBOUR, STREET, World, build_world
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.linkage.actions import carry_out, start_run
from yiwang.linkage.jobs import work_on_file
from yiwang.linkage.models import CheckTask, DepartmentFile, LinkRun, Merge, Pair
from yiwang.residents.actions import add_resident
from yiwang.residents.actions.settling import keep
from yiwang.residents.models import Resident, Source, SourceKind, all_fields
from yiwang.residents.rules.values import mask_value


@pytest.fixture
def sign_in(client: Client) -> Callable[[Actor], Client]:
    def signed(actor: Actor) -> Client:
        client.force_login(User.objects.get(pk=actor.user_id))
        return client

    return signed


Signed = Callable[[Actor], Client]


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_clerk_judges_a_pair_and_takes_it_back(sign_in: Signed, world: World, pair: Pair) -> None:
    client = sign_in(world.network_admin)
    listed = text(client, "/desk/linkage/")
    assert "姓名同音" in listed
    assert "陈桂英" not in listed
    side = text(client, pair.get_absolute_url())
    assert "电话相同" in side
    assert "15400008830" not in side
    answer = client.post(f"{pair.get_absolute_url()}answer/", {"answer": "same"}, follow=True)
    assert "撤销合并" in answer.content.decode()
    merge = Merge.objects.get()
    back = client.post(f"{merge.get_absolute_url()}undo/", follow=True)
    assert "已撤销合并" in back.content.decode()
    assert "陈*" in text(client, "/desk/linkage/merges/")
    refused = client.post(f"{merge.get_absolute_url()}undo/", follow=True)
    assert "这次合并已经撤销" in refused.content.decode()


def test_wrong_answers_get_a_sentence(sign_in: Signed, world: World, pair: Pair) -> None:
    client = sign_in(world.network_admin)
    answer = client.post(f"{pair.get_absolute_url()}answer/", {"answer": "perhaps"})
    assert (answer.status_code, "请回答" in answer.content.decode()) == (422, True)
    looked = client.post(f"{pair.get_absolute_url()}reveal/", {"field": "phone", "reason": "看"})
    assert (looked.status_code, "请写明查看的原因" in looked.content.decode()) == (422, True)
    seen = client.post(
        f"{pair.get_absolute_url()}reveal/", {"field": "phone", "reason": "核对电话"}
    )
    assert seen.content.decode().count("15400008830") == 2


def test_the_other_side_of_another_community_is_not_shown(
    sign_in: Signed,
    world: World,
    resident: Resident,
    enter: Callable[..., Resident],
    run: Callable[..., LinkRun],
) -> None:
    other = enter("陈桂瑛", at=NEIGHBOUR, born_on="1947-03-12", phone="15400008830")
    run(STREET, by=world.actor(Role.TOWNSHIP_NETWORK, STREET, "civil_affairs"))
    pair = Pair.objects.get()
    client = sign_in(world.neighbour_admin)
    shown = text(client, pair.get_absolute_url())
    assert other.masked_phone in shown
    assert shown.count(resident.masked_phone) == 1  # both are the same number: hers alone
    assert "不显示" in shown
    assert "同一人，合并" not in shown
    assert client.post(f"{pair.get_absolute_url()}answer/", {"answer": "same"}).status_code == 403
    assert "其他社区的居民" in text(client, "/desk/linkage/")


@pytest.mark.parametrize(
    ("query", "found"),
    [("?band=strong", 1), ("?band=check", 0), ("?reason=phone:same", 1),
     ("?reason=phone:slip", 0), ("?answer=different", 0), ("?place=x&band=y", 1)],
)  # fmt: skip
def test_the_queue_is_filtered(
    sign_in: Signed, world: World, pair: Pair, query: str, found: int
) -> None:
    listed = text(sign_in(world.network_admin), f"/desk/linkage/{query}")
    assert listed.count(pair.get_absolute_url()) == found


def test_a_township_filters_by_community(sign_in: Signed, world: World, pair: Pair) -> None:
    client = sign_in(world.street_clerk)
    assert pair.get_absolute_url() in text(client, f"/desk/linkage/?place={COMMUNITY}")
    assert pair.get_absolute_url() not in text(client, f"/desk/linkage/?place={NEIGHBOUR}")


def test_runs_and_weights_are_open_to_the_reader(
    sign_in: Signed, world: World, resident: Resident
) -> None:
    client = sign_in(world.network_admin)
    assert "还没有查过重" in text(client, "/desk/linkage/runs/")
    begun = client.post("/desk/linkage/runs/", follow=True)
    assert "已开始查重" in begun.content.decode()
    assert LinkRun.objects.get().state == "waiting"
    again = client.post("/desk/linkage/runs/", follow=True)
    assert "正在进行" in again.content.decode()
    shown = text(client, "/desk/linkage/model/")
    assert "出生月、日对调" in shown
    assert "95%" in shown
    with override("en"):
        client.cookies["django_language"] = "en"
        assert "Birth month and day exchanged" in text(client, "/desk/linkage/model/")


def test_a_department_sends_a_list_and_a_community_checks(
    sign_in: Signed, world: World, resident: Resident
) -> None:
    bureau = world.actor(Role.DEPARTMENT, CHONGCHUAN, "disabled_federation", "施残联")
    client = sign_in(bureau)
    assert "还没有部门数据" in text(client, "/desk/linkage/files/")
    number = resident.identity
    other = Source(SourceKind.DEPARTMENT, "崇川区卫健委", "某人", owner_code="health")
    keep(resident, {"ethnicity": "han"}, other)
    rows = (
        f"姓名,身份证,电话,社区,等级,民族\n陈桂英,{number},,,二级,回族\n"
        "沈无名,,15400000701,南园社区,一级,\n坏,1,,,,\n"
    )
    unit = world.unit(CHONGCHUAN, "disabled_federation")
    nothing = client.post("/desk/linkage/files/new/", {"unit": unit.pk})
    assert nothing.status_code == 422
    picture = SimpleUploadedFile("名单.csv", b"\x89PNG\r\n\x1a\n")
    wrong = client.post("/desk/linkage/files/new/", {"unit": unit.pk, "file": picture})
    assert "这不是表格文件" in wrong.content.decode()
    sent = SimpleUploadedFile("名单.csv", rows.encode())
    answer = client.post("/desk/linkage/files/new/", {"unit": unit.pk, "file": sent}, follow=True)
    assert "每一列是什么" in answer.content.decode()
    file = DepartmentFile.objects.get()
    chosen = {"c0": "name", "c1": "identity_number", "c2": "phone", "c3": "community", "c4": "name"}
    twice = client.post(f"{file.get_absolute_url()}columns/", chosen)
    assert "两列不能是同一项" in twice.content.decode()
    chosen |= {"c4": "ethnicity", "c5": "disability_grade"}
    client.post(f"{file.get_absolute_url()}columns/", chosen)
    work_on_file(file.pk)
    shown = text(client, file.get_absolute_url())
    assert "写入已匹配的" in shown
    assert str(number) not in shown, shown[shown.find(str(number)) - 300 :][:400]
    assert "有错误" in text(client, f"{file.get_absolute_url()}?state=damaged")
    client.post(f"{file.get_absolute_url()}keep/")
    work_on_file(file.pk)
    assert "已写入 1 人的信息" in text(client, file.get_absolute_url())
    assert client.get(f"{file.get_absolute_url()}receipt/").content[:2] == b"PK"
    _checked(sign_in(world.network_admin), file, resident)
    undone = sign_in(bureau).post(f"{file.get_absolute_url()}undo/", follow=True)
    assert "正在撤销，还剩" in undone.content.decode()
    work_on_file(file.pk)
    assert "登记册恢复原样" in text(client, file.get_absolute_url())


def _checked(client: Client, file: DepartmentFile, resident: Resident) -> None:
    task = CheckTask.objects.get()
    assert "沈*名" in text(client, "/desk/linkage/checks/")
    unsaid = client.post(task.get_absolute_url(), {"answer": "found", "resident": ""})
    assert (unsaid.status_code, "请选出" in unsaid.content.decode()) == (422, True)
    done = client.post(task.get_absolute_url(), {"answer": "absent"}, follow=True)
    assert "已记录核查结果" in done.content.decode()
    assert "不住在这里" in text(client, task.get_absolute_url())
    row = file.rows.get(row=2)
    rows = text(client, "/desk/linkage/checks/?tab=rows")
    shown = mask_value(all_fields()["ethnicity"], "hui")
    assert f"采用报送的：{shown}" in rows
    address = f"/desk/linkage/rows/{row.pk}/decide/"
    decided = client.post(address, {"field": "ethnicity", "take": "register"}, follow=True)
    assert "已裁定" in decided.content.decode()
    again = client.post(address, {"field": "ethnicity", "take": "register"}, follow=True)
    assert "没有待裁定的冲突" in again.content.decode()


def test_another_department_does_not_see_the_list(
    sign_in: Signed, world: World, resident: Resident
) -> None:
    unit = world.unit(CHONGCHUAN, "disabled_federation")
    file = DepartmentFile.objects.create(
        division=world.place(CHONGCHUAN), unit=unit, file_name="名单.csv", by_label="施"
    )
    client = sign_in(world.actor(Role.DEPARTMENT, CHONGCHUAN, "health", "卫健"))
    assert "名单.csv" not in text(client, "/desk/linkage/files/")
    text(client, file.get_absolute_url(), 404)


def _doubles() -> str:
    """Three pairs at the live site, and the name of who judges them."""
    world = build_world()
    by = world.network_admin
    for names, born, phone in (
        (("徐桂英", "徐桂瑛"), "1951-03-12", "15400008101"),
        (("陆建国", "陆健国"), "1960-07-25", "15400007342"),
        (("顾秀芳", "顾秀方"), "1975-11-08", "15400005516"),
    ):
        for name in names:
            values = {"born_on": born, "phone": phone}
            add_resident(world.place(COMMUNITY), name=name, values=values, surely_new=True, by=by)
    carry_out(start_run(world.place(COMMUNITY), background=False, by=by), by=by)
    return str(User.objects.get(pk=by.user_id).username)


@pytest.mark.browser
def test_three_keys_judge_three_pairs(live_site: Any, axe: Any) -> None:
    username = live_site.run(_doubles)
    session = live_site.run(session_of, username)
    with visitors(live_site.url) as people:
        page = people.window(session=session)
        page.goto("/desk/linkage/")
        assert axe(page) == []
        page.get_by_role("link", name="核对").nth(1).click()
        assert axe(page) == []
        first = page.url
        page.keyboard.press("3")
        page.wait_for_url(lambda url: url != first)
        second = page.url
        page.keyboard.press("2")
        page.wait_for_url(lambda url: url != second)
        page.keyboard.press("1")
        page.get_by_role("button", name="撤销合并").wait_for()
        assert axe(page) == []
        phone = people.window(PHONE, session=session, language="en")
        for address in ("/desk/linkage/", "/desk/linkage/model/", "/desk/linkage/runs/"):
            phone.goto(address)
            wide = phone.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["width"]
    told = aside(live_site.run, _answers)
    assert told == ["different", "same", "unsure"]


def _answers() -> list[str]:
    return sorted(Pair.objects.values_list("answer", flat=True))
