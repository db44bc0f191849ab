"""Erasing what the law allows; the journal, the history and finished matters stay (PIPL 47).

Source records are append-only for the application: only a function of the database takes them out, and
only against an order written in the same hour (docs/adr/0009).
"""

from typing import Final

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.assessments.models import PersonAssessment
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.personal.models import (
    AccessCode,
    Authorisation,
    Erasure,
    ResidentAccount,
    ResidentSession,
    RightsRequest,
)
from yiwang.personal.reads.retention import ANONYMOUS
from yiwang.residents.actions import change_resident
from yiwang.residents.actions.settling import source_of
from yiwang.residents.models import (
    BIRTH_YEAR,
    Document,
    Household,
    Nature,
    Resident,
    SourceKind,
    SourceRecord,
)
from yiwang.residents.reads import dictionary

STATUTORY: Final = frozenset({"name", "sex", "born_on", "identity_number"})
"""Who somebody is: kept by the duty to register residents as long as she lives here."""


@act("personal.erase")
def erase_field(resident: Resident, *, field: str, reason: str, by: Actor) -> Resident:
    """Take one item and its whole history out of the register. Raises Refused: statutory, no_field."""
    lock(resident)
    if field in STATUTORY:
        label = dictionary()[field].label
        sentence = _("“%(field)s”是依法登记的信息，在册期间不能删除；有错可以更正。")
        raise Refused("statutory", sentence % {"field": label})
    if field not in dictionary():
        raise Refused("no_field", _("没有这一项信息。"))
    if resident.is_live:
        change_resident(resident, changes={field: ""}, by=by.within_act("residents.change"))
    note(resident=resident.pk, field=field, facts=_erase(resident, field, reason, by))
    return resident


@act("personal.erase")
def anonymise_resident(resident: Resident, *, reason: str, by: Actor) -> Resident:
    """Make a record that has ended speak of nobody: year of birth, sex and community remain.

    Raises Refused: still_resident, anonymous.
    """
    lock(resident)
    if resident.is_live:
        sentence = _("在册居民的档案依法保存，不能整份删除；可以逐项请求删除。")
        raise Refused("still_resident", sentence)
    if resident.name == ANONYMOUS:
        raise Refused("anonymous", _("这份档案已经匿名。"))
    erased = _erase(resident, "", reason, by)
    Household.objects.filter(head=resident).update(head=None)
    resident.put_name(ANONYMOUS)
    resident.put_identity("")
    resident.put_phone("")
    resident.put_birth(None, resident.birth_year)
    resident.dwelling = resident.household = resident.batch = None
    resident.relation = ""
    resident.save()
    _keep_what_remains(resident, reason, by)
    _empty_around(resident)
    note(resident=resident.pk, facts=erased)
    return resident


def _keep_what_remains(resident: Resident, reason: str, by: Actor) -> None:
    """The one record left, so that the register derived from the records is the same."""
    left = {"name": ANONYMOUS, "sex": resident.sex, BIRTH_YEAR: str(resident.birth_year or "")}
    SourceRecord.objects.put(
        resident,
        {code: value for code, value in left.items() if value},
        source_of(SourceKind.WINDOW, _("档案已匿名"), by),
        nature=Nature.DECIDED,
        reason=reason,
    )


def _erase(resident: Resident, field: str, reason: str, by: Actor) -> int:
    """Also from the records merged into this one; each needs an order of its own."""
    gone = 0
    for record in resident.records():
        Erasure.objects.create(
            resident=record, field=field, reason=reason[:500], ordered_by=by.label[:160]
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT personal_erase_records(%s, %s)", [record.pk, field])
            gone += int(cursor.fetchone()[0])
    return gone


def _empty_around(resident: Resident) -> None:
    """Accounts, codes and what was written in requests; that they existed stays known."""
    accounts = ResidentAccount.objects.filter(resident=resident)
    ResidentSession.objects.filter(account__in=accounts).delete()
    accounts.filter(ended_at=None).update(ended_at=moment(), ended_why=_("档案已匿名"))
    accounts.update(phone=None, phone_hash=b"", password="", document="")
    AccessCode.objects.filter(resident=resident).delete()
    RightsRequest.objects.filter(resident=resident).update(proposed=None, words=None, answer=None)
    _empty_documents(resident)
    PersonAssessment.objects.filter(resident=resident).update(said=None, objection=None)
    held = Authorisation.objects.for_holder(resident)
    held.filter(revoked_at=None).update(revoked_at=timezone.now(), revoked_by=_("档案已匿名"))
    held.update(relation="", evidence="")


def _empty_documents(resident: Resident) -> None:
    """The pictures go; what matters took from them are files of their own."""
    for one in Document.objects.filter(resident__in=resident.records()):
        if one.file:
            one.file.delete(save=False)
        one.file_name = one.issuer = one.digest = ""
        one.withdrawn_at = one.withdrawn_at or moment()
        one.ended_on = one.ended_on or timezone.localdate(moment())
        one.ended_why = one.ended_why or _("档案已匿名")
        one.save()
