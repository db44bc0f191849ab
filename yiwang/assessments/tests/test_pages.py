"""Pages of individual assessments as staff use them, and the same through the API."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tests.world import CITY, COMMUNITY, STREET, World
from yiwang.accounts.roles import Role
from yiwang.assessments.actions import object_to_grade
from yiwang.assessments.models import PersonAssessment, Scale
from yiwang.core.models import JournalLine
from yiwang.residents.models import Resident

from .scores import FACTS, MODERATE, answers, assessed

TODAY = timezone.localdate()


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
def other(world: World) -> Client:
    return signed_in(world, Role.COMMUNITY_NETWORK, COMMUNITY)


@pytest.fixture
def graded(world: World, resident: Resident) -> PersonAssessment:
    first = world.actor(Role.WORKER, COMMUNITY, "committee")
    return assessed(resident, first, world.network_admin, TODAY)


def chosen(**worse: int) -> dict[str, Any]:
    facts = {f"fact-{code}": value for code, value in FACTS.items()}
    return {**answers(TODAY, **worse), **facts, "on": TODAY.isoformat()}


def test_a_worker_finds_the_elder_scores_and_her_colleague_confirms(
    worker: Client, other: Client, resident: Resident
) -> None:
    found = worker.get(reverse("assessments:new"), {"q": resident.name})
    assert resident.masked_name in text_of(found)
    assert resident.name not in text_of(found).replace(f'value="{resident.name}"', "")
    begun = worker.post(reverse("assessments:new"), {"resident": resident.pk})
    made = PersonAssessment.objects.get()
    assert begun["Location"] == reverse("assessments:score", args=[made.pk])
    page = text_of(worker.get(begun["Location"]))
    assert "时间定向" in page
    assert "居住状况" in page
    missing = {key: value for key, value in chosen(**MODERATE).items() if key != "eating"}
    wrong = worker.post(begun["Location"], {**missing, "do": "submit"})
    assert wrong.status_code == 422
    assert "还有 1 项没有评" in text_of(wrong) or "请选择一项" in text_of(wrong)
    made.refresh_from_db()
    assert made.content["answers"]["bathing"] == 0
    saved = worker.post(reverse("assessments:save", args=[made.pk]), {"eating": 2})
    assert saved.json() == {"saved": True}
    done = worker.post(
        begun["Location"], {"do": "submit", "conditions": [], "on": TODAY.isoformat()}
    )
    assert done.status_code == 302
    address = reverse("assessments:confirm", args=[made.pk])
    refused = worker.post(address, follow=True)
    assert "另一位评估人" in text_of(refused)
    assert "同意，确认生效" not in text_of(refused)
    seen = text_of(other.get(made.get_absolute_url()))
    assert "同意，确认生效" in seen
    assert "进食" in seen
    other.post(address)
    made.refresh_from_db()
    assert (made.state, made.grade) == ("final", "moderate")
    listed = text_of(worker.get(reverse("assessments:list"), {"grade": "moderate"}))
    assert "中度失能" in listed
    assert resident.masked_name in listed


def test_scores_in_force_are_seen_for_a_reason(worker: Client, graded: PersonAssessment) -> None:
    page = text_of(worker.get(graded.get_absolute_url()))
    assert "中度失能" in page
    assert "进食" not in page
    address = reverse("assessments:reveal", args=[graded.pk])
    assert worker.post(address, {"reason": " "}).status_code == 422
    assert "进食" in text_of(worker.post(address, {"reason": "制定服务计划"}))
    assert JournalLine.objects.filter(act="residents.reveal", reason="制定服务计划").exists()


def test_an_objection_goes_to_the_list_of_those_to_be_assessed_again(
    worker: Client, graded: PersonAssessment
) -> None:
    address = reverse("assessments:object", args=[graded.pk])
    assert worker.post(address, {"words": ""}).status_code == 422
    worker.post(address, {"words": "行走那一项评低了"})
    listed = text_of(worker.get(reverse("assessments:list"), {"show": "objected"}))
    assert graded.resident.masked_name in listed
    refused = worker.post(reverse("assessments:new"), {"resident": graded.resident_id}, follow=True)
    assert "没有参加上次评估" in text_of(refused)


def test_it_is_sent_back_and_given_up_with_words(
    worker: Client, other: Client, resident: Resident
) -> None:
    worker.post(reverse("assessments:new"), {"resident": resident.pk})
    made = PersonAssessment.objects.get()
    worker.post(reverse("assessments:score", args=[made.pk]), {**chosen(), "do": "submit"})
    back = reverse("assessments:return", args=[made.pk])
    assert other.post(back, {"reason": ""}).status_code == 422
    other.post(back, {"reason": "再看一次行走"})
    made.refresh_from_db()
    assert made.state == "draft"
    worker.post(reverse("assessments:withdraw", args=[made.pk]), {"reason": "本人住院"})
    made.refresh_from_db()
    assert made.state == "withdrawn"
    assert worker.post(reverse("assessments:save", args=[made.pk]), {}).status_code == 409
    gone = worker.get(reverse("assessments:score", args=[made.pk]))
    assert gone["Location"] == made.get_absolute_url()


def test_the_list_narrows_sorts_and_is_exported_masked(
    worker: Client, graded: PersonAssessment
) -> None:
    address = reverse("assessments:list")
    for show, there in (("", True), ("due", False), ("soon", False), ("mine", False),
                        ("draft", False), ("final", True), ("objected", False)):  # fmt: skip
        text = text_of(worker.get(address, {"show": show}))
        assert (graded.get_absolute_url() in text) is there, show
    for sort in ("name", "-name", "on", "-on", "until", "-until", "nonsense"):
        assert worker.get(address, {"sort": sort}).status_code == 200
    found = worker.get(address, {"q": graded.resident.name})
    assert graded.get_absolute_url() in text_of(found)
    assert graded.get_absolute_url() not in text_of(worker.get(address, {"q": "没有这人"}))
    answer = worker.get(reverse("assessments:export"), {"grade": "moderate"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    told = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert graded.resident.masked_name in told[4]
    assert graded.resident.name not in str(told)
    assert "中度失能" in told[4]


def test_the_grade_stands_on_the_resident_s_page_for_those_who_may_know(
    world: World, worker: Client, graded: PersonAssessment
) -> None:
    address = reverse("assessments:of-resident", args=[graded.resident_id])
    card = worker.get(address, headers={"HX-Request": "true"})
    assert "中度失能" in text_of(card)
    assert "<html" not in text_of(card)
    assert "重新评估" in text_of(worker.get(address))
    detail = reverse("residents:detail", args=[graded.resident_id])
    assert address in text_of(worker.get(detail))
    window = signed_in(world, Role.WINDOW, COMMUNITY, "service_centre")
    assert window.get(address).status_code == 403
    assert address not in text_of(window.get(detail))


def test_the_city_publishes_a_form_as_text(world: World, worker: Client) -> None:
    bureau = signed_in(world, Role.CIVIL_AFFAIRS, CITY, "civil_affairs")
    scale = Scale.objects.get()
    assert "GB/T 42195-2022" in text_of(worker.get(scale.get_absolute_url()))
    assert "现行" in text_of(worker.get(reverse("assessments:scales")))
    address = reverse("assessments:publish", args=[scale.pk])
    assert worker.get(address).status_code == 403
    shown = bureau.get(address).context["form"].initial["content"]
    day = (TODAY + timedelta(days=3)).isoformat()
    for faulty, words in (
        ("a: [", "看不懂"), ("一句话", "要是一份评估表"), (shown.replace("to: 90", "to: 95"), ""),
        (shown.replace("assessors: 2", "assessors: 5"), "1 或 2"),
    ):  # fmt: skip
        answer = bureau.post(address, {"content": faulty, "effective_from": day})
        assert (words in text_of(answer)) if words else answer.status_code == 302
    assert Scale.objects.count() == 2


def test_the_api_does_what_the_pages_do(worker: Client, other: Client, resident: Resident) -> None:
    def send(client: Client, path: str, body: Any, method: str = "post") -> Any:
        do = getattr(client, method)
        return do(f"/api/v1/assessments/{path}", body, content_type="application/json")

    made = send(worker, "", {"resident": resident.pk}).json()
    one = made["id"]
    said = {"answers": answers(TODAY, **MODERATE), "facts": FACTS}
    assert send(worker, f"{one}/answers", said, "put").status_code == 200
    assert send(worker, f"{one}/submit", {}).json()["state"] == "submitted"
    refused = send(worker, f"{one}/confirm", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "same_person")
    assert send(other, f"{one}/return", {"reason": "再看"}).json()["state"] == "draft"
    send(worker, f"{one}/submit", {})
    assert send(other, f"{one}/confirm", {}).json()["grade"] == "moderate"
    grade = worker.get(f"/api/v1/assessments/residents/{resident.pk}/grade").json()
    assert (grade["grade"], grade["subsidy"]) == ("moderate", "third")
    scores = send(worker, f"{one}/reveal", {"reason": "制定服务计划"}).json()
    assert scores["parts"]["motion"] == sum(
        scores["answers"][code] for code in ("bed", "transfer", "walking", "stairs")
    )
    assert "answers" not in worker.get(f"/api/v1/assessments/{one}").json()
    assert send(worker, f"{one}/objection", {"words": "评低了"}).json()["objected_on"]
    doubted = worker.get("/api/v1/assessments/", {"objected": True}).json()["assessments"]
    assert [row["id"] for row in doubted] == [one]
    page = worker.get("/api/v1/assessments/", {"limit": 1, "after": one}).json()
    assert page == {"assessments": [], "next": None}
    assert worker.get("/api/v1/assessments/", {"due": True}).json()["assessments"] == []
    assert worker.get("/api/v1/assessments/scales").json()[0]["number"] == 1


def test_the_township_sees_the_grades_of_its_communities(
    world: World, graded: PersonAssessment
) -> None:
    office = signed_in(world, Role.TOWNSHIP_OFFICE, STREET, "civil_affairs")
    page = text_of(office.get(reverse("assessments:list"), {"place": str(COMMUNITY)}))
    assert graded.get_absolute_url() in page
    object_to_grade(graded, words="评低了", by=world.network_admin)
    assert "1 人有异议" in text_of(office.get(reverse("assessments:list")))
