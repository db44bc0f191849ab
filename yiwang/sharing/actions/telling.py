"""The list behind the change feed: who came in, of whom something arrived, who left (INF-11)."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from yiwang.accounts.actor import Actor
from yiwang.core.acts import moment
from yiwang.residents.models import LifeState, Resident, SourceRecord
from yiwang.sharing.models import Agreement, Left, Member
from yiwang.sharing.reads import persons_of, tags_named
from yiwang.sharing.reads.inside import places_of

NEW = """
    INSERT INTO sharing_member (agreement_id, person, inside, reason, number, at)
    SELECT %s, found.id, true, '', nextval(pg_get_serial_sequence('sharing_member', 'id')), %s
    FROM ({inside}) AS found (id)
    WHERE NOT EXISTS (
        SELECT 1 FROM sharing_member AS told
        WHERE told.agreement_id = %s AND told.person = found.id
    )
"""


def bring_up_to(agreement: Agreement, until: datetime, by: Actor) -> None:
    """Make the list equal to who is inside now; the agreement is locked.

    Source records get their numbers before their transactions end, so only those made before
    `until` are looked at: none is passed over.
    """
    members, now = Member.objects.within(agreement), moment()
    inside = persons_of(agreement, by, now.date()).order_by()
    here = inside.filter(pk=OuterRef("person"))
    members.filter(~Exists(here), inside=True).shown(
        inside=False, reason=_why_left(agreement), at=now
    )
    members.filter(Exists(here), inside=False).shown(inside=True, reason="", at=now)
    arrived = SourceRecord.objects.filter(created_at__lte=until, pk__gt=agreement.told_record)
    members.filter(inside=True, person__in=_told_of(arrived, agreement)).shown(at=now)
    _add_new(agreement, inside, now)
    newest = arrived.order_by("-pk").values_list("pk", flat=True).first()
    agreement.told_record = newest or agreement.told_record
    agreement.told_version = agreement.version
    agreement.save()


def _told_of(arrived: QuerySet[SourceRecord], agreement: Agreement) -> QuerySet[Any, Any]:
    """The people of whom records speak about items of the agreement, by the record that goes on."""
    codes = list(agreement.fields)
    about = arrived.filter(Q(values_open__has_any_keys=codes) | Q(sealed__has_any_keys=codes))
    goes_on = Coalesce("resident__merged_into_id", "resident_id")
    return about.annotate(goes_on=goes_on).order_by().values("goes_on")


def _add_new(agreement: Agreement, inside: QuerySet[Resident], now: datetime) -> None:
    sql, values = inside.values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(NEW.format(inside=sql), [agreement.pk, now, *values, agreement.pk])


def _why_left(agreement: Agreement) -> Coalesce:
    """The reason by the person's record; after another version everybody alive is not selected."""
    scope = agreement.scope
    live = Q(state=LifeState.LIVE)
    changed = agreement.told_version != agreement.version
    tagged = Exists(tags_named(scope).filter(resident=OuterRef("pk")))
    reasons = [
        When(state=LifeState.DECEASED, then=Value(Left.DEAD.value)),
        When(state=LifeState.MERGED, then=Value(Left.MERGED.value)),
        When(state=LifeState.MOVED_OUT, then=Value(Left.MOVED_OUT.value)),
    ]
    if not changed:
        away = live & ~places_of(scope, agreement.division_id)
        reasons.append(When(away, then=Value(Left.MOVED_OUT.value)))
    if scope.tags and not changed:
        reasons.append(When(live & ~Q(tagged), then=Value(Left.TAG_ENDED.value)))
    person = Resident.objects.filter(pk=OuterRef("person")).order_by()
    why = person.values(why=Case(*reasons, default=Value(Left.NOT_SELECTED.value)))
    return Coalesce(Subquery(why[:1]), Value(Left.NOT_SELECTED.value))
