"""A resident applies from home, the window checks once, and the clocks are those of the law (SVC-04)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.pictures import PNG
from tests.world import VILLAGE
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.memory import forget
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.jobs import accept_silently, drop_drafts
from yiwang.matters.models import Draft, Matter
from yiwang.matters.reads import planned
from yiwang.matters.rules import State
from yiwang.matters.sheets import load_catalogue
from yiwang.personal.tests.conftest import ELDER_PHONE, open_account
from yiwang.personal.tests.test_pages_own import enter, text_of
from yiwang.residents.actions import add_resident

from .test_pages_accept import told_for

pytestmark = pytest.mark.usefixtures("catalogue")
ITEM = "senior-allowance"


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def own(world, resident) -> Any:
    open_account(resident, ELDER_PHONE, world.network_admin)
    return enter()


def applied(own: Any, item: str = ITEM) -> Matter:
    """All the way, as a browser goes."""
    fill = own.post(f"/my/apply/{item}/")["Location"]
    asked = own.get(fill).context["form"].fields
    own.post(
        fill, {"do": "next", **{f"a-{code}": text for code, text in told_for(list(asked)).items()}}
    )
    lines = own.get(f"{fill}papers/").context["papers"]
    files = {f"file-{one.need.code}": SimpleUploadedFile("a.png", PNG)
             for one in lines if not one.reused}  # fmt: skip
    answer = own.post(f"{fill}papers/", {"do": "submit", "declared": "yes", **files})
    assert answer.status_code == 302, text_of(answer)
    return Matter.objects.get(number=answer["Location"].split("/")[-2])


def test_she_applies_from_home_and_the_window_accepts(own, world, sign_in):
    assert "网上申请" in text_of(own.get(f"/services/{ITEM}/"))
    begun = own.post(f"/my/apply/{ITEM}/")["Location"]
    page = own.get(begun)
    assert "项一网已有" in text_of(page)
    # What is wrong is said, and what was typed stays.
    wrong = own.post(begun, {"do": "next", "a-bank_account": "62284804"})
    assert wrong.status_code == 422
    assert own.get(f"{begun}papers/")["Location"] == begun
    assert own.post(f"{begun}save/", {"a-bank_account": "12"}).json() == {"saved": True}
    assert own.get(begun).context["form"]["bank_account"].value() == "12"
    own.post(f"{begun}discard/")
    assert not Draft.objects.exists()
    matter = applied(own)
    assert (matter.state, matter.channel, matter.priority) == ("submitted", "web", "")
    check = matter.steps.get(state="active")
    assert (check.stage, check.unit.division_id) == (0, matter.division_id)
    assert matter.units == [check.unit_id]
    receipt = text_of(own.get(f"/my/applications/{matter.number}/"))
    assert matter.display_number in receipt
    assert "<svg" in receipt
    assert "已经收到，等受理" in text_of(own.get(f"/track/{matter.number}/"))
    desk = sign_in(world.network_admin)
    row = text_of(desk.get("/desk/matters/"))
    assert matter.short_number in row
    assert "审查" in row
    address = f"/desk/matters/{matter.number}/steps/{check.pk}"
    assert desk.post(f"{address}/complete/", {"agreed": "yes"}).status_code == 422
    desk.post(f"{address}/admit/")
    matter.refresh_from_db()
    assert matter.state == "working"
    assert matter.acceptor_post_id == world.network_admin.post_id
    assert [one.code for one in matter.steps.filter(state="active")] != ["_intake"]
    assert Draft.objects.get(matter=matter).typed == {}
    assert list(matter.events.order_by("pk").values_list("kind", flat=True))[:2] == [
        "submitted", "accepted"
    ]  # fmt: skip


def test_what_is_missing_is_said_once_and_the_clock_of_the_check_stands(own, world):
    matter = applied(own)
    check, due = matter.steps.get(state="active"), matter.due_at
    missing = [{"kind": "material", "code": "identity_card", "name": "身份证", "wrong": "缺页"}]
    actions.return_matter(check, items=missing, by=world.network_admin)
    matter.refresh_from_db()
    assert matter.state == "correcting"
    progress = text_of(own.get(f"/track/{matter.number}/correct/"))
    assert "身份证" in progress
    later = timezone.now() + timedelta(days=3)
    with circumstances(at=later):
        actions.answer_correction(
            matter, materials=[HandedIn("identity_card")], by=world.network_admin
        )
    matter.refresh_from_db()
    assert matter.state == "submitted"
    assert matter.due_at > due
    with pytest.raises(Refused, match="已经告知过一次"):
        actions.return_matter(check, items=missing, by=world.network_admin)


def test_refused_with_a_reason_and_by_nobody_else(own, world):
    matter = applied(own)
    check = matter.steps.get(state="active")
    with pytest.raises(PermissionDenied):
        actions.admit_matter(check, by=world.actor(Role.COMMUNITY_NETWORK, VILLAGE, "committee"))
    with pytest.raises(Refused, match="理由"):
        actions.refuse_application(check, reason=" ", by=world.network_admin)
    actions.refuse_application(check, reason="不属于本市户籍", by=world.network_admin)
    matter.refresh_from_db()
    assert (matter.state, matter.result.granted) == ("refused", False)
    assert matter.result.title.startswith("不予受理决定书")
    with pytest.raises(Refused):
        actions.admit_matter(check, by=world.network_admin)
    assert "没有受理" in text_of(own.get(f"/track/{matter.number}/"))


def test_silence_is_acceptance_from_the_day_it_came(own, world):
    matter = applied(own)
    assert accept_silently() == 0
    Matter.objects.filter(pk=matter.pk).update(accepted_at=timezone.now() - timedelta(days=9))
    matter.steps.filter(state="active").update(due_at=timezone.now() - timedelta(hours=1))
    assert accept_silently() == 1
    matter.refresh_from_db()
    assert matter.state == State.WORKING
    assert matter.accepted_at < timezone.now() - timedelta(days=8)
    assert matter.events.get(kind="accepted").facts["silent"] is True


def somebody_elses(world: Any) -> Matter:
    """A matter of another village."""
    by = world.actor(Role.COMMUNITY_NETWORK, VILLAGE, "committee", "韩霞")
    place, item = world.place(VILLAGE), "elder-care-subsidy"
    person = add_resident(place, name="刘芳", values={"phone": "15400008831"}, by=by)
    papers = [HandedIn(one.code) for one in planned(item).guide.materials]
    made: Matter = actions.accept_matter(
        place, item=item, resident=person, answers={}, channel="window", materials=papers, by=by
    )
    return made


def test_only_what_is_open_online_and_only_her_own(own, world):
    other = somebody_elses(world)
    offline = "public-computer"
    load_catalogue(only=[offline])
    forget("matters.")
    answer = own.post(f"/my/apply/{offline}/")
    assert answer.status_code == 422
    assert "不能在网上申请" in text_of(answer)
    assert own.get("/my/apply/nothing/").status_code == 404
    for address in (f"/my/applications/{other.number}/", "/my/applications/drafts/999/"):
        assert own.get(address).status_code == 404
    assert own.get(f"/track/{other.number}/").status_code == 302
    Draft.objects.all().delete()
    own.post(f"/my/apply/{ITEM}/")
    Draft.objects.update(updated_at=timezone.now() - timedelta(days=31))
    assert drop_drafts() == 1


def test_the_same_through_the_api(own, world):
    base = "/api/v1/matters/mine"

    def send(address: str, body: Any) -> Any:
        return own.post(f"{base}/{address}", json.dumps(body), content_type="application/json")

    told = send("form", {"item": ITEM}).json()
    asked = [one["code"] for one in told["asked"]]
    needed = [one["code"] for one in told["materials"] if one["state"] == "needed"]
    body: dict[str, Any] = {"item": ITEM, "answers": told_for(asked), "declared": True}

    def apply(**more: Any) -> Any:
        files = [SimpleUploadedFile("a.png", PNG) for _one in needed]
        said = {"application": json.dumps({**body, **more}), "codes": needed, "files": files}
        return own.post(f"{base}/applications", said)

    wrong: dict[str, dict[str, Any]] = {
        "answers": {"answers": {}}, "undeclared": {"declared": False},
    }  # fmt: skip
    for code, change in wrong.items():
        answer = apply(**change)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert not Matter.objects.exists()
    assert not Draft.objects.exists()
    made = apply()
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    assert made.json()["state"] == "submitted"
    assert [one["number"] for one in own.get(f"{base}/applications").json()] == [number]
    draft = send("drafts", body).json()["id"]
    assert [one["id"] for one in own.get(f"{base}/drafts").json()] == [draft]
    assert send(f"drafts/{draft}/discard", {}).status_code == 204
    assert (
        send(f"applications/{number}/withdraw", {"reason": "不办了"}).json()["state"] == "withdrawn"
    )
