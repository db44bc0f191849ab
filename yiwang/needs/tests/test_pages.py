"""Pages of needs, surveys and assessments as staff use them."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.world import COMMUNITY, STREET, World
from yiwang.accounts.roles import Role
from yiwang.needs.actions import open_survey, register_need, save_survey
from yiwang.needs.models import Assessment, Need, Survey, SurveyAnswer
from yiwang.residents.actions import create_household
from yiwang.residents.models import Resident

from .test_rules import ROWS


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
def need(world: World, resident: Resident) -> Need:
    return register_need(
        world.place(COMMUNITY), category="eldercare", text="想有个助餐点", channel="visit",
        resident=resident, by=world.network_admin,
    )  # fmt: skip


@pytest.fixture
def survey(world: World, resident: Resident) -> Survey:
    place, by = world.place(COMMUNITY), world.network_admin
    create_household(place, number="7", head=resident, address="南园新村7幢101室", by=by)
    return open_survey(save_survey(place, title="助餐调查", content=ROWS, by=by), by=by)


def test_a_need_is_registered_for_a_resident_found_by_name(
    worker: Client, resident: Resident
) -> None:
    address = reverse("needs:new")
    said = {
        "place": COMMUNITY, "people": 1, "category": "eldercare", "text": "想有个助餐点",
        "urgency": "soon", "channel": "visit", "resident": "没有这人",
    }  # fmt: skip
    wrong = worker.post(address, said)
    assert wrong.status_code == 422
    assert "resident" in wrong.context["form"].errors
    assert worker.post(address, {**said, "resident": "陈桂英"}).status_code == 302
    assert Need.objects.get().resident == resident
    page = text_of(worker.get(reverse("needs:list"), {"state": "open", "category": "eldercare"}))
    assert "陈*英" in page
    assert "陈桂英" not in page
    assert "没有符合条件" in text_of(worker.get(reverse("needs:list"), {"state": "late"}))


def test_a_kiosk_registers_and_sees_no_list(world: World) -> None:
    kiosk = signed_in(world, Role.KIOSK, COMMUNITY)
    said = {
        "place": COMMUNITY, "people": 12, "category": "health", "text": "康复训练",
        "urgency": "ordinary", "channel": "kiosk", "group": "12幢的老人",
    }  # fmt: skip
    assert kiosk.post(reverse("needs:new"), said)["Location"] == reverse("needs:new")
    assert kiosk.get(reverse("needs:new")).status_code == 200
    assert kiosk.get(reverse("needs:list")).status_code == 403


def test_what_becomes_of_it_is_said_on_its_page(worker: Client, need: Need) -> None:
    assert "想有个助餐点" in text_of(worker.get(need.get_absolute_url()))
    move = reverse("needs:move", args=[need.pk])
    wrong = worker.post(move, {"to": "arranged"})
    assert wrong.status_code == 422
    assert "service" in wrong.context["form"].errors
    assert worker.post(move, {"to": "arranged", "service": "助餐"}).status_code == 302
    assert "助餐" in text_of(worker.get(need.get_absolute_url()))


def test_a_street_sees_where_needs_gather_and_takes_the_list_along(
    world: World, need: Need
) -> None:
    street = signed_in(world, Role.TOWNSHIP_OFFICE, STREET, "civil_affairs")
    page = street.get(reverse("needs:unmet"))
    assert page.context["total"] == 1
    assert "南园社区" in text_of(page)
    assert street.get(reverse("needs:unmet"), {"place": COMMUNITY}).context["total"] == 1
    sheet = load_workbook(io.BytesIO(street.get(reverse("needs:export")).content)).active
    assert sheet["D5"].value == "陈*英"


BUILT = {
    "place": COMMUNITY, "title": "助餐调查", "method": "census", "percent": 5, "least": 100,
    "form-TOTAL_FORMS": 3, "form-INITIAL_FORMS": 0,
    "form-0-text": "要助餐吗？", "form-0-kind": "single", "form-0-choices": "yes 要 Yes\nno 不要",
    "form-0-required": "on", "form-0-category": "eldercare", "form-0-wants": "yes",
    "form-1-text": "几个人？", "form-1-kind": "number", "form-1-when_question": 1,
    "form-1-when_any": "yes", "form-2-kind": "single",
}  # fmt: skip


def test_a_survey_is_built_drawn_and_answered_from_paper(
    worker: Client, resident: Resident, world: World
) -> None:
    create_household(
        world.place(COMMUNITY), number="7", head=resident, address="南园新村7幢101室",
        by=world.network_admin,
    )  # fmt: skip
    new = reverse("needs:survey-new")
    assert worker.get(new).status_code == 200
    assert worker.post(new, {**BUILT, "form-1-when_question": 3}).status_code == 422
    assert worker.post(new, {**BUILT, "form-0-choices": "yes"}).status_code == 422
    assert worker.post(new, BUILT).status_code == 302
    survey = Survey.objects.get()
    assert survey.version is not None
    assert survey.version.content[1]["when"] == {"question": "q1", "any": ["yes"]}
    assert "要助餐吗" in text_of(worker.get(survey.get_absolute_url()))
    edit = reverse("needs:survey-edit", args=[survey.pk])
    assert "几个人" in text_of(worker.get(edit))
    assert worker.post(reverse("needs:survey-open", args=[survey.pk])).status_code == 302
    answer = reverse("needs:answer", args=[survey.pk])
    page = text_of(worker.get(answer, {"paper": "1", "order": "1"}))
    assert 'data-when="q1"' in page
    said = {"q1": "yes", "q2": "2", "on": str(timezone.localdate()), "interviewer": "周敏"}
    wrong = worker.post(f"{answer}?paper=1", {**said, "q2": "x"})
    assert "q2" in wrong.context["form"].errors
    assert worker.post(f"{answer}?paper=1", said)["Location"] == f"{answer}?paper=1"
    kept = SurveyAnswer.objects.get()
    assert (kept.door, kept.wants, kept.answers["q2"]) == ("paper", ["eldercare"], 2)
    assert worker.get(answer).status_code == 302
    assert worker.post(reverse("needs:survey-close", args=[survey.pk])).status_code == 302


def test_the_page_of_a_survey_names_the_missing_addresses_masked(
    worker: Client, survey: Survey
) -> None:
    page = text_of(worker.get(survey.get_absolute_url()))
    assert "南园新村7幢" in page
    assert "101室" not in page
    stop = survey.stops.get()
    worker.post(reverse("needs:stop", args=[survey.pk]), {"stop": stop.pk, "state": "absent"})
    assert "无人在家" in text_of(worker.get(survey.get_absolute_url()))
    assert "助餐调查" in text_of(worker.get(reverse("needs:surveys")))


def test_an_assessment_goes_from_the_figures_to_the_plan(
    worker: Client, world: World, need: Need
) -> None:
    listing = reverse("needs:assessments")
    assert worker.get(listing).status_code == 200
    year = timezone.localdate().year
    assert worker.post(listing, {"place": COMMUNITY, "year": 2999}).status_code == 422
    made = worker.post(listing, {"place": COMMUNITY, "year": year})
    found = Assessment.objects.get()
    assert made["Location"] == found.get_absolute_url()
    page = found.get_absolute_url()
    assert worker.post(f"{page}comment/", {"representative": "", "text": ""}).status_code == 422
    assert (
        worker.post(f"{page}comment/", {"representative": "李大妈", "text": "同意"}).status_code
        == 302
    )
    assert worker.post(f"{page}again/").status_code == 302
    assert worker.post(f"{page}submit/", {"text": ""}).status_code == 422
    assert worker.post(f"{page}submit/", {"text": "先办助餐"}).status_code == 302
    assert worker.post(f"{page}approve/").status_code == 403
    street = signed_in(world, Role.TOWNSHIP_OFFICE, STREET, "civil_affairs")
    assert street.post(f"{page}approve/").status_code == 302
    assert "服务计划草案" in text_of(worker.get(page))


def test_a_page_that_claims_a_thousand_questions_is_answered_with_a_sentence(world: World) -> None:
    browser = signed_in(world, Role.COMMUNITY_NETWORK, COMMUNITY)
    said = {"form-TOTAL_FORMS": "1" * 30, "form-INITIAL_FORMS": "0"}
    page = browser.post("/desk/needs/surveys/new/", said).content.decode()
    assert "60" in page.partition("error-summary")[2].partition("<form class")[0]
    assert page.count('name="form-') < 1000
