"""Making new divisions: keys nobody ever had, names read, official codes from the day on."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.divisions.models import Division, DivisionCode
from yiwang.divisions.rules import Depth, depth_of, parent_of, range_of
from yiwang.divisions.rules.matching import Listed
from yiwang.divisions.rules.names import SETTLEMENT, is_placeholder, kind_of, short_name
from yiwang.divisions.rules.readings import readings

from .decision import Decision, NewPlace

_STEP: Final = {
    Depth.PROVINCE: 10**10, Depth.CITY: 10**8, Depth.COUNTY: 10**6, Depth.TOWNSHIP: 10**3,
    Depth.COMMUNITY: 1,
}  # fmt: skip
# What a place keeps when it is carried to a new key.
_KEPT: Final = (
    "level", "name", "short_name", "former_name", "pinyin", "initials", "name_en", "kind",
    "placeholder", "urban_core", "kiosk_phase", "settlement", "centre", "boundary",
)  # fmt: skip


def _name_columns(depth: Depth, name: str) -> dict[str, str]:
    short = short_name(depth, name)
    pinyin, initials, name_en = readings(short)
    return {
        "name": name, "short_name": short, "pinyin": pinyin, "initials": initials,
        "name_en": name_en,
    }  # fmt: skip


class Nursery:
    """Makes new divisions with keys nobody has."""

    def __init__(self, decision: Decision, reserved: Iterable[int] = ()) -> None:
        self.decision = decision
        self.reserved = set(reserved)
        self.made: list[Division] = []
        self.codes: dict[int, str] = {}
        self._taken: dict[int, set[int]] = {}

    def place(self, parent: Division, new: NewPlace) -> Division:
        """A division below `parent`; its key equals its code where that key is free."""
        new.check()
        depth = Depth(parent.level + 1)
        wanted = int(new.code.ljust(12, "0")) if new.code else None
        if wanted is not None and (depth_of(wanted) != depth or parent_of(wanted) != parent.pk):
            message = _("代码 %(code)s 不在“%(parent)s”之下。") % {
                "code": new.code, "parent": parent.name,
            }  # fmt: skip
            raise Refused("code_elsewhere", message, {"code": message})
        key = self.key(parent.pk, depth, wanted)
        kind = new.kind or kind_of(depth, wanted or key, new.name)
        division = self._add(
            Division(
                key=key, parent_id=parent.pk, level=depth, kind=kind,
                placeholder=is_placeholder(new.name), settlement=SETTLEMENT.get(kind, ""),
                urban_core=parent.urban_core, kiosk_phase=parent.kiosk_phase,
                **_name_columns(depth, new.name),
            )
        )  # fmt: skip
        if new.code:
            self.codes[key] = new.code.ljust(12, "0")
        return division

    def carry(self, old: Division, parent_key: int, key: int) -> Division:
        """The same place under a new key."""
        kept = {name: getattr(old, name) for name in _KEPT}
        return self._add(Division(key=key, parent_id=parent_key, **kept))

    def listed(self, row: Listed, old: Division | None) -> Division:
        """The place an official list names, with what is known of its predecessor."""
        depth = depth_of(row.key)
        kept = {name: getattr(old, name) for name in _KEPT} if old else {"level": depth}
        kind = kind_of(depth, row.key, row.name, row.said)
        division = Division(key=row.key, parent_id=parent_of(row.key), **kept)
        if old is None or old.name != row.name or old.kind != kind:
            division.kind = kind
            division.settlement = SETTLEMENT.get(kind, "")
            for column, value in _name_columns(depth, row.name).items():
                setattr(division, column, value)
        division.placeholder = is_placeholder(row.name)
        if division.placeholder:
            division.settlement = ""
        self.codes[row.key] = row.code.ljust(12, "0")
        return self._add(division)

    def key(self, parent_key: int, depth: Depth, wanted: int | None) -> int:
        """The wanted key if free, else the highest free one, far from official numbering."""
        area, step = range_of(parent_key), _STEP[depth]
        taken = self._taken_below(parent_key)
        if wanted is not None and wanted not in taken | self.reserved:
            return wanted
        last = area.hi - area.hi % step
        for key in range(last, area.lo, -step):
            if key not in taken and key not in self.reserved:
                return key
        raise Refused("full", _("“%(key)s”之下没有空余的区划键。") % {"key": parent_key})

    def save(self, source: str) -> None:
        """Write what was made, with its official codes in force from the day of the decision."""
        self.made.sort(key=lambda one: one.pk)
        Division.objects.bulk_create(self.made)
        day = self.decision.day
        rows = [
            DivisionCode(
                division_id=key, scheme=DivisionCode.Scheme.STATISTICS, code=code, valid_from=day,
                source=source,
            )
            for key, code in self.codes.items()
        ]  # fmt: skip
        counties = {one.pk for one in self.made if one.level == Depth.COUNTY and one.kind != "zone"}
        rows += [
            DivisionCode(
                division_id=key, scheme=DivisionCode.Scheme.NATIONAL, code=code[:6],
                valid_from=day, source=source,
            )
            for key, code in self.codes.items()
            if key in counties
        ]  # fmt: skip
        DivisionCode.objects.bulk_create(rows)
        self.made, self.codes = [], {}

    def _taken_below(self, parent_key: int) -> set[int]:
        """Every key ever used under a parent; a place's key is never used again."""
        if parent_key not in self._taken:
            area = range_of(parent_key)
            below = Division.objects.filter(pk__range=(area.lo, area.hi))
            self._taken[parent_key] = set(below.values_list("pk", flat=True))
        return self._taken[parent_key]

    def _add(self, division: Division) -> Division:
        division.valid_from = self.decision.day
        self._taken_below(division.parent_id or 0).add(division.pk)
        self.made.append(division)
        return division
