"""Units: created, changed, closed with a successor, loaded for a whole city (DIV-07)."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor, forget_actor
from yiwang.accounts.models import Post, Unit
from yiwang.accounts.models.unit import KIOSK, UnitClass
from yiwang.accounts.rules.hours import KINDS, HoursInvalid, Spans, read_spans, spans_text
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import initials
from yiwang.divisions.models import Division
from yiwang.divisions.rules import Depth, ancestor, range_of

CHANGEABLE = ("name", "short_name", "name_en", "unit_class", "contact", "phone", "office")


@act("accounts.manage")
def create_unit(division: Division, /, *, code: str, by: Actor, **facts: Any) -> Unit:
    """Open a unit in a division; `facts` are the fields of CHANGEABLE. Refused: it exists."""
    if division.valid_to is not None:
        raise Refused("division_ended", _("这个区划已经终止，请在接续的区划里设立。"))
    unit = Unit(division=division, code=code, opened_on=timezone.localdate(), **_known(facts))
    if code == KIOSK:
        unit.unit_class, unit.number = UnitClass.KIOSK, _kiosk_number(division)
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError:
        sentence = _("这里已有同名的单位。")
        raise Refused("exists", sentence, {"name": sentence}) from None
    note(code=code, name=unit.name, number=unit.number)
    return unit


def _kiosk_number(division: Division) -> str:
    """The next free number of the county: letters of city and county, then a serial."""
    county = ancestor(division.pk, Depth.COUNTY)
    chain = Division.objects.filter(pk__in={ancestor(county, Depth.CITY), county}).order_by("pk")
    names = chain.select_for_update().values_list("short_name", flat=True)
    # 南通市 and 崇川区 are NT and CC, as on the signs.
    stems = (name if len(name) < 3 else name.rstrip("市区县") for name in names)
    letters = "-".join(initials(stem, person=False).upper() for stem in stems)
    taken = Unit.objects.filter(number__startswith=f"{letters}-").aggregate(last=Max("number"))
    serial = int((taken["last"] or "0").rpartition("-")[2]) + 1
    return f"{letters}-{serial:03}"


@act("accounts.manage")
def change_unit(unit: Unit, /, *, by: Actor, **facts: Any) -> Unit:
    """Change the name, class, contact or address of a unit; the journal keeps before and after."""
    lock(unit)
    changed = {key: value for key, value in _known(facts).items() if getattr(unit, key) != value}
    note(before={key: getattr(unit, key) for key in changed}, after=changed)
    for key, value in changed.items():
        setattr(unit, key, value)
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError:
        sentence = _("这里已有同名的单位。")
        raise Refused("exists", sentence, {"name": sentence}) from None
    return unit


@act("accounts.hours")
def set_hours(unit: Unit, /, *, hours: dict[str, Spans], remark: str = "", by: Actor) -> Unit:
    """Write down when the unit is open, by kind of day; residents read it at once.

    Refused: closed unit, kinds of day that are none, hours that cannot be.
    """
    lock(unit)
    if unit.closed_on is not None:
        raise Refused("closed", _("这个单位已经撤销。"))
    if set(hours) - set(KINDS):
        raise Refused("kinds", _("办公时间只分工作日、星期六、星期日和节假日。"))
    try:
        clean = {kind: read_spans(spans_text(hours.get(kind, []))) for kind in KINDS}
    except HoursInvalid as fault:
        raise Refused("hours", str(fault)) from fault
    note(before=unit.hours, after=clean)
    unit.hours, unit.hours_note = clean, remark[:100]
    unit.save(update_fields=["hours", "hours_note", "updated_at"])
    return unit


@act("accounts.manage")
def close_unit(
    unit: Unit, *, on: date, successor: Unit | None = None, reason: str = "", by: Actor
) -> Unit:
    """Close a unit; its posts and their open work go on in the successor.

    Refused: closed before, a successor that is closed or lies elsewhere, people without successor.
    """
    lock(unit)
    if unit.closed_on is not None:
        raise Refused("closed", _("这个单位已经撤销。"))
    if successor is not None and (successor.pk == unit.pk or successor.closed_on is not None):
        raise Refused("successor", _("接续的单位须是另一个未撤销的单位。"))
    if successor is not None and not range_of(successor.division_id).holds(unit.division_id):
        raise Refused("successor_area", _("接续的单位须在本区划或它的上级。"))
    posts = list(Post.objects.not_over(on).filter(unit=unit).select_related("user", "unit"))
    if posts and successor is None:
        raise Refused(
            "people", _("还有 %(count)s 人在任，请指定接续的单位。") % {"count": len(posts)}
        )
    if successor is not None:
        unit.hand_over_to(successor)
        for post in posts:
            new = post.go_on_in(successor, on, by.label[:160])
            forget_actor(post.user_id, post.pk, new.pk)
    unit.closed_on, unit.successor = on, successor
    unit.save()
    note(on=on, successor=str(successor or ""), posts=len(posts))
    return unit


@act("accounts.manage")
def load_departments(place: Division, *, units: list[Unit], by: Actor) -> Division:
    """Open the given units where they are missing; what exists stays as it is.

    `units` come from `sheets.read_departments`, every one inside `place`.
    """
    area = range_of(place.pk)
    if any(not area.holds(unit.division_id) for unit in units):
        raise Refused("outside", _("有的单位不在这个区划内。"))
    have = set(Unit.objects.within(area).values_list("division_id", "code"))
    missing = [unit for unit in units if (unit.division_id, unit.code) not in have]
    Unit.objects.bulk_create(missing, batch_size=2000)
    note(units=len(missing), kept=len(units) - len(missing))
    return place


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    unknown = set(facts) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"no such facts of a unit: {sorted(unknown)}")
    return facts
