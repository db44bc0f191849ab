"""From source records to the columns of an organisation, for one or for all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.organizations.models import Batch, Organization, OrganizationRecord
from yiwang.organizations.reads.duplicates import holder_of
from yiwang.organizations.reads.golden import OrganizationTrust, reviewed_on, standings
from yiwang.organizations.rules.fields import FIELDS
from yiwang.residents.models import Nature, Source

COLUMNS: Final = (
    "name", "name_pinyin", "name_initials", "credit_code", "legal_form", "address", "contact_name",
    "contact_phone", "longitude", "latitude", "located", "disputed", "reviewed_on",
)  # fmt: skip
CHUNK: Final = 1000


def keep(
    one: Organization,
    values: Mapping[str, str],
    source: Source,
    *,
    nature: str = Nature.COLLECTED,
    about: OrganizationRecord | None = None,
    reason: str = "",
    batch: Batch | None = None,
) -> OrganizationRecord:
    """Keep an arrival and settle the organisation after it. Raises Refused already_registered."""
    # What is taken back is taken back where it lies, also in a record merged into this one.
    owner = about.organization if about and nature == Nature.UNDONE else one
    record = OrganizationRecord.objects.put(
        owner, values, source, nature=nature, about=about, reason=reason, batch=batch
    )
    settle(one)
    return record


def settle(one: Organization) -> None:
    """Derive the columns of one organisation anew and save them."""
    derive_columns(one, list(OrganizationRecord.objects.of([one])), OrganizationTrust())
    save(one)


def derive_columns(
    one: Organization, records: list[OrganizationRecord], trust: OrganizationTrust
) -> None:
    """Put what stands into the columns; an organisation without a name keeps the one it had."""
    found = standings(records, one.division_id, trust)
    for code in FIELDS:
        value = found[code].value if code in found else ""
        if value or code != "name":
            one.put(code, value)
    one.disputed = sorted(code for code, standing in found.items() if standing.disputed)
    one.reviewed_on = reviewed_on(records)


def save(one: Organization) -> None:
    """Two clerks may enter one organisation at once; the database lets only one of them."""
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError as fault:
        holder = holder_of(one.credit_code)
        if holder is None or holder.pk == one.pk:
            raise
        raise already_registered(holder) from fault


def already_registered(holder: Organization) -> Refused:
    """INF-03: no second record; says where it is."""
    sentence = _("已登记：这个代码属于%(place)s的“%(name)s”，不用再登记。") % {
        "place": holder.division.name,
        "name": holder.name,
    }
    return Refused("already_registered", sentence, {"credit_code": sentence})


@dataclass
class Recomputed:
    """How many were looked at, how many changed, and those left because of a code held twice."""

    organizations: int = 0
    changed: int = 0
    held_back: tuple[int, ...] = ()


@act("organizations.recompute")
def recompute_organizations(division: Division, *, by: Actor) -> Recomputed:
    """Derive every organisation of a division anew from its records; what is right is not written.

    The result is the same as before unless an order of trust has changed.
    """
    area, done, last = range_of(division.pk), Recomputed(), 0
    rows = Organization.objects.kept().filter(division_id__range=(area.lo, area.hi)).order_by("pk")
    while chunk := list(rows.filter(pk__gt=last).select_for_update(of=("self",))[:CHUNK]):
        changed, held_back = settle_many(chunk)
        done.organizations += len(chunk)
        done.changed += changed
        done.held_back += tuple(held_back)
        last = chunk[-1].pk
    note(**vars(done))
    return done


def settle_many(rows: Iterable[Organization]) -> tuple[int, list[int]]:
    """Settle several with one reading of records; gives how many changed, and who could not."""
    them = list(rows)
    records: dict[int, list[OrganizationRecord]] = {}
    for record in OrganizationRecord.objects.of(them):
        records.setdefault(record.subject, []).append(record)
    trust, changed, held_back = OrganizationTrust(), 0, []
    for one in them:
        before = _columns(one)
        derive_columns(one, records.get(one.pk, []), trust)
        if _columns(one) == before:
            continue
        try:
            save(one)
            changed += 1
        except Refused:
            held_back.append(one.pk)
    return changed, held_back


def _columns(one: Organization) -> tuple[Any, ...]:
    return tuple(getattr(one, name) or None for name in COLUMNS)
