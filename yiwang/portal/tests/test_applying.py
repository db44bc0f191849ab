"""An organisation applies itself: sent, papers, corrections once, admitted; numbers and floods."""

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.world import COMMUNITY, STREET, World
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.notifications.actions import route_message
from yiwang.notifications.models import Delivery, Message
from yiwang.notifications.reads import shown_words
from yiwang.organizations.actions import decide_provider
from yiwang.organizations.models import Application, Organization, Paper, Provider
from yiwang.organizations.reads import waiting_for
from yiwang.organizations.rules.kinds import checks
from yiwang.organizations.tests.town import admitted, code, enter

API = "/api/v1/portal/applications"
SAID = {
    "name": "清爽洗衣店", "legal_form": "individual", "credit_code": code(71),
    "address": "人民路25号", "contact_name": "顾红", "contact_phone": "15400007733",
    "categories": ["eldercare"], "services": "洗衣、干洗", "phone": "15400001234",
    "areas": [str(COMMUNITY)],
}  # fmt: skip


def picture() -> SimpleUploadedFile:
    body = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(body, "PNG")
    return SimpleUploadedFile("照.png", body.getvalue())


def visitor() -> Any:
    client = Client()
    client.cookies["yw-community"] = str(COMMUNITY)
    return client


def test_an_application_goes_from_the_public_page_to_the_list_of_the_near(world: World) -> None:
    client = visitor()
    assert client.get("/join/").status_code == 200
    wrong = client.post("/join/", {**SAID, "credit_code": "91320690MA00000719", "contact_name": ""})
    assert wrong.status_code == 422
    assert not Organization.objects.exists()
    sent: Any = client.post("/join/", SAID)
    application = Application.objects.get()
    provider = Provider.objects.get()
    assert sent.url == f"/join/{application.number}/"
    assert (provider.application, provider.state) == (application, "applied")
    assert (provider.organization.credit_code, provider.organization.division_id) == (
        SAID["credit_code"], COMMUNITY,
    )  # fmt: skip
    assert "15400007733" not in client.get(sent.url).content.decode()

    assert "还缺营业执照" in client.get(sent.url).content.decode()
    text = SimpleUploadedFile("a.pdf", b"MZ")
    assert client.post(sent.url, {"kind": "licence", "scan": text}).status_code == 422
    assert client.post(sent.url, {"kind": "licence", "scan": picture()}).status_code == 302
    paper = Paper.objects.get()
    assert (paper.kind, paper.sealed or "", paper.content_type) == ("licence", "", "image/png")
    desk: Any = Client()
    desk.force_login(world.post(Role.TOWNSHIP_NETWORK, STREET, "service_centre").user)
    seen = desk.get(f"/desk/organizations/papers/{paper.pk}/scan/")
    assert seen.content.startswith(b"\x89PNG")

    by, today = world.street_clerk, timezone.localdate()
    assert waiting_for(by, today).waiting == 1
    assert "清爽洗衣店" in desk.get("/desk/organizations/?view=waiting").content.decode()
    page = f"/desk/organizations/{provider.organization_id}/"
    assert "decide/returned/" in desk.get(page).content.decode()
    assert desk.post(f"{page}decide/returned/", {"reason": "缺食品许可；地址写到门牌"}).url == page
    assert waiting_for(by, today).waiting == 0
    assert "缺食品许可" in client.get(sent.url).content.decode()
    again = {**SAID, "address": "人民路27号", "contact_name": "", "contact_phone": ""}
    assert client.post(f"{sent.url}correct/", again).url == sent.url
    provider.refresh_from_db()
    assert (provider.state, provider.organization.address) == ("applied", "人民路27号")
    with pytest.raises(Refused) as refusal:
        decide_provider(provider, to="returned", reason="还有一处", by=by)
    assert refusal.value.code == "asked"
    assert "decide/returned/" not in desk.get(page).content.decode()
    decide_provider(provider, to="approved", checked=list(checks()), by=by)
    assert "清爽洗衣店" in client.get("/near/").content.decode()
    assert client.post(sent.url, {"kind": "food", "scan": picture()}).status_code == 422


def test_the_number_alone_opens_nothing_and_wrong_digits_lock_it(world: World) -> None:
    visitor().post("/join/", SAID)
    number = Application.objects.get().number
    client = visitor()
    assert client.get(f"/join/{number}/").url == "/join/find/"
    right = {"number": number, "last_four": "7733"}
    assert client.post("/join/find/", right).url == f"/join/{number}/"
    for tried in (number, "S00000000"):
        for _try in range(5):
            wrong = client.post("/join/find/", {"number": tried, "last_four": "0000"})
            assert "对不上" in wrong.content.decode()
    assert client.post("/join/find/", right).status_code == 422


def test_what_the_register_knows_is_not_overwritten_and_is_not_applied_for_twice(
    world: World,
) -> None:
    shop = enter(world, "清爽洗衣店", credit_code=code(71), address="人民路1号")
    client = visitor()
    assert client.post("/join/", SAID).status_code == 302
    shop.refresh_from_db()
    assert (shop.address, shop.provider.state) == ("人民路1号", "applied")
    assert client.post("/join/", SAID).status_code == 422
    other = enter(world, "顺风理发店", credit_code=code(72))
    admitted(world, other)
    assert client.post("/join/", {**SAID, "credit_code": code(72)}).status_code == 422
    assert Application.objects.count() == 1


def test_the_same_by_program_and_floods_are_stopped(world: World) -> None:
    def send(path: str, **body: Any) -> Any:
        return Client().post(API + path, json.dumps(body), content_type="application/json")

    body = {**SAID, "areas": [COMMUNITY], "place": COMMUNITY}
    made = send("", **body)
    assert made.status_code == 201, made.content
    held = {"number": made.json()["number"], "last_four": "7733"}
    answer = Client().post(f"{API}/papers", {**held, "kind": "licence", "file": picture()})
    assert [one["kind"] for one in answer.json()["papers"]] == ["licence"]
    by = world.street_clerk
    decide_provider(Provider.objects.get(), to="returned", reason="改服务内容", by=by)
    assert send("/find", **held).json()["asked"] == "改服务内容"
    offer = {"categories": ["eldercare"], "services": "洗衣、取送", "phone": "15400001234"}
    assert send("/correct", **held, **offer).json()["state"] == "applied"
    decide_provider(Provider.objects.get(), to="refused", reason="地址不实", by=by)
    assert send("/find", **held).json()["reason"] == "地址不实"
    assert send("/find", number=held["number"], last_four="1").status_code == 409
    codes = {send("", **{**body, "name": ""}).json()["code"] for _try in range(11)}
    assert codes == {"invalid", "too_many"}


def test_an_applicant_is_told_and_may_withdraw(world: World, settings: Any) -> None:
    """Returned, decided: a text message to the telephone left, without what it is about."""
    settings.SMS_URL = "http://127.0.0.1:9/"
    visitor().post("/join/", SAID)
    provider, by = Provider.objects.get(), world.street_clerk
    decide_provider(provider, to="returned", reason="缺食品许可", by=by)
    decide_provider(provider, to="refused", reason="地址不实", by=by)
    kinds = [one.kind for one in Message.objects.order_by("pk")]
    assert kinds == ["join_returned", "join_refused"]
    for one in Message.objects.all():
        route_message(one, by=Actor.system().within_act("notifications.deliver"))
    told = Delivery.objects.order_by("pk")
    assert [(one.channel, one.state, one.shown_to) for one in told] == [
        ("sms", "waiting", "154****7733")
    ] * 2
    words = shown_words(told[1])[1]
    assert Application.objects.get().number in words
    assert [one for one in ("地址不实", "洗衣", "15400007733") if one in words] == []
    desk: Any = Client()
    desk.force_login(world.post(Role.TOWNSHIP_NETWORK, STREET, "service_centre").user)
    assert desk.get(told[0].get_absolute_url()).status_code == 200

    client = visitor()
    again: Any = client.post("/join/", SAID)
    withdrawn: Any = client.post(f"{again.url}withdraw/")
    assert withdrawn.url == again.url
    provider.refresh_from_db()
    assert (provider.state, Message.objects.count()) == ("withdrawn", 2)
    assert "撤回申请" not in client.get(again.url).content.decode()
    held = {"number": again.url.split("/")[2], "last_four": "7733"}
    refused = Client().post(f"{API}/withdraw", json.dumps(held), content_type="application/json")
    assert refused.status_code == 409
    assert visitor().post(f"{again.url}withdraw/").url == "/join/find/"
    assert client.post("/join/", SAID).status_code == 302
