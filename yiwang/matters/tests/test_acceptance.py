"""Accept once: the act from the door to the number (INF-08, SVC-03)."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F

from tests.world import COMMUNITY, RUDONG, STREET, VILLAGE
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.core.rules import numbers
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Draft, Event, Matter
from yiwang.matters.reads import planned
from yiwang.matters.rules import State, StepState
from yiwang.matters.rules.priority import priority_of
from yiwang.residents.actions import add_resident
from yiwang.residents.reads import dictionary, known_fields

pytestmark = pytest.mark.usefixtures("catalogue")
MONDAY = datetime(2026, 11, 23, 10, 21, tzinfo=ZoneInfo("Asia/Shanghai"))


def every_paper(item):
    return [HandedIn(need.code) for need in planned(item).guide.materials]


def accept(world, resident, item="elder-care-subsidy", by=None, **more):
    by = by or world.network_admin
    wanted = {"answers": {}, "channel": "window", "materials": every_paper(item), **more}
    with circumstances(at=MONDAY):
        return actions.accept_matter(
            world.place(by.division_id), item=item, resident=resident, by=by, **wanted
        )


def test_accepting_gives_a_number_a_clock_and_the_first_step(world, resident):
    matter = accept(world, resident)
    assert numbers.parse(matter.number) == matter.number
    assert matter.number.startswith("20261123")
    assert matter.state == State.WORKING
    # 10 working days after Monday 23 November end on Monday 7 December at the close of business.
    due = matter.due_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert (due.month, due.day, due.hour) == (12, 7, 18)
    states = list(matter.steps.values_list("stage", "state", "unit__division_id"))
    assert states[0] == (1, StepState.ACTIVE, COMMUNITY)
    assert {state for stage, state, _unit in states if stage > 1} == {StepState.WAITING}


def test_accepting_leaves_one_line_in_the_journal_and_one_event(world, resident):
    matter = accept(world, resident)
    line = JournalLine.objects.get(act="matters.accept")
    assert (line.subject_model, line.subject_id) == ("matters.matter", str(matter.pk))
    assert line.division_key == COMMUNITY
    assert "周敏" in line.by
    assert Event.objects.filter(matter=matter).count() == 1


def test_the_same_key_twice_is_one_matter(world, resident):
    with circumstances(idempotency_key="desk-1-0001"):
        first = accept(world, resident)
        again = accept(world, resident)
    assert first.pk == again.pk
    assert Matter.objects.count() == 1


def test_a_key_used_for_something_else_is_refused(world, resident):
    with circumstances(idempotency_key="desk-1-0001"):
        accept(world, resident)
        with pytest.raises(Refused) as refusal:
            accept(world, resident, item="senior-allowance")
    assert refusal.value.code == "key_reused"


def test_a_missing_required_paper_is_named(world, resident):
    with pytest.raises(Refused, match="还缺材料") as refusal:
        accept(world, resident, materials=[])
    need = planned("elder-care-subsidy").guide.materials[0]
    assert need.name in str(refusal.value)
    assert not Matter.objects.exists()


def test_an_item_that_does_not_exist_is_refused(world, resident):
    with pytest.raises(Refused) as refusal:
        accept(world, resident, item="no-such-thing", materials=[])
    assert refusal.value.code == "no_such_item"


def test_an_administrator_of_the_system_may_not_accept(world, resident):
    with pytest.raises(PermissionDenied, match="可以办理的岗位"):
        accept(world, resident, by=world.administrator)
    assert not Matter.objects.exists()


def test_what_was_typed_is_known_for_the_next_matter(world, resident):
    matter = accept(
        world, resident, answers={"emergency_contact": "陈东"}, asked=["emergency_contact"]
    )
    known = known_fields(resident, ["emergency_contact"], MONDAY.date())
    assert known["emergency_contact"].value == "陈东"
    record = resident.source_records.get(pk=known["emergency_contact"].record)
    assert record.reference == f"matter:{matter.number}"


def test_what_belongs_to_the_application_is_not_kept_of_the_person(world, resident):
    matter = accept(world, resident, answers={"application_reason": "独居"})
    assert matter.answers["application_reason"] == "独居"
    assert "application_reason" not in known_fields(resident, ["application_reason"], MONDAY.date())


def test_the_city_window_accepts_for_a_village_of_another_county(world):
    """SVC-22: a 如东县 resident at the city window, decided in 栟茶镇 or its county."""
    farmer = add_resident(
        world.place(VILLAGE), name="王根林", values={"phone": "15400007777"}, by=Actor.system()
    )
    matter = accept(world, farmer, item="senior-allowance", by=world.city_window)
    assert matter.division_id == VILLAGE
    assert matter.acceptor_post_id == world.city_window.post_id
    places = set(matter.steps.values_list("unit__division_id", flat=True))
    assert all(place // 10**6 == RUDONG // 10**6 for place in places)


def test_a_dead_or_departed_resident_is_refused(world, resident):
    resident.state, resident.state_on = "moved_out", MONDAY.date()
    resident.save()
    with pytest.raises(Refused) as refusal:
        accept(world, resident)
    assert refusal.value.code == "not_live"


def test_birth_registration_is_seen_by_its_own_units_alone(world, resident):
    """SVC-17: other roles of the same area do not see a confidential matter."""
    matter = accept(world, resident, item="birth-registration", by=world.network_admin)
    assert matter.confidential
    assert Matter.objects.visible_to(world.network_admin).filter(pk=matter.pk).exists()
    assert not Matter.objects.visible_to(world.neighbour_admin).filter(pk=matter.pk).exists()
    street = world.actor(Role.TOWNSHIP_OFFICE, STREET, "service_centre", "别人")
    assert not Matter.objects.visible_to(street).filter(pk=matter.pk).exists()


def test_a_draft_becomes_the_matter_once(world, resident):
    by = world.network_admin
    draft = actions.save_draft(
        world.place(COMMUNITY), item="senior-allowance", resident=resident, by=by
    )
    matter = accept(world, resident, item="senior-allowance", draft=draft)
    draft.refresh_from_db()
    assert draft.matter_id == matter.pk
    with pytest.raises(Refused, match="已经受理"):
        actions.save_draft(world.place(COMMUNITY), item="senior-allowance", draft=draft, by=by)
    assert Draft.objects.visible_to(world.neighbour_admin).count() == 0


def test_acceptance_takes_few_statements(world, resident, django_assert_max_num_queries):
    accept(world, resident)  # the catalogue and the units are remembered from now on
    by, papers = world.network_admin, every_paper("elder-care-subsidy")
    place = world.place(COMMUNITY)
    with django_assert_max_num_queries(8):  # six of work, savepoint and release around them
        actions.accept_matter(
            place, item="elder-care-subsidy", resident=resident, answers={}, channel="window",
            materials=papers, by=by,
        )  # fmt: skip


def test_what_was_asked_and_left_empty_or_only_confirmed_was_asked_all_the_same(world, resident):
    fields = planned("elder-care-subsidy").guide.fields
    typed = next(code for code in fields if not dictionary()[code].register)
    held, confirmed = (code for code in ("name", "phone") if code in fields)
    matter = accept(
        world, resident, answers={held: "一", typed: "二", confirmed: "三"}, asked=[typed],
        confirmed=[confirmed],
    )  # fmt: skip
    assert (matter.fields_needed, matter.fields_asked) == (len(fields), len(fields) - 1)


def test_the_old_the_disabled_and_the_home_bound_go_first(world, resident, sign_in):
    assert accept(world, resident).priority == ""
    said = {"care_level": "severe", "disability_kind": "physical"}
    item = "disability-allowances"
    assert accept(world, resident, item, answers=said).priority == "home_bound"
    del said["care_level"]
    matter = accept(world, resident, item, answers=said)
    assert matter.priority == "disabled"
    assert priority_of(79, {"disability_kind": "none", "disability_grade": ""}, 80) == ""
    assert priority_of(80, {}, 80) == "elder"
    assert priority_of(None, {}, 80) == ""
    assert priority_of(30, {"veteran_status": "veteran"}, 80) == "soldier"
    desk = sign_in(world.network_admin)
    page = desk.get("/desk/matters/?tab=accepted&priority=disabled").content.decode()
    assert page.count("优先：残疾") == 2  # the filter in force, and the row
    assert "优先：失能" not in page
    assert "优先：残疾" in desk.get(matter.get_absolute_url()).content.decode()
    rows = desk.get("/api/v1/matters/?priority=true").json()["matters"]
    assert {one["priority"] for one in rows} == {"home_bound", "disabled"}


def test_who_goes_first_stands_before_an_earlier_deadline(world, resident, sign_in):
    early, late = accept(world, resident), accept(world, resident)
    desk = sign_in(world.network_admin)
    address = f"/desk/matters/{late.number}/do/priority/"
    assert desk.post(address, {"priority": "pregnant", "reason": " "}).status_code == 422
    assert desk.post(address, {"priority": "queen", "reason": "x"}).status_code == 422
    desk.post(address, {"priority": "pregnant", "reason": "看过孕妇健康手册"})
    late.refresh_from_db()
    assert late.priority == "pregnant"
    late.steps.filter(state="active").update(due_at=F("due_at") + timedelta(days=1))
    page = desk.get("/desk/matters/").content.decode()
    assert page.index(late.short_number) < page.index(early.short_number)
    assert "优先：孕妇" in page
    page = desk.get("/desk/matters/?sort=deadline").content.decode()
    assert page.index(early.short_number) < page.index(late.short_number)
    bench = desk.get("/desk/").content.decode()
    assert bench.index(late.short_number) < bench.index(early.short_number)
    rows = desk.get("/api/v1/matters/worklist").json()["matters"]
    assert [one["number"] for one in rows] == [late.number, early.number]
    body = json.dumps({"priority": "", "reason": "登记错了"})
    desk.post(f"/api/v1/matters/{late.number}/priority", body, content_type="application/json")
    rows = desk.get("/api/v1/matters/worklist").json()["matters"]
    assert [one["number"] for one in rows] == [early.number, late.number]
