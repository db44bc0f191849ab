"""Documents on file: put there, replaced, ended, agreed to, looked at with a reason (SVC-06)."""

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.pictures import PNG
from tests.world import COMMUNITY, World
from yiwang.accounts.models import User
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.personal.actions import agree_to_document, anonymise_resident
from yiwang.personal.reads import looks_at, own_actor
from yiwang.residents.actions import (
    Filing,
    end_document,
    file_document,
    mark_deceased,
    open_document,
    set_document_consent,
    use_documents,
)
from yiwang.residents.models import Document
from yiwang.residents.reads import documents_on_file

KIND, UNTIL = "disability_certificate", date(2028, 5, 1)
TODAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture():
    return SimpleUploadedFile("证.png", PNG)


def filed(world: World, resident, kind=KIND, until=UNTIL, agreed="counter", by=None):
    filing = Filing(kind, "南通市残联", None, until, agreed)
    return file_document(resident, filing=filing, uploads=[picture()], by=by or world.network_admin)


@pytest.fixture
def desk(world):
    browser = Client()
    browser.force_login(User.objects.get(pk=world.network_admin.user_id))
    return browser


def test_a_new_one_of_the_kind_replaces_what_was_there(world, resident):
    old = filed(world, resident)
    new = filed(world, resident, until=date(2030, 5, 1))
    other = filed(world, resident, kind="household_book", until=None)
    old.refresh_from_db()
    assert old.ended_why == "换成新的一份"
    assert set(Document.objects.on_file()) == {new, other}
    held = documents_on_file(resident, [KIND, "household_book"], TODAY)
    assert held[KIND].usable == [new]
    assert held["household_book"].usable == [other]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "passport"}, "no_kind"),
        ({"until": None}, "invalid"),
    ],
)
def test_a_document_that_is_not_sound_is_refused(world, resident, change, code):
    with pytest.raises(Refused) as refusal:
        filed(world, resident, **change)
    assert refusal.value.code == code
    assert not Document.objects.exists()


def test_a_text_that_calls_itself_a_picture_is_refused(world, resident):
    fake = SimpleUploadedFile("证.png", b"<script>")
    with pytest.raises(Refused) as refusal:
        file_document(
            resident, filing=Filing("household_book"), uploads=[fake], by=world.network_admin
        )
    assert refusal.value.code == "file_type"


def test_nothing_is_filed_for_the_dead_nor_by_another_community(world, resident):
    with pytest.raises(PermissionDenied):
        filed(world, resident, by=world.neighbour_admin)
    mark_deceased(resident, on=TODAY.replace(day=1, month=11), by=world.network_admin)
    with pytest.raises(Refused) as refusal:
        filed(world, resident)
    assert refusal.value.code == "not_live"


def test_consent_is_taken_back_by_the_person_and_given_again(world, resident):
    held = filed(world, resident)
    agree_to_document(held, agreed=False, by=own_actor(resident))
    assert not held.agreed
    with pytest.raises(Refused) as refusal:
        use_documents(
            resident, documents=[held], reference="matter:1", label="津贴",
            by=world.network_admin.within_act("residents.use_document"),
        )  # fmt: skip
    assert refusal.value.code == "not_usable"
    agree_to_document(held, agreed=True, by=own_actor(resident))
    assert (held.agreed, held.agreed_how) == (True, "online")


def test_nobody_decides_for_another_resident(world, resident):
    from yiwang.residents.actions import add_resident

    other = add_resident(
        world.place(COMMUNITY), name="王强", values={"phone": "13900012345"}, by=world.network_admin
    )
    with pytest.raises(PermissionDenied):
        agree_to_document(filed(world, resident), agreed=False, by=own_actor(other))


def test_one_without_its_last_day_cannot_be_agreed_to(world, resident):
    held = filed(world, resident, until=None, agreed="")
    with pytest.raises(Refused) as refusal:
        set_document_consent(held, agreed=True, how="counter", by=world.network_admin)
    assert refusal.value.code == "invalid"


def test_a_document_leaves_the_file_once_and_for_a_reason(world, resident):
    held = filed(world, resident)
    with pytest.raises(Refused) as empty:
        end_document(held, reason=" ", by=world.network_admin)
    assert empty.value.code == "reason_needed"
    end_document(held, reason="已注销", by=world.network_admin)
    with pytest.raises(Refused) as again:
        end_document(held, reason="已注销", by=world.network_admin)
    assert again.value.code == "ended"
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=held.pk).update(ended_why="")


def test_looking_at_the_picture_asks_for_a_reason_the_person_reads(world, resident):
    held = filed(world, resident)
    with pytest.raises(Refused):
        open_document(resident, document=held.pk, reason="看", by=world.network_admin)
    open_document(resident, document=held.pk, reason="核对残疾等级", by=world.network_admin)
    look = looks_at(resident)[0]
    assert (look.field, look.why) == ("残疾人证", "核对残疾等级")


def test_the_pictures_go_when_a_record_is_made_anonymous(world, resident):
    held = filed(world, resident)
    name, storage = held.file.name, held.file.storage
    mark_deceased(resident, on=date(2026, 11, 1), by=world.network_admin)
    anonymise_resident(resident, reason="保存期满", by=world.street_clerk)
    held.refresh_from_db()
    assert (bool(held.file), held.issuer, held.ended_why) == (False, "", "档案已匿名")
    assert not storage.exists(name)


def test_staff_file_replace_and_end_on_pages(world, resident, desk):
    page = reverse("residents:documents", args=[resident.pk])
    assert "档案里还没有材料" in desk.get(page).content.decode()
    new = reverse("residents:document-new", args=[resident.pk])
    said = {"kind": KIND, "issuer": "南通市残联", "agreed_how": "counter"}
    answer = desk.post(new, {**said, "file": picture()})
    assert answer.status_code == 422
    assert "照证件填写" in answer.content.decode()
    assert desk.post(new, {**said, "valid_to": "2028-05-01", "file": picture()}).url == page
    held = Document.objects.get()
    text = desk.get(page).content.decode()
    assert "残疾人证" in text
    assert "2028-05-01" in text
    opened = reverse("residents:document-open", args=[held.pk])
    assert desk.post(opened, {"reason": "看"}).status_code == 422
    answer = desk.post(opened, {"reason": "核对残疾等级"})
    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Disposition"].startswith("attachment")
    consent = reverse("residents:document-consent", args=[held.pk])
    desk.post(consent, {"agreed": "no"})
    assert "本人撤回同意" in desk.get(page).content.decode()
    desk.post(reverse("residents:document-end", args=[held.pk]), {"reason": "已注销"})
    assert "没有这样的材料" in desk.get(page + "?state=usable").content.decode()
    assert "已注销" in desk.get(page + "?state=ended").content.decode()


def test_the_api_files_lists_and_opens_a_document(world, resident, desk):
    base = f"/api/v1/residents/{resident.pk}/documents"
    said = {"kind": KIND, "valid_to": "2028-05-01", "agreed_how": "counter", "file": picture()}
    made = desk.post(base, said)
    assert made.status_code == 201, made.content
    rows = desk.get(base).json()
    assert [(one["kind"], one["valid_to"], one["agreed"]) for one in rows] == [
        (KIND, "2028-05-01", True)
    ]
    one = f"/api/v1/residents/documents/{made.json()['id']}"
    plain = {"content_type": "application/json"}
    answer = desk.post(f"{one}/open", json.dumps({"reason": "核对残疾等级"}), **plain)
    assert b"".join(answer.streaming_content) == PNG
    assert JournalLine.objects.filter(act="residents.reveal").count() == 1
    assert (
        desk.post(f"{one}/consent", json.dumps({"agreed": False}), **plain).json()["agreed"]
        is False
    )
    assert desk.post(f"{one}/end", json.dumps({"reason": "已注销"}), **plain).status_code == 200
