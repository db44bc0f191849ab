"""What stands of each item after all source records of an organisation, and what each source said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from yiwang.core.reads import parameter
from yiwang.organizations.models import Organization, OrganizationRecord
from yiwang.organizations.rules.fields import FIELDS, Field, masked
from yiwang.residents.models import Nature, standing_records
from yiwang.residents.reads.golden import Trust, standings_of
from yiwang.residents.rules.deriving import Effect, Standing

TRUST: Final = "organizations.trusted."
EFFECTS: Final = {
    Effect.STANDS: _("采用"),
    Effect.AGREES: _("一致"),
    Effect.DISPUTES: _("不一致，待核定"),
    Effect.OUTRANKED: _("未采用：来源不及现有的可信"),
    Effect.SETTLED: _("未采用：已核定过"),
}


class OrganizationTrust(Trust):
    """Whom to believe about an organisation: the register of its kind for what is registered
    there, whoever speaks with it for the rest."""

    def order(self, code: str, on: date, division: int) -> Sequence[Any]:
        field = FIELDS.get(code)
        found: Sequence[Any] = parameter(
            f"{TRUST}{field.trust if field else 'default'}", on=on, division=division
        )
        return found

    def owner(self, code: str) -> str:
        return ""

    def days(self, code: str) -> int | None:
        field = FIELDS.get(code)
        return int(parameter("organizations.review_days")) if field and field.ages else None


def standings(
    records: Iterable[OrganizationRecord], division: int, trust: OrganizationTrust | None = None
) -> dict[str, Standing]:
    """What stands of each item spoken of."""
    return standings_of(records, division, trust=trust or OrganizationTrust())


def reviewed_on(records: Iterable[OrganizationRecord]) -> date | None:
    """The last day somebody looked at the whole: when it was entered, or confirmed since."""
    looks = [
        one.collected_on
        for at, one in enumerate(standing_records(records))
        if at == 0 or one.nature == Nature.CONFIRMED
    ]
    return max(looks, default=None)


@dataclass(frozen=True)
class Told:
    """One source's word on one item, masked, and what became of it."""

    field: Field
    record: OrganizationRecord
    masked: str
    effect: str
    stands: bool
    rival: bool
    undone: bool


@dataclass(frozen=True)
class Item:
    """One item as a page shows it: value, source and day, and every word on it, newest first."""

    field: Field
    masked: str
    record: OrganizationRecord | None
    since: date | None
    disputed: bool
    words: list[Told]

    @property
    def several(self) -> bool:
        return len({one.masked for one in self.words if not one.undone}) > 1


@dataclass(frozen=True)
class Dossier:
    """Everything told about one organisation."""

    items: list[Item]
    records: list[OrganizationRecord]

    def item(self, code: str) -> Item | None:
        return next((one for one in self.items if one.field.code == code), None)

    def undoable_by(self, user_id: int | None) -> int:
        """The number of the last record, when it is one's own and not the first; else 0."""
        counted = standing_records(self.records)
        last = counted[-1] if len(counted) > 1 else None
        mine = last is not None and user_id is not None and last.by_user_id == user_id
        return last.pk if last is not None and mine else 0


def dossier(one: Organization) -> Dossier:
    """By one statement, in the order of the items."""
    records = list(OrganizationRecord.objects.of([one]).select_related("owner"))
    found = standings(records, one.division_id)
    by_key = {record.pk: record for record in records}
    counted = {record.pk for record in standing_records(records)}
    return Dossier([_item(f, found.get(f.code), by_key, counted) for f in FIELDS.values()], records)


def _item(
    field: Field,
    standing: Standing | None,
    records: Mapping[int, OrganizationRecord],
    counted: set[int],
) -> Item:
    if standing is None:
        return Item(field, "", None, None, disputed=False, words=[])
    effects = {turn.claim.record: turn.effect for turn in standing.turns}
    rivals = {claim.record for claim in standing.rivals.values()}
    words = [
        Told(
            field,
            record,
            masked(field.code, record.says(field.code) or ""),
            _effect(effects.get(key), stands=key == standing.claim.record),
            key == standing.claim.record,
            key in rivals,
            key not in counted,
        )
        for key, record in sorted(records.items(), reverse=True)
        if field.code in set(record.codes) and record.nature != Nature.UNDONE
    ]
    record = records.get(standing.claim.record)
    shown = masked(field.code, standing.value)
    return Item(field, shown, record, standing.since, standing.disputed, words)


def _effect(effect: Effect | None, *, stands: bool) -> str:
    """What became of a word; None for one that was taken back."""
    if effect is None:
        return str(_("已撤回"))
    if effect == Effect.STANDS and not stands:
        return str(_("曾采用"))
    return str(EFFECTS[effect])
