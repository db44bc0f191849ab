"""Pages of the tags as staff use them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.world import CITY, COMMUNITY, STREET, World
from yiwang.accounts.roles import Role
from yiwang.core.models import JournalLine
from yiwang.residents.models import Resident
from yiwang.tags.actions import recompute, set_tag
from yiwang.tags.models import Tag, TagKind, VisitList

from .families import home, person


def signed_in(world: World, role: Role, key: int, code: str = "committee") -> Client:
    client = Client()
    client.force_login(world.post(role, key, code).user)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def worker(world: World) -> Client:
    return signed_in(world, Role.WORKER, COMMUNITY)


@pytest.fixture
def chen(world: World) -> Resident:
    made = person(world, "陈桂英", "1940-01-01")
    home(world, "12幢302室", made)
    recompute(world.place(COMMUNITY), by=world.network_admin)
    return made


@pytest.fixture
def disabled(world: World, chen: Resident) -> Tag:
    return set_tag(
        chen, kind=TagKind.objects.get(code="disabled"), variant="physical", grade="two",
        evidence="32060119400101001242", by=world.network_admin,
    )  # fmt: skip


def test_the_overview_counts_and_leads_to_the_list(worker: Client, chen: Resident) -> None:
    page = worker.get(reverse("tags:kinds"))
    counts = {one.kind.code: one.people for rows in page.context["groups"].values() for one in rows}
    assert (counts["senior"], counts["living_alone"], counts["migrant"]) == (1, 1, 0)
    listing = text_of(worker.get(TagKind.objects.get(code="senior").get_absolute_url()))
    assert "陈*英" in listing
    assert "陈桂英" not in listing


def test_a_street_reads_the_counts_of_one_community(world: World, chen: Resident) -> None:
    street = signed_in(world, Role.TOWNSHIP_OFFICE, STREET, "civil_affairs")
    page = street.get(reverse("tags:kinds"), {"place": COMMUNITY})
    assert page.context["where"].pk == COMMUNITY
    assert "南园社区" in text_of(page)


def test_the_resident_s_page_fetches_the_chips(worker: Client, chen: Resident) -> None:
    page = text_of(worker.get(chen.get_absolute_url()))
    address = reverse("tags:of-resident", args=[chen.pk])
    assert f'hx-get="{address}"' in page
    card = text_of(worker.get(address, headers={"HX-Request": "true"}))
    assert "高龄老人" in card
    assert "<html" not in card


def test_a_sensitive_tag_is_shown_after_a_reason(
    worker: Client, chen: Resident, disabled: Tag
) -> None:
    page = text_of(worker.get(reverse("tags:of-resident", args=[chen.pk])))
    assert "另有 1 个敏感标签" in page
    assert "残疾人" not in page
    address = reverse("tags:reveal", args=[chen.pk])
    assert worker.post(address, {"reason": "看"}).status_code == 422
    shown = text_of(worker.post(address, {"reason": "上门送辅具"}))
    assert "残疾人 · 肢体残疾 · 二级" in shown
    assert "32060119400101001242" not in shown


def test_a_window_learns_nothing_of_it(world: World, chen: Resident, disabled: Tag) -> None:
    window = signed_in(world, Role.WINDOW, COMMUNITY, "service_centre")
    page = text_of(window.get(reverse("tags:of-resident", args=[chen.pk])))
    assert "敏感标签" not in page
    assert window.get(disabled.kind.get_absolute_url()).status_code == 404
    assert "残疾人" not in text_of(window.get(reverse("tags:kinds")))


def test_looking_at_a_sensitive_list_leaves_a_line(worker: Client, disabled: Tag) -> None:
    page = worker.get(disabled.kind.get_absolute_url(), {"grade": "two", "age_from": "80"})
    assert len(page.context["rows"]) == 1
    line = JournalLine.objects.get(act="tags.read_list")
    assert line.facts["rows"] == 1
    assert "陈" not in str(line.facts)


def test_a_tag_is_set_by_hand_and_wrong_input_stays_beside_its_field(
    worker: Client, chen: Resident
) -> None:
    choose = reverse("tags:set", args=[chen.pk])
    assert "优抚对象" in text_of(worker.get(choose))
    address = f"{choose}?kind=veteran"
    wrong = worker.post(address, {"since": "2026-01-05", "variant": "war", "evidence": ""})
    assert wrong.status_code == 422
    assert "evidence" in wrong.context["form"].errors
    assert worker.get(address).status_code == 200
    done = worker.post(address, {"since": "2026-01-05", "variant": "war", "evidence": "优字1"})
    assert done.status_code == 302
    assert Tag.objects.get(kind__code="veteran").evidence == "优字1"


def test_a_tag_is_confirmed_and_ended(worker: Client, disabled: Tag) -> None:
    assert (
        worker.post(reverse("tags:confirm", args=[disabled.pk]), {"evidence": "新证号"}).status_code
        == 302
    )
    ending = reverse("tags:end", args=[disabled.pk])
    assert worker.post(ending, {"on": "2026-01-01", "reason": "证件注销"}).status_code == 422
    response = worker.post(ending, {"on": str(disabled.since), "reason": "证件注销"})
    assert response.status_code == 302
    disabled.refresh_from_db()
    assert disabled.end_reason == "by_hand"


def test_a_wrong_rule_is_excepted_and_back(worker: Client, chen: Resident) -> None:
    address = reverse("tags:except", args=[chen.pk]) + "?kind=living_alone"
    assert worker.get(address).status_code == 200
    assert worker.post(address, {"reason": "女儿每天同住"}).status_code == 302
    page = worker.get(reverse("tags:of-resident", args=[chen.pk]))
    (one,) = page.context["exceptions"]
    assert "女儿每天同住" in text_of(page)
    assert worker.post(reverse("tags:lift", args=[one.pk])).status_code == 302
    assert worker.get(reverse("tags:except", args=[chen.pk]) + "?kind=veteran").status_code == 302


def test_the_list_goes_out_as_a_masked_workbook(worker: Client, chen: Resident) -> None:
    response = worker.get(reverse("tags:export", args=[TagKind.objects.get(code="senior").pk]))
    import io

    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet["A5"].value == "陈*英"
    assert JournalLine.objects.get(act="tags.export").facts["rows"] == 1


def test_a_visit_list_from_the_list_to_the_paper(worker: Client, chen: Resident) -> None:
    kind = TagKind.objects.get(code="senior")
    made = worker.post(f"{reverse('tags:visit-new')}?kind={kind.pk}", {"title": "重阳走访"})
    visits = VisitList.objects.get()
    assert made["Location"] == visits.get_absolute_url()
    assert "重阳走访" in text_of(worker.get(reverse("tags:visit-lists")))
    page = worker.get(visits.get_absolute_url())
    assert "陈桂英" not in text_of(page)
    paper = reverse("tags:visit-paper", args=[visits.pk])
    assert "陈桂英" not in text_of(worker.get(paper))
    assert "陈桂英" in text_of(worker.post(paper, {"reason": "重阳节走访"}))
    stop = visits.stops.get()
    worker.post(reverse("tags:visited", args=[visits.pk]), {"stop": stop.pk, "text": "好"})
    stop.refresh_from_db()
    assert stop.note == "好"
    assert (
        worker.post(f"{reverse('tags:visit-new')}?kind={kind.pk}", {"due_on": "x"}).status_code
        == 302
    )


def test_a_kind_is_added_on_its_page(world: World) -> None:
    city = signed_in(world, Role.CIVIL_AFFAIRS, CITY, "civil_affairs")
    address = reverse("tags:kind-new")
    said = {
        "code": "preschool", "name": "学龄前儿童", "name_en": "Preschool child", "group": "child",
        "order": "55", "age_below": "6", "grades": "a 甲 First", "active": "on",
    }  # fmt: skip
    wrong = city.post(address, said)
    assert wrong.status_code == 422
    assert "不能自动设置" in text_of(wrong)
    assert city.post(address, {**said, "grades": "甲"}).status_code == 422
    assert city.post(address, {**said, "grades": ""}).status_code == 302
    kind = TagKind.objects.get(code="preschool")
    assert kind.rule == {"sets": {"age_below": 6}}
    edit = reverse("tags:kind-edit", args=[kind.pk])
    assert "第 1 版" in text_of(city.get(edit))
    city.post(edit, {**said, "grades": "", "ends_from": "7"})
    kind.refresh_from_db()
    assert kind.rule == {"sets": {"age_below": 6}, "ends": {"age_from": 7}}


def test_the_rules_are_run_from_the_page(worker: Client, world: World) -> None:
    person(world, "王一", "1940-01-01")
    assert worker.post(reverse("tags:recompute")).status_code == 302
    assert Tag.objects.live().count() == 2


def test_the_list_costs_few_statements(
    worker: Client, chen: Resident, django_assert_max_num_queries: Any
) -> None:
    address = TagKind.objects.get(code="senior").get_absolute_url()
    worker.get(address)
    with django_assert_max_num_queries(22):
        worker.get(address)
