"""What has changed inside an agreement since a cursor: for systems that keep a copy (INF-11)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from yiwang.residents.models import Resident
from yiwang.sharing.models import Agreement, Member


@dataclass(frozen=True)
class Changes:
    """People to be kept as they stand now, those to be deleted; the cursor to ask with next."""

    people: list[Resident]
    cursor: int
    more: bool
    left: Sequence[Member] = field(default=())


def changes_since(agreement: Agreement, *, after: int, limit: int) -> Changes:
    """The next ones after a cursor, in the order in which they changed.

    Whoever begins (cursor 0) is not told of people who had left before.
    """
    rows = Member.objects.within(agreement).filter(number__gt=after).order_by("number")
    found = list((rows if after else rows.filter(inside=True))[: limit + 1])
    taken = found[:limit]
    people = Resident.objects.select_related("division", "dwelling").in_bulk(
        [one.person for one in taken if one.inside]
    )
    cursor = taken[-1].number if taken else after
    left = [one for one in taken if not one.inside]
    return Changes([*people.values()], cursor, len(found) > limit, left)
