"""Retention rules that run by themselves or after approval, and leave their lists (EXP-22)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import CITY
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.personal import actions
from yiwang.personal.jobs import keep_rules
from yiwang.personal.models import Attempt, DestructionList, RetentionRule
from yiwang.personal.reads import DATA_CLASSES, due_counts
from yiwang.residents.actions import mark_deceased
from yiwang.residents.models import Resident


@pytest.fixture
def officer(world):
    return world.actor(Role.DATA_OFFICER, CITY, "data_bureau", "郭平")


@pytest.fixture
def gone(world, elder):
    """Died six years ago: longer than her record is kept."""
    mark_deceased(elder, on=date(2020, 11, 1), by=world.network_admin)
    return elder


def counts() -> dict[str, int]:
    return {one.rule.data_class: one.count for one in due_counts()}


def test_every_rule_speaks_of_a_class_the_program_knows():
    assert set(DATA_CLASSES) == set(
        RetentionRule.objects.in_force(timezone.localdate()).values_list("data_class", flat=True)
    )


def test_a_dry_run_counts_and_touches_nothing(gone):
    assert counts()["resident_deceased"] == 1
    assert DestructionList.objects.count() == 0
    gone.refresh_from_db()
    assert gone.name == "陈桂英"


def test_people_wait_for_approval_and_then_become_nobody(gone, officer):
    keep_rules()
    keep_rules()
    drawn = DestructionList.objects.get()
    assert (drawn.state, drawn.count) == ("waiting", 1)
    assert Resident.objects.get(pk=gone.pk).name == "陈桂英"
    assert counts()["resident_deceased"] == 0
    actions.decide_list(drawn, destroy=True, by=officer)
    assert Resident.objects.get(pk=gone.pk).name == "已匿名"
    line = JournalLine.objects.filter(act="personal.retention", facts__destroy=True).get()
    assert line.facts["count"] == 1
    assert "陈桂英" not in str(line.facts)
    with pytest.raises(Refused):
        actions.decide_list(drawn, destroy=True, by=officer)


def test_what_is_kept_needs_a_reason_and_is_not_listed_again(gone, officer):
    keep_rules()
    drawn = DestructionList.objects.get()
    with pytest.raises(Refused):
        actions.decide_list(drawn, destroy=True, keep=[drawn.items.get().pk], by=officer)
    actions.decide_list(drawn, destroy=False, why="诉讼未结", by=officer)
    assert Resident.objects.get(pk=gone.pk).name == "陈桂英"
    assert counts()["resident_deceased"] == 0


def test_a_rule_may_run_by_itself_and_still_leaves_its_list(db):
    old = timezone.now() - timedelta(days=200)
    Attempt.objects.create(digest=b"x" * 16, at=old)
    Attempt.objects.create(digest=b"x" * 16, at=timezone.now())
    keep_rules()
    assert Attempt.objects.count() == 1
    drawn = DestructionList.objects.get()
    assert (drawn.state, drawn.count, drawn.rule.data_class) == ("done", 1, "attempt")


def test_a_review_list_destroys_nothing(world, elder, officer):
    Resident.objects.filter(pk=elder.pk).update(fresh_until=date(2019, 1, 1))
    keep_rules()
    drawn = DestructionList.objects.get()
    assert drawn.rule.data_class == "stale_resident"
    actions.decide_list(drawn, destroy=True, by=officer)
    elder.refresh_from_db()
    assert (elder.name, elder.state) == ("陈桂英", "live")


def test_a_new_period_is_a_new_rule_from_a_day_on(officer, gone):
    today = timezone.localdate()
    rule = RetentionRule.objects.get(data_class="resident_deceased")
    said: Any = {"by_itself": False, "source": "市规〔2026〕1号"}
    wrongs: list[Any] = [{"days": 0}, {"source": " "}, {"starts_on": date(2026, 1, 1)}]
    for wrong in wrongs:
        given = {"days": 3650, "starts_on": today, **said, **wrong}
        with pytest.raises(Refused):
            actions.publish_rule(rule, **given, by=officer)
    actions.publish_rule(rule, days=3650, starts_on=today, **said, by=officer)
    rule.refresh_from_db()
    assert rule.ends_on == today - timedelta(days=1)
    assert counts()["resident_deceased"] == 0
    with pytest.raises(Refused, match="已经废止"):
        actions.publish_rule(rule, days=9, starts_on=today, **said, by=officer)


def test_only_the_citys_data_officer_decides(world, gone):
    keep_rules()
    for by in (world.network_admin, world.street_clerk):
        with pytest.raises(PermissionDenied):
            actions.decide_list(DestructionList.objects.get(), destroy=True, by=by)
