"""Documents handed in once: on file, attached later, asked for anew when they expire (SVC-06)."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.pictures import PNG
from tests.world import COMMUNITY
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Draft, Material, Matter
from yiwang.personal.reads import looks_at
from yiwang.residents.actions import (
    Filing,
    end_document,
    file_document,
    override_limit,
    set_document_consent,
)
from yiwang.residents.models import Document, UseLimit

from .test_pages_accept import DRAWN, at, begin, choose, fill_in

pytestmark = pytest.mark.usefixtures("catalogue")
ITEM, KIND = "disability-allowances", "disability_certificate"
OTHERS = ["identity_card", "bank_card"]


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(name="证.png"):
    return SimpleUploadedFile(name, PNG)


def filed(world, resident, *, until=date(2028, 5, 1), agreed="counter", **more):
    filing = Filing(KIND, "南通市残联", None, until, agreed, **more)
    return file_document(resident, filing=filing, uploads=[picture()], by=world.network_admin)


def accept(world, resident, **more):
    wanted = {"materials": [HandedIn(code) for code in OTHERS], **more}
    return actions.accept_matter(
        world.place(COMMUNITY), item=ITEM, resident=resident, answers={}, channel="window",
        by=world.network_admin, **wanted,
    )  # fmt: skip


def test_a_certificate_on_file_until_2028_is_attached_without_asking(world, resident):
    document = filed(world, resident)
    matter = accept(world, resident)
    taken = matter.materials.get(code=KIND)
    assert taken.document == document
    assert taken.file.read() == PNG
    assert taken.file.name != document.file.name
    assert (matter.papers_reused, matter.papers_needed) == (1, 4)
    use = document.uses.get()
    assert use.reference == f"matter:{matter.number}"
    line = JournalLine.objects.get(act="residents.use_document")
    assert (line.subject_id, line.facts["documents"]) == (str(resident.pk), [document.pk])
    told = looks_at(resident)[0]
    assert (told.field, told.why) == ("残疾人证", matter.item.title)


@pytest.mark.parametrize("change", ["expired", "not_yet", "withdrawn", "ended", "other_person"])
def test_what_may_not_be_used_is_asked_for_anew(world, resident, family_of_two, change):
    document = filed(world, resident)
    today, rows = timezone.localdate(), Document.objects.filter(pk=document.pk)
    if change == "expired":
        rows.update(valid_to=today - timedelta(days=1))
    elif change == "not_yet":
        rows.update(valid_from=today + timedelta(days=1))
    elif change == "withdrawn":
        set_document_consent(document, agreed=False, how="counter", by=world.network_admin)
    elif change == "ended":
        end_document(document, reason="已注销", by=world.network_admin)
    whose = family_of_two if change == "other_person" else resident
    with pytest.raises(Refused) as missing:
        accept(world, whose)
    assert missing.value.code == "materials_missing"
    assert not Material.objects.exists()


@pytest.fixture
def family_of_two(world, resident):
    from yiwang.residents.actions import add_resident

    return add_resident(
        world.place(COMMUNITY), name="王强", values={"phone": "13900012345"}, by=world.network_admin
    )


def test_the_last_day_of_its_validity_still_counts(world, resident):
    filed(world, resident, until=timezone.localdate())
    assert accept(world, resident).materials.get(code=KIND).document is not None


def test_what_the_applicant_does_not_want_used_is_left_out(world, resident):
    filed(world, resident)
    with pytest.raises(Refused):
        accept(world, resident, not_from_file=[KIND])
    handed = [HandedIn(code) for code in (*OTHERS, KIND)]
    matter = accept(world, resident, materials=handed)
    assert matter.materials.get(code=KIND).document is None
    assert matter.papers_reused == 0


def test_a_document_handed_in_at_the_counter_serves_the_next_matter(world, resident, sign_in):
    desk = sign_in(world.network_admin)
    draft = begin(desk, ITEM)
    choose(desk, draft, resident)
    fill_in(desk, draft)
    said = {
        "tick": OTHERS, "signature_manner": "pad", "signature_image": DRAWN, "do": "accept",
        f"keeps-{KIND}": "1", f"agreed-{KIND}": "yes", f"issuer-{KIND}": "南通市残联",
    }  # fmt: skip
    answer = desk.post(at("accept-materials", draft), {**said, f"file-{KIND}": picture()})
    assert answer.status_code == 422
    assert "照证件填写“有效期至”" in answer.content.decode()
    answer = desk.post(at("accept-materials", draft), {**said, f"valid_to-{KIND}": "2028-05-01"})
    assert answer.status_code == 302
    document = Document.objects.get()
    assert (document.kind, document.valid_to, document.agreed) == (KIND, date(2028, 5, 1), True)
    assert document.reference == f"matter:{Matter.objects.get().number}"
    again = begin(desk, ITEM)
    choose(desk, again, resident)
    fill_in(desk, again)
    text = desk.get(at("accept-materials", again)).content.decode()
    assert "有效期至 2028-05-01" in text
    assert "自动附上" in text
    assert f'name="file-{KIND}"' not in text
    assert "自动附上" in desk.get(at("accept-check", again)).content.decode()


def test_an_expired_one_is_asked_for_with_the_reason(world, resident, sign_in):
    document = filed(world, resident)
    Document.objects.filter(pk=document.pk).update(valid_to=date(2026, 5, 1))
    desk = sign_in(world.network_admin)
    draft = begin(desk, ITEM)
    choose(desk, draft, resident)
    fill_in(desk, draft)
    text = desk.get(at("accept-materials", draft)).content.decode()
    assert "已于 2026-05-01 到期" in text
    assert f'name="file-{KIND}"' in text


def test_without_consent_the_counter_asks_once_and_may_hand_in_anew(world, resident, sign_in):
    document = filed(world, resident, agreed="")
    desk = sign_in(world.network_admin)
    draft = begin(desk, ITEM)
    choose(desk, draft, resident)
    fill_in(desk, draft)
    page = at("accept-materials", draft)
    assert "居民同意使用档案里的一份" in desk.get(page).content.decode()
    said = {"tick": OTHERS, "signature_manner": "pad", "signature_image": DRAWN, "agree": KIND}
    desk.post(page, {**said, "do": "keep"})
    desk.post(page, {**said, "anew": KIND})
    assert "还是用档案里的" in desk.get(page).content.decode()
    desk.post(page, {**said, "from_file": KIND})
    assert desk.post(page, {**said, "do": "accept"}).status_code == 302
    document.refresh_from_db()
    assert document.agreed
    assert Matter.objects.get().materials.get(code=KIND).document == document


def test_what_a_person_restricted_is_not_filled_in_but_by_legal_duty(world, resident, sign_in):
    UseLimit.objects.create(
        resident=resident, kind="restrict", field="phone", reference="request:1",
        since=date(2026, 11, 1),
    )  # fmt: skip
    desk = sign_in(world.network_admin)
    draft = begin(desk, "elder-care-subsidy")
    choose(desk, draft, resident)
    page = desk.get(at("accept-check", draft))
    assert "phone" in page.context["form"].fields
    assert "本人要求限制使用（2026-11-01起）" in page.content.decode()
    desk.post(at("accept-check", draft), {"override": "phone", "duty-phone": "短"})
    assert "phone" in desk.get(at("accept-check", draft)).context["form"].fields
    reason = "核对补贴对象，社会救助暂行办法"
    desk.post(at("accept-check", draft), {"override": "phone", "duty-phone": reason})
    page = desk.get(at("accept-check", draft))
    assert "phone" not in page.context["form"].fields
    line = JournalLine.objects.get(act="residents.override_limit")
    assert (line.reason, line.facts["field"]) == (reason, "phone")
    assert looks_at(resident)[0].why == reason
    with pytest.raises(Refused) as free:
        override_limit(resident, field="name", reason=reason, by=world.network_admin)
    assert free.value.code == "not_limited"


def test_another_applicant_starts_with_nothing_of_the_first(
    world, resident, family_of_two, sign_in
):
    filed(world, resident)
    desk = sign_in(world.network_admin)
    draft = begin(desk, ITEM)
    choose(desk, draft, resident)
    desk.post(at("accept-materials", draft), {"anew": KIND})
    choose(desk, draft, family_of_two)
    typed = Draft.objects.get(pk=draft.pk).typed
    assert (typed["anew"], typed["keeping"], typed["overridden"]) == ([], {}, [])


def test_the_list_tells_the_receipt_that_nothing_was_brought_again(world, resident, sign_in):
    filed(world, resident)
    matter = accept(world, resident)
    desk = sign_in(world.network_admin)
    text = desk.get(reverse("matters:detail", args=[matter.number])).content.decode()
    assert "取自本人档案，没有再交" in text
