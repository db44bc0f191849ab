"""Accounts of residents: bound to one person, opened by a code, locked like those of staff."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import World
from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.personal import actions
from yiwang.personal.jobs import end_accounts
from yiwang.personal.models import AccessCode, Attempt, ResidentAccount, ResidentSession
from yiwang.personal.models.account import phone_key
from yiwang.personal.reads import (
    account_for,
    code_for,
    holder_of_session,
    locked_until_of,
    own_actor,
)
from yiwang.residents.actions import mark_deceased, move_resident

from .conftest import ELDER_PHONE, PASSWORD, open_account

GUEST = Actor.public("personal.enter")


def fail(phone: str) -> None:
    actions.spend_try(Attempt(digest=phone_key(phone)), by=GUEST)


def test_a_code_told_at_the_counter_binds_the_account(world, elder):
    code = actions.issue_code(
        elder, phone="154-0000 8830", manner="counter", document="居民身份证",
        by=world.network_admin,
    )  # fmt: skip
    assert len(code.secret) == 8
    assert code_for(ELDER_PHONE, code.secret) == code
    account = actions.use_code(code, password=PASSWORD, by=own_actor(elder))
    assert (account.resident, account.manner, account.document) == (
        elder, "counter", "居民身份证",
    )  # fmt: skip
    assert account_for(ELDER_PHONE, PASSWORD) == account
    assert code_for(ELDER_PHONE, code.secret) is None


def test_the_code_lies_nowhere_in_plain(world, elder):
    code = actions.issue_code(
        elder, phone=ELDER_PHONE, manner="counter", document="身份证", by=world.network_admin
    )
    row = AccessCode.objects.filter(pk=code.pk).values().get()
    assert code.secret not in str(row)
    assert not JournalLine.objects.filter(facts__icontains=code.secret).exists()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"document": ""}, "document_needed"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_what_is_missing_is_said(world, elder, said, code):
    given = {"phone": ELDER_PHONE, "manner": "counter", "document": "身份证", **said}
    with pytest.raises(Refused) as refusal:
        actions.issue_code(elder, **given, by=world.network_admin)
    assert refusal.value.code == code


def test_a_letter_needs_an_address_and_lives_for_days(world, family):
    letter = actions.issue_code(
        family.elder, phone=ELDER_PHONE, manner="letter", by=world.network_admin
    )
    assert letter.expires_at > timezone.now() + timedelta(days=14)
    with pytest.raises(Refused, match="登记住址"):
        actions.issue_code(family.daughter, phone="15400008831", manner="letter", by=Actor.system())


def test_a_child_gets_no_account_of_her_own(world, family):
    with pytest.raises(Refused) as refusal:
        actions.issue_code(
            family.child, phone=ELDER_PHONE, manner="counter", document="户口簿",
            by=world.network_admin,
        )  # fmt: skip
    assert refusal.value.code == "under_age"


def test_the_neighbouring_community_issues_nothing(world, elder):
    with pytest.raises(PermissionDenied):
        actions.issue_code(
            elder, phone=ELDER_PHONE, manner="counter", document="身份证",
            by=world.neighbour_admin,
        )  # fmt: skip


def test_a_code_dies_of_its_tries_and_of_its_hours(world, elder):
    by = world.network_admin
    code = actions.issue_code(elder, phone=ELDER_PHONE, manner="counter", document="身份证", by=by)
    for _try in range(5):
        fail(ELDER_PHONE)
    assert code_for(ELDER_PHONE, code.secret) is None
    with circumstances(at=timezone.now() - timedelta(hours=3)):
        old = actions.issue_code(
            elder, phone=ELDER_PHONE, manner="counter", document="身份证", by=by
        )
    assert code_for(ELDER_PHONE, old.secret) is None
    with pytest.raises(Refused, match="过期"):
        actions.use_code(old, password=PASSWORD, by=own_actor(elder))


def test_a_new_code_ends_the_one_before(world, elder):
    first, second = (
        actions.issue_code(
            elder, phone=ELDER_PHONE, manner="counter", document="身份证", by=world.network_admin
        )
        for _turn in range(2)
    )
    assert code_for(ELDER_PHONE, first.secret) is None
    assert code_for(ELDER_PHONE, second.secret) == second


def test_five_failures_lock_a_number_known_or_not(account):
    for phone in (ELDER_PHONE, "15499990000"):
        for _try in range(5):
            assert locked_until_of(phone) is None
            fail(phone)
        until = locked_until_of(phone)
        assert until is not None
        assert until > timezone.now()
    later = timezone.now() + timedelta(minutes=31)
    with circumstances(at=later):
        assert locked_until_of(ELDER_PHONE) is None


def test_a_weak_password_is_refused_and_costs_no_code(world, elder):
    code = actions.issue_code(
        elder, phone=ELDER_PHONE, manner="counter", document="身份证", by=world.network_admin
    )
    for weak in ("12345678", "abc1", "chenguiying1"):
        with pytest.raises(Refused) as refusal:
            actions.use_code(code, password=weak, by=own_actor(elder))
        assert refusal.value.code == "password"
    assert code_for(ELDER_PHONE, code.secret) == code


def test_a_forgotten_password_is_set_anew_and_signs_out_everywhere(world, elder, account):
    session = actions.begin_session(account, device="手机", by=own_actor(elder))
    assert holder_of_session(session.secret) == session
    again = open_account(elder, ELDER_PHONE, world.network_admin)
    assert again == account
    assert holder_of_session(session.secret) is None
    assert ResidentAccount.objects.count() == 1


def test_a_session_ends_by_itself_when_idle_or_old(elder, account):
    session = actions.begin_session(account, device="手机", by=own_actor(elder))
    ResidentSession.objects.update(seen_at=timezone.now() - timedelta(minutes=31))
    assert holder_of_session(session.secret) is None
    ResidentSession.objects.update(
        seen_at=timezone.now(), created_at=timezone.now() - timedelta(hours=13)
    )
    assert holder_of_session(session.secret) is None


def test_a_new_password_keeps_this_browser_and_ends_the_others(elder, account):
    here, there = (
        actions.begin_session(account, device=name, by=own_actor(elder)) for name in ("一", "二")
    )
    with pytest.raises(Refused, match="现在的密码不对"):
        actions.change_password(
            account, old="wrong", new="newpass99", session=here, by=own_actor(elder)
        )
    actions.change_password(
        account, old=PASSWORD, new="newpass99", session=here, by=own_actor(elder)
    )
    assert holder_of_session(here.secret)
    assert holder_of_session(there.secret) is None
    assert account_for(ELDER_PHONE, "newpass99") == account


@pytest.mark.parametrize("how", ["died", "left"])
def test_the_account_ends_with_the_record(world, elder, account, how):
    session = actions.begin_session(account, device="手机", by=own_actor(elder))
    if how == "died":
        mark_deceased(elder, on=date(2026, 11, 1), by=world.network_admin)
    else:
        move_resident(elder, to=None, on=date(2026, 11, 1), by=world.network_admin)
    assert holder_of_session(session.secret) is None
    assert account_for(ELDER_PHONE, PASSWORD) is None
    end_accounts()
    account.refresh_from_db()
    assert account.ended_at
    assert account.sessions.filter(ended_at=None).count() == 0


def test_two_people_share_a_telephone(world: World, family):
    mother = open_account(family.elder, ELDER_PHONE, world.network_admin)
    code = actions.issue_code(
        family.daughter, phone=ELDER_PHONE, manner="counter", document="身份证", by=Actor.system()
    )
    daughter = actions.use_code(code, password="lisa2026", by=own_actor(family.daughter))
    assert account_for(ELDER_PHONE, PASSWORD) == mother
    assert account_for(ELDER_PHONE, "lisa2026") == daughter


def test_a_resident_reaches_herself_and_nobody_else(family, account):
    stranger = own_actor(family.daughter)
    with pytest.raises(PermissionDenied):
        actions.end_sessions(account, by=stranger)
    with pytest.raises(PermissionDenied):
        actions.confirm_own(family.elder, fields=["phone"], by=stranger)


def test_staff_close_an_account_with_a_reason(world, account):
    with pytest.raises(Refused, match="原因"):
        actions.end_account(account, reason=" ", by=world.network_admin)
    actions.end_account(account, reason="手机丢失", by=world.network_admin)
    assert account_for(ELDER_PHONE, PASSWORD) is None
    with pytest.raises(Refused, match="已经停用"):
        actions.end_account(account, reason="再停", by=world.network_admin)
