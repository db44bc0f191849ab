"""Whom nobody has met for long: no visit, no matter, no call (XCT-07)."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from yiwang.core.reads import parameter
from yiwang.residents.models import Resident, SourceKind, SourceRecord, StatusChange

# What somebody wrote down while meeting or hearing the person; files of departments are no contact.
MET = (SourceKind.VISIT, SourceKind.WINDOW, SourceKind.RESIDENT, SourceKind.EARLIER)


def contact_since(on: date) -> date:
    """The day from which on a contact counts."""
    return on - timedelta(days=int(parameter("collection.unreached_days")))


def unreached(people: QuerySet[Resident], on: date) -> QuerySet[Resident]:
    """Those without any contact since the parameter. Apps above take part by saying on a model
    that belongs to a resident which moment is a contact (`contact_moment = "accepted_at"`).
    """
    since = contact_since(on)
    met = SourceRecord.objects.filter(collected_on__gte=since, source_kind__in=MET)
    moved = StatusChange.objects.filter(on__gte=since).exclude(kind=StatusChange.Kind.ENTERED)
    for contacts in (met, moved):
        people = people.filter(
            ~Exists(contacts.filter(resident=OuterRef("pk"))),
            # What is append-only keeps naming the records that were merged into this one.
            ~Exists(contacts.filter(resident__merged_into=OuterRef("pk"))),
        )
    for contacts in _contacts_above(since):
        people = people.filter(~Exists(contacts))
    return people


def _contacts_above(since: date) -> list[QuerySet[Any]]:
    found = []
    for relation in Resident._meta.related_objects:
        model: Any = relation.related_model
        moment = getattr(model, "contact_moment", "")
        if moment:
            later = {relation.field.name: OuterRef("pk"), f"{moment}__date__gte": since}
            found.append(model._default_manager.filter(**later))
    return found
