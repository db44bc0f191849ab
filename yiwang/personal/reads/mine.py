"""All that is held of one person, and who looked at it: for the person herself (PIPL 44-45)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from yiwang.assessments.models import PersonAssessment
from yiwang.core.models import JournalLine
from yiwang.core.rules.rights import name_of
from yiwang.core.rules.wording import listed
from yiwang.notifications.models import Message
from yiwang.personal.models import Authorisation, Consent, RightsRequest
from yiwang.personal.rules.purposes import Purpose, purpose_of, purposes
from yiwang.residents.models import Document, Resident
from yiwang.residents.reads import Known, dictionary, documents_of, known_fields
from yiwang.residents.rules.documents import document_kinds

LOOKS = ("residents.reveal",)
"""Looks behind the mask."""
USES = (*LOOKS, "residents.use_document", "residents.override_limit", "sharing.given")
"""These, and uses the person is told of: documents of the file, limited data by legal duty, what a
department got under an agreement."""


@dataclass(frozen=True)
class Held:
    """One value with its source, and what it is used for."""

    known: Known
    purpose: Purpose
    asked: bool = False

    @property
    def code(self) -> str:
        return self.known.code


@dataclass(frozen=True)
class Look:
    """One look behind the mask of somebody's data, or one use of it she is told of."""

    line: JournalLine
    field: str

    @property
    def why(self) -> str:
        """The reason given; of a document the matter it was used for."""
        return self.line.reason or str(self.line.facts.get("purpose", ""))

    @property
    def what(self) -> str:
        """What was done: 查看完整身份信息, 办事使用档案材料 …"""
        return name_of(self.line.act)


def register_codes() -> list[str]:
    """Fields that are kept of a person, in the order of the dictionary."""
    return [code for code, field in dictionary().items() if field.register]


def held_fields(person: Resident, on: date) -> list[Held]:
    """Every value held, what is due first; `asked` marks one whose correction is under way."""
    known = known_fields(person, register_codes(), on)
    waiting = set(
        RightsRequest.objects.filter(
            resident=person, kind=RightsRequest.Kind.CORRECT, state=RightsRequest.State.OPEN
        ).values_list("field", flat=True)
    )
    found = [Held(one, purpose_of(one.field), code in waiting) for code, one in known.items()]
    return sorted(found, key=lambda one: one.known.fresh)


def looks_at(person: Resident) -> list[Look]:
    """Who looked behind the mask of this person's data or used her documents, newest first."""
    lines = JournalLine.objects.filter(
        subject_model="residents.resident", subject_id=str(person.pk), act__in=USES
    ).order_by("-at")
    return [Look(line, _looked_at(line.facts)) for line in lines[:200]]


def _looked_at(facts: Mapping[str, Any]) -> str:
    """The field or the documents a line speaks of, in words."""
    kinds = [
        document_kinds()[one].label for one in facts.get("kinds", []) if one in document_kinds()
    ]
    if kinds:
        return listed(kinds)
    items = dictionary()
    codes = [*facts.get("fields", []), str(facts.get("field", ""))]
    return listed(items[code].label if code in items else code for code in codes if code)


def copy_of(person: Resident, on: date) -> dict[str, Any]:
    """Everything held, as data that another system can read (portability, PIPL 45)."""
    return {
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "community": person.division.name,
        "standing": person.standing,
        "household": person.household.number if person.household else "",
        "fields": [_field(one) for one in held_fields(person, on)],
        "history": [
            {"on": one.on.isoformat(), "what": one.kind} for one in person.history.order_by("on")
        ],
        "documents": [_document(one) for one in documents_of(person)],
        "consents": [_consent(one) for one in Consent.objects.filter(resident=person)],
        "authorisations": [
            _authorisation(one, person)
            for one in Authorisation.objects.for_holder(person).select_related("holder", "resident")
        ],
        "requests": [_request(one) for one in RightsRequest.objects.filter(resident=person)],
        "assessments": [
            _assessment(one)
            for one in PersonAssessment.objects.for_holder(person).select_related("scale")
        ],
        "looks": [
            {"at": _at(one.line.at), "by": one.line.by, "field": one.field,
             "reason": one.why, "what": one.what}
            for one in looks_at(person)
        ],
        "messages": [_message(one) for one in messages_to(person)],
    }  # fmt: skip


def _field(one: Held) -> Mapping[str, Any]:
    known = one.known
    return {
        "code": known.code,
        "name": known.field.label,
        "value": known.value,
        "shown": known.shown,
        "source": known.source,
        "confirmed_on": known.collected_on.isoformat(),
        "due_on": known.due_on.isoformat() if known.due_on else None,
        "purpose": one.purpose.label,
        "basis": one.purpose.basis,
    }


def _document(one: Document) -> Mapping[str, Any]:
    return {
        "number": one.pk,
        "kind": one.kind,
        "name": one.name,
        "issuer": one.issuer,
        "valid_from": one.valid_from.isoformat() if one.valid_from else None,
        "valid_to": one.valid_to.isoformat() if one.valid_to else None,
        "filed_on": one.filed_on.isoformat(),
        "agreed": one.agreed,
        "ended_on": one.ended_on.isoformat() if one.ended_on else None,
        "uses": [{"on": use.used_on.isoformat(), "for": use.label} for use in one.uses.all()],
    }


def _consent(one: Consent) -> Mapping[str, Any]:
    known = purposes().get(one.purpose)
    return {
        "purpose": one.purpose,
        "name": known.label if known else one.purpose,
        "version": one.text_version,
        "given_at": _at(one.given_at),
        "how": one.how,
        "withdrawn_at": _at(one.withdrawn_at) if one.withdrawn_at else None,
    }


def _authorisation(one: Authorisation, person: Resident) -> Mapping[str, Any]:
    other = one.holder if one.resident_id == person.pk else one.resident
    return {
        "side": "given" if one.resident_id == person.pk else "held",
        "other": other.masked_name,
        "scopes": one.scopes,
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat(),
        "revoked": one.revoked_at is not None,
    }


def _request(one: RightsRequest) -> Mapping[str, Any]:
    return {
        "number": one.pk,
        "kind": one.kind,
        "field": one.field,
        "asked_at": _at(one.asked_at),
        "state": one.state,
        "answer": str(one.answer or ""),
    }


def _assessment(one: PersonAssessment) -> Mapping[str, Any]:
    return {
        "number": one.pk,
        "form": one.scale.label,
        "assessed_on": one.assessed_on.isoformat() if one.assessed_on else None,
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "grade": one.grade,
        "name": one.grade_label,
        "subsidy": one.subsidy,
        "total": one.total,
        "scores": one.content.get("answers", {}),
        "objected_on": one.objected_on.isoformat() if one.objected_on else None,
    }


def messages_to(person: Resident) -> QuerySet[Message]:
    """Everything that was to be told to one person, by whichever way, newest first."""
    return Message.objects.filter(resident=person).prefetch_related("deliveries")


def _message(one: Message) -> Mapping[str, Any]:
    return {
        "at": _at(one.created_at),
        "kind": one.kind,
        "name": one.get_kind_display(),
        "number": one.number,
        "facts": one.facts,
        "ways": [
            {
                "channel": way.channel,
                "name": way.get_channel_display(),
                "to": way.shown_to,
                "state": way.state,
                "sent_at": _at(way.done_at) if way.done_at else None,
            }
            for way in one.deliveries.all()
        ],
    }


def _at(moment: Any) -> str:
    return str(timezone.localtime(moment).isoformat(timespec="seconds"))
