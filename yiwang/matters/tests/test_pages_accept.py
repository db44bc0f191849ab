"""Acceptance in five steps, walked right and wrong."""

import base64
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.pictures import PNG
from tests.world import COMMUNITY, STREET, VILLAGE
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Draft, Matter
from yiwang.matters.reads import planned
from yiwang.residents.actions import add_resident, record_facts
from yiwang.residents.reads import dictionary, known_fields

pytestmark = pytest.mark.usefixtures("catalogue")
DRAWN = "data:image/png;base64," + base64.b64encode(PNG).decode()
ITEM = "elder-care-subsidy"


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def desk(world, sign_in):
    return sign_in(world.network_admin)


def begin(desk, item=ITEM, **more):
    desk.post(reverse("matters:accept"), {"item": item, **more})
    return Draft.objects.order_by("-pk").first()


def at(name, draft):
    return reverse(f"matters:{name}", args=[draft.pk])


def choose(desk, draft, resident, **more):
    said = {"channel": "window", "who": "self", "resident": resident.pk, **more}
    return desk.post(at("accept-person", draft), said)


def answers_for(codes):
    """Something right for every field asked."""
    said = {}
    for code in codes:
        field = dictionary()[code]
        plain = {
            "date": "2026-10-01", "money": "3000", "integer": "3", "bank": "6228480402564890018",
            "phone": "13812342207", "identity": "320690194703120026", "boolean": "true",
        }  # fmt: skip
        plain["date"] = "1947-03-12" if code == "born_on" else plain["date"]
        value = field.choices[0].code if field.choices else plain.get(field.type, "有需要")
        said[f"a-{code}"] = [value] if field.type == "multichoice" else value
    return said


def told_for(codes):
    """The same as another system sends it."""
    said = answers_for(codes)
    return {
        key[2:]: ",".join(text) if isinstance(text, list) else text for key, text in said.items()
    }


def fill_in(desk, draft, **more):
    page = desk.get(at("accept-check", draft))
    said = answers_for(page.context["form"].fields)
    return desk.post(at("accept-check", draft), {**said, "do": "next", **more})


def hand_in(desk, draft, **more):
    page = desk.get(at("accept-materials", draft))
    ticks = [line.need.code for line in page.context["papers"] if not line.waived]
    said = {"tick": ticks, "signature_manner": "pad", "signature_image": DRAWN, "do": "accept"}
    return desk.post(at("accept-materials", draft), {**said, **more})


def walk(desk, resident, item=ITEM):
    draft = begin(desk, item)
    choose(desk, draft, resident)
    fill_in(desk, draft)
    return draft, hand_in(desk, draft)


def test_a_clerk_walks_from_the_item_to_the_receipt(world, desk, resident):
    draft, answer = walk(desk, resident)
    matter = Matter.objects.get()
    assert answer.url == reverse("matters:receipt", args=[matter.number]) + "?fresh=1"
    text = desk.get(answer.url).content.decode()
    assert matter.display_number in text
    assert "<svg" in text
    assert "style=" not in text
    assert matter.resident == resident
    assert matter.materials.filter(code="signature", content_type="image/png").exists()
    draft.refresh_from_db()
    assert draft.matter == matter


def test_what_was_told_once_is_known_the_next_time(world, desk, resident):
    walk(desk, resident)
    first = Matter.objects.get()
    draft = begin(desk)
    choose(desk, draft, resident)
    page = desk.get(at("accept-check", draft))
    assert page.context["known"] > first.fields_needed - first.fields_asked
    asked = set(page.context["form"].fields)
    assert not any(dictionary()[code].register for code in asked & set(first.answers))


def test_the_banner_counts_what_is_known_and_what_is_left(world, desk, resident):
    draft = begin(desk)
    choose(desk, draft, resident)
    page = desk.get(at("accept-check", draft))
    held = known_fields(resident, page.context["plan"].guide.fields, timezone.localdate())
    assert page.context["known"] == len(held)
    assert page.context["left"] == page.context["total"] - len(held)
    assert "15400008830" not in page.content.decode()


def test_what_is_missing_is_said_beside_each_field(world, desk, resident):
    draft = begin(desk)
    choose(desk, draft, resident)
    answer = desk.post(at("accept-check", draft), {"do": "next", "a-bank_account": "6228480402"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'id="error-summary"' in text
    assert "6228480402" in text
    assert not Matter.objects.exists()


def test_a_fact_is_corrected_and_taken_back_without_losing_what_was_typed(world, desk, resident):
    draft = begin(desk)
    choose(desk, draft, resident)
    address = at("accept-check", draft)
    asked = next(iter(desk.get(address).context["form"].fields))
    desk.post(address, {"fix": "phone", f"a-{asked}": "typed"})
    page = desk.get(address)
    assert "phone" in page.context["form"].fields
    assert page.context["form"].initial["phone"] == "15400008830"
    desk.post(address, {"keep": "phone"})
    page = desk.get(address)
    assert "phone" not in page.context["form"].fields
    draft.refresh_from_db()
    assert draft.typed["answers"][asked] == "typed"


def test_an_outdated_fact_has_to_be_confirmed_in_person(world, desk, resident):
    draft = begin(desk)
    choose(desk, draft, resident)
    page = desk.get(at("accept-check", draft))
    code = next(one for one in page.context["plan"].guide.fields
                if dictionary()[one].fresh_days and one not in ("phone", "home_address"))  # fmt: skip
    value = answers_for([code])[f"a-{code}"]
    text = value[0] if isinstance(value, list) else value
    long_ago = timezone.now() - timedelta(days=(dictionary()[code].fresh_days or 0) + 1)
    with circumstances(at=long_ago):
        record_facts(
            resident, values={code: text}, source_kind="visit", source_label="",
            by=world.network_admin,
        )  # fmt: skip
    answer = fill_in(desk, draft)
    assert answer.status_code == 422
    assert "已过期，请当面确认" in answer.content.decode()
    desk.post(at("accept-check", draft), {"confirm": code})
    assert fill_in(desk, draft).status_code == 302


def test_a_township_without_the_register_confirms_by_accepting(world, desk, resident):
    """Its posts may not confirm at large; what the applicant said at the counter is kept all the same."""
    clerk, today = world.street_clerk, timezone.localdate()
    assert not clerk.has("residents.confirm")
    code = next(one for one in planned(ITEM).guide.fields
                if dictionary()[one].fresh_days and one not in ("phone", "home_address"))  # fmt: skip
    value = answers_for([code])[f"a-{code}"]
    text = value[0] if isinstance(value, list) else value
    with circumstances(
        at=timezone.now() - timedelta(days=(dictionary()[code].fresh_days or 0) + 1)
    ):
        record_facts(
            resident, values={code: text}, source_kind="visit", source_label="",
            by=world.network_admin,
        )  # fmt: skip
    assert not known_fields(resident, [code], today)[code].fresh
    papers = [HandedIn(need.code) for need in planned(ITEM).guide.materials]
    actions.accept_matter(
        world.place(STREET), item=ITEM, resident=resident, answers={}, channel="window",
        materials=papers, confirmed=[code], by=clerk,
    )  # fmt: skip
    assert known_fields(resident, [code], today)[code].fresh


def test_a_missing_paper_and_a_missing_signature_are_named(world, desk, resident):
    draft = begin(desk)
    choose(desk, draft, resident)
    fill_in(desk, draft)
    answer = hand_in(desk, draft, tick=[], signature_image="")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "请拍照上传，或勾选“已收纸质件”。" in text
    assert "请居民签名" in text
    assert not Matter.objects.exists()


def test_signing_on_paper_needs_a_witness(world, desk, resident):
    draft = begin(desk)
    choose(desk, draft, resident)
    fill_in(desk, draft)
    paper = {"signature_manner": "paper", "signature_image": ""}
    assert hand_in(desk, draft, **paper).status_code == 422
    assert hand_in(desk, draft, **paper, witness="顾兰").status_code == 302
    assert Matter.objects.get().answers["signature_witness"] == "顾兰"


def test_photographs_stay_with_the_draft_until_it_is_accepted(world, desk, resident):
    draft = begin(desk)
    choose(desk, draft, resident)
    fill_in(desk, draft)
    address = at("accept-materials", draft)
    lines = desk.get(address).context["papers"]
    code = next(line.need.code for line in lines if not line.waived)
    photos = [SimpleUploadedFile("一.png", PNG), SimpleUploadedFile("二.png", PNG)]
    desk.post(address, {f"file-{code}": photos, "do": "save"})
    draft.refresh_from_db()
    kept = [one["path"] for one in draft.typed["uploads"]]
    assert len(kept) == 2
    ticks = [line.need.code for line in lines if not line.waived and line.need.code != code]
    assert hand_in(desk, draft, tick=ticks).status_code == 302
    assert Matter.objects.get().materials.filter(code=code).exclude(file="").count() == 2
    assert not any(default_storage.exists(path) for path in kept)


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("photo.png", b"<script>alert(1)</script>", "不是照片或 PDF"),
        ("scan.pdf", b"PK\x03\x04 a workbook", "不是照片或 PDF"),
        ("empty.jpg", b"", "空文件"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_whatever_its_name(
    world, desk, resident, name, body, sentence
):
    draft = begin(desk)
    choose(desk, draft, resident)
    fill_in(desk, draft)
    address = at("accept-materials", draft)
    code = next(ln.need.code for ln in desk.get(address).context["papers"] if not ln.waived)
    answer = desk.post(address, {f"file-{code}": SimpleUploadedFile(name, body), "do": "save"})
    draft.refresh_from_db()
    if body:
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert draft.typed["uploads"] == []


def test_the_back_button_and_a_second_click_accept_nothing_twice(world, desk, resident):
    draft, answer = walk(desk, resident)
    again = hand_in_again(desk, draft)
    assert again.url in answer.url
    for name in ("accept-person", "accept-check", "accept-materials"):
        assert desk.get(at(name, draft)).url == again.url
    assert Matter.objects.count() == 1


def hand_in_again(desk, draft):
    said = {"signature_manner": "pad", "signature_image": DRAWN, "do": "accept"}
    return desk.post(at("accept-materials", draft), said)


def test_steps_cannot_be_skipped_by_their_address(world, desk, resident):
    draft = begin(desk)
    assert desk.get(at("accept-materials", draft)).url == at("accept-person", draft)
    choose(desk, draft, resident)
    assert desk.get(at("accept-materials", draft)).url == at("accept-check", draft)


def test_an_item_a_community_does_not_offer_is_said_clearly(world, desk, resident):
    draft = begin(desk)
    actions.set_offering(
        world.place(COMMUNITY), item=draft.item, offered=False, by=world.city_bureau
    )
    answer = choose(desk, draft, resident)
    assert answer.status_code == 422
    assert "没有提供" in answer.content.decode()
    assert "本地不提供" in desk.get(reverse("matters:accept")).content.decode()


def test_a_resident_of_another_county_is_found_masked_and_accepted(world, desk):
    far = add_resident(
        world.place(VILLAGE), name="韩文静", values={"phone": "15400008831"},
        source="visit", source_label="走访", by=world.actor(Role.COMMUNITY_NETWORK, VILLAGE, "committee", "管员"),
    )  # fmt: skip
    draft = begin(desk)
    page = desk.get(at("accept-person", draft), {"q": "韩文静"})
    assert [one.pk for one in page.context["people"]] == [far.pk]
    assert "韩*静" in page.content.decode()
    choose(desk, draft, far)
    fill_in(desk, draft)
    answer = hand_in(desk, draft)
    assert answer.status_code == 302, answer.context["faults"]
    matter = Matter.objects.get()
    assert (matter.division_id, matter.accepted_in_id) == (VILLAGE, COMMUNITY)


def test_a_birth_date_that_contradicts_the_identity_number_is_told_at_once(world, desk):
    far = add_resident(
        world.place(VILLAGE), name="韩文静", values={"phone": "15400008831"}, source="visit", source_label="走访",
        by=world.actor(Role.COMMUNITY_NETWORK, VILLAGE, "committee", "管员"),
    )  # fmt: skip
    draft = begin(desk)
    choose(desk, draft, far)
    answer = fill_in(desk, draft, **{"a-born_on": "1950-01-01"})
    assert answer.status_code == 422
    assert "born_on" in answer.context["form"].errors


def test_an_agent_leaves_name_telephone_and_relation(world, desk, resident):
    draft = begin(desk)
    answer = choose(desk, draft, resident, who="agent", agent_name="陈东", agent_phone="123")
    assert answer.status_code == 422
    assert "陈东" in answer.content.decode()
    choose(desk, draft, resident, who="agent", agent_name="陈东", agent_phone="13912344518",
           agent_relation="儿子")  # fmt: skip
    fill_in(desk, draft)
    hand_in(desk, draft)
    matter = Matter.objects.get()
    assert (matter.agent_name, matter.agent_phone, matter.agent_relation) == (
        "陈东", "13912344518", "儿子",
    )  # fmt: skip


def test_a_draft_is_there_after_the_session_ended(world, desk, resident, sign_in):
    draft = begin(desk)
    choose(desk, draft, resident)
    code = next(iter(desk.get(at("accept-check", draft)).context["form"].fields))
    desk.post(at("draft-save", draft), {f"a-{code}": "打到一半"})
    desk.logout()
    assert "login" in desk.get(at("accept-check", draft)).url
    again = sign_in(world.network_admin)
    assert str(draft.item) in again.get(reverse("matters:drafts")).content.decode()
    page = again.get(at("accept-check", draft))
    assert "打到一半" in str(page.context["form"].initial.values())


def test_a_draft_is_nobody_elses(world, desk, resident, sign_in):
    draft = begin(desk)
    other = sign_in(world.neighbour_admin)
    assert other.get(at("accept-person", draft)).status_code == 404
    assert other.post(at("draft-discard", draft)).status_code == 404
    assert Draft.objects.filter(pk=draft.pk).exists()
    desk.post(at("draft-discard", draft))
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_a_confidential_item_shows_the_note(world, desk):
    draft = begin(desk, "birth-registration")
    assert "这是保密事项" in desk.get(at("accept-person", draft)).content.decode()


def test_a_leader_accepts_nothing(world, sign_in):
    browser = sign_in(world.leader)
    assert browser.get(reverse("matters:accept")).status_code == 403
    assert browser.post(reverse("matters:accept"), {"item": ITEM}).status_code == 403
    assert not Draft.objects.exists()


def test_items_are_found_by_everyday_words(world, desk):
    page = desk.get(reverse("matters:accept"), {"q": "修房子"})
    assert [one["item"].code for one in page.context["items"]] == ["housing-repair-aid"]
    empty = desk.get(reverse("matters:accept"), {"q": "量子计算"}).content.decode()
    assert "没有找到这个事项" in empty
