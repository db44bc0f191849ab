"""A result handed over, refused to strangers, checked by everybody, and taken back (SVC-05, 07)."""

import base64
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from tests.pictures import PNG
from tests.world import COMMUNITY
from yiwang.core.errors import Refused
from yiwang.core.models import Parameter
from yiwang.matters import actions
from yiwang.matters.actions.delivery import Receipt, hand_over
from yiwang.matters.models import Result
from yiwang.matters.reads.results import pickup_code
from yiwang.notifications.models import Message
from yiwang.portal.models import Guess

DRAWN = "data:image/png;base64," + base64.b64encode(PNG).decode()


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def matter(world, accepted):
    """A matter that was granted, its result not handed over yet."""
    found = accepted()
    for step in found.steps.order_by("stage", "pk"):
        step.refresh_from_db()
        last = not found.steps.exclude(pk=step.pk).exclude(state="done").exists()
        if last:
            actions.finish_matter(step, granted=True, text="准予。", by=world.city_bureau)
        else:
            actions.complete_step(step, agreed=True, opinion="同意", by=world.city_bureau)
    found.refresh_from_db()
    return found


def refusal(*args, **kwargs) -> str:
    with pytest.raises(Refused) as told:
        hand_over(*args, **kwargs)
    return told.value.code


def test_a_kiosk_gives_it_against_the_code_that_was_sent_and_to_nobody_else(world, matter):
    code = pickup_code(matter.result)
    told = Message.objects.get(kind="finished", reference=f"matter:{matter.number}")
    assert told.facts["code"] == code
    by, kiosk = world.network_admin, {"how": "kiosk", "receiver": "陈桂英"}
    wrong = "000000" if code != "000000" else "000001"
    for _try in range(5):
        assert refusal(matter, **kiosk, receipt=Receipt(code=wrong), by=by) == "wrong_code"
    assert refusal(matter, **kiosk, receipt=Receipt(code=code), by=by) == "locked"
    # A document shown at the window still counts; a kiosk has no window.
    Result.objects.update(pickup_locked_until=None)
    hand_over(matter, **kiosk, receipt=Receipt(code=f"{code[:3]} {code[3:]}"), by=by)
    matter.result.refresh_from_db()
    assert (matter.result.handover.proof, matter.result.receiver) == ("code", "陈桂英")
    assert refusal(matter, **kiosk, receipt=Receipt(code=code), by=by) == "delivered"


def test_an_agent_says_who_she_is_and_a_visit_leaves_a_signature(world, matter):
    by, visit = world.network_admin, {"how": "visit", "receiver": "丁小军"}
    drawn = SimpleUploadedFile("s.png", PNG)
    assert refusal(matter, **visit, receipt=Receipt("code"), by=by) == "proof"
    assert refusal(matter, **visit, receipt=Receipt("drawn", file=drawn), by=by) == (
        "relation_missing"
    )
    child = {"relation": "child"}
    assert refusal(matter, **visit, receipt=Receipt("drawn", **child), by=by) == "signature_missing"
    assert refusal(matter, **visit, receipt=Receipt("witness", **child), by=by) == "witness_missing"
    assert refusal(matter, how="bird", receiver="x", receipt=Receipt(), by=by) == "how"
    hand_over(matter, **visit, receipt=Receipt("drawn", file=drawn, **child), by=by)
    made = Result.objects.get().handover
    assert (made.relation, made.size > 0, made.digest != "") == ("child", True, True)


def test_the_desk_delivers_on_a_page_and_prints_the_receipt(world, matter, sign_in):
    desk = sign_in(world.network_admin)
    url = reverse("matters:handle", args=[matter.number, "deliver"])
    assert 'data-sign-into="deliver-signature"' in desk.get(url).content.decode()
    wrong = desk.post(url, {"how": "visit", "receiver": "陈桂英", "proof": "witness"})
    assert wrong.status_code == 422
    assert "请填写见证人姓名" in wrong.content.decode()
    done = desk.post(
        url, {"how": "visit", "receiver": "陈桂英", "proof": "drawn", "signature": DRAWN}
    )
    assert done.url == matter.get_absolute_url()
    paper = desk.get(reverse("matters:delivery-receipt", args=[matter.number])).content.decode()
    assert "送达回证" in paper
    signature = desk.get(reverse("matters:signature", args=[matter.number]))
    assert signature["Content-Type"] == "image/png"
    assert "屏幕签收" in desk.get(matter.get_absolute_url()).content.decode()


def test_the_result_is_a_file_for_print_and_for_word(world, matter, sign_in):
    Parameter.objects.filter(rule_id="matters.red_head").update(value=True)
    desk = sign_in(world.network_admin)
    pdf = desk.get(reverse("matters:result-file", args=[matter.number, "pdf"]))
    word = desk.get(reverse("matters:result-file", args=[matter.number, "docx"]))
    assert (pdf.content[:5], word.content[:2]) == (b"%PDF-", b"PK")
    assert desk.get(reverse("matters:result-file", args=[matter.number, "odt"])).status_code == 404
    found = desk.get(f"/api/v1/matters/{matter.number}/result").json()
    assert found["number"] == matter.result.number
    file = desk.get(f"/api/v1/matters/{matter.number}/result/file?kind=docx")
    assert file.content[:2] == b"PK"


def test_everybody_checks_a_paper_and_reads_that_it_was_revoked_and_why(world, matter, sign_in):
    visitor, result = Client(), matter.result
    page = visitor.get(f"/verify/{result.code.lower()}/").content.decode()
    assert "现在有效" in page
    assert result.number in page
    assert "陈*英" in page
    assert "陈桂英" not in page
    assert "准予。" not in page
    with pytest.raises(Refused) as told:
        actions.revoke_result(matter, reason="", by=world.city_bureau)
    assert told.value.code in {"reason_missing", "not_issuer"}
    with pytest.raises(Refused, match="签发单位"):
        actions.revoke_result(
            matter, reason="误批", by=world.neighbour_admin.within_act("matters.revoke")
        )
    issuer = _of_unit(world, result.unit)
    actions.revoke_result(matter, reason="申请材料不实", by=issuer)
    page = visitor.get(f"/verify/{result.code}/").content.decode()
    assert "已被撤销" in page
    assert "申请材料不实" in page
    api = visitor.get(f"/api/v1/portal/verify/{result.code}").json()
    assert (api["valid"], api["reason"]) == (False, "申请材料不实")
    assert Message.objects.filter(kind="revoked", reference=f"matter:{matter.number}").exists()
    assert (
        refusal(matter, how="window", receiver="陈桂英", receipt=Receipt(), by=issuer) == "revoked"
    )
    with pytest.raises(Refused, match="已经撤销"):
        actions.revoke_result(matter, reason="再来", by=issuer)


def _of_unit(world, unit):
    from dataclasses import replace

    return replace(world.city_bureau, unit_id=unit.pk).within_act("matters.revoke")


def test_codes_cannot_be_tried_out(world, matter):
    visitor = Client(REMOTE_ADDR="203.0.113.9")
    assert len(matter.result.code) == 12
    for _try in range(10):
        assert visitor.get("/verify/ABCDEFGHJKLM/").status_code == 404
    locked = visitor.get(f"/verify/{matter.result.code}/")
    assert (locked.status_code, "以后才能再核验" in locked.content.decode()) == (429, True)
    assert visitor.get(f"/api/v1/portal/verify/{matter.result.code}").status_code == 429
    assert Client().get(f"/verify/{matter.result.code}/").status_code == 200
    assert Guess.objects.count() == 1


def test_the_holder_of_a_number_sees_the_code_and_downloads_the_paper(world, matter, resident):
    visitor = Client()
    visitor.post("/track/", {"number": matter.number, "last_four": "8830"})
    page = visitor.get(f"/track/{matter.number}/").content.decode()
    code = pickup_code(matter.result)
    assert f"{code[:3]}-{code[3:]}" in page
    assert visitor.get(f"/track/{matter.number}/result.pdf").content[:5] == b"%PDF-"
    hand_over(
        matter, how="window", receiver="陈桂英", receipt=Receipt("document"),
        by=world.network_admin,
    )  # fmt: skip
    assert f"{code[:3]}-{code[3:]}" not in visitor.get(f"/track/{matter.number}/").content.decode()
    assert world.place(COMMUNITY)


def test_each_notice_is_an_official_document(world, accepted, sign_in):
    matter = accepted()
    desk, by = sign_in(world.network_admin), world.network_admin
    step = matter.steps.get(state="active")

    def at(notice, kind="docx"):
        return desk.get(reverse("matters:notice", args=[matter.number, notice, kind]))

    for missing in ("correction", "extension", "nothing"):
        assert at(missing).status_code == 404
    actions.extend_matter(step, amount=2, reason="需要补充调查", by=by)
    actions.decide_extension(matter.extensions.get(), granted=True, by=world.leader)
    items = [{"kind": "other", "code": "o", "name": "屋顶近照"}]
    actions.return_matter(step, items=items, reason="拍清楚", by=by)
    for notice, title, words in (
        ("acceptance", "受理通知书", "现予受理"), ("correction", "一次性补正告知书", "屋顶近照"),
        ("extension", "延期办理告知书", "需要补充调查"),
    ):  # fmt: skip
        lines = [one.text for one in Document(io.BytesIO(at(notice).content)).paragraphs]
        assert title in lines
        assert any(words in line for line in lines)
        assert at(notice, "pdf").content.startswith(b"%PDF")
        own = desk.get(f"/api/v1/matters/{matter.number}/notices/{notice}")
        assert own.content.startswith(b"%PDF")
        assert f"/notices/{notice}/pdf/" in desk.get(matter.get_absolute_url()).content.decode()
    assert at("acceptance", "odt").status_code == 404
    assert (
        sign_in(world.neighbour_admin).get(at("acceptance").request["PATH_INFO"]).status_code == 404
    )
