"""The dictionary is one thing with a version: what is added is seen, by page and by API."""

import json

import pytest
from django.urls import reverse

from tests.world import CHONGCHUAN, CITY, COMMUNITY, World
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.core.memory import forget
from yiwang.core.models import JournalLine
from yiwang.dictionary import actions
from yiwang.dictionary.jobs import publish_changes
from yiwang.dictionary.models import DictionaryVersion
from yiwang.dictionary.reads import checked_forms, current
from yiwang.matters.sheets import load_catalogue
from yiwang.residents.actions import add_resident
from yiwang.residents.models import all_fields
from yiwang.residents.reads import known_fields
from yiwang.residents.rules.values import InvalidValue, clean_value, show_value
from yiwang.tags.actions import save_kind

pytestmark = pytest.mark.django_db
MULTIPLE = {"code": "multiple", "name": "多重残疾", "name_en": "Multiple", "basis": "GB/T 26341"}


@pytest.fixture(autouse=True)
def _fresh_memory():
    yield
    forget("residents.codes")


@pytest.fixture
def official(world: World):
    return world.actor(Role.CIVIL_AFFAIRS, CITY, "civil_affairs")


@pytest.fixture
def first(world: World) -> DictionaryVersion:
    publish_changes()
    found = current()
    assert found is not None
    return found


def test_a_partner_sees_the_code_an_official_has_added_by_page(
    world, official, first, client, django_capture_on_commit_callbacks
):
    client.force_login(world.post(Role.CIVIL_AFFAIRS, CITY, "civil_affairs").user)
    page = reverse("dictionary:table", args=["disability_kind"])
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(page, MULTIPLE)
    assert answer.status_code == 302
    client.logout()
    now = client.get("/api/v1/dictionary/").json()
    assert (first.number, now["version"]) == ("1.0.0", "1.1.0")
    table = next(one for one in now["tables"] if one["code"] == "disability_kind")
    assert {"code": "multiple", "name": "多重残疾", "name_en": "Multiple", "in_use": True} in table[
        "codes"
    ]
    since = client.get("/api/v1/dictionary/changes?since=1.0.0").json()
    assert since["version"] == "1.1.0"
    (version,) = since["versions"]
    (change,) = version["changes"]
    assert (change["what"], change["kind"], change["table"], change["code"]) == (
        "code", "added", "disability_kind", "multiple",
    )  # fmt: skip
    before = client.get("/api/v1/dictionary/versions/1.0.0").json()
    assert "multiple" not in json.dumps(before["tables"], ensure_ascii=False)
    assert client.get("/api/v1/dictionary/versions/9.9.9").status_code == 404
    line = JournalLine.objects.filter(act="residents.codes").latest("pk")
    assert line.user_id == official.user_id


def test_what_was_added_is_asked_for_and_read_at_once(
    world, official, first, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        made = actions.add_code(world.place(CITY), table="disability_kind", **MULTIPLE, by=official)
    assert made.number == "1.1.0"
    field = all_fields()["disability_kind"]
    assert clean_value(field, "多重残疾") == "multiple"
    person = add_resident(
        world.place(COMMUNITY), name="石有光",
        values={"born_on": "1961-02-03", "disability_kind": "视力残疾，多重残疾"},
        by=world.actor(Role.WORKER, COMMUNITY, "service_centre"),
    )  # fmt: skip
    today = person.created_at.date()
    assert known_fields(person, ["disability_kind"], today)["disability_kind"].shown == (
        "视力残疾、多重残疾"
    )
    with django_capture_on_commit_callbacks(execute=True):
        gone = actions.withdraw_code(
            world.place(CITY), table="disability_kind", code="multiple", reason="并入", by=official
        )
    field = all_fields()["disability_kind"]
    assert gone.number == "2.0.0"
    assert show_value(field, "visual,multiple") == "视力残疾、多重残疾"
    with pytest.raises(InvalidValue):
        clean_value(field, "多重残疾")
    with django_capture_on_commit_callbacks(execute=True):
        back = actions.restore_code(
            world.place(CITY), table="disability_kind", code="multiple", by=official
        )
    assert back.number == "2.1.0"
    assert clean_value(all_fields()["disability_kind"], "多重残疾") == "multiple"


@pytest.mark.parametrize(
    ("table", "changed", "code"),
    [
        ("sex", {}, "fixed"),
        ("nothing", {}, "no_list"),
        ("disability_kind", {"code": "visual"}, "taken"),
        ("disability_kind", {"name": "视力残疾"}, "taken"),
        ("disability_kind", {"code": "Ä"}, "invalid"),
        ("disability_kind", {"basis": " "}, "invalid"),
    ],
)
def test_a_code_that_does_not_fit_is_refused(world, official, first, table, changed, code):
    with pytest.raises(Refused) as refusal:
        actions.add_code(world.place(CITY), table=table, **(MULTIPLE | changed), by=official)
    assert refusal.value.code == code
    assert current() == first


@pytest.mark.parametrize(
    ("role", "place", "unit"),
    [(Role.WINDOW, COMMUNITY, "service_centre"), (Role.CIVIL_AFFAIRS, CHONGCHUAN, "civil_affairs")],
)
def test_others_do_not_keep_the_lists_of_the_city(world, first, client, role, place, unit):
    client.force_login(world.post(role, place, unit).user)
    answer = client.post(
        "/api/v1/dictionary/tables/disability_kind/codes", MULTIPLE, content_type="application/json"
    )
    assert answer.status_code == 403


def test_what_changes_elsewhere_is_published_by_the_job(world, official, first):
    assert publish_changes() == ""
    save_kind(
        world.place(CITY), code="volunteer", by=official,
        content={"name": "志愿者", "name_en": "Volunteer", "group": "service"},
    )  # fmt: skip
    assert publish_changes() == "1.1.0"
    found = current()
    assert found is not None
    assert [(one["what"], one["table"], one["code"]) for one in found.changes] == [
        ("code", "tag_kind", "volunteer")
    ]


def test_a_sensitive_kind_of_tag_is_not_published(world, first):
    assert "disabled_elder" not in json.dumps(first.content)


def test_the_public_page_searches_and_downloads(world, first, client):
    page = client.get("/dictionary/?q=残疾人证号").content.decode()
    assert "disability_certificate" in page
    assert "employment_status" not in page
    assert client.get("/dictionary/items/disability_kind/").status_code == 200
    whole = client.get("/dictionary/download/json/").json()
    assert whole["version"] == "1.0.0"
    text = client.get("/dictionary/download/csv/?show=tables").content.decode("utf-8-sig")
    assert "disability_kind,残疾类别,GB/T 26341,visual,视力残疾,Visual,是" in text
    assert client.get("/dictionary/download/xlsx/").content[:2] == b"PK"
    assert client.get("/dictionary/?version=7.0.0").status_code == 404


def test_no_form_of_the_shipped_catalogue_asks_what_the_register_owns(world):
    load_catalogue()
    forms = checked_forms(world.administrator)
    assert len([one for one in forms if one.sort == "service"]) > 90
    assert [(one.name, one.faults) for one in forms if one.faults] == []


def test_a_code_of_the_city_gets_other_words(world, official, first):
    city = world.place(CITY)
    actions.add_code(city, table="disability_kind", **MULTIPLE, by=official)
    made = actions.add_code(
        city, table="disability_kind", **(MULTIPLE | {"name": "多重残疾人"}), by=official
    )
    assert made.number == "1.1.1"
    (change,) = made.changes
    assert (change["kind"], change["fields"]) == ("changed", {"name": ["多重残疾", "多重残疾人"]})
