"""The rights of the person: confirm, correct, object, restrict, delete, withdraw (EXP-20, INF-07)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from tests.world import CITY, COMMUNITY
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.personal import actions
from yiwang.personal.models import Consent, Notice, RightsRequest
from yiwang.personal.reads import (
    consents_of,
    copy_of,
    held_fields,
    is_restricted,
    looks_at,
    notice_in_force,
    own_actor,
)
from yiwang.residents.actions import change_resident, mark_deceased, reveal_field
from yiwang.residents.models import Resident, SourceRecord
from yiwang.residents.reads import known_fields

from .conftest import ELDER_PHONE


def known(person: Resident, code: str):
    return known_fields(person, [code], timezone.localdate()).get(code)


def asked(person: Resident, **said) -> RightsRequest:
    return actions.ask_for_right(person, by=own_actor(person), **said)


def test_one_tap_of_her_own_makes_the_value_fresh_and_keeps_its_source(world, elder):
    with circumstances(at=timezone.now() - timedelta(days=400)):
        change_resident(
            elder, changes={"living_situation": "alone"}, source="visit", by=world.network_admin
        )
    assert not known(elder, "living_situation").fresh
    actions.confirm_own(elder, fields=["living_situation", "phone"], by=own_actor(elder))
    after = known(elder, "living_situation")
    assert after.fresh
    assert after.source_kind == "visit"
    newest = SourceRecord.objects.filter(
        resident=elder, values_open__has_key="living_situation"
    ).latest("pk")
    assert newest.verified_on == timezone.localdate()
    assert "居民" in newest.collected_by


def test_nothing_chosen_or_nothing_held_confirms_nothing(elder):
    for fields in ([], ["pension"]):
        with pytest.raises(Refused):
            actions.confirm_own(elder, fields=fields, by=own_actor(elder))


def test_a_correction_waits_for_the_community_and_then_counts(world, elder):
    request = asked(elder, kind="correct", field="phone", proposed="15400009999")
    assert known(elder, "phone").value == ELDER_PHONE
    assert SourceRecord.objects.filter(
        resident=elder, source_kind="resident", verified_on=None
    ).exists()
    assert (
        next(one for one in held_fields(elder, timezone.localdate()) if one.asked).code == "phone"
    )
    actions.decide_request(request, granted=True, answer="", by=world.network_admin)
    elder.refresh_from_db()
    assert elder.phone == "15400009999"
    assert known(elder, "phone").value == "15400009999"
    with pytest.raises(Refused):
        actions.decide_request(request, granted=False, answer="再来", by=world.network_admin)


def test_fifteen_working_days_to_answer(world, elder):
    noon = datetime(2026, 11, 2, 4, tzinfo=UTC)
    with circumstances(at=noon):
        request = asked(elder, kind="correct", field="phone", proposed="15400009999")
    assert timezone.localtime(request.due_at).date() == date(2026, 11, 23)
    assert request.is_late(request.due_at + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "correct", "field": "phone", "proposed": "12"}, "invalid"),
        ({"kind": "correct", "field": "phone", "proposed": ""}, "invalid"),
        ({"kind": "correct", "field": "phone", "proposed": ELDER_PHONE}, "unchanged"),
        ({"kind": "correct", "field": "nonsense", "proposed": "x"}, "no_field"),
        ({"kind": "correct", "proposed": "x"}, "no_field"),
        ({"kind": "object", "field": "phone"}, "words_needed"),
    ],
)
def test_what_makes_no_request(elder, said, code):
    with pytest.raises(Refused) as refusal:
        asked(elder, **said)
    assert refusal.value.code == code


def test_the_same_twice_is_under_way_already_and_may_be_taken_back(elder):
    said = {"kind": "object", "field": "phone", "words": "不要打电话"}
    first = asked(elder, **said)
    with pytest.raises(Refused) as refusal:
        asked(elder, **said)
    assert refusal.value.code == "asked_already"
    actions.withdraw_request(first, by=own_actor(elder))
    assert asked(elder, **said).is_open


def test_a_refusal_needs_its_reason_and_the_neighbour_decides_nothing(world, elder):
    request = asked(elder, kind="restrict", words="先不要用")
    with pytest.raises(PermissionDenied):
        actions.decide_request(request, granted=True, answer="", by=world.neighbour_admin)
    with pytest.raises(Refused) as refusal:
        actions.decide_request(request, granted=False, answer=" ", by=world.network_admin)
    assert refusal.value.code == "answer_needed"
    actions.decide_request(request, granted=False, answer="法定职责需要", by=world.network_admin)
    assert not is_restricted(elder)


def test_a_restriction_stands_until_it_is_lifted(world, elder):
    request = asked(elder, kind="object", field="phone", words="不要打电话")
    actions.decide_request(request, granted=True, answer="照办", by=world.network_admin)
    assert is_restricted(elder, "phone")
    assert not is_restricted(elder, "home_address")
    actions.lift_restriction(request.restriction, by=world.network_admin)
    assert not is_restricted(elder, "phone")
    with pytest.raises(Refused):
        actions.lift_restriction(request.restriction, by=world.network_admin)


def test_one_item_is_erased_with_its_history_by_who_may(world, elder):
    request = asked(elder, kind="delete", field="emergency_contact", words="已不联系")
    with pytest.raises(PermissionDenied):
        actions.decide_request(request, granted=True, answer="同意", by=world.network_admin)
    assert known(elder, "emergency_contact").value == "刘芳"
    actions.decide_request(request, granted=True, answer="同意", by=world.street_clerk)
    assert known(elder, "emergency_contact") is None
    codes = {code for one in SourceRecord.objects.filter(resident=elder) for code in one.codes}
    assert "emergency_contact" not in codes
    assert "phone" in codes


def test_who_somebody_is_stays_as_long_as_she_lives_here(world, elder):
    for field, code in (("name", "statutory"), ("", "still_resident")):
        request = asked(elder, kind="delete", field=field, words="请删除")
        with pytest.raises(Refused) as refusal:
            actions.decide_request(request, granted=True, answer="", by=world.street_clerk)
        assert refusal.value.code == code


def test_a_record_that_ended_becomes_nobodys_and_the_journal_stays(world, elder, account):
    mark_deceased(elder, on=date(2026, 11, 1), by=world.network_admin)
    lines = JournalLine.objects.count()
    actions.anonymise_resident(elder, reason="近亲属请求", by=world.street_clerk)
    elder = Resident.objects.get(pk=elder.pk)
    assert (elder.name, elder.identity, elder.phone, elder.dwelling) == ("已匿名", "", "", None)
    assert (elder.birth_year, elder.division_id) == (1947, COMMUNITY)
    assert set(SourceRecord.objects.get(resident=elder).codes) == {"name", "sex", "birth_year"}
    account.refresh_from_db()
    assert not account.phone
    assert account.ended_at
    assert JournalLine.objects.count() > lines
    assert elder.history.count() == 2
    with pytest.raises(Refused):
        actions.anonymise_resident(elder, reason="再来", by=world.street_clerk)


def test_without_an_order_the_database_erases_nothing(elder):
    with (
        pytest.raises(ProgrammingError, match="no order"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT personal_erase_records(%s, '')", [elder.pk])
    assert SourceRecord.objects.filter(resident=elder).exists()


def test_an_agreement_is_given_once_and_taken_back_as_easily(elder):
    by = own_actor(elder)
    first = actions.give_consent(elder, purpose="care", how="online", by=by)
    assert actions.give_consent(elder, purpose="care", how="online", by=by) == first
    assert set(consents_of(elder)) == {"care"}
    actions.withdraw_consent(first, by=by)
    assert consents_of(elder) == {}
    with pytest.raises(Refused):
        actions.withdraw_consent(first, by=by)
    assert Consent.objects.get().withdrawn_at


def test_a_duty_by_law_is_told_and_not_asked(elder):
    with pytest.raises(Refused) as refusal:
        actions.give_consent(elder, purpose="register", how="online", by=own_actor(elder))
    assert refusal.value.code == "no_consent_needed"


def test_without_the_online_consent_the_account_ends(elder, account):
    by = own_actor(elder)
    actions.begin_session(account, device="", by=by)
    given = actions.give_consent(elder, purpose="online_account", how="online", by=by)
    actions.withdraw_consent(given, by=by)
    account.refresh_from_db()
    assert account.ended_why == "本人撤回同意"
    assert account.sessions.get().ended_at


def test_the_neighbour_records_no_consent(world, elder):
    with pytest.raises(PermissionDenied):
        actions.give_consent(elder, purpose="care", how="paper", by=world.neighbour_admin)


def test_a_new_notice_is_a_new_version_and_read_anew(world, elder, account):
    first = notice_in_force(timezone.localdate())
    assert first is not None
    officer = world.actor(Role.DATA_OFFICER, CITY, "data_bureau", "郭平")
    new = actions.publish_notice(
        first, text="新的告知书", text_en="The new notice", starts_on=timezone.localdate(),
        by=officer,
    )  # fmt: skip
    assert new.version == first.version + 1
    assert notice_in_force(timezone.localdate()) == new
    assert Notice.objects.count() == 2
    actions.read_notice(account, notice=new, by=own_actor(elder))
    assert account.notice == new
    wrongs: list[Any] = [
        {"text": "", "text_en": "x", "starts_on": timezone.localdate()},
        {"text": "旧", "text_en": "old", "starts_on": date(2026, 1, 1)},
        {"text": "新的告知书", "text_en": "The new notice", "starts_on": timezone.localdate()},
    ]
    for said in wrongs:
        with pytest.raises(Refused):
            actions.publish_notice(new, **said, by=officer)
    with pytest.raises(PermissionDenied):
        actions.publish_notice(
            new, text="甲", text_en="a", starts_on=timezone.localdate(), by=world.network_admin
        )


def test_she_sees_who_looked_and_why(world, elder):
    reveal_field(elder, field="identity_number", reason="核对补贴资格", by=world.network_admin)
    (look,) = looks_at(elder)
    assert look.field == "公民身份号码"
    assert (look.line.reason, look.line.by) == ("核对补贴资格", world.network_admin.label)


def test_the_copy_holds_everything_with_source_purpose_and_due_day(world, elder):
    actions.give_consent(elder, purpose="care", how="online", by=own_actor(elder))
    asked(elder, kind="correct", field="phone", proposed="15400009999")
    copy = copy_of(elder, timezone.localdate())
    phone = next(one for one in copy["fields"] if one["code"] == "phone")
    assert phone["value"] == ELDER_PHONE
    assert phone["source"] == "走访"
    assert phone["due_on"]
    assert phone["purpose"] == "社区居民登记"
    assert [one["kind"] for one in copy["requests"]] == ["correct"]
    assert [one["purpose"] for one in copy["consents"]] == ["care"]
