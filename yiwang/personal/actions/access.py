"""Codes, accounts and log-ins of residents (DIV-14)."""

import secrets
from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.personal.models import (
    AccessCode,
    Attempt,
    Notice,
    ResidentAccount,
    ResidentSession,
)
from yiwang.personal.models.account import Manner, code_key, phone_key
from yiwang.personal.reads.access import is_child, password_faults_of, scopes_held, session_key
from yiwang.personal.rules.codes import new_code
from yiwang.residents.models import Resident
from yiwang.residents.rules.phone import InvalidPhone, normalise


@act("personal.account")
def issue_code(
    resident: Resident, *, phone: str, manner: str, document: str = "", by: Actor
) -> AccessCode:
    """A one-time code for someone whose identity was checked; earlier codes end.

    At the counter the document seen is written down; a letter goes to the registered address.
    An empty `phone` is the one in the register.
    The code itself is `secret` of the answer, once. Raises Refused: not_live, under_age, phone,
    document_needed, no_address.
    """
    if manner not in Manner.values:
        sentence = _("请选择怎样交给居民。")
        raise Refused("manner", sentence, {"manner": sentence})
    lock(resident)
    _must_be_able(resident)
    plain = _clean_phone(phone or resident.phone or "")
    seen = clean_text(document)[:60]
    if manner == Manner.COUNTER and not seen:
        sentence = _("请写明当面看了什么证件。")
        raise Refused("document_needed", sentence, {"document": sentence})
    if manner == Manner.LETTER and not resident.dwelling_id:
        sentence = _("没有登记住址，不能寄信。请本人到窗口办理。")
        raise Refused("no_address", sentence, {"manner": sentence})
    AccessCode.objects.filter(resident=resident, used_at__isnull=True).update(tries_left=0)
    secret = new_code()
    code = AccessCode.objects.create(
        resident=resident, digest=code_key(resident.pk, secret), phone=plain,
        phone_hash=phone_key(plain), manner=Manner(manner), document=seen,
        issued_by=by.label[:160], expires_at=moment() + _life(manner),
        tries_left=int(parameter("personal.code_tries")),
    )  # fmt: skip
    code.secret = secret
    note(resident=resident.pk, manner=manner, document=seen)
    return code


def _life(manner: str) -> timedelta:
    if manner == Manner.LETTER:
        return timedelta(days=int(parameter("personal.letter_days")))
    return timedelta(hours=int(parameter("personal.code_hours")))


def _must_be_able(resident: Resident) -> None:
    if not resident.is_live:
        state = resident.get_state_display()
        raise Refused("not_live", _("这份档案已是“%(state)s”，不能开通。") % {"state": state})
    if is_child(resident, timezone.localdate(moment())):
        years = parameter("residents.minor_age")
        raise Refused(
            "under_age",
            _("不满 %(years)s 周岁，由监护人代办：请为监护人登记授权。") % {"years": years},
        )


def _clean_phone(text: str) -> str:
    try:
        return normalise(text)
    except InvalidPhone as fault:
        raise Refused("phone", f"{fault.message}{fault.cure}", {"phone": fault.message}) from fault


@act("personal.enter")
def spend_try(attempt: Attempt, *, by: Actor) -> Attempt:
    """Count a wrong password or code for a number; the good codes of it lose a try."""
    attempt.at = moment()
    attempt.save()
    AccessCode.objects.filter(
        phone_hash=attempt.digest, used_at__isnull=True, tries_left__gt=0
    ).update(tries_left=F("tries_left") - 1)
    return attempt


@act("personal.own")
def use_code(code: AccessCode, *, password: str, by: Actor) -> ResidentAccount:
    """Open the account with a password, or set a new one; every other log-in ends.

    Raises Refused: password, code_spent.
    """
    lock(code)
    _must_be_good_password(code.resident, password)
    if not code.is_good(moment()):
        raise Refused("code_spent", _("这个登录码已经用过或过期，请社区重新发。"))
    code.used_at = moment()
    code.save(update_fields=["used_at", "updated_at"])
    account = ResidentAccount.objects.filter(resident=code.resident, ended_at=None).first()
    account = account or ResidentAccount(resident=code.resident)
    account.put_phone(str(code.phone))
    account.put_password(password)
    account.manner, account.document = code.manner, code.document
    account.bound_by = code.issued_by
    account.save()
    Attempt.objects.filter(digest=code.phone_hash).delete()
    _end(account)
    note(resident=code.resident_id, manner=code.manner)
    return account


@act("personal.own")
def begin_session(account: ResidentAccount, *, device: str, by: Actor) -> ResidentSession:
    """Sign in at one browser; the cookie's value is `secret` of the answer, once."""
    secret = secrets.token_urlsafe(32)
    session = ResidentSession.objects.create(
        account=account, digest=session_key(secret), device=clean_text(device)[:120],
        seen_at=timezone.now(),
    )  # fmt: skip
    session.secret = secret
    Attempt.objects.filter(digest=account.phone_hash).delete()
    return session


@act("personal.own")
def end_session(session: ResidentSession, *, by: Actor) -> ResidentSession:
    """Sign out at one browser."""
    session.ended_at = session.ended_at or timezone.now()
    session.acting_for = None
    session.save()
    return session


@act("personal.own")
def end_sessions(
    account: ResidentAccount, *, but: ResidentSession | None = None, by: Actor
) -> ResidentAccount:
    """Sign out everywhere, or everywhere else."""
    note(ended=_end(account, but))
    return account


def _end(account: ResidentAccount, but: ResidentSession | None = None) -> int:
    open_ones = account.sessions.filter(ended_at__isnull=True)
    if but is not None:
        open_ones = open_ones.exclude(pk=but.pk)
    return open_ones.update(ended_at=timezone.now(), acting_for=None)


@act("personal.own")
def change_password(
    account: ResidentAccount, *, old: str, new: str, session: ResidentSession, by: Actor
) -> ResidentAccount:
    """A new password for who knows the old one; other browsers are signed out.

    Raises Refused: wrong_password, password.
    """
    if not account.opens_with(old):
        sentence = _("现在的密码不对。")
        raise Refused("wrong_password", sentence, {"old": sentence})
    _must_be_good_password(account.resident, new)
    account.put_password(new)
    account.save(update_fields=["password", "updated_at"])
    _end(account, session)
    return account


def _must_be_good_password(person: Resident, password: str) -> None:
    faults = password_faults_of(person, password)
    if faults:
        raise Refused("password", " ".join(faults), {"password": " ".join(faults)})


@act("personal.account")
def end_account(account: ResidentAccount, *, reason: str, by: Actor) -> ResidentAccount:
    """Close an account: misuse, or the person died or left. Raises Refused: ended, reason_needed."""
    lock(account)
    if account.ended_at is not None:
        raise Refused("ended", _("这个账号已经停用。"))
    why = clean_text(reason)[:200]
    if not why:
        sentence = _("请写明停用的原因。")
        raise Refused("reason_needed", sentence, {"reason": sentence})
    account.ended_at, account.ended_why = moment(), why
    account.save()
    note(ended=_end(account))
    return account


@act("personal.own")
def read_notice(account: ResidentAccount, *, notice: Notice, by: Actor) -> ResidentAccount:
    """The person has read this version of the privacy notice."""
    account.notice = notice
    account.save(update_fields=["notice", "updated_at"])
    note(version=notice.version)
    return account


@act("personal.own")
def act_for(session: ResidentSession, *, person: Resident | None, by: Actor) -> ResidentSession:
    """From now on the pages are about another person, or about herself again (None).

    Raises Refused not_authorised.
    """
    holder = session.account.resident
    today = timezone.localdate()
    if person is not None and not scopes_held(holder, person, today):
        raise Refused("not_authorised", _("没有为这个人代办的有效授权。"))
    session.acting_for = person if person and person.pk != holder.pk else None
    session.save(update_fields=["acting_for", "updated_at"])
    note(person=person.pk if person else holder.pk)
    return session
