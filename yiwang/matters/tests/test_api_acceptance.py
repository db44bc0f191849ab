"""Another system accepts: it asks what is known, sends only the rest, and files with it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.pictures import PNG
from yiwang.matters import actions
from yiwang.matters.models import Matter
from yiwang.matters.reads import planned

from .test_pages_accept import told_for

pytestmark = pytest.mark.usefixtures("catalogue")
ITEM = "senior-allowance"
FORM, ACCEPT = "/api/v1/matters/form", "/api/v1/matters/"


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def desk(world, sign_in):
    return sign_in(world.network_admin)


def send(desk, address, body):
    return desk.post(address, json.dumps(body), content_type="application/json")


def test_a_caller_sends_only_what_is_asked(desk, resident):
    who = {"item": ITEM, "resident": resident.pk}
    told = send(desk, FORM, who).json()
    known, asked = ([one["code"] for one in told[key]] for key in ("known", "asked"))
    assert {"phone", "identity_number"} <= set(known)
    assert told["total"] == len(known) + len(asked)
    assert "15400008830" not in json.dumps(told)
    papers = [{"code": one["code"]} for one in told["materials"] if one["state"] == "needed"]
    whole = {**who, "answers": told_for(asked), "materials": papers}
    refusals = {
        "answers": {**whole, "answers": {}},
        "not_asked": {**whole, "answers": {**whole["answers"], "school": "无"}},
        "materials_missing": {**whole, "materials": []},
    }
    for code, body in refusals.items():
        said = send(desk, ACCEPT, body)
        assert (said.status_code, said.json()["code"]) == (409, code)
    missing = send(desk, ACCEPT, refusals["answers"]).json()
    assert asked[0] in missing["fields"]
    assert not Matter.objects.exists()
    assert send(desk, ACCEPT, whole).status_code == 201
    matter = Matter.objects.get()
    assert matter.answers["phone"] == "15400008830"
    assert (matter.fields_needed, matter.fields_asked) == (told["total"], len(asked))
    assert matter.materials.filter(code="identity_card", state="waived").exists()


def test_files_come_with_an_acceptance_and_a_correction(desk, world, resident):
    fields, needs = planned(ITEM).guide.fields, planned(ITEM).guide.materials
    body = {"item": ITEM, "resident": resident.pk, "answers": told_for(fields)}

    def picture(name="a.png", content=PNG):
        return SimpleUploadedFile(name, content)

    def sent(**files):
        return desk.post(f"{ACCEPT}with-files", {"application": json.dumps(body), **files})

    codes = [one.code for one in needs]
    wrong = {
        "codes": sent(codes=codes[:1], files=[picture(), picture()]),
        "file": sent(codes=codes[:1], files=[picture("a.png", b"MZ a programme")]),
    }
    for code, answer in wrong.items():
        assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert not Matter.objects.exists()
    # The register is read for what the caller left out alone: here nothing.
    body["asked"] = []
    with CaptureQueriesContext(connection) as seen:
        answer = sent(codes=codes, files=[picture(f"{code}.png") for code in codes])
    selects = [one["sql"] for one in seen if one["sql"].startswith("SELECT")]
    assert not [one for one in selects if "sourcerecord" in one or "residents_limit" in one]
    assert answer.status_code == 201, answer.content
    matter = Matter.objects.get()
    assert matter.materials.exclude(file="").count() == len(codes)
    step = matter.steps.filter(state="active").get()
    clerk = world.network_admin
    missing = [{"kind": "material", "code": codes[0], "name": needs[0].name, "wrong": "缺页"}]
    actions.return_matter(step, items=missing, by=clerk)
    address = f"{ACCEPT}{matter.number}/correct/with-files"
    bad = desk.post(address, {"codes": codes[:1], "files": [picture("b.png", b"")]})
    assert bad.status_code == 409
    assert desk.post(address, {"codes": codes[:1], "files": [picture("b.png")]}).status_code == 200
    matter.refresh_from_db()
    assert matter.state == "working"
    assert matter.materials.filter(code=codes[0]).exclude(file="").count() == 2
