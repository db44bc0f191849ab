"""How a place counts towards the targets: kind, urban core, kiosk phase, settlement (DIV-02)."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.core.acts import Actor, act, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Change, Division, Kind, Level, Settlement

from .decision import Decision


@dataclass(frozen=True)
class Classes:
    """The classification of one place; None leaves a value as it is."""

    kind: str | None = None
    urban_core: bool | None = None
    kiosk_phase: int | None = None
    settlement: str | None = None

    def given(self) -> dict[str, Any]:
        """What was said."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@act("divisions.classify")
def classify_division(
    division: Division, *, classes: Classes, decision: Decision, reason: str, by: Actor
) -> Change:
    """Set how a place counts from a day on; the former values stay in the change.

    `decision.document` says who decided by what. Urban core and kiosk phase hold for everything
    inside. Raises Refused.
    """
    decision.check([division])
    if not reason.strip():
        raise Refused("reason_missing", _("请填写理由。"), {"reason": _("请填写理由。")})
    given = classes.given()
    before = {name: getattr(division, name) for name in given}
    after = {name: value for name, value in given.items() if before[name] != value}
    if not after:
        raise Refused("nothing_changed", _("分类没有变化。"))
    _check_values(division, after)
    Division.objects.filter(pk=division.pk).update(**after)
    inside = {name: after[name] for name in ("urban_core", "kiosk_phase") if name in after}
    if inside:
        Division.objects.current().under(division.pk).filter(~Q(pk=division.pk)).update(**inside)
    division.refresh_from_db()
    change = decision.record(Change.Type.CLASSIFY, division)
    change.facts = {"from": {name: before[name] for name in after}, "to": after, "reason": reason}
    change.save(update_fields=["facts", "updated_at"])
    note(document=change.document, **change.facts)
    return change


def _check_values(division: Division, after: dict[str, Any]) -> None:
    if "kind" in after and after["kind"] not in Kind.values:
        raise Refused("kind_invalid", _("没有这种性质。"), {"kind": _("没有这种性质。")})
    if "settlement" in after:
        if after["settlement"] not in ("", *Settlement.values):
            raise Refused("settlement_invalid", _("没有这种城乡类型。"))
        if division.level != Level.COMMUNITY:
            raise Refused("settlement_level", _("城乡类型只用于村（居）。"))
