"""What a unit may accept by entrustment today, and why not (KSK-06)."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from yiwang.accounts.models import Unit
from yiwang.accounts.models.unit import KIOSK
from yiwang.core.errors import Refused
from yiwang.core.memory import remember
from yiwang.matters.models import Entrustment, ServiceItem

KEEP_SECONDS = 60


def entrusted_to(unit: int) -> Sequence[Entrustment]:
    """Everything that was ever entrusted to a unit, the latest end first; kept for a minute."""
    return remember(f"matters.entrusted.{unit}", KEEP_SECONDS, lambda: _entrusted_to(unit))


def _entrusted_to(unit: int) -> list[Entrustment]:
    rows = Entrustment.objects.filter(agent_id=unit).select_related("authority")
    return list(rows.order_by("-ends_on", "-pk"))


def must_be_entrusted(item: ServiceItem, *, unit: int | None, code: str, on: date) -> None:
    """Whether a unit may accept an item on a day.

    A kiosk accepts what is entrusted and in force. Windows and committees accept by their own
    competence, except what the register says was entrusted to them: that ends with its period.
    Raises Refused entrustment_over, not_entrusted.
    """
    if unit is None:
        return
    about = [one for one in entrusted_to(unit) if one.covers(item.code, item.category_id)]
    if any(one.holds_on(on) for one in about):
        return
    if about:
        raise _over(about, item, on)
    if code == KIOSK:
        sentence = _("“%(item)s”没有委托给本便民亭，不能受理。可以委托的是这类事项的主管部门。")
        raise Refused("not_entrusted", sentence % {"item": item.label})


def _over(about: Sequence[Entrustment], item: ServiceItem, on: date) -> Refused:
    last = about[0]
    words = {
        "item": item.label, "unit": last.authority.label, "who": _reached(last.authority),
        "first": last.starts_on, "last": last.ends_on,
    }  # fmt: skip
    if last.starts_on > on:
        sentence = _("%(unit)s对“%(item)s”的委托从 %(first)s 起才生效，现在不能受理。")
    else:
        sentence = _(
            "%(unit)s对“%(item)s”的委托已于 %(last)s 到期，现在不能受理。可以办理续期的单位：%(who)s。"
        )
    return Refused("entrustment_over", sentence % words)


def _reached(unit: Unit) -> str:
    return f"{unit.label} {unit.phone}".strip()


def blocked(
    items: Sequence[ServiceItem], *, unit: int | None, code: str, on: date
) -> dict[int, str]:
    """Of some items, those a unit may not accept on a day, with the reason."""
    found = {}
    for item in items:
        try:
            must_be_entrusted(item, unit=unit, code=code, on=on)
        except Refused as refusal:
            found[item.pk] = str(refusal)
    return found


def entrusted_items(unit: int, on: date) -> list[tuple[ServiceItem, Unit, date]]:
    """What a unit may accept by entrustment on a day, with who entrusts it and until when."""
    held = [one for one in entrusted_to(unit) if one.holds_on(on)]
    items = ServiceItem.objects.public().filter(confidential=False).select_related("category")
    found: dict[str, tuple[ServiceItem, Unit, date]] = {}
    for item in items.order_by("category", "pk") if held else ():
        for one in held:
            if one.covers(item.code, item.category_id):
                found.setdefault(item.code, (item, one.authority, one.ends_on))
    return list(found.values())
