"""Where somebody is registered, as against where they live (人户分离)."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.residents.models import Registration, Relation, Resident, SourceKind

from .lives import set_away, standing_for
from .membership import must_be_community, must_be_live, must_have_come
from .settling import keep, source_of


@act("residents.change")
def record_registration(
    resident: Resident,
    *,
    division: Division | None = None,
    outside: str = "",
    book: str = "",
    relation: str = "",
    since: date | None = None,
    address: str = "",
    by: Actor,
) -> Registration:
    """Registered in a community of the city, or outside it (the place in words).

    The standing of the person follows. Raises Refused: not_live, one_place, not_a_community,
    future.
    """
    lock(resident)
    must_be_live(resident)
    place = clean_text(outside)[:120]
    if (division is None) == (not place):
        sentence = _("户籍地在本市的选社区，在市外的写地名，只填一处。")
        raise Refused("one_place", sentence, {"outside": sentence})
    if division is not None:
        must_be_community(division, "division")
    if since is not None:
        must_have_come(since, "since")
    held = Registration.objects.filter(resident=resident).first() or Registration(resident=resident)
    held.division, held.outside = division, place
    held.book, held.relation = clean_text(book)[:40], Relation(relation) if relation else ""
    held.since = since
    held.save()
    resident.standing = standing_for(held, resident.division_id, resident.standing)
    resident.save(update_fields=["standing", "updated_at"])
    if address:
        source = source_of(SourceKind.WINDOW, _("户籍登记"), by)
        keep(resident, {"domicile_address": clean_text(address)[:200]}, source)
    note(division=held.division_id, outside=bool(place), standing=resident.standing)
    return held


@act("residents.change")
def mark_away(place: Division, *, people: Sequence[Resident], on: date, by: Actor) -> int:
    """Several registered residents have gone elsewhere for a time; all or none.

    Gives how many. Raises Refused: too_many and what `set_away` does.
    """
    most = int(parameter("residents.batch_people"))
    if len(people) > most:
        raise Refused("too_many", _("一次最多 %(most)s 人。") % {"most": most})
    for one in people:
        if not place.area.holds(one.division_id):
            raise Refused("other_place", _("有的人不在这个地方。"))
        set_away(one, away=True, on=on, by=by)
    note(people=[one.pk for one in people], on=on)
    return len(people)
