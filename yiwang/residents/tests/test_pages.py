"""Pages of the register as staff use them."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import COMMUNITY, LAN, NEIGHBOUR, World
from yiwang.accounts.models import Post
from yiwang.accounts.roles import Role
from yiwang.core.models import JournalLine
from yiwang.residents.actions import add_resident, create_household, place_in_household
from yiwang.residents.models import ImportBatch, Resident

from .test_imports import GOOD, LIU, workbook


def signed_in(world: World, role: Role, key: int, code: str = "committee") -> Client:
    post: Post = world.post(role, key, code)
    client = Client()
    client.force_login(post.user)
    return client


@pytest.fixture
def admin(world: World) -> Client:
    return signed_in(world, Role.COMMUNITY_NETWORK, COMMUNITY)


@pytest.fixture
def neighbour(world: World) -> Client:
    return signed_in(world, Role.COMMUNITY_NETWORK, NEIGHBOUR)


@pytest.fixture
def chen(world: World) -> Resident:
    return add_resident(
        world.place(COMMUNITY),
        name="陈桂英",
        values={**LAN, "home_address": "易家桥新村12幢302室"},
        source="visit",
        by=world.network_admin,
    )


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_the_list_is_masked(admin: Client, chen: Resident) -> None:
    page = text_of(admin.get(reverse("residents:list")))
    assert "陈*英" in page
    for secret in ("陈桂英", LAN["phone"], LAN["identity_number"], "302室"):
        assert secret not in page


@pytest.mark.parametrize("text", ["陈桂英", "cgy", "8830", LAN["phone"]])
def test_the_box_finds_as_someone_types(admin: Client, chen: Resident, text: str) -> None:
    response = admin.get(reverse("residents:list"), {"q": text}, headers={"HX-Request": "true"})
    assert "陈*英" in text_of(response)
    assert "<html" not in text_of(response)


def test_people_elsewhere_are_found_masked_and_without_a_way_in(
    neighbour: Client, chen: Resident
) -> None:
    page = text_of(neighbour.get(reverse("residents:list"), {"q": "陈桂英"}))
    assert "陈*英" in page
    assert "南园社区" in page
    assert chen.get_absolute_url() not in page
    assert neighbour.get(chen.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("filters", "there"),
    [
        ({"age": "elder"}, True), ({"age": "minor"}, False), ({"age": "adult"}, False),
        ({"standing": "registered"}, True), ({"standing": "migrant"}, False),
        ({"fresh": "fresh"}, True), ({"fresh": "due"}, False), ({"fresh": "soon"}, False),
        ({"home": "without"}, True), ({"home": "with"}, False),
        ({"age": "nonsense", "after": "x", "place": "1"}, True),
    ],
)  # fmt: skip
def test_filters_narrow_the_list(
    admin: Client, chen: Resident, filters: dict[str, str], there: bool
) -> None:
    page = text_of(admin.get(reverse("residents:list"), filters))
    assert ("陈*英" in page) is there


def test_pages_follow_each_other_by_key(admin: Client, world: World) -> None:
    for number in range(30):
        add_resident(
            world.place(COMMUNITY),
            name=f"王{'一二三四五六七八九十'[number % 10]}",
            values={"phone": f"139000100{number:02d}"},
            by=world.network_admin,
        )
    url = reverse("residents:list")
    first = admin.get(url)
    assert len(first.context["rows"]) == 25
    second = admin.get(url, {"after": first.context["page"].next_cursor})
    assert len(second.context["rows"]) == 5
    back = admin.get(url, {"before": second.context["page"].previous_cursor})
    assert [one.pk for one in back.context["rows"]] == [one.pk for one in first.context["rows"]]
    seen = {one.pk for page in (first, second) for one in page.context["rows"]}
    assert len(seen) == 30


def test_a_list_costs_few_statements(
    admin: Client, chen: Resident, django_assert_max_num_queries: Any
) -> None:
    admin.get(reverse("residents:list"))
    with django_assert_max_num_queries(14):
        admin.get(reverse("residents:list"), headers={"HX-Request": "true"})


def test_the_record_shows_source_and_date_of_each_fact(admin: Client, chen: Resident) -> None:
    page = text_of(admin.get(chen.get_absolute_url()))
    assert f"走访采集 · {timezone.localdate():%Y-%m-%d}" in page
    assert "154****8830" in page
    assert LAN["phone"] not in page


def test_looking_behind_the_mask_takes_a_reason(admin: Client, chen: Resident) -> None:
    url = reverse("residents:reveal", args=[chen.pk]) + "?field=phone"
    assert LAN["phone"] not in text_of(admin.get(url))
    short = admin.post(url, {"reason": "看"})
    assert short.status_code == 422
    assert LAN["phone"] not in text_of(short)
    shown = admin.post(url, {"reason": "回访助餐需求"}, headers={"HX-Request": "true"})
    assert LAN["phone"] in text_of(shown)
    assert JournalLine.objects.filter(act="residents.reveal").count() == 1


def test_someone_is_entered_once_however_often_the_button_is_pressed(
    admin: Client, world: World
) -> None:
    form = {"name": "王强", "phone": "13900012345", "standing": "migrant", "source": "visit",
            "place": COMMUNITY, "_key": "same-form"}  # fmt: skip
    first = admin.post(reverse("residents:new"), form)
    second = admin.post(reverse("residents:new"), form)
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert Resident.objects.count() == 1


def test_a_number_held_already_is_said_beside_its_field(
    neighbour: Client, chen: Resident, world: World
) -> None:
    check = neighbour.get(reverse("residents:check"), {"identity_number": LAN["identity_number"]})
    assert "已采集" in text_of(check)
    form = {"name": "陈桂英", "identity_number": LAN["identity_number"], "source": "visit",
            "standing": "registered", "place": NEIGHBOUR}  # fmt: skip
    answer = neighbour.post(reverse("residents:new"), form)
    assert answer.status_code == 422
    assert "已采集" in text_of(answer)
    assert 'aria-invalid="true"' in text_of(answer)
    assert "陈桂英" in text_of(answer)


def test_a_likeness_asks_on_the_form(admin: Client, chen: Resident) -> None:
    form = {"name": "陈桂英", "born_on": "1947-03-12", "source": "visit",
            "standing": "registered", "place": COMMUNITY}  # fmt: skip
    answer = admin.post(reverse("residents:new"), form)
    assert answer.status_code == 422
    assert 'type="checkbox" name="surely_new"' in text_of(answer)
    assert admin.post(reverse("residents:new"), {**form, "surely_new": "on"}).status_code == 302


def test_one_field_is_corrected_without_showing_what_is_masked(
    admin: Client, chen: Resident
) -> None:
    url = reverse("residents:edit", args=[chen.pk])
    page = text_of(admin.get(url + "?field=phone"))
    assert LAN["phone"] not in page
    assert "154****8830" in page
    wrong = admin.post(url + "?field=phone", {"phone": "138", "source": "visit"})
    assert wrong.status_code == 422
    assert "11 位" in text_of(wrong)
    assert (
        admin.post(url + "?field=phone", {"phone": "13900001234", "source": "visit"}).status_code
        == 302
    )
    chen.refresh_from_db()
    assert chen.phone == "13900001234"
    assert text_of(admin.get(url)).count("<label") > 20


def test_an_unchanged_masked_field_stays(admin: Client, chen: Resident) -> None:
    url = reverse("residents:edit", args=[chen.pk])
    answer = admin.post(
        url, {"ethnicity": "han", "sex": "female", "born_on": "1947-03-12", "source": "visit"}
    )
    assert answer.status_code == 302
    chen.refresh_from_db()
    assert chen.phone == LAN["phone"]
    assert chen.name == "陈桂英"


def test_one_tap_confirms(admin: Client, chen: Resident) -> None:
    url = reverse("residents:confirm", args=[chen.pk])
    answer = admin.post(url, {"field": "home_address"}, follow=True)
    assert "已确认" in text_of(answer)
    assert "还没有内容" in text_of(admin.post(url, {"field": "employer"}, follow=True))


def test_a_move_takes_the_record_along(admin: Client, neighbour: Client, chen: Resident) -> None:
    url = reverse("residents:move", args=[chen.pk])
    assert admin.get(url).status_code == 200
    wrong = admin.post(url, {"to": "没有的社区", "on": "2026-01-05"})
    assert wrong.status_code == 422
    assert "没有找到" in text_of(wrong)
    offered = admin.post(url, {"to": "濠东社区", "on": "2026-01-05"}).headers["Location"]
    assert admin.get(chen.get_absolute_url()).status_code == 200
    answer = {"accept": "1", "on": "2026-01-05"}
    assert neighbour.post(f"{offered}answer/", answer).status_code == 302
    assert admin.get(chen.get_absolute_url()).status_code == 404
    assert "市内迁移" in text_of(neighbour.get(chen.get_absolute_url()))


def test_a_death_ends_the_record(admin: Client, chen: Resident) -> None:
    url = reverse("residents:deceased", args=[chen.pk])
    assert admin.get(url).status_code == 200
    early = admin.post(url, {"on": "1940-01-01"})
    assert "早于出生日期" in text_of(early)
    page = text_of(admin.post(url, {"on": "2026-01-05"}, follow=True))
    assert "已去世" in page
    assert "只能查看" in page


def test_a_household_is_made_and_filled(admin: Client, chen: Resident, world: World) -> None:
    wang = add_resident(
        world.place(COMMUNITY), name="王强", values={"phone": "13900012345"},
        by=world.network_admin,
    )  # fmt: skip
    new = reverse("residents:household-new") + f"?head={chen.pk}"
    assert "户主 陈*英" in text_of(admin.get(new))
    answer = admin.post(new, {"number": "H1", "address": "易家桥新村12幢302室"}, follow=True)
    assert "家庭 H1" in text_of(answer)
    assert admin.post(new, {"number": "H1"}).status_code == 422
    chen.refresh_from_db()
    home = chen.household
    assert home is not None
    add = reverse("residents:member-add", args=[home.pk])
    assert "没有这样的居民" in text_of(admin.post(add, {"resident": "没有", "relation": "child"}))
    assert admin.post(add, {"resident": "王强", "relation": "child"}).status_code == 302
    assert home.members.count() == 2
    edit = reverse("residents:household-edit", args=[home.pk])
    assert "H1" in text_of(admin.get(edit))
    assert admin.post(edit, {"number": "H2", "address": ""}).status_code == 302
    remove = reverse("residents:member-remove", args=[home.pk])
    assert admin.post(remove, {"resident": wang.pk}).status_code == 302
    assert home.members.count() == 1
    assert home.get_absolute_url() in text_of(admin.get(chen.get_absolute_url()))


def test_members_of_a_household_are_shown_on_the_record(
    admin: Client, chen: Resident, world: World
) -> None:
    home = create_household(world.place(COMMUNITY), number="H9", head=chen, by=world.network_admin)
    son = add_resident(
        world.place(COMMUNITY), name="陈小军", values={"phone": "13900012345"},
        by=world.network_admin,
    )  # fmt: skip
    place_in_household(son, household=home, relation="child", by=world.network_admin)
    page = text_of(admin.get(chen.get_absolute_url()))
    assert son.get_absolute_url() in page


def test_the_whole_way_of_an_import(admin: Client) -> None:
    assert admin.get(reverse("residents:batches")).status_code == 200
    assert "下载模板" in text_of(admin.get(reverse("residents:import")))
    template = admin.get(reverse("residents:template"))
    assert template.content.startswith(b"PK")
    rows = [*GOOD, ["", LIU, "", "", "", "", "", ""]]
    answer = admin.post(reverse("residents:import"), upload_of(workbook(rows)), follow=True)
    page = text_of(answer)
    assert "没有填写姓名" in page
    assert "导入 3 人" in page or "导入 2 人" in page
    batch = ImportBatch.objects.get()
    errors = admin.get(reverse("residents:batch-errors", args=[batch.pk]))
    assert errors.content.startswith(b"PK")
    done = admin.post(reverse("residents:batch-load", args=[batch.pk]), follow=True)
    assert "已导入" in text_of(done)
    assert Resident.objects.live().exists()
    again = admin.post(reverse("residents:batch-load", args=[batch.pk]), follow=True)
    assert "不能这样做" in text_of(again)
    undone = admin.post(reverse("residents:batch-undo", args=[batch.pk]), follow=True)
    assert "整批撤销" in text_of(undone)
    assert not Resident.objects.live().exists()
    assert "居民.xlsx" in text_of(admin.get(reverse("residents:batches")))


def upload_of(data: bytes, name: str = "居民.xlsx") -> dict[str, Any]:
    file = io.BytesIO(data)
    file.name = name
    return {"file": file, "place": COMMUNITY}


def test_a_photograph_is_no_workbook(admin: Client) -> None:
    answer = admin.post(reverse("residents:import"), upload_of(b"\x89PNG\r\n\x1a\n000"))
    assert answer.status_code == 422
    assert "PNG" in text_of(answer)
    assert admin.post(reverse("residents:import"), {"place": COMMUNITY}).status_code == 422


def test_a_large_file_is_checked_and_loaded_in_the_background(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yiwang.residents.jobs import check_in_background, load_in_background

    monkeypatch.setattr("yiwang.residents.views.imports.AT_ONCE", 10)
    monkeypatch.setattr("yiwang.residents.views.imports.ROWS_AT_ONCE", 1)
    admin.post(reverse("residents:import"), upload_of(workbook(GOOD)))
    batch = ImportBatch.objects.get()
    url = batch.get_absolute_url()
    assert 'hx-trigger="every 2s"' in text_of(admin.get(url))
    check_in_background(batch.pk)
    check_in_background(batch.pk)
    assert "hx-trigger" not in text_of(admin.get(url, headers={"HX-Request": "true"}))
    admin.post(reverse("residents:batch-load", args=[batch.pk]))
    assert "正在导入" in text_of(admin.get(url))
    load_in_background(batch.pk)
    load_in_background(batch.pk)
    assert Resident.objects.live().count() == 3
    assert "已导入 3 人" in text_of(admin.get(url))


def test_a_workbook_sent_twice_by_one_click_is_one_import(admin: Client, world: World) -> None:
    url, content = reverse("residents:import"), workbook(GOOD)
    for _turn in range(2):
        file = io.BytesIO(content)
        file.name = "名册.xlsx"
        sent = {"place": COMMUNITY, "file": file, "_key": "one-click"}
        assert admin.post(url, sent).status_code == 302
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.ok) == ("previewed", 3)


def test_a_job_that_is_refused_says_so_on_the_page(admin: Client, world: World) -> None:
    from yiwang.residents.actions import import_residents, queue_import
    from yiwang.residents.jobs import load_in_background
    from yiwang.residents.sheets import preview

    one, two = (
        preview(io.BytesIO(workbook(GOOD)), world.place(COMMUNITY), world.network_admin)
        for _ in range(2)
    )
    import_residents(one, by=world.network_admin)
    load_in_background(queue_import(two, by=world.network_admin).pk)
    assert "没有可以导入的行" in text_of(admin.get(two.get_absolute_url()))


def test_an_export_is_masked_and_journaled(admin: Client, chen: Resident) -> None:
    for query in ({}, {"q": "陈桂英"}):
        answer = admin.get(reverse("residents:export"), query)
        assert answer.content.startswith(b"PK")
    line = JournalLine.objects.filter(act="residents.export").first()
    assert line is not None
    assert line.facts["rows"] == 1


@pytest.mark.parametrize(
    "name", ["list", "new", "import", "batches", "template", "export", "check", "household-new"]
)
def test_posts_without_the_right_are_turned_away(world: World, name: str) -> None:
    bureau = signed_in(world, Role.PARTY, COMMUNITY)
    answer = bureau.get(reverse(f"residents:{name}"))
    assert answer.status_code == 403


def test_strangers_are_asked_to_sign_in(client: Client, db: Any) -> None:
    assert client.get(reverse("residents:list")).status_code == 302


def test_whom_somebody_looks_for_stands_in_no_address(world: World) -> None:
    """The words of a search are sent, lie sealed in the session, and are gone with the log-out."""
    born = {"born_on": "1980-01-01"}
    add_resident(world.place(COMMUNITY), name="欧阳文静", values=born, by=world.network_admin)
    browser = Client()
    browser.force_login(world.post(Role.COMMUNITY_NETWORK, COMMUNITY, "committee").user)
    sent = {"_words": "1", "q": "欧阳文静", "standing": "registered", "place": ""}
    answer = browser.post("/desk/residents/", sent)
    address = answer["Location"]
    assert answer.status_code == 302
    assert re.fullmatch(r"/desk/residents/\?standing=registered&w=[0-9a-f]{8}", address)
    assert "欧阳" in browser.get(address).content.decode()
    assert "欧阳" not in str(dict(browser.session))
    typed = browser.post("/desk/residents/", sent, headers={"hx-request": "true"})
    assert (typed.status_code, "欧阳" in typed.content.decode()) == (200, True)
    browser.post("/accounts/logout/")
    browser.force_login(world.post(Role.COMMUNITY_NETWORK, COMMUNITY, "committee").user)
    assert browser.get(address).context["q"] == ""
