"""The register through the API: the same acts, problem details for every no."""

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.world import COMMUNITY, LAN, NEIGHBOUR, World
from yiwang.accounts.roles import Role
from yiwang.residents.models import Resident

from .test_imports import GOOD, workbook
from .test_pages import signed_in

BASE = "/api/v1/residents"


@pytest.fixture
def api(world: World) -> Client:
    return signed_in(world, Role.COMMUNITY_NETWORK, COMMUNITY)


def send(api: Client, path: str, body: Any, method: str = "post", **headers: str) -> Any:
    return getattr(api, method)(
        BASE + path, json.dumps(body), content_type="application/json", headers=headers
    )


def add(api: Client, **more: Any) -> Any:
    body = {"division": COMMUNITY, "name": "陈桂英", "values": LAN, **more}
    return send(api, "/", body)


def test_a_person_is_added_read_corrected_and_found(api: Client) -> None:
    added = add(api)
    assert added.status_code == 201
    pk = added.json()["id"]
    assert added.json()["name"] == "陈*英"
    record = api.get(f"{BASE}/{pk}").json()
    phone = next(fact for fact in record["facts"] if fact["code"] == "phone")
    assert (phone["masked"], phone["fresh"]) == ("154****8830", True)
    changed = send(api, f"/{pk}", {"changes": {"phone": "13900001234"}}, "patch")
    assert changed.json()["phone"] == "139****1234"
    found = send(api, "/search", {"text": "cgy"}).json()
    assert ([one["id"] for one in found["residents"]], found["next"]) == ([pk], None)
    assert send(api, "/search", {"text": ""}).status_code == 422
    assert send(api, f"/{pk}/confirm", {"field": "phone"}).status_code == 200
    facts = {"values": {"ethnicity": "汉族"}, "source_kind": "visit"}
    assert any(
        one["code"] == "ethnicity" for one in send(api, f"/{pk}/facts", facts).json()["facts"]
    )


def test_the_same_key_is_the_same_person(api: Client) -> None:
    body = {"division": COMMUNITY, "name": "陈桂英", "values": LAN}
    answers = [send(api, "/", body, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Resident.objects.count() == 1


def test_every_no_is_a_problem_with_code_and_sentence(api: Client) -> None:
    add(api)
    twice = add(api)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_collected")
    wrong = add(api, name="王强", values={"phone": "1"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "invalid")
    assert "phone" in wrong.json()["fields"]
    assert api.get(f"{BASE}/999999").status_code == 404
    assert send(api, "/", {"name": "x"}).status_code == 422
    assert add(api, division=1).status_code == 404


def test_the_mask_falls_only_with_a_reason(api: Client) -> None:
    pk = add(api).json()["id"]
    assert send(api, f"/{pk}/reveal", {"field": "phone", "reason": ""}).status_code == 409
    shown = send(
        api, f"/{pk}/reveal", {"field": "phone", "reason": "回访助餐需求"},
        **{"Idempotency-Key": "r1"},
    )  # fmt: skip
    again = send(
        api, f"/{pk}/reveal", {"field": "phone", "reason": "回访助餐需求"},
        **{"Idempotency-Key": "r1"},
    )  # fmt: skip
    assert shown.json() == again.json() == {"field": "phone", "value": LAN["phone"]}


def test_the_neighbour_sees_nothing_but_may_search_masked(api: Client, world: World) -> None:
    pk = add(api).json()["id"]
    other = signed_in(world, Role.COMMUNITY_NETWORK, NEIGHBOUR)
    assert other.get(f"{BASE}/{pk}").status_code == 404
    assert other.get(f"{BASE}/").json()["residents"] == []
    sent = {"text": "陈桂英", "everywhere": True}
    found = send(other, "/search", sent).json()["residents"]
    assert found[0]["identity_number"] == "3206**********0026"
    assert add(other, values={"phone": "13900009999"}).status_code == 403


def test_moves_and_deaths_go_through(api: Client) -> None:
    pk = add(api).json()["id"]
    other = add(api, name="王强", values={"phone": "13900012345"}).json()["id"]
    moved = send(api, f"/{pk}/move", {"to": NEIGHBOUR, "on": "2026-01-05"})
    assert moved.json()["code"] == "ask_first"
    assert send(api, f"/{pk}/move", {"on": "2026-01-05"}).json()["state"] == "moved_out"
    assert send(api, f"/{other}/deceased", {"on": "2999-01-05"}).status_code == 409
    assert send(api, f"/{other}/deceased", {"on": "2026-01-05"}).json()["state"] == "deceased"


def test_pages_of_people_follow_by_number(api: Client) -> None:
    for number in range(3):
        add(api, name="王强", values={"phone": f"1390001234{number}"}, surely_new=True)
    first = api.get(f"{BASE}/", {"limit": 2}).json()
    second = api.get(f"{BASE}/", {"limit": 2, "after": first["next"]}).json()
    assert (len(first["residents"]), len(second["residents"]), second["next"]) == (2, 1, None)


def test_an_import_goes_all_the_way(api: Client) -> None:
    assert api.get(f"{BASE}/template").content.startswith(b"PK")
    rows = [*GOOD, ["王强", "1", "", "", "", "", "", ""]]
    file = SimpleUploadedFile("居民.xlsx", workbook(rows))
    made = api.post(f"{BASE}/imports?division={COMMUNITY}", {"file": file})
    assert made.status_code == 201
    batch = made.json()
    assert (batch["ok"], batch["failed"], batch["errors"][0]["row"]) == (3, 1, 5)
    pk = batch["id"]
    assert api.get(f"{BASE}/imports/{pk}/errors").content.startswith(b"PK")
    assert send(api, f"/imports/{pk}/load", {}).json()["state"] == "loaded"
    assert api.get(f"{BASE}/imports").json()[0]["id"] == pk
    assert api.get(f"{BASE}/imports/{pk}").json()["ok"] == 3
    assert send(api, f"/imports/{pk}/undo", {}).json()["state"] == "undone"
    bad = SimpleUploadedFile("x.xlsx", io.BytesIO(b"\x89PNG\r\n").getvalue())
    answer = api.post(f"{BASE}/imports?division={COMMUNITY}", {"file": bad})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_type")
