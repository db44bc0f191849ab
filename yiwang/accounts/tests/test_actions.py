"""Acts of accounts: done, refused, not allowed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import BINCHA, CHONGCHUAN, CITY, COMMUNITY, RUDONG, STREET, VILLAGE, World
from yiwang.accounts import actions
from yiwang.accounts.actor import Actor
from yiwang.accounts.authentication import TokenAuth, _look_up
from yiwang.accounts.middleware import posts_of
from yiwang.accounts.models import ApiToken, LogInFailure, Post, Unit, User
from yiwang.accounts.roles import Role
from yiwang.accounts.sheets import read_departments
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.core.vault import keyed_hash
from yiwang.divisions.models import Division

TODAY = timezone.localdate()


@pytest.fixture
def county(world: World) -> Actor:
    return world.actor(Role.COUNTY_GROUP, CHONGCHUAN, "civil_affairs", "陆县长")


@pytest.fixture
def person(world: World) -> User:
    return actions.create_person(
        world.place(STREET), name="单国平", username="shanguoping", by=world.administrator
    )


def code_of(do, *args, **keywords) -> str:
    with pytest.raises(Refused) as refusal:
        do(*args, **keywords)
    return refusal.value.code


def last_line() -> JournalLine:
    return JournalLine.objects.order_by("-pk")[0]


# ---------- people ----------


def test_an_account_opens_with_a_temporary_password_that_must_be_changed(person):
    assert person.check_password(person.temporary_password)
    assert person.must_change_password
    assert person.temporary_until > timezone.now()
    assert person.name_pinyin == "shanguoping"
    assert last_line().facts["did"] == "create_person"
    assert person.temporary_password not in str(last_line().facts)


def test_a_user_name_is_given_once_whatever_its_case(world, person):
    args = {"name": "另一人", "username": "ShanGuoPing", "by": world.administrator}
    assert code_of(actions.create_person, world.place(CITY), **args) == "username_taken"


def test_a_county_opens_no_account_in_another_county(world, county):
    with pytest.raises(PermissionDenied):
        actions.create_person(world.place(RUDONG), name="甲", username="jia01", by=county)


def test_a_person_is_corrected_and_stopped_and_loses_the_posts_at_once(world, person):
    post = appoint(world, person)
    actions.change_person(
        person, name="单国萍", phone="0513-85000000", is_active=False, by=world.administrator
    )
    assert last_line().facts["after"]["is_active"] is False
    assert post not in Post.objects.held_on(TODAY)


def test_nobody_resets_the_password_of_an_equal_or_of_oneself(world, county):
    equal = world.post(Role.COUNTY_NETWORK, CHONGCHUAN, "service_centre", "同级").user
    equal.home = world.place(CHONGCHUAN)
    equal.save()
    assert code_of(actions.reset_password, equal, by=county) == "own_level"
    own = User.objects.get(pk=world.administrator.user_id)
    own.home = world.place(CITY)
    own.save()
    assert code_of(actions.reset_password, own, by=world.administrator) == "own_account"


def test_a_reset_ends_the_old_password_and_unlocks(world, person):
    old = person.temporary_password
    LogInFailure.objects.create(username="shanguoping", address="10.0.0.1")
    actions.reset_password(person, by=world.administrator)
    person.refresh_from_db()
    assert not person.check_password(old)
    assert not LogInFailure.objects.exists()


def test_unlocking_is_for_who_manages_the_place(world, person):
    LogInFailure.objects.create(username="shanguoping", address="10.0.0.1")
    outsider = world.actor(Role.COUNTY_GROUP, RUDONG, "civil_affairs", "如东")
    with pytest.raises(PermissionDenied):
        actions.unlock(person, by=outsider)
    actions.unlock(person, by=world.administrator)
    assert not LogInFailure.objects.exists()


def test_the_own_password_keeps_the_rules_and_never_returns(person):
    by = Actor.person(person)
    assert code_of(actions.change_own_password, person, password="short", by=by) == "password"
    actions.change_own_password(person, password="Blue-calico-11", by=by)
    actions.change_own_password(person, password="Blue-calico-22", by=by)
    assert not person.must_change_password
    assert code_of(
        actions.change_own_password, person, password="Blue-calico-11", by=by
    ) == "password"  # fmt: skip


def test_nobody_changes_someone_elses_password_as_the_own(world, person):
    other = world.post(Role.WINDOW, STREET, "service_centre").user
    with pytest.raises(PermissionDenied):
        actions.change_own_password(person, password="Blue-calico-11", by=Actor.person(other))
    with pytest.raises(PermissionDenied):
        actions.change_profile(person, phone="", language="en", by=Actor.person(other))
    actions.change_profile(person, phone="85001122", language="en", by=Actor.person(person))
    assert person.language == "en"


# ---------- posts ----------


def appoint(world: World, person: User, **changes) -> Post:
    facts: dict[str, Any] = {
        "role": Role.TOWNSHIP_NETWORK,
        "starts_on": TODAY,
        "by": world.administrator,
    }
    facts |= changes
    unit = facts.pop("unit", None) or world.unit(STREET, "service_centre")
    return actions.appoint(unit, person=person, **facts)


def test_a_county_appoints_in_its_own_subtree_only(world, county, person):
    post = appoint(world, person, by=county)
    assert post.division_id == STREET
    assert post.granted_by == county.label
    with pytest.raises(PermissionDenied):
        appoint(world, person, unit=world.unit(BINCHA, "service_centre"), by=county)


def test_an_appointment_is_refused_for_wrong_levels_oneself_and_impossible_dates(
    world, county, person
):
    assert code_of(appoint, world, person, role=Role.COMMUNITY_NETWORK) == "level"
    assert code_of(appoint, world, person, ends_on=TODAY - timedelta(days=1)) == "dates"
    own = User.objects.get(pk=county.user_id)
    assert code_of(appoint, world, own, by=county) == "own_post"
    person.is_active = False
    person.save()
    assert code_of(appoint, world, person) == "stopped"


def test_one_person_is_never_system_and_audit_administrator_at_once(world, person):
    unit = world.unit(CITY, "data_bureau")
    first = appoint(world, person, unit=unit, role=Role.AUDITOR)
    again = {"unit": unit, "role": Role.DATA_OFFICER}
    assert code_of(appoint, world, person, **again) == "separate"
    actions.end_post(first, on=TODAY, reason="换岗", by=world.administrator)
    assert appoint(world, person, **again).role == Role.DATA_OFFICER


def test_the_end_of_a_post_hands_its_work_over_and_shuts_the_door(world, person, monkeypatch):
    old = appoint(world, person)
    heir = world.post(Role.TOWNSHIP_NETWORK, STREET, "civil_affairs", "接任人")
    moved = []

    def hand_over_post(before: Post, after: Post) -> int:
        moved.append((before.pk, after.pk))
        return 14

    monkeypatch.setattr(Unit, "hand_over_post", hand_over_post, raising=False)
    token = actions.issue_token(
        old, name="旧系统", scopes=["matters.view"], per_minute=10,
        expires_on=TODAY + timedelta(days=30), by=world.administrator,
    )  # fmt: skip
    actions.end_post(old, on=TODAY, successor=heir, reason="调离", by=world.administrator)
    assert moved == [(old.pk, heir.pk)]
    assert old.handed_over["accounts.unit"] == 14
    assert posts_of(person) == []
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert code_of(actions.end_post, old, on=TODAY, by=world.administrator) == "ended"


def test_work_is_not_handed_to_someone_who_cannot_reach_it(world, person):
    old = appoint(world, person)
    far = world.post(Role.TOWNSHIP_NETWORK, BINCHA, "service_centre", "外镇")
    args = {"on": TODAY, "successor": far, "by": world.administrator}
    assert code_of(actions.end_post, old, **args) == "successor_area"


def test_a_post_ends_later_only_on_its_day(world, person):
    post = appoint(world, person)
    actions.end_post(post, on=TODAY + timedelta(days=7), by=world.administrator)
    assert post in Post.objects.held_on(TODAY + timedelta(days=7))
    assert post not in Post.objects.held_on(TODAY + timedelta(days=8))


def test_a_neighbouring_county_ends_nobodys_post_here(world, person):
    outsider = world.actor(Role.COUNTY_GROUP, RUDONG, "civil_affairs", "如东")
    with pytest.raises(PermissionDenied):
        actions.end_post(appoint(world, person), on=TODAY, by=outsider)


# ---------- delegation ----------


@pytest.fixture
def holder(world: World) -> Post:
    return world.post(Role.COMMUNITY_NETWORK, COMMUNITY, "committee", "周敏")


def lend(holder: Post, to: User, first: date = TODAY, last: date = TODAY, by: Actor | None = None):
    return actions.delegate(
        holder, to=to, starts_on=first, ends_on=last, reason="年休假", by=by or Actor.of(holder)
    )


def test_a_colleague_acts_in_the_lent_post_on_its_days_and_the_label_names_both(person, holder):
    lend(holder, person, TODAY, TODAY + timedelta(days=2))
    [(post, acting)] = posts_of(person)
    actor = Actor.of(post, acting=acting)
    assert actor.on_behalf
    assert "单国平" in actor.label
    assert "代 周敏" in actor.label
    assert actor.user_id == person.pk


def test_a_loan_of_next_week_opens_nothing_today(person, holder):
    lend(holder, person, TODAY + timedelta(days=7), TODAY + timedelta(days=8))
    assert posts_of(person) == []


def test_a_loan_ends_early_when_the_holder_is_back(person, holder):
    loan = lend(holder, person)
    actions.end_delegation(loan, by=Actor.of(holder))
    assert posts_of(person) == []
    assert code_of(actions.end_delegation, loan, by=Actor.of(holder)) == "ended"


def test_a_post_is_not_lent_twice_nor_for_ever_nor_to_oneself(person, holder):
    assert code_of(lend, holder, person, TODAY, TODAY + timedelta(days=400)) == "too_long"
    assert code_of(lend, holder, holder.user) == "to"
    lend(holder, person)
    assert code_of(lend, holder, person) == "lent"


def test_only_the_holder_lends_and_a_borrower_cannot_lend_on(world, person, holder):
    other = world.neighbour_admin
    with pytest.raises(PermissionDenied):
        lend(holder, person, by=other)
    borrowed = Actor.of(holder, acting=person)
    with pytest.raises(PermissionDenied):
        lend(holder, User.objects.get(pk=other.user_id), by=borrowed)


def test_an_administrator_covers_an_absence_but_not_with_oneself(world, person, holder):
    args = {"starts_on": TODAY, "ends_on": TODAY, "reason": "住院", "by": world.administrator}
    own = User.objects.get(pk=world.administrator.user_id)
    assert code_of(actions.cover, holder, to=own, **args) == "own_post"
    assert actions.cover(holder, to=person, **args).to == person
    with pytest.raises(PermissionDenied):
        actions.cover(holder, to=person, **(args | {"by": world.neighbour_admin}))


# ---------- keys of systems ----------


def issue(world: World, **changes) -> ApiToken:
    post = world.post(Role.ADMINISTRATOR, CITY, "data_bureau", "系统管理员")
    facts: dict[str, Any] = {"name": "市数据平台", "scopes": ["divisions.view"], "per_minute": 2}
    facts |= {"expires_on": TODAY + timedelta(days=90), "by": world.administrator}
    return actions.issue_token(post, **(facts | changes))


def test_a_key_acts_within_its_scopes_and_only_its_hash_is_kept(world):
    token = issue(world)
    assert bytes(token.digest) == keyed_hash("token", token.secret)
    found = _look_up(bytes(token.digest))
    assert found is not None
    actor = found[0]
    assert actor.rights == frozenset({"divisions.view"})
    assert token.secret not in str(last_line().facts)


def test_a_key_reaches_no_further_than_its_post_and_never_into_personnel(world):
    assert code_of(issue, world, scopes=["matters.accept"]) == "scopes"
    assert code_of(issue, world, scopes=["accounts.manage"]) == "scopes"
    assert code_of(issue, world, expires_on=TODAY) == "expires"


def test_a_window_clerk_issues_no_keys(world):
    with pytest.raises(PermissionDenied):
        issue(world, by=world.city_window)


def test_a_revoked_key_opens_nothing_from_that_moment(world, rf):
    token = issue(world)
    assert TokenAuth().authenticate(rf.get("/"), token.secret) is not None
    actions.revoke_token(token, by=world.administrator)
    assert TokenAuth().authenticate(rf.get("/"), token.secret) is None
    assert code_of(actions.revoke_token, token, by=world.administrator) == "revoked"


# ---------- units ----------


def test_a_unit_opens_changes_and_the_journal_keeps_before_and_after(world):
    facts = {"name": "崇川区数据局", "short_name": "数据", "unit_class": "other"}
    unit = actions.create_unit(
        world.place(CHONGCHUAN), code="data_bureau", **facts, by=world.administrator
    )
    assert code_of(
        actions.create_unit, world.place(CHONGCHUAN), code="data_bureau", **facts,
        by=world.administrator,
    ) == "exists"  # fmt: skip
    actions.change_unit(unit, contact="王芳", by=world.administrator)
    assert last_line().facts["after"] == {"contact": "王芳"}
    with pytest.raises(PermissionDenied):
        actions.change_unit(unit, contact="李", by=world.street_clerk)


def test_a_closed_unit_sends_its_people_and_work_to_the_successor(world):
    post = world.post(Role.TOWNSHIP_OFFICE, STREET, "health", "沈芳")
    unit, heir = world.unit(STREET, "health"), world.unit(STREET, "service_centre")
    assert code_of(actions.close_unit, unit, on=TODAY, by=world.administrator) == "people"
    far = world.unit(BINCHA, "health")
    args = {"on": TODAY, "by": world.administrator}
    assert code_of(actions.close_unit, unit, successor=far, **args) == "successor_area"
    actions.close_unit(unit, successor=heir, reason="机构改革", **args)
    [(now, _acting)] = posts_of(post.user)
    assert now.unit == heir
    assert code_of(actions.close_unit, unit, successor=heir, **args) == "closed"


def test_departments_of_the_plan_come_with_today_s_names_and_classes(world):
    from yiwang.accounts.reads import duty_counts

    Unit.objects.all().delete()
    places = list(Division.objects.filter(pk__in=[CITY, STREET, VILLAGE]))
    units = read_departments(places)
    actions.load_departments(world.place(CITY), units=units, by=Actor.system())
    counts = duty_counts(CITY)
    assert counts == {"lead": 1, "policy": 7, "organisation": 2, "guidance": 11}
    bureau = Unit.objects.get(division_id=CITY, code="human_resources")
    assert bureau.printed_for("劳动保障") == "人社局（原劳动保障）"
    assert Unit.objects.get(division_id=CITY, code="civil_affairs").called == "民政局"
    assert Unit.objects.filter(division_id=VILLAGE, code="committee").count() == 1
    actions.load_departments(world.place(CITY), units=read_departments(places), by=Actor.system())
    assert Unit.objects.count() == len(units)


def test_a_county_loads_no_departments_elsewhere(world, county):
    units = read_departments([world.place(VILLAGE)])
    with pytest.raises(PermissionDenied):
        actions.load_departments(world.place(RUDONG), units=units, by=county)
    args = {"units": units, "by": county}
    assert code_of(actions.load_departments, world.place(CHONGCHUAN), **args) == "outside"


# ---------- the first start ----------


def test_the_first_start_makes_one_administrator_and_never_a_second(world):
    User.objects.all().delete()
    facts: dict[str, Any] = {"username": "admin", "name": "第一人", "by": Actor.system()}
    weak = {"password": "admin"}
    assert code_of(actions.first_start, world.place(CITY), **facts, **weak) == "password"
    post = actions.first_start(world.place(CITY), password="Blue-calico-11", **facts)
    assert post.role == Role.ADMINISTRATOR
    again = {"password": "Blue-calico-11"}
    assert code_of(actions.first_start, world.place(CITY), **facts, **again) == "started"


def test_nobody_signed_in_can_start_again(world):
    with pytest.raises(PermissionDenied):
        actions.first_start(
            world.place(CITY), username="x01", name="乙", password="Blue-calico-11",
            by=world.city_window,
        )  # fmt: skip
