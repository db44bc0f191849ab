"""The people inside an agreement, and what of them is given: nobody and nothing beyond it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.collection.reads.held import of_age
from yiwang.core.vault import keyed_hash
from yiwang.dictionary.reads import current
from yiwang.divisions.rules import range_of
from yiwang.residents.models import Resident, all_fields
from yiwang.residents.models.resident import ResidentQuerySet
from yiwang.residents.reads import Known, Limits, dossiers, listed_value, with_limits
from yiwang.residents.rules.dictionary import Field
from yiwang.residents.rules.query import Shape, read_query
from yiwang.sharing.models import Agreement
from yiwang.sharing.rules.scope import Scope
from yiwang.tags.models import Tag, TagKind

HIDDEN: Final = "sensitive"
"""What stands in the place of a tag whose existence a reader may not learn."""


@dataclass(frozen=True)
class Given:
    """What is given of one person: `values` as kept or masked, `shown` in the reader's words."""

    resident: Resident
    values: Mapping[str, str]
    shown: Mapping[str, str]


def shareable() -> dict[str, Field]:
    """The items an agreement can name: kept of a person, and in the published dictionary."""
    version = current()
    return {
        code: field
        for code, field in all_fields().items()
        if field.register and (version is None or version.row("items", code))
    }


def persons_of(agreement: Agreement, actor: Actor, on: date) -> QuerySet[Resident]:
    """Everybody the agreement selects whom the actor's post reaches."""
    people = Resident.objects.visible_to(actor)
    return selected(people, agreement.scope, agreement.division_id, on)


def selected(people: ResidentQuerySet, scope: Scope, division: int, on: date) -> QuerySet[Resident]:
    """Those of these people who live in the places and have the ages, tags and standings."""
    found = people.live().filter(places_of(scope, division))
    if scope.standings:
        found = found.filter(standing__in=scope.standings)
    if scope.tags:
        found = found.filter(Exists(tags_named(scope).filter(resident=OuterRef("pk"))))
    return of_age(found, scope.age_from, scope.age_to, on)


def tags_named(scope: Scope) -> QuerySet[Tag]:
    """The live tags of the kinds a scope names."""
    return Tag.objects.live().filter(kind__code__in=scope.tags)


def kinds_named(codes: Iterable[str], actor: Actor) -> QuerySet[TagKind]:
    """The kinds an agreement names that the actor may know of; who decides must know all."""
    known = TagKind.objects.all() if actor.has("sharing.decide") else None
    rows = known if known is not None else TagKind.objects.visible_to(actor)
    return rows.filter(code__in=list(codes)).order_by("order", "code")


def tags_told(codes: Iterable[str], actor: Actor) -> list[str]:
    """The codes of an agreement's tags as the actor may know them: a hidden one is HIDDEN."""
    wanted = list(codes)
    known = set(kinds_named(wanted, actor).values_list("code", flat=True)) if wanted else set()
    return [code if code in known else HIDDEN for code in wanted]


def sensitive(scope: Scope) -> bool:
    """Whether it selects by a sensitive tag."""
    return TagKind.objects.filter(code__in=scope.tags, sensitive=True).exists()


def places_of(scope: Scope, division: int, field: str = "division_id") -> Q:
    """The places as ranges of keys."""
    areas = [range_of(key) for key in scope.areas or [division]]
    return reduce(or_, (Q(**{f"{field}__range": (one.lo, one.hi)}) for one in areas))


def meant_by(text: str) -> Q | None:
    """One person by identity number, telephone or whole name; None when a text is none of these."""
    query = read_query(text)
    if query.shape is Shape.IDENTITY:
        return Q(identity_hash=keyed_hash("identity", query.text))
    if query.shape is Shape.PHONE:
        return Q(phone_hash=keyed_hash("phone", query.text))
    return Q(name=query.text) if query.shape is Shape.NAME else None


def given_of(agreement: Agreement, people: Iterable[Resident], on: date) -> list[Given]:
    """The agreement's items of these people; what is limited or of a child stays as lists have it.

    Three statements, however many people.
    """
    rows = with_limits(people)
    known = dossiers(rows, on)
    return [
        _given(agreement, one, known[one.pk].known, one.limits)  # type: ignore[attr-defined]
        for one in rows
    ]


def _given(
    agreement: Agreement, person: Resident, known: Mapping[str, Known], limits: Limits
) -> Given:
    values, shown = {}, {}
    for code in agreement.fields:
        held = known.get(code)
        listed = listed_value(person, code, held.masked if held else "", limits)
        whole = held is not None and code in agreement.clear and not limits.on(code)
        open_ = held is not None and held.field.mask == "none" and listed == held.masked
        values[code] = held.value if held and (whole or open_) else listed
        shown[code] = held.shown if held and whole else listed
    return Given(person, values, shown)


def file_lines(agreement: Agreement, rows: Iterable[Given]) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of a file: number, community and the items, as they are kept or masked."""
    items = all_fields()
    heads = [_("编号"), _("社区"), *(items[code].label for code in agreement.fields)]
    lines = [
        [str(one.resident.pk), one.resident.division.label,
         *(one.shown[code] for code in agreement.fields)]
        for one in rows
    ]  # fmt: skip
    return heads, lines
