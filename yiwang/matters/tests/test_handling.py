"""From the first step to the rating (INF-09, SVC-07, SVC-23, SVC-24)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from tests.world import CHONGCHUAN, COMMUNITY, STREET
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.forms.handling import LONG
from yiwang.matters.models import Extension, FollowUp, Matter, Rating, Result, Step
from yiwang.matters.reads import dial, find_tracked, planned, tone_of
from yiwang.matters.rules import State, StepState

pytestmark = pytest.mark.usefixtures("catalogue")
BEIJING = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 10, 21, tzinfo=BEIJING)
HOLDER = Actor.public("matters.rate", "matters.track")


def at(days=0, hours=0):
    return circumstances(at=MONDAY + timedelta(days=days, hours=hours))


@pytest.fixture
def matter(world, resident):
    return accept(world, resident, "elder-care-subsidy")


def accept(world, resident, item):
    papers = [HandedIn(need.code) for need in planned(item).guide.materials]
    with at():
        return actions.accept_matter(
            world.place(COMMUNITY), item=item, resident=resident, answers={}, channel="window",
            materials=papers, by=world.network_admin,
        )  # fmt: skip


def active(matter):
    return list(Step.objects.filter(matter=matter, state=StepState.ACTIVE).select_related("unit"))


def to_decision(world, matter):
    """Community and township have agreed; the county bureau has to decide."""
    with at(hours=1):
        actions.complete_step(active(matter)[0], opinion="情况属实", by=world.network_admin)
    with at(hours=2):
        actions.complete_step(active(matter)[0], opinion="同意", by=world.street_clerk)
    return active(matter)[0]


def finished(world, matter):
    step = to_decision(world, matter)
    with at(days=1):
        return actions.finish_matter(step, granted=True, text="准予补贴", by=world.bureau_clerk)


def test_a_step_done_opens_the_next_level_by_itself(world, matter):
    with at(hours=1):
        actions.complete_step(active(matter)[0], by=world.network_admin)
    (step,) = active(matter)
    assert step.unit.division_id == STREET
    assert step.due_at <= matter.due_at


def test_parallel_steps_meet_before_the_next_stage(world, resident):
    matter = accept(world, resident, "housing-repair-aid")
    with at(hours=1):
        actions.complete_step(active(matter)[0], by=world.network_admin)
    together = active(matter)
    assert len(together) == 3
    for number, step in enumerate(together, 2):
        clerk = world.actor(Role.DEPARTMENT, CHONGCHUAN, step.unit.code)
        assert {one.stage for one in active(matter)} == {2}
        with at(hours=number):
            actions.complete_step(step, by=clerk)
    assert [one.stage for one in active(matter)] == [3]


def test_a_step_is_taken_by_one_clerk(world, matter):
    step = active(matter)[0]
    actions.take_step(step, by=world.network_admin)
    other = world.actor(Role.COMMITTEE, COMMUNITY, "committee", "别人")
    with pytest.raises(Refused, match="周敏"):
        actions.take_step(step, by=other)


def test_two_clerks_at_once_the_second_gets_a_sentence(world, matter):
    step = active(matter)[0]
    same = Step.objects.select_related("matter").get(pk=step.pk)
    actions.complete_step(step, by=world.network_admin)
    with pytest.raises(Refused, match="可能已由他人办理"):
        actions.complete_step(same, by=world.network_admin)


def test_a_department_of_another_county_may_not_handle(world, matter):
    stranger = world.actor(Role.DEPARTMENT, 320623_000_000, "civil_affairs")
    with pytest.raises(PermissionDenied):
        actions.complete_step(active(matter)[0], by=stranger)
    assert not Matter.objects.visible_to(stranger).exists()


def test_the_department_sees_the_matter_through_its_step_only(world, matter, resident):
    other = accept(world, resident, "birth-registration")
    seen = Matter.objects.visible_to(world.bureau_clerk)
    assert list(seen) == [matter]
    assert other not in seen


def test_the_last_step_asks_for_a_result(world, matter):
    step = to_decision(world, matter)
    with pytest.raises(Refused) as refusal:
        actions.complete_step(step, by=world.bureau_clerk)
    assert refusal.value.code == "needs_result"


def test_finishing_issues_a_numbered_result(world, matter):
    done = finished(world, matter)
    assert done.state == State.FINISHED
    result = Result.objects.get(matter=matter)
    assert "〔2026〕" in result.number
    assert len(result.code) == 12


def test_results_of_a_unit_are_numbered_on(world, resident):
    numbers = []
    for _time in range(2):
        matter = accept(world, resident, "elder-care-subsidy")
        finished(world, matter)
        numbers.append(Result.objects.get(matter=matter).number)
    assert numbers[0].endswith("〕1号")
    assert numbers[1].endswith("〕2号")


def test_refusing_needs_a_reason_and_a_deciding_step(world, matter):
    with pytest.raises(Refused, match="请写明办理结果"):
        actions.finish_matter(active(matter)[0], granted=False, text=" ", by=world.network_admin)
    with pytest.raises(Refused, match="只有决定环节"):
        actions.finish_matter(active(matter)[0], granted=False, text="不符", by=world.network_admin)
    step = to_decision(world, matter)
    done = actions.finish_matter(step, granted=False, text="收入超过标准", by=world.bureau_clerk)
    assert done.state == State.REFUSED


def test_handing_on_keeps_the_clock_and_lets_the_new_unit_in(world, matter):
    step, due = active(matter)[0], matter.due_at
    unit = world.unit(STREET, "human_resources")
    actions.hand_on_step(step, unit=unit, reason="不属社区权限", by=world.network_admin)
    matter.refresh_from_db()
    assert matter.due_at == due
    clerk = world.actor(Role.DEPARTMENT, STREET, "human_resources")
    assert Matter.objects.visible_to(clerk).filter(pk=matter.pk).exists()


def test_handing_on_without_a_reason_is_refused(world, matter):
    with pytest.raises(Refused) as refusal:
        actions.hand_on_step(
            active(matter)[0], unit=world.unit(STREET, "health"), reason=" ", by=world.network_admin
        )
    assert refusal.value.fields == {"reason": "required"}


MISSING = [{"kind": "material", "code": "income_proof", "name": "收入证明", "wrong": "缺第 2 页"}]


def test_a_matter_is_returned_once_with_the_full_list(world, matter):
    step = active(matter)[0]
    with at(hours=1):
        actions.return_matter(step, items=MISSING, by=world.network_admin)
    matter.refresh_from_db()
    assert matter.state == State.CORRECTING
    with pytest.raises(Refused, match="收入证明"):
        actions.answer_correction(matter, by=world.network_admin)
    with at(days=3):
        actions.answer_correction(
            matter, materials=[HandedIn("income_proof")], by=world.network_admin
        )
    step = active(matter)[0]
    with pytest.raises(Refused) as refusal:
        actions.return_matter(step, items=MISSING, by=world.network_admin)
    assert refusal.value.code == "corrected_once"


def test_the_clock_stands_while_the_resident_corrects(world, matter):
    due = matter.due_at
    with at(hours=1):
        actions.return_matter(active(matter)[0], items=MISSING, by=world.network_admin)
    with at(days=2):  # Wednesday: two working days stood still
        actions.answer_correction(
            matter, materials=[HandedIn("income_proof")], by=world.network_admin
        )
    matter.refresh_from_db()
    assert matter.due_at - due == timedelta(days=2)


def test_only_listed_reasons_stop_the_clock(world, matter):
    step = active(matter)[0]
    with pytest.raises(Refused, match="法定情形"):
        actions.pause_matter(step, kind="holiday", reason="休假", by=world.network_admin)
    with at(hours=1):
        actions.pause_matter(step, kind="hearing", reason="依法听证", by=world.network_admin)
    with at(days=1):
        resumed = actions.resume_matter(active(matter)[0], by=world.network_admin)
    assert resumed.state == State.WORKING
    with pytest.raises(Refused, match="没有暂停"):
        actions.resume_matter(active(matter)[0], by=world.network_admin)


def test_more_time_needs_another_person(world, matter):
    step = to_decision(world, matter)
    due = matter.due_at
    asked = actions.extend_matter(step, amount=5, reason="等待鉴定", by=world.bureau_clerk)
    with pytest.raises(PermissionDenied):
        actions.decide_extension(asked, granted=True, by=world.bureau_clerk)
    actions.decide_extension(asked, granted=True, by=world.leader)
    matter.refresh_from_db()
    assert matter.due_at > due
    with pytest.raises(Refused, match="不能再次延期"):
        actions.extend_matter(step, amount=1, reason="再等", by=world.bureau_clerk)


def test_no_more_time_than_the_law_allows(world, matter):
    with pytest.raises(Refused, match="最多可延长 10"):
        actions.extend_matter(active(matter)[0], amount=11, reason="忙", by=world.network_admin)


def test_a_reason_may_be_as_long_as_its_form_allows(world, matter):
    longest = "长" * LONG
    actions.pause_matter(active(matter)[0], kind="hearing", reason=longest, by=world.network_admin)
    actions.resume_matter(active(matter)[0], by=world.network_admin)
    asked = actions.extend_matter(
        active(matter)[0], amount=1, reason=longest, by=world.network_admin
    )
    assert asked.reason == longest


def test_an_answer_ends_the_request_for_more_time(world, matter):
    step = to_decision(world, matter)
    asked = actions.extend_matter(step, amount=5, reason="等待鉴定", by=world.bureau_clerk)
    actions.withdraw_matter(step.matter, reason="居民自愿撤回", by=world.network_admin)
    asked.refresh_from_db()
    assert asked.state == Extension.State.LAPSED
    with pytest.raises(Refused, match="已经处理"):
        actions.decide_extension(asked, granted=True, by=world.leader)


def test_urging_is_counted(world, matter):
    actions.urge_matter(matter, text="请上午到场", by=world.network_admin)
    actions.urge_matter(matter, text="请今天办", by=world.network_admin)
    assert matter.events.first().facts["count"] == 2


def test_withdrawing_cancels_what_is_open(world, matter):
    actions.withdraw_matter(matter, reason="居民自愿撤回", by=world.network_admin)
    assert set(matter.steps.values_list("state", flat=True)) == {StepState.CANCELLED}
    with pytest.raises(Refused, match="已经办完"):
        actions.urge_matter(matter, text="快", by=world.network_admin)


def test_a_result_is_handed_over_once_with_a_name(world, matter):
    finished(world, matter)
    matter.refresh_from_db()
    with pytest.raises(Refused, match="领取人"):
        actions.deliver_result(matter, how="window", receiver="", by=world.network_admin)
    actions.deliver_result(matter, how="window", receiver="陈桂英", by=world.network_admin)
    with pytest.raises(Refused, match="已经送达"):
        actions.deliver_result(matter, how="window", receiver="陈桂英", by=world.network_admin)


def test_the_resident_rates_once(world, matter):
    finished(world, matter)
    with at(days=2):
        rating = actions.rate_matter(matter, grade=5, by=HOLDER)
        assert rating.grade == Rating.Grade.VERY_GOOD
        with pytest.raises(Refused, match="已经评价过"):
            actions.rate_matter(matter, grade=4, by=HOLDER)
    assert not FollowUp.objects.exists()


def test_staff_cannot_rate(world, matter):
    finished(world, matter)
    clerk = world.network_admin.within_act("matters.rate")
    with pytest.raises(Refused, match="居民本人"):
        actions.rate_matter(matter, grade=5, by=clerk)


def test_a_bad_rating_opens_a_follow_up_with_a_clock(world, matter):
    finished(world, matter)
    with at(days=2):  # Wednesday
        actions.rate_matter(matter, grade=1, reasons=["办得太慢"], by=HOLDER)
    follow_up = FollowUp.objects.get()
    assert follow_up.due_at.astimezone(BEIJING).date() == (MONDAY + timedelta(days=7)).date()
    actions.answer_follow_up(
        follow_up, answer="已上门说明并道歉", reason="依规定办理", by=world.network_admin
    )
    with pytest.raises(Refused, match="已经完成"):
        actions.answer_follow_up(follow_up, answer="再答", by=world.network_admin)


def test_rating_ends_with_the_invitation(world, matter):
    finished(world, matter)
    with at(days=30), pytest.raises(Refused, match="评价期已过"):
        actions.rate_matter(matter, grade=5, by=HOLDER)


def test_a_step_of_five_days_is_amber_on_its_fourth(world, matter):
    matter.amber_at, matter.due_at = MONDAY + timedelta(days=3), MONDAY + timedelta(days=5)
    assert tone_of(matter, MONDAY + timedelta(days=2)) == "ok"
    assert tone_of(matter, MONDAY + timedelta(days=3)) == "warn"
    assert tone_of(matter, MONDAY + timedelta(days=6)) == "danger"


def test_the_dial_shows_used_time_and_working_days_left(world, matter):
    shown = dial(matter, MONDAY + timedelta(days=1))
    assert (shown.percent, shown.left, shown.tone) == (10, 9, "ok")


def test_tracking_asks_for_the_last_four_digits(world, matter):
    assert find_tracked(matter.number, "8830") == matter
    assert find_tracked(f" {matter.display_number} ", "８８３０") == matter
    assert find_tracked(matter.number, "0000") is None


def test_five_wrong_tries_lock_the_number(world, matter):
    for _try in range(5):
        actions.note_tracking_failure(matter, by=HOLDER)
    with pytest.raises(Refused) as refusal:
        find_tracked(matter.number, "8830")
    assert refusal.value.code == "tracking_locked"


def test_a_right_answer_makes_earlier_slips_forgotten(world, matter):
    for _try in range(4):
        actions.note_tracking_failure(matter, by=HOLDER)
    actions.forget_tracking_failures(matter, by=HOLDER)
    for _try in range(4):
        actions.note_tracking_failure(matter, by=HOLDER)
    assert find_tracked(matter.number, "8830") == matter


def test_what_offices_write_to_each_other_is_not_for_the_resident(world, matter):
    actions.hand_on_step(
        active(matter)[0], unit=world.unit(STREET, "health"), reason="此户情况复杂",
        by=world.network_admin,
    )  # fmt: skip
    shown = "".join(matter.events.filter(shown=True).values_list("text", flat=True))
    hidden = "".join(matter.events.filter(shown=False).values_list("text", flat=True))
    assert "情况复杂" in hidden
    assert "情况复杂" not in shown


def test_the_timeline_cannot_be_rewritten_by_the_application(world, matter):
    from django.db import ProgrammingError, transaction

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        matter.events.all().delete()
