"""Households, groups, dwellings and moves through the API: the same acts, problem details."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.world import COMMUNITY, LAN, NEIGHBOUR, World
from yiwang.accounts.roles import Role
from yiwang.residents.models import AddressQuestion, Resident

from .test_api import BASE, add, send
from .test_pages import signed_in

TODAY = timezone.localdate().isoformat()


@pytest.fixture
def api(world: World) -> Client:
    return signed_in(world, Role.COMMUNITY_NETWORK, COMMUNITY)


@pytest.fixture
def neighbour(world: World) -> Client:
    return signed_in(world, Role.COMMUNITY_NETWORK, NEIGHBOUR)


def made(answer: Any) -> int:
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def test_a_household_is_made_split_undone_and_moved(api: Client, neighbour: Client) -> None:
    head = made(add(api))
    son = made(add(api, name="王强", values={"phone": "13900012345"}))
    home = made(send(api, "/households", {"division": COMMUNITY, "number": "H1", "head": head}))
    url = f"/households/{home}"
    joined = send(api, f"{url}/members", {"resident": son, "relation": "child"}).json()
    assert {one["relation"] for one in joined["members"]} == {"head", "child"}
    assert send(api, url, {"kind": "collective"}, "patch").json()["kind"] == "collective"
    split = send(api, f"{url}/split", {"residents": [son], "head": son}).json()
    assert split["kind"] == "split"
    assert len(api.get(f"{BASE}/households", {"limit": 1}).json()["households"]) == 1
    undone = send(api, f"{url}/undo/{split['id']}", {}).json()
    assert len(undone["members"]) == 2
    assert send(api, f"{url}/head", {"resident": son}).json()["kind"] == "head"
    asked = made(send(neighbour, "/transfers/ask", {"division": NEIGHBOUR, "household": home}))
    waiting = api.get(f"{BASE}/transfers", {"waiting": True}).json()
    assert [one["id"] for one in waiting] == [asked]
    assert waiting[0]["people"][0]["name"] == "陈*英"
    late = send(neighbour, f"/transfers/{asked}/accept", {})
    assert late.status_code == 403
    assert send(api, f"/transfers/{asked}/accept", {"on": TODAY}).json()["state"] == "accepted"
    assert neighbour.get(f"{BASE}/households/{home}").json()["division"] == NEIGHBOUR
    assert api.get(f"{BASE}/households/{home}").status_code == 404
    left = send(neighbour, f"{url}/members/{son}", None, "delete").json()
    assert [one["id"] for one in left["members"]] == [head]


def test_transfers_are_offered_refused_and_withdrawn(api: Client, neighbour: Client) -> None:
    person = made(add(api))
    body = {"division": COMMUNITY, "to": NEIGHBOUR, "residents": [person]}
    first = made(send(api, "/transfers/offer", body))
    said = send(neighbour, f"/transfers/{first}/refuse", {"reason": "不在这里"}).json()
    assert (said["state"], said["answer"]) == ("refused", "不在这里")
    second = made(send(api, "/transfers/offer", body))
    assert send(api, f"/transfers/{second}/withdraw", {}).json()["state"] == "withdrawn"
    assert api.get(f"{BASE}/transfers/{second}").json()["people"][0]["id"] == person


def test_lives_go_on_through_the_api(api: Client, neighbour: Client) -> None:
    mother = made(add(api))
    child = made(send(api, f"/{mother}/births", {"born_on": TODAY, "sex": "female"}))
    assert Resident.objects.get(pk=child).name == "陈桂英之女"
    assert send(api, f"/{mother}/away", {"away": True, "on": TODAY}).json()["standing"] == "away"
    held = send(api, f"/{mother}/registration", {"division": NEIGHBOUR}, "put").json()
    assert held["is_separate"] is True
    side = neighbour.get(f"{BASE}/separation", {"side": "out"}).json()
    assert [one["id"] for one in side] == [mother]
    assert send(api, f"/{mother}/move", {"on": TODAY}).json()["state"] == "moved_out"
    back = {"resident": mother, "division": NEIGHBOUR, "on": TODAY}
    assert send(neighbour, "/return", back).json()["state"] == "live"
    dead = send(neighbour, f"/{mother}/deceased", {"on": TODAY}).json()
    assert dead["state"] == "deceased"
    assert send(neighbour, "/return", back).json()["code"] == "not_away"


def test_groups_and_dwellings_through_the_api(api: Client, neighbour: Client) -> None:
    top = made(send(api, "/groups", {"division": COMMUNITY, "name": "第一网格"}))
    low = made(send(api, "/groups", {"division": COMMUNITY, "name": "一组", "parent": top}))
    other = made(send(api, "/groups", {"division": COMMUNITY, "name": "第二网格"}))
    assert send(api, f"/groups/{low}", {"name": "甲组"}, "patch").json()["name"] == "甲组"
    assert send(api, f"/groups/{low}/move", {"parent": other}).json()["parent"] == other
    house = {"division": COMMUNITY, "address": "南园新村12幢302室", "group": low}
    home = made(send(api, "/dwellings", house))
    assert send(api, "/dwellings", house).json()["code"] == "already_there"
    block = {"division": COMMUNITY, "place": "南园新村", "building": "12", "floors": 2, "rooms": 2}
    assert send(api, "/buildings", block).json() == {"count": 4}
    kept = api.get(f"{BASE}/dwellings", {"group": other}).json()
    assert [one["id"] for one in kept] == [home]
    assert send(api, f"/dwellings/{home}", {"kind": "vacant"}, "patch").json()["kind"] == "vacant"
    assert api.get(f"{BASE}/dwellings/{home}").json()["address"] == "南园新村12幢**室"
    assert send(api, f"/groups/{top}/dwellings", {"dwellings": [home]}).json() == {"count": 1}
    assert send(api, f"/groups/{other}/merge", {"into": top, "on": TODAY}).json()["id"] == top
    assert send(api, f"/groups/{low}/end", {"on": TODAY}).json()["ended_on"] == TODAY
    tree = api.get(f"{BASE}/groups", {"division": COMMUNITY}).json()
    assert [one["name"] for one in tree] == ["第一网格"]
    assert neighbour.get(f"{BASE}/groups/{top}").status_code == 404
    twin = made(send(api, "/dwellings", {"division": COMMUNITY, "address": "粮站老宿舍"}))
    assert send(api, f"/dwellings/{twin}/merge/{home}", {}).json()["id"] == home


def test_an_address_is_read_and_an_unclear_one_settled(api: Client) -> None:
    read = send(api, "/addresses", {"text": "崇川区城东街道南园社区人民中路88号"}).json()
    assert (read["places"], read["parts"], read["doubt"]) == (
        [COMMUNITY], {"road": "人民中路88号"}, "",
    )  # fmt: skip
    send(api, "/dwellings", {"division": COMMUNITY, "address": "老粮站后面"})
    (question,) = api.get(f"{BASE}/addresses").json()
    assert question["topic"] == "unread"
    settled = send(api, f"/addresses/{question['id']}", {"road": "老粮站后"}).json()
    assert settled["state"] == "settled"
    decision = AddressQuestion.objects.get().decision or {}
    assert decision["road"] == "老粮站后"


def test_nobody_is_asked_for_who_may_not_be_searched(api: Client) -> None:
    answer = send(api, "/transfers/ask", {"division": COMMUNITY, "residents": [999999]})
    assert answer.json()["code"] == "nobody"
    assert LAN["phone"] not in answer.content.decode()
