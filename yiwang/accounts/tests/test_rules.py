"""Passwords, locks, separate administrators and who may give which post."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.accounts.roles import EVERY_RIGHT, GRANTS, Role
from yiwang.accounts.rules import (
    LockRules,
    PasswordRules,
    conflicting,
    locked_until,
    overlap,
    password_faults,
    refuse_grant,
)
from yiwang.core.errors import Refused
from yiwang.core.rules.rights import RIGHTS
from yiwang.divisions.rules import Depth, depth_of

RULES = PasswordRules(length=10, classes=3, remembered=5)
LOCK = LockRules(tries=5, minutes=30)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CITY, COUNTY, TOWN = 320600_000_000, 320613_000_000, 320613_001_000


@dataclass
class Giver:
    role: Role | None
    division_id: int
    user_id: int | None = 7


def test_a_long_mixed_password_without_the_name_may_be_used():
    assert password_faults("Sunny-hill-77", RULES, ["zhoumin", "周敏"]) == []


@pytest.mark.parametrize(
    "password", ["Ab1-", "alllowercase", "ZhouMin-2026", "Aa1Aa1Aa1Aa1", "12345678901234"]
)
def test_a_short_plain_named_or_repeated_password_may_not(password):
    assert password_faults(password, RULES, ["zhoumin"])


def test_five_failures_within_the_time_lock_for_as_long_after_the_last():
    failures = [NOW - timedelta(minutes=minute) for minute in range(5)]
    assert locked_until(failures, LOCK) == NOW + timedelta(minutes=30)


def test_four_failures_or_five_over_a_longer_time_lock_nothing():
    assert locked_until([NOW] * 4, LOCK) is None
    spread = [NOW - timedelta(minutes=8 * n) for n in range(5)]
    assert locked_until(spread, LOCK) is None


@given(st.lists(st.integers(0, 3600), min_size=0, max_size=12))
def test_a_lock_never_lasts_longer_than_the_rule_says(ages):
    failures = [NOW - timedelta(seconds=age) for age in sorted(ages)]
    until = locked_until(failures, LOCK)
    assert until is None or until <= NOW + timedelta(minutes=LOCK.minutes)


def test_system_security_and_audit_administrators_are_different_people():
    assert conflicting(Role.AUDITOR, [Role.ADMINISTRATOR]) is Role.ADMINISTRATOR
    assert conflicting(Role.DATA_OFFICER, [Role.AUDITOR]) is Role.AUDITOR
    assert conflicting(Role.AUDITOR, [Role.AUDITOR, Role.WINDOW]) is None
    assert conflicting(Role.WINDOW, [Role.ADMINISTRATOR]) is None


@given(st.dates(), st.dates(), st.dates(), st.dates())
def test_overlap_does_not_ask_who_came_first(a, b, c, d):
    one, two = sorted([a, b]), sorted([c, d])
    assert overlap(*one, *two) == overlap(*two, *one)
    assert overlap(*one, *one)


def test_a_role_is_given_only_on_its_level():
    giver = Giver(Role.ADMINISTRATOR, CITY)
    with pytest.raises(Refused) as refusal:
        refuse_grant(Role.COMMUNITY_NETWORK, TOWN, giver)
    assert refusal.value.code == "level"


@given(st.sampled_from(Role), st.sampled_from([CITY, COUNTY, TOWN]), st.sampled_from(Role))
def test_nobody_but_the_administrator_makes_administrators(role, place, giver_role):
    giver = Giver(giver_role, CITY)
    if role in {Role.ADMINISTRATOR, Role.DATA_OFFICER, Role.AUDITOR}:
        if giver_role is not Role.ADMINISTRATOR:
            with pytest.raises(Refused):
                refuse_grant(role, place, giver)
        elif depth_of(place) in GRANTS[role].levels:
            refuse_grant(role, place, giver)


def test_a_county_group_cannot_appoint_its_own_equals():
    giver = Giver(Role.COUNTY_GROUP, COUNTY)
    with pytest.raises(Refused) as refusal:
        refuse_grant(Role.COUNTY_NETWORK, COUNTY, giver)
    assert refusal.value.code == "own_level"
    refuse_grant(Role.TOWNSHIP_OFFICE, TOWN, giver)
    refuse_grant(Role.DEPARTMENT, COUNTY, giver)


def test_every_right_has_a_name_and_every_role_a_level():
    assert set(RIGHTS) >= EVERY_RIGHT
    assert all(GRANTS[role].levels <= set(Depth) and GRANTS[role].levels for role in Role)
