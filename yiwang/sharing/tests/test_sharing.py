"""Agreements: asked, limited, read inside their bounds, counted, told to the person, ended."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.visitors import session_of
from tests.world import CHONGCHUAN, CITY, COMMUNITY, NEIGHBOUR, RUDONG, VILLAGE
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.core.reads import parameter
from yiwang.personal.reads import looks_at
from yiwang.residents.actions import add_resident, mark_deceased
from yiwang.residents.models import Resident
from yiwang.sharing import actions
from yiwang.sharing.jobs import order_due_files, write_file
from yiwang.sharing.models import Agreement, SharedFile
from yiwang.sharing.rules.scope import Scope
from yiwang.sharing.sheets import attachment
from yiwang.tags.actions import end_tag, set_tag
from yiwang.tags.models import TagKind

OLD, YOUNG, FAR = "320691194102120027", "320691198603150046", "320691194005060026"
TODAY = timezone.localdate


@pytest.fixture
def officer(world):
    return world.actor(Role.DATA_OFFICER, CITY, "data_bureau", "殷平")


@pytest.fixture
def holder(world):
    return world.bureau_clerk


def scope(**more: Any) -> Scope:
    said: dict[str, Any] = {
        "fields": ("name", "born_on", "identity_number", "phone"), "purpose": "高龄体检",
        "basis": "statutory_duty", "law": "老年人权益保障法第五十条", "age_from": 65,
        "ends_on": TODAY() + timedelta(days=90),
    }  # fmt: skip
    return Scope(**{**said, **more})


def people(world) -> dict[str, Resident]:
    """An elder and a grown-up of 南园社区, an elder next door."""
    facts = (
        ("old", COMMUNITY, "陈老太", OLD, "1941-02-12", "15400009701"),
        ("young", COMMUNITY, "陈小年", YOUNG, "1986-03-15", "15400009702"),
        ("far", NEIGHBOUR, "季老伯", FAR, "1940-05-06", "15400009703"),
    )
    by = {COMMUNITY: world.network_admin, NEIGHBOUR: world.neighbour_admin}
    return {
        who: add_resident(
            world.place(key), name=name, source="visit", surely_new=True, by=by[key],
            values={"identity_number": number, "born_on": born, "phone": phone},
        )
        for who, key, name, number, born, phone in facts
    }  # fmt: skip


def granted(world, holder, officer, **more) -> Agreement:
    made = actions.ask_agreement(
        world.place(CHONGCHUAN), title="高龄体检", scope=scope(**more), by=holder
    )
    return actions.grant_agreement(made, by=officer)


def test_a_query_outside_the_agreement_gives_nothing_and_one_line(world, holder, officer):
    """INF-10: elders of 65 and more; a grown-up of forty is not found, and the line says so."""
    known = people(world)
    agreement = granted(world, holder, officer)
    before = JournalLine.objects.count()
    answer = actions.query_person(agreement, text=YOUNG, by=holder)
    assert answer.rows == []
    line = JournalLine.objects.order_by("-pk")[0]
    assert JournalLine.objects.count() == before + 1
    assert (line.act, line.facts["found"]) == ("sharing.read", 0)
    assert YOUNG not in str(line.facts)

    found = actions.query_person(agreement, text=OLD, by=holder).rows
    assert [one.resident for one in found] == [known["old"]]
    assert found[0].values["identity_number"] != OLD  # masked unless granted whole
    assert found[0].values["born_on"] == "1941-02-12"
    look = looks_at(known["old"])[0]
    assert look.line.by == holder.label
    assert look.why == "高龄体检"
    assert "出生日期" in look.field
    assert looks_at(known["young"]) == []
    assert list(agreement.readings.values_list("kind", "found")) == [("query", 1), ("query", 0)]


def test_the_officer_gives_less_than_asked_and_says_why(world, holder, officer):
    """Items, whole values, places, ages and days are limited; more than was asked is never given."""
    people(world)
    made = actions.ask_agreement(
        world.place(CHONGCHUAN), title="体检",
        scope=scope(clear=("phone",), areas=(COMMUNITY, NEIGHBOUR), age_from=60), by=holder,
    )  # fmt: skip
    less = scope(
        fields=("name", "phone", "home_address"), clear=("phone",), areas=(COMMUNITY,), age_from=70,
        ends_on=TODAY() + timedelta(days=30),
    )  # fmt: skip
    with pytest.raises(Refused, match="理由"):
        actions.grant_agreement(made, limit=less, by=officer)
    actions.grant_agreement(made, limit=less, answer="只给体检用得着的", by=officer)
    assert (made.fields, made.areas, made.age_from) == (["name", "phone"], [COMMUNITY], 70)
    assert made.versions.get().limited
    rows = actions.list_persons(made, after=0, limit=10, by=holder).rows
    assert [one.values["phone"] for one in rows] == ["15400009701"]
    stranger = world.actor(Role.DEPARTMENT, CHONGCHUAN, "health", "顾宁")
    with pytest.raises(Refused) as refusal:
        actions.list_persons(made, after=0, limit=10, by=stranger.within_act("sharing.read"))
    assert refusal.value.code == "not_yours"


def test_an_agreement_is_suspended_runs_out_is_renewed_and_ended(world, holder, officer):
    """Nothing is read while it does not stand; every grant is a version of its own."""
    people(world)
    agreement = granted(world, holder, officer)
    actions.suspend_agreement(agreement, reason="核查用途", by=officer)
    assert _refusal(agreement, holder) == "suspended"
    actions.resume_agreement(agreement, reason="核查完毕", by=officer)
    assert _refusal(agreement, holder) == ""
    later = timezone.now() + timedelta(days=91)
    with circumstances(at=later):
        assert _refusal(agreement, holder) == "run_out"
        wanted = scope(ends_on=later.date() + timedelta(days=60))
        actions.ask_renewal(agreement, scope=wanted, by=holder)
        assert agreement.version == 1
        actions.grant_agreement(agreement, by=officer)
        assert _refusal(agreement, holder) == ""
    assert [one.number for one in agreement.versions.all()] == [2, 1]
    actions.end_agreement(agreement, reason="项目结束", by=officer)
    assert _refusal(agreement, holder) == "not_granted"
    with pytest.raises(Refused):
        actions.resume_agreement(agreement, reason="再来", by=officer)


def _refusal(agreement: Agreement, holder) -> str:
    try:
        actions.query_person(agreement, text=OLD, by=holder)
    except Refused as refusal:
        return refusal.code
    return ""


def test_a_refused_read_leaves_a_line(world, holder, officer):
    """INF-10: who asked, of which agreement, what for and why not; nothing of whom was meant."""
    people(world)
    agreement = granted(world, holder, officer)
    actions.order_file(agreement, kind="csv", by=holder)
    actions.suspend_agreement(agreement, reason="核查用途", by=officer)
    file = agreement.files.get()
    tries = {
        "query_person": lambda: actions.query_person(agreement, text=OLD, by=holder),
        "list_persons": lambda: actions.list_persons(agreement, after=0, limit=5, by=holder),
        "read_changes": lambda: actions.read_changes(agreement, after=0, limit=5, by=holder),
        "order_file": lambda: actions.order_file(agreement, kind="csv", by=holder),
        "open_file": lambda: actions.open_file(file, by=holder),
    }
    for name, read in tries.items():
        with pytest.raises(Refused):
            read()
        line = JournalLine.objects.order_by("-pk")[0]
        told = {key: line.facts[key] for key in ("did", "agreement", "purpose", "why")}
        assert (line.act, line.by) == ("sharing.refused", holder.label)
        assert told == {
            "did": name, "agreement": agreement.pk, "purpose": "高龄体检", "why": "suspended",
        }  # fmt: skip
        assert OLD not in str(line.facts)
    write_file(file.pk)
    assert JournalLine.objects.filter(act="sharing.refused", facts__did="make_file").count() == 1


def test_faults_of_an_application_are_named_at_their_fields(world, holder):
    """What is not in the published dictionary, outside the area, too long, or turned round."""
    faulty: dict[str, dict[str, Any]] = {
        "fields": {"fields": ("name", "shoe_size")}, "areas": {"areas": (RUDONG,)},
        "age_to": {"age_from": 70, "age_to": 60}, "ends_on": {"ends_on": date(2099, 1, 1)},
        "purpose": {"purpose": " "}, "basis": {"basis": "curiosity"},
    }  # fmt: skip
    for field, wrong in faulty.items():
        with pytest.raises(Refused) as refusal:
            actions.ask_agreement(
                world.place(CHONGCHUAN), title="体检", scope=scope(**wrong), by=holder
            )
        assert field in refusal.value.fields, field


def test_what_changed_since_a_cursor_comes_once(world, holder, officer):
    """INF-11: a subscriber keeps the cursor; only people inside the agreement come."""
    known = people(world)
    agreement = granted(world, holder, officer)
    with circumstances(at=timezone.now() + timedelta(minutes=10)):
        first = actions.read_changes(agreement, after=0, limit=10, by=holder)
        assert {one.resident for one in first.rows} == {known["old"], known["far"]}
        again = actions.read_changes(agreement, after=first.cursor, limit=10, by=holder)
        assert (again.rows, again.cursor, again.more) == ([], first.cursor, False)


def test_a_subscriber_is_told_whom_to_delete_and_why(world, holder, officer):
    """INF-11: dead, gone elsewhere, without the tag, no longer selected; who comes in comes too."""
    known = people(world)
    by = world.network_admin
    third, fourth = (
        add_resident(
            world.place(COMMUNITY), name=name, values={"born_on": "1939-09-09"}, source="visit",
            surely_new=True, by=by,
        )
        for name in ("顾老伯", "蒋阿婆")
    )  # fmt: skip
    kind = TagKind.objects.get(code="veteran")
    tags = {one.pk: _tagged(one, kind, by) for one in (known["old"], third, fourth)}
    agreement = granted(world, holder, officer, tags=(kind.code,), standings=("registered",))
    with circumstances(at=timezone.now() + timedelta(minutes=10)):
        first = actions.read_changes(agreement, after=0, limit=10, by=holder)
        assert {one.resident for one in first.rows} == {known["old"], third, fourth}
        end_tag(tags[third.pk], reason="核实不符", on=TODAY(), by=by)
        mark_deceased(known["old"], on=TODAY(), by=by)
        Resident.objects.filter(pk=fourth.pk).update(division_id=VILLAGE)
        _tagged(known["far"], kind, world.neighbour_admin)
        told = actions.read_changes(agreement, after=first.cursor, limit=10, by=holder)
        assert [one.resident for one in told.rows] == [known["far"]]
        assert {one.person: one.reason for one in told.left} == {
            third.pk: "tag_ended", known["old"].pk: "dead", fourth.pk: "moved_out",
        }  # fmt: skip
        assert looks_at(third)[0].line.facts["kind"] == "left"
        narrower = scope(tags=(kind.code,), areas=(COMMUNITY,), age_from=65)
        actions.ask_renewal(agreement, scope=narrower, by=holder)
        actions.grant_agreement(agreement, by=officer)
        last = actions.read_changes(agreement, after=told.cursor, limit=10, by=holder)
        assert [(one.person, one.reason) for one in last.left] == [
            (known["far"].pk, "not_selected")
        ]
        again = actions.read_changes(agreement, after=last.cursor, limit=10, by=holder)
        assert (again.rows, list(again.left), again.cursor) == ([], [], last.cursor)
        fresh = actions.read_changes(agreement, after=0, limit=10, by=holder)
        assert (fresh.rows, list(fresh.left)) == ([], [])


def _tagged(person: Resident, kind: TagKind, by: Any) -> Any:
    return set_tag(person, kind=kind, variant="disabled", evidence="军残字第 12 号", by=by)


def test_a_sensitive_group_is_selected_only_by_who_may_know_it(world, holder, officer, sign_in):
    """INF-10: the department does not see the tag; civil affairs does, and says what for."""
    people(world)
    kind = TagKind.objects.get(code="subsistence")
    with pytest.raises(Refused) as refusal:
        granted(world, holder, officer, tags=(kind.code,))
    assert "tags" in refusal.value.fields
    bureau = world.city_bureau
    made = actions.ask_agreement(
        world.place(CHONGCHUAN), title="低保老人", scope=scope(tags=(kind.code,)), by=bureau
    )
    desk = sign_in(officer)
    assert desk.get(f"/api/v1/sharing/agreements/{made.pk}").json()["asked"]["tags"] == [kind.code]
    overseer = sign_in(world.actor(Role.AUDITOR, CITY, "data_bureau", "季督"))
    read = overseer.get(f"/desk/sharing/{made.pk}/").content.decode()
    assert ("敏感人群" in read, kind.name in read) == (True, False)
    told = overseer.get(f"/api/v1/sharing/agreements/{made.pk}").json()
    assert (told["tags"], told["asked"]["tags"]) == (["sensitive"], ["sensitive"])
    seen = desk.get(f"/desk/sharing/{made.pk}/decide/").content.decode()
    assert "能读到的人：0 人" in seen
    with pytest.raises(Refused, match="敏感人群"):
        actions.grant_agreement(made, by=officer)
    actions.grant_agreement(made, answer="救助核对必须按低保名单", by=officer)
    assert actions.list_persons(made, after=0, limit=5, by=bureau).rows == []
    other = world.actor(Role.DEPARTMENT, CITY, "civil_affairs", "管建")
    with pytest.raises(Refused) as refusal:
        actions.list_persons(made, after=0, limit=5, by=other)
    assert refusal.value.code == "hidden_tag"


def test_a_selection_is_counted_before_anybody_decides(world, holder, officer, sign_in):
    """INF-10: small numbers are hidden from who may not see persons; nothing is asked by it."""
    people(world)
    desk = sign_in(holder)
    least = int(parameter("statistics.small_cell"))
    body = {"division": CHONGCHUAN, "fields": ["name", "phone"], "clear": ["phone"], "age_from": 65}
    said = desk.post("/api/v1/sharing/preview", body, "application/json").json()
    hidden = not holder.has("residents.view")
    assert (said["people"], said["fewer_than"]) == ((None, least) if hidden else (2, 0))
    assert [(one["code"], one["whole"]) for one in said["fields"]] == [
        ("name", False), ("phone", True),
    ]  # fmt: skip
    wrong = desk.post("/api/v1/sharing/preview", {**body, "tags": ["没有"]}, "application/json")
    assert wrong.status_code == 409
    page = desk.post(
        "/desk/sharing/new/", {"fields_asked": ["name"], "age_from": "200", "preview": "1"}
    )
    assert "能读到的人" in page.content.decode()
    assert page.status_code == 200
    assert not Agreement.objects.exists()
    made = actions.ask_agreement(world.place(CHONGCHUAN), title="体检", scope=scope(), by=holder)
    address = f"/api/v1/sharing/agreements/{made.pk}/preview"
    less = sign_in(officer).post(address, {"standings": ["foreigner"]}, "application/json").json()
    assert less["people"] == 0


def test_a_file_every_week_is_made_by_the_job_and_told_to_everybody_in_it(world, holder, officer):
    """INF-11: scheduled files; the orderer's post and the agreement count when it is written."""
    known = people(world)
    agreement = granted(world, holder, officer)
    actions.schedule_files(agreement, kind="csv", days=7, by=holder)
    assert order_due_files() == 1
    assert order_due_files() == 0
    file = agreement.files.get()
    write_file(file.pk)
    file.refresh_from_db()
    assert (file.state, file.rows) == ("ready", 2)
    text = attachment(file).content.decode("utf-8-sig")
    assert "1941" in text
    assert OLD not in text
    assert len(looks_at(known["far"])) == 1
    assert file.sealed is not None
    assert b"1941" not in bytes(file.sealed)
    actions.end_agreement(agreement, reason="停用", by=officer)
    with pytest.raises(Refused):
        actions.open_file(file, by=holder)
    assert SharedFile.objects.visible_to(officer).count() == 0


def test_the_page_shows_nobody_outside_and_keeps_what_was_wrong(world, holder, officer):
    """The same by page: the register, the query, its refusal, the export."""
    people(world)
    agreement = granted(world, holder, officer)
    page = Client()
    page.cookies["sessionid"] = session_of("g4-320613000000-civil_affairs")
    address = f"/desk/sharing/{agreement.pk}/"
    assert "协议范围内没有这个人" in page.post(f"{address}query/", {"text": YOUNG}).content.decode()
    shown = page.post(f"{address}query/", {"text": OLD})
    assert "陈" in shown.content.decode()
    assert OLD not in shown.content.decode()
    assert page.post(f"{address}query/", {"text": "?"}).status_code == 422
    assert "高龄体检" in page.get("/desk/sharing/?state=in_force&sort=-calls").content.decode()
    assert page.get("/desk/sharing/export/").status_code == 200
    asked = page.get("/api/v1/sharing/agreements").json()
    assert (asked[0]["calls"], asked[0]["persons"]) == (2, 1)
