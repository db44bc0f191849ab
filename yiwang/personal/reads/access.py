"""Who is signed in as a resident, and whom that person may act for."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from yiwang.accounts.reads import lock_rules
from yiwang.accounts.rules import PasswordRules, locked_until, password_faults
from yiwang.core.acts import moment
from yiwang.core.reads import parameter
from yiwang.core.vault import keyed_hash
from yiwang.personal.models import (
    AccessCode,
    Attempt,
    Authorisation,
    ResidentAccount,
    ResidentSession,
    Scope,
)
from yiwang.personal.models.account import phone_key
from yiwang.residents.models import Resident


def locked_until_of(phone: str) -> datetime | None:
    """Until when a telephone number is locked, whether or not an account has it (SEC-3)."""
    rules, now = lock_rules(), moment()
    since = now - timedelta(minutes=2 * rules.minutes)
    failures = Attempt.objects.against(phone_key(phone), since)
    until = locked_until(list(failures.values_list("at", flat=True)[: rules.tries]), rules)
    return until if until and until > now else None


def account_for(phone: str, password: str) -> ResidentAccount | None:
    """The open account that this number and password open; several may share a number."""
    held = ResidentAccount.objects.filter(phone_hash=phone_key(phone), ended_at__isnull=True)
    for account in held.select_related("resident").order_by("pk"):
        if account.is_open and account.opens_with(password):
            return account
    return None


def code_for(phone: str, code: str) -> AccessCode | None:
    """The good code that was given out for this number."""
    given = AccessCode.objects.filter(phone_hash=phone_key(phone), used_at__isnull=True)
    for one in given.select_related("resident"):
        if one.is_good(moment()) and one.fits(code) and one.resident.is_live:
            return one
    return None


def holder_of_session(secret: str) -> ResidentSession | None:
    """The session of a cookie, while it lives: not ended, idle or old, the person still here."""
    found = (
        ResidentSession.objects.filter(digest=session_key(secret), ended_at__isnull=True)
        .select_related("account__resident__division", "acting_for__division")
        .first()
    )
    if found is None or not found.account.is_open:
        return None
    now = timezone.now()
    idle = timedelta(minutes=int(parameter("accounts.idle_minutes")))
    longest = timedelta(hours=int(parameter("personal.session_hours")))
    if now - found.seen_at > idle or now - found.created_at > longest:
        return None
    return found


def session_key(secret: str) -> bytes:
    """The hash under which a session's cookie is kept."""
    return keyed_hash("resident_session", secret)


def password_faults_of(person: Resident, password: str) -> list[str]:
    """Why a resident may not take this password: shorter rules than for staff, same checks."""
    rules = PasswordRules(
        length=int(parameter("personal.password_length")),
        classes=int(parameter("personal.password_kinds")),
        remembered=0,
    )
    return password_faults(password, rules, [person.name, person.name_pinyin, person.phone or ""])


def is_child(person: Resident, on: date) -> bool:
    """Under the age below which parents or guardians decide (PIPL 31); unknown age is no child."""
    return person.is_minor_on(on)


def scopes_held(holder: Resident, resident: Resident, on: date) -> frozenset[str]:
    """What `holder` may do for `resident` on a day: all of it for herself.

    Everyone acts for herself, except a child under the age of PIPL 31; anyone else needs an
    authorisation in force. Both have to be in the register.
    """
    if not (holder.is_live and resident.is_live):
        return frozenset()
    if holder.pk == resident.pk:
        return frozenset() if is_child(resident, on) else frozenset(Scope.values)
    held = Authorisation.objects.in_force(on).filter(holder=holder, resident=resident)
    return frozenset(one for scopes in held.values_list("scopes", flat=True) for one in scopes)


def people_acted_for(holder: Resident, on: date) -> list[Resident]:
    """Whom a person may act for in anything, by name."""
    given = Authorisation.objects.in_force(on).filter(holder=holder)
    found = Resident.objects.live().filter(authorisations__in=given).distinct()
    return list(found.select_related("division"))


def person_named(name: str, phone: str) -> Resident | None:
    """The one live record of a name and telephone; None when there is none, or more than one."""
    held = Resident.objects.live().filter(phone_hash=phone_key(phone), name=name)
    found = list(held.select_related("division")[:2])
    return found[0] if len(found) == 1 else None
