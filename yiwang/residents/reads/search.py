"""One box that finds people: every look-up goes by an index (MEASUREMENTS: Chinese search)."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Case, Q, QuerySet, Value, When

from yiwang.core.rules.chinese import bigrams
from yiwang.core.vault import keyed_hash
from yiwang.residents.models import LifeState, Resident
from yiwang.residents.rules.query import Query, Shape, read_query

Found = QuerySet[Resident]


def find_residents(
    text: str, actor: Any, *, everywhere: bool = False, limit: int = 50, dead_too: bool = False
) -> list[Resident]:
    """Residents meant by a text: name or part of it, pinyin, initials, identity number, phone,
    last four digits of either.

    Looks where the actor sees, or with `everywhere` where the actor may search; people outside
    `visible_to` must be shown masked. `dead_too`: for what is done after death.
    """
    query = read_query(text)
    if query.shape is Shape.NOTHING:
        return []
    area = Resident.objects.searchable_by(actor) if everywhere else None
    scope = area if area is not None else Resident.objects.visible_to(actor)
    states = [LifeState.LIVE, LifeState.DECEASED] if dead_too else [LifeState.LIVE]
    people = scope.filter(state__in=states).select_related("division", "dwelling")
    return _FINDERS[query.shape](people, query, limit)


def _by_name(people: Found, query: Query, limit: int) -> list[Resident]:
    tokens = bigrams(query.text)
    pairs = [token for token in tokens if len(token) > 1]
    if not pairs:
        # One character is a surname; its index gives the first ones without gathering them all.
        return list(people.filter(name__startswith=query.text).order_by("name", "pk")[:limit])
    exact = Case(When(name=query.text, then=Value(0)), default=Value(1))
    found = people.filter(name_tokens__contains=pairs)
    return list(found.order_by(exact, "name_pinyin", "pk")[:limit])


def _by_letters(people: Found, query: Query, limit: int) -> list[Resident]:
    """Initials first, then full pinyin; each read along its own index."""
    short = people.filter(name_initials__startswith=query.text)
    found = list(short.order_by("name_initials", "pk")[:limit])
    if len(found) < limit and len(query.text) > 1:
        seen = {person.pk for person in found}
        spelled = people.filter(name_pinyin__startswith=query.text).order_by("name_pinyin", "pk")
        found += [person for person in spelled[:limit] if person.pk not in seen]
    return found[:limit]


def _by_identity(people: Found, query: Query, limit: int) -> list[Resident]:
    return list(people.filter(identity_hash=keyed_hash("identity", query.text))[:limit])


def _by_phone(people: Found, query: Query, limit: int) -> list[Resident]:
    return list(people.filter(phone_hash=keyed_hash("phone", query.text))[:limit])


def _by_tail(people: Found, query: Query, limit: int) -> list[Resident]:
    tails = Q(phone_tail=keyed_hash("phone_tail", query.text)) | Q(
        identity_tail=keyed_hash("identity_tail", query.text)
    )
    return list(people.filter(tails).order_by("name_pinyin", "pk")[:limit])


_FINDERS: Final[dict[Shape, Callable[[Found, Query, int], list[Resident]]]] = {
    Shape.NAME: _by_name,
    Shape.LETTERS: _by_letters,
    Shape.IDENTITY: _by_identity,
    Shape.PHONE: _by_phone,
    Shape.TAIL: _by_tail,
}
