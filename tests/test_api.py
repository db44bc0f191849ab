"""The API as another system meets it: its contract, keys, quotas, refusals, pages and repeats."""

import json
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from ninja import Schema

from config.api import api
from tests.world import CITY, COMMUNITY, NEIGHBOUR, VILLAGE
from yiwang.accounts.actions import issue_token
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.core.models import JournalLine
from yiwang.core.rules.numbers import compose
from yiwang.divisions.actions import Decision, rename_division
from yiwang.matters.models import Matter
from yiwang.matters.reads import planned
from yiwang.matters.tests.test_pages_accept import told_for

SNAPSHOT = Path(__file__).parent / "openapi.json"
ITEM = "elder-care-subsidy"
PROBLEM = {"type", "title", "status", "code", "detail"}


def test_the_contract_is_the_one_on_file():
    """A change of the contract is made on purpose: YIWANG_WRITE_SNAPSHOT=1 writes it anew."""
    assert get_resolver().url_patterns  # operations join the contract with their addresses
    current = json.loads(json.dumps(api.get_openapi_schema()))
    if os.environ.get("YIWANG_WRITE_SNAPSHOT") == "1":
        text = json.dumps(current, ensure_ascii=False, indent=1, sort_keys=True)
        SNAPSHOT.write_text(text + "\n", encoding="utf-8")
    assert current == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_no_two_shapes_of_the_contract_share_a_name():
    """Where two do, the contract silently shows one of them for both."""
    homes: dict[str, set[str]] = {}
    for shape in _below(Schema):
        if shape.__module__.startswith("yiwang."):
            homes.setdefault(shape.__name__, set()).add(shape.__module__)
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def _below(shape: type[Any]) -> Iterator[type[Any]]:
    for one in shape.__subclasses__():
        yield one
        yield from _below(one)


class Caller:
    """Another system with a key."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(f"/api/v1{path}", headers=self.headers)
        return answer.status_code, _content(answer)

    def post(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        answer = self.client.post(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers={**self.headers, **headers},
        )
        return answer.status_code, _content(answer)


def _content(answer: Any) -> Any:
    """The body; whatever went wrong is told as a problem (RFC 9457)."""
    said: Any = json.loads(answer.content) if answer.content else None
    if answer.status_code >= 400:
        assert answer["Content-Type"].startswith("application/problem+json")
        assert set(said) >= PROBLEM
        assert said["status"] == answer.status_code
        assert said["detail"]
    return said


def key_for(actor: Actor, scopes: list[str], per_minute: int = 600) -> str:
    token = issue_token(
        Post.objects.get(pk=actor.post_id or 0),
        name="区级系统",
        scopes=scopes,
        per_minute=per_minute,
        expires_on=timezone.localdate() + timedelta(days=30),
        by=Actor.system(),
    )
    return str(token.secret)


@pytest.fixture
def window(world, catalogue):
    """The system of a community: may accept, read and note."""
    scopes = ["matters.accept", "matters.view", "matters.note", "matters.withdraw"]
    return Caller(key_for(world.network_admin, scopes))


@pytest.fixture
def body(resident, catalogue):
    guide = planned(ITEM).guide
    papers = [{"code": need.code} for need in guide.materials]
    answers = told_for(code for code in guide.fields if code not in {"name", "phone"})
    return {"item": ITEM, "resident": resident.pk, "materials": papers, "answers": answers}


def test_without_a_key_the_api_asks_to_sign_in(db):
    for key in ("", "yw_invented", "nonsense"):
        status, said = Caller(key).get("/matters/")
        assert (status, said["code"]) == (401, "sign_in")


def test_a_key_does_what_its_scopes_say_and_no_more(world, catalogue, resident, body):
    reader = Caller(key_for(world.network_admin, ["matters.view"]))
    assert reader.get("/matters/")[0] == 200
    status, said = reader.post("/matters/", body)
    assert (status, said["code"]) == (403, "denied")
    assert not Matter.objects.exists()
    accepter = Caller(key_for(world.network_admin, ["matters.accept"]))
    assert accepter.post("/matters/", body)[0] == 201
    assert accepter.get("/matters/")[0] == 403


def test_a_revoked_key_opens_nothing(world, catalogue):
    from yiwang.accounts.actions import revoke_token
    from yiwang.accounts.models import ApiToken

    caller = Caller(key_for(world.network_admin, ["matters.view"]))
    assert caller.get("/matters/")[0] == 200
    revoke_token(ApiToken.objects.get(), by=Actor.system())
    assert caller.get("/matters/")[0] == 401


def test_past_its_quota_a_key_waits(world, catalogue):
    caller = Caller(key_for(world.network_admin, ["matters.view"], per_minute=3))
    assert [caller.get("/matters/")[0] for _call in range(4)] == [200, 200, 200, 429]
    status, said = caller.get("/matters/")
    assert (status, said["code"]) == (429, "quota")


def test_what_is_elsewhere_is_not_found(world, window, body):
    _status, made = window.post("/matters/", body)
    stranger = Caller(key_for(world.neighbour_admin, ["matters.view", "matters.note"]))
    for status, said in (
        stranger.get(f"/matters/{made['number']}"),
        stranger.post(f"/matters/{made['number']}/notes", {"text": "看看"}),
        window.get("/matters/2026112300000"),
    ):
        assert (status, said["code"]) == (404, "not_found")


def test_a_refusal_has_a_code_and_a_sentence(window, body):
    status, said = window.post("/matters/", {**body, "materials": []})
    assert (status, said["code"]) == (409, "materials_missing")
    assert "还缺材料" in said["detail"]
    assert not Matter.objects.exists()


def test_a_body_that_does_not_fit_names_each_fault(window):
    status, said = window.post("/matters/", {"resident": "谁"})
    assert (status, said["code"]) == (422, "invalid")
    assert {one["field"].rpartition(".")[2] for one in said["errors"]} == {"item", "resident"}


def test_the_same_key_twice_is_the_same_matter_once(window, body):
    first = window.post("/matters/", body, **{"idempotency-key": "a1"})
    again = window.post("/matters/", body, **{"idempotency-key": "a1"})
    assert first[0] == again[0] == 201
    assert first[1] == again[1]
    other = window.post("/matters/", body, **{"idempotency-key": "a2"})
    assert other[1]["number"] != first[1]["number"]
    assert Matter.objects.count() == 2
    assert JournalLine.objects.filter(act="matters.accept").count() == 2


def test_the_same_key_for_something_else_is_refused(window, body):
    window.post("/matters/", body, **{"idempotency-key": "b1"})
    changed = {**body, "channel": "phone"}
    status, said = window.post("/matters/", changed, **{"idempotency-key": "b1"})
    assert (status, said["code"]) == (409, "key_reused")
    assert Matter.objects.count() == 1


def walked(caller: Caller, path: str, name: str, key: str, cursor: str) -> list[Any]:
    """Every row of a list, page by page, while it says that there is more."""
    seen: list[Any] = []
    step = "&" if "?" in path else "?"
    address = path
    while True:
        status, said = caller.get(address)
        assert status == 200
        seen += [row[key] for row in said[name]]
        if said["next"] is None:
            return seen
        assert said[name], "a page that says there is more is not empty"
        address = f"{path}{step}{cursor}={said['next']}"


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
def test_pages_of_matters_walk_through_every_row_once(window, body, limit):
    made = [window.post("/matters/", body)[1]["number"] for _turn in range(7)]
    seen = walked(window, f"/matters/?limit={limit}", "matters", "number", "after")
    assert seen == sorted(made, reverse=True)


@pytest.mark.parametrize("limit", [1, 4, 50])
def test_pages_of_divisions_walk_through_every_place_once(world, limit):
    seen = walked(Caller(), f"/divisions/?limit={limit}", "items", "key", "after")
    assert seen == sorted(key for key in world.places if key >= CITY)


def test_a_division_is_what_it_was_on_the_day_asked_about(world):
    place = world.place(COMMUNITY)
    day = timezone.localdate() - timedelta(days=10)
    rename_division(
        place, name="南苑社区", decision=Decision("通政发〔2026〕1号", day), by=Actor.system()
    )
    before = (day - timedelta(days=1)).isoformat()
    assert Caller().get(f"/divisions/{COMMUNITY}")[1]["name"] == "南苑社区"
    assert Caller().get(f"/divisions/{COMMUNITY}?as_of={before}")[1]["name"] == "南园社区"
    status, said = Caller().get(f"/divisions/{VILLAGE}?as_of=yesterday")
    assert (status, said["code"]) == (422, "invalid")


def test_a_number_and_four_digits_are_enough_to_follow_and_wrong_ones_lock(window, body):
    _status, made = window.post("/matters/", body)
    right = {"number": made["number"], "last_four": "8830"}
    status, said = Caller().post("/matters/track/", right)
    assert (status, said["number"]) == (200, made["number"])
    assert "陈桂英" not in json.dumps(said, ensure_ascii=False)
    unknown = {"number": compose(date(2026, 1, 5), 4711), "last_four": "0000"}
    stranger = Caller().post("/matters/track/", unknown)
    assert stranger[0] == 404
    # The fifth wrong try locks; no answer differs from that about a number that does not exist.
    for digits in ["0000"] * 6 + ["8830"]:
        said = Caller().post("/matters/track/", {**right, "last_four": digits})
        assert _apart(said) == _apart(stranger)
    rating = {**right, "grade": 5}
    assert _apart(Caller().post("/matters/track/rating", rating)) == _apart(stranger)


def _apart(answer):
    """An answer without the address it speaks of."""
    status, said = answer
    return status, {key: value for key, value in said.items() if key != "instance"}


def test_the_list_shows_masked_names_only(window, body):
    window.post("/matters/", body)
    _status, said = window.get("/matters/")
    assert "陈桂英" not in json.dumps(said, ensure_ascii=False)
    assert NEIGHBOUR not in {row["division"] for row in said["matters"]}
