"""Unusual look-ups: what the journal shows, told to the data officer (EXP-68)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.world import CITY, COMMUNITY, VILLAGE
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.personal import actions
from yiwang.personal.jobs import watch_looks
from yiwang.personal.models import Finding
from yiwang.personal.rules.lookups import Limits, Look, signs
from yiwang.residents.actions import add_resident, reveal_field

LIMITS = Limits(
    hour=20, day=200, night=3, outside=3, surname=5, colleague=1, neighbour=1, minors=10
)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def look(line: int, minutes: float = 0, **said) -> Look:
    return Look(line, NOON + timedelta(minutes=minutes), line, **said)


def test_an_ordinary_morning_shows_nothing():
    looks = [look(n, n * 10, surname="王李张刘"[n % 4]) for n in range(12)]
    assert signs(looks, LIMITS) == {}


def test_twenty_within_an_hour_count_wherever_the_hour_begins():
    slow = [look(n, -200 + n * 10) for n in range(10)]
    rush = [look(100 + n, n * 3) for n in range(20)]
    assert signs([*slow, *rush], LIMITS) == {"hour": [one.line for one in rush]}


@pytest.mark.parametrize(
    ("hour", "at_night"), [(22, True), (23, True), (2, True), (5, True), (6, False), (21, False)]
)
def test_the_night_is_from_ten_to_six(hour, at_night):
    looks = [Look(n, NOON.replace(hour=hour), n) for n in range(3)]
    assert ("night" in signs(looks, LIMITS)) is at_night


def test_five_people_of_one_surname_not_five_looks_at_one():
    same = [Look(n, NOON, 7, surname="陈") for n in range(9)]
    assert signs(same, LIMITS) == {}
    five = [look(n, n * 20, surname="陈") for n in range(5)]
    assert signs([*five, look(9, surname="王")], LIMITS) == {"surname": [0, 1, 2, 3, 4]}


@given(st.lists(st.integers(0, 24 * 60 - 1), max_size=60))
def test_an_hour_is_reported_exactly_when_some_hour_holds_enough(minutes):
    limits = Limits(5, 10**6, 10**6, 10**6, 10**6, 10**6, 10**6, 10**6)
    looks = [Look(n, NOON.replace(hour=0) + timedelta(minutes=m), n) for n, m in enumerate(minutes)]
    most = max((sum(0 <= b - a <= 60 for b in minutes) for a in minutes), default=0)
    assert ("hour" in signs(looks, limits)) is (most >= 5)


@pytest.fixture
def officer(world):
    return world.actor(Role.DATA_OFFICER, CITY, "data_bureau", "郭平")


def peek(person, by):
    reveal_field(person, field="phone", reason="随便看看", by=by)


def test_a_neighbour_and_a_colleague_are_told_with_the_lines_behind(world, elder, officer):
    by = world.network_admin
    User.objects.filter(pk=by.user_id).update(name="周敏", phone="15400001001")
    place = world.place(COMMUNITY)
    add_resident(
        place, name="周敏", values={"phone": "15400001001", "home_address": "南园新村12幢101室"},
        by=by,
    )  # fmt: skip
    mate = world.actor(Role.WORKER, COMMUNITY, "committee", "季红")
    User.objects.filter(pk=mate.user_id).update(phone="15400001002")
    colleague = add_resident(place, name="季红", values={"phone": "15400001002"}, by=by)
    peek(elder, by)
    peek(colleague, by)
    watch_looks()
    found = {one.kind: one for one in Finding.objects.all()}
    assert set(found) - {"night"} == {"neighbour", "colleague"}
    (line,) = JournalLine.objects.filter(pk__in=found["neighbour"].lines)
    assert (line.subject_id, line.user_id) == (str(elder.pk), by.user_id)
    assert found["colleague"].division_id == COMMUNITY


def test_looks_outside_the_own_area_are_told(world, family, officer):
    from dataclasses import replace

    from yiwang.divisions.rules import range_of

    # A post that reached farther on that day than the person's own posts do now.
    far = replace(world.network_admin, enter=range_of(0))
    for _turn in range(3):
        peek(family.daughter, far)
    watch_looks()
    # Whoever runs the tests at night has looked at night as well.
    kinds = Finding.objects.exclude(kind="night").values_list("kind", flat=True)
    assert list(kinds) == ["outside"]


def test_a_night_twice_looked_through_is_one_finding_until_more_joins(world, family, officer):
    from dataclasses import replace

    from yiwang.divisions.rules import range_of

    far = replace(world.network_admin, enter=range_of(0))
    for _turn in range(3):
        peek(family.daughter, far)
    watch_looks()
    finding = Finding.objects.get(kind="outside")
    actions.settle_finding(finding, misuse=False, explanation="换岗交接", by=officer)
    watch_looks()
    finding.refresh_from_db()
    assert finding.state == "explained"
    peek(family.daughter, far)
    watch_looks()
    finding.refresh_from_db()
    assert (finding.state, len(finding.lines)) == ("open", 4)


def test_nobody_settles_without_words_or_ones_own(world, family, officer):
    finding = Finding.objects.create(
        kind="night", on=timezone.localdate(), user_id=officer.user_id, by="郭平",
        division_key=VILLAGE, lines=[],
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        actions.settle_finding(finding, misuse=False, explanation="没事", by=officer)
    assert refusal.value.code == "own"
    other = world.actor(Role.DATA_OFFICER, CITY, "civil_affairs", "赵敏")
    with pytest.raises(Refused) as refusal:
        actions.settle_finding(finding, misuse=False, explanation=" ", by=other)
    assert refusal.value.code == "explanation_needed"
    with pytest.raises(PermissionDenied):
        actions.settle_finding(finding, misuse=True, explanation="查实", by=world.network_admin)
    actions.settle_finding(finding, misuse=True, explanation="查实", by=other)
    assert finding.state == "misuse"
