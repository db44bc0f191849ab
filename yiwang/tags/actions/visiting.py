"""Lists of people to be visited: taken, handed out on paper, worked off."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.residents.models import Resident
from yiwang.residents.reads import departures, living
from yiwang.tags.models import TagKind, VisitList, VisitStop

from .reasons import reason_of


@act("tags.visit")
def make_visit_list(
    division: Division,
    *,
    kind: TagKind,
    residents: Sequence[Resident],
    title: str = "",
    due_on: date | None = None,
    by: Actor,
) -> VisitList:
    """A list of these people of a division, in this order, without the dead and departed.

    Raises Refused: nobody, too_many, elsewhere, past.
    """
    if not TagKind.objects.visible_to(by).filter(pk=kind.pk).exists():
        raise PermissionDenied(_("这个标签由别的岗位管理。"))
    most = int(parameter("tags.list_rows"))
    there = living(one.pk for one in residents)
    asked = len(residents)
    residents = [one for one in residents if one.pk in there]
    if not residents:
        raise Refused("nobody", _("没有符合条件的人，不用走访。"))
    if len(residents) > most:
        raise Refused("too_many", _("一张走访单最多 %(most)s 人，请缩小范围。") % {"most": most})
    if any(not division.area.holds(one.division_id) for one in residents):
        raise Refused("elsewhere", _("名单里有别处的居民。"))
    if due_on is not None and due_on < timezone.localdate(moment()):
        sentence = _("走访期限不能早于今天。")
        raise Refused("past", sentence, {"due_on": sentence})
    name = clean_text(title)[:80] or _("%(place)s%(kind)s走访单") % {
        "place": division.label, "kind": kind.label,
    }  # fmt: skip
    made = VisitList.objects.create(
        division=division, kind=kind, title=name[:80], due_on=due_on, by_label=by.label[:160]
    )
    VisitStop.objects.bulk_create(
        VisitStop(visits=made, order=at, resident=one) for at, one in enumerate(residents, 1)
    )
    note(people=len(residents), dropped=asked - len(residents), kind=kind.code)
    return made


@act("tags.reveal")
def open_visit_list(visits: VisitList, *, reason: str, by: Actor) -> VisitList:
    """Names and addresses in full, to be printed and taken along; journaled with the reason.

    Raises Refused reason_needed.
    """
    reason_of(reason)
    note(people=visits.stops.count(), kind=visits.kind.code)
    return visits


@act("tags.visit")
def record_visit(
    visits: VisitList, *, stop: int, on: date | None = None, text: str = "", by: Actor
) -> VisitList:
    """One person of the list was visited. Raises Refused: no_stop, visited, departed, future."""
    lock(visits)
    found = VisitStop.objects.filter(visits=visits, pk=stop).first()
    if found is None:
        raise Refused("no_stop", _("这张走访单上没有这个人。"))
    if found.visited_on is not None:
        raise Refused("visited", _("已经登记过走访。"))
    today = timezone.localdate(moment())
    day = on or today
    gone = departures([found.resident_id]).get(found.resident_id)
    if gone is not None and day > gone.on:
        raise Refused("departed", _("这位居民%(state)s，不用走访。") % {"state": gone.label})
    if day > today:
        raise Refused("future", _("日期还没有到。"), {"on": _("日期还没有到。")})
    found.visited_on, found.note, found.by_label = day, clean_text(text)[:300], by.label[:160]
    found.save()
    note(stop=stop, on=day)
    return visits
