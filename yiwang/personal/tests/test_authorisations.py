"""Acting for another: who may, in what, until when, and how it ends (DIV-14, EXP-49)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.personal import actions
from yiwang.personal.models import Authorisation, ResidentSession
from yiwang.personal.reads import own_actor, people_acted_for, scopes_held
from yiwang.residents.actions import move_resident

from .conftest import DAUGHTER_PHONE, Family, open_account

TODAY = timezone.localdate


def granted(family: Family, by: Actor | None = None, **said) -> Authorisation:
    given = {"relation": "女儿", "scopes": ["book", "data"], "basis": "herself", **said}
    return actions.grant_authorisation(
        family.elder, holder=family.daughter, by=by or own_actor(family.elder), **given
    )


def test_a_daughter_of_another_county_acts_for_her_mother_for_a_year(family):
    given = granted(family)
    today = TODAY()
    assert given.ends_on == today.replace(year=today.year + 1) - timedelta(days=1)
    assert "book" in scopes_held(family.daughter, family.elder, today)
    assert "apply" not in scopes_held(family.daughter, family.elder, today)
    assert "book" not in scopes_held(family.elder, family.daughter, today)
    assert "book" not in scopes_held(
        family.daughter, family.elder, given.ends_on + timedelta(days=1)
    )
    assert people_acted_for(family.daughter, today) == [family.elder]


def test_the_journal_names_both_persons(family):
    granted(family)
    both = own_actor(family.daughter, family.elder)
    actions.confirm_own(family.elder, fields=["phone"], by=both)
    line = JournalLine.objects.filter(act="personal.own").latest("pk")
    assert line.by == f"刘*（居民 {family.daughter.pk}）代陈*英（居民 {family.elder.pk}）"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"scopes": []}, "scope_needed"),
        ({"scopes": ["fly"]}, "scope_needed"),
        ({"basis": "counter"}, "evidence_needed"),
        ({"ends_on": date(2020, 1, 1)}, "ends_early"),
    ],
)
def test_what_does_not_make_an_authorisation(family, said, code):
    with pytest.raises(Refused) as refusal:
        granted(family, **said)
    assert refusal.value.code == code


def test_nobody_acts_for_herself_or_twice(family):
    with pytest.raises(Refused) as refusal:
        actions.grant_authorisation(
            family.elder, holder=family.elder, relation="本人", scopes=["data"], basis="herself",
            by=own_actor(family.elder),
        )  # fmt: skip
    assert refusal.value.code == "herself"
    granted(family)
    with pytest.raises(Refused) as refusal:
        granted(family)
    assert refusal.value.code == "granted_already"


def test_the_holder_cannot_grant_herself_power_over_others(family):
    with pytest.raises(PermissionDenied):
        granted(family, by=own_actor(family.child))


def test_a_child_is_spoken_for_by_a_guardian_alone_until_eighteen(world, family):
    by = world.network_admin
    with pytest.raises(Refused) as refusal:
        actions.grant_authorisation(
            family.child, holder=family.elder, relation="祖母", scopes=["data"], basis="counter",
            evidence="户口簿", by=by,
        )  # fmt: skip
    assert refusal.value.code == "guardian_needed"
    given = actions.grant_authorisation(
        family.child, holder=family.elder, relation="祖母", scopes=["data"], basis="guardian",
        evidence="户口簿，监护人指定书", ends_on=date(2090, 1, 1), by=by,
    )  # fmt: skip
    assert given.ends_on == date(2036, 5, 19)
    assert "data" not in scopes_held(family.child, family.child, TODAY())
    assert "data" in scopes_held(family.elder, family.child, TODAY())


def test_a_child_cannot_be_anyones_agent(family):
    with pytest.raises(Refused) as refusal:
        actions.grant_authorisation(
            family.elder, holder=family.child, relation="孙子", scopes=["book"], basis="herself",
            by=own_actor(family.elder),
        )  # fmt: skip
    assert refusal.value.code == "holder_under_age"


def test_revoked_means_at_once_in_every_browser(world, family):
    given = granted(family)
    account = open_account(family.daughter, DAUGHTER_PHONE, Actor.system())
    session = actions.begin_session(account, device="", by=own_actor(family.daughter))
    actions.act_for(session, person=family.elder, by=own_actor(family.daughter))
    assert session.acting_for == family.elder
    actions.revoke_authorisation(given, by=own_actor(family.elder))
    assert "book" not in scopes_held(family.daughter, family.elder, TODAY())
    assert ResidentSession.objects.get().acting_for is None
    with pytest.raises(Refused):
        actions.revoke_authorisation(given, by=world.network_admin)
    with pytest.raises(Refused):
        actions.act_for(session, person=family.elder, by=own_actor(family.daughter))


def test_the_agent_may_lay_it_down_and_the_neighbour_may_not(world, family):
    given = granted(family)
    with pytest.raises(PermissionDenied):
        actions.revoke_authorisation(given, by=world.neighbour_admin)
    actions.revoke_authorisation(given, by=own_actor(family.daughter))
    assert given.revoked_by.startswith("刘*")


def test_who_has_moved_away_acts_for_nobody(family):
    granted(family)
    move_resident(family.daughter, to=None, on=date(2026, 11, 1), by=Actor.system())
    assert "book" not in scopes_held(family.daughter, family.elder, TODAY())
