"""The API on divisions: reading is open, changing is not."""

import pytest

from yiwang.divisions.models import Division

from .test_pages import NANLING, RUGAO, staff

__all__ = ["staff"]
BASE = "/api/v1/divisions"


@pytest.fixture
def anybody(city, client):
    return client


def test_anybody_searches_and_pages_by_key(anybody):
    first = anybody.get(f"{BASE}/", {"limit": 5}).json()
    assert len(first["items"]) == 5
    rest = anybody.get(f"{BASE}/", {"limit": 50, "after": first["next"]}).json()
    assert len(rest["items"]) == 8
    assert rest["next"] is None
    found = anybody.get(f"{BASE}/", {"q": "nanling"}).json()["items"]
    assert [one["key"] for one in found] == [NANLING]


def test_a_place_comes_with_its_codes_and_children(anybody):
    place = anybody.get(f"{BASE}/{RUGAO}").json()
    assert {code["code"] for code in place["codes"]} == {"320682000000", "320682"}
    children = anybody.get(f"{BASE}/{RUGAO}/children").json()["items"]
    assert [one["name"] for one in children] == ["东陈镇", "白蒲镇"]
    assert anybody.get(f"{BASE}/1").status_code == 404


def test_a_change_over_the_api_is_refused_allowed_and_seen(staff):
    body = {
        "type": "rename", "division": NANLING, "document": "通政发〔2024〕1号",
        "effective_on": "2024-01-01", "place": {"name": "南凌社区居委会"},
    }  # fmt: skip
    answer = staff.post(f"{BASE}/changes", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert Division.objects.get(pk=NANLING).name == "南凌社区居委会"
    again = staff.post(f"{BASE}/changes", body, content_type="application/json")
    assert again.status_code == 409
    assert again.json()["code"] == "same_name"
    past = staff.get(f"{BASE}/{NANLING}", {"as_of": "2023-06-30"}).json()
    assert past["name"] == "南凌村委会"
    assert len(staff.get(f"{BASE}/changes").json()["items"]) == 1
    assert staff.get(f"{BASE}/{NANLING}/lineage").json() == {"before": [], "after": []}
    assert staff.get(f"{BASE}/reviews").json() == []


def test_a_visitor_changes_nothing(anybody):
    body = {"type": "abolish", "division": NANLING, "document": "x", "effective_on": "2024-01-01"}
    answer = anybody.post(f"{BASE}/changes", body, content_type="application/json")
    assert answer.status_code in (401, 403)
    assert anybody.get(f"{BASE}/reviews").status_code == 401
