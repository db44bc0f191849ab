"""Answering the one correction notice from home (SVC-04, SV-1)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.pictures import PNG
from yiwang.core.reads import parameter
from yiwang.matters.models import Event, Material
from yiwang.matters.rules import EventKind, State

from .conftest import MISSING, ask_back


@pytest.fixture
def asked(handed_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return ask_back(handed_in)


def send(holder, matter, body=PNG, name="card.png", **typed):
    upload = SimpleUploadedFile(name, body, "image/png")
    said = {"file0": upload, "text1": "陈建国 15400001111", **typed}
    return holder.post(f"/track/{matter.number}/correct/", said)


def test_everything_asked_for_is_taken_and_the_clock_runs_again(holder, asked):
    assert send(holder, asked).status_code == 302
    asked.refresh_from_db()
    assert asked.state == State.WORKING
    assert asked.answers["emergency_contact"] == "陈建国 15400001111"
    paper = Material.objects.get(matter=asked, code="bank_card")
    assert (paper.state, paper.content_type) == (Material.State.GIVEN, "image/png")
    line = Event.objects.get(matter=asked, kind=EventKind.CORRECTED)
    assert line.by == "申请人"


def test_the_form_names_what_is_missing_and_why(holder, asked):
    html = holder.get(f"/track/{asked.number}/correct/").content.decode()
    assert "看不清卡号" in html
    assert 'type="file"' in html
    assert "紧急联系人" in html


def test_half_an_answer_is_refused_with_the_name_of_what_is_missing(holder, asked):
    response = holder.post(f"/track/{asked.number}/correct/", {"text1": "陈建国"})
    assert response.status_code == 422
    assert "本人银行卡" in str(response.context["form"].errors["file0"])
    asked.refresh_from_db()
    assert asked.state == State.CORRECTING


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"MZ\x90 a program", "不是照片或 PDF"),
        (b"", "空的"),
        (None, "请压缩后再传"),
    ],
)
def test_a_file_is_judged_by_what_it_is(holder, asked, body, words):
    too_large = PNG + b"0" * (int(parameter("matters.attachment_megabytes")) * 2**20)
    response = send(holder, asked, too_large if body is None else body)
    assert response.status_code == 422
    assert words in response.content.decode()
    asked.refresh_from_db()
    assert asked.state == State.CORRECTING


def test_what_the_office_wrote_freely_may_be_answered_in_words(holder, handed_in):
    ask_back(handed_in, [*MISSING[1:], {"kind": "other", "code": "other-1", "name": "说明住址"}])
    address = f"/track/{handed_in.number}/correct/"
    said = {"text0": "陈建国", "text1": ""}
    assert "请传一个文件，或写几句话" in holder.post(address, said).content.decode()
    assert holder.post(address, {**said, "text1": "住女儿家"}).status_code == 302
    handed_in.refresh_from_db()
    assert handed_in.answers["other-1"] == "住女儿家"


def test_a_matter_that_waits_for_nothing_leads_back(holder, handed_in):
    response = holder.get(f"/track/{handed_in.number}/correct/")
    assert response.headers["Location"] == f"/track/{handed_in.number}/"
    assert holder.post(f"/track/{handed_in.number}/correct/", {}).status_code == 302


def test_sending_twice_does_it_once(holder, asked):
    send(holder, asked)
    assert send(holder, asked).headers["Location"] == f"/track/{asked.number}/"
    assert Event.objects.filter(matter=asked, kind=EventKind.CORRECTED).count() == 1
