"""From source records to the register: the columns that pages and search use are derived here.

Every act that keeps a record settles the resident at once; recomputing settles everybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.residents.models import (
    BIRTH_YEAR,
    Arrival,
    Nature,
    Resident,
    Source,
    SourceKind,
    SourceRecord,
)
from yiwang.residents.reads.duplicates import holder_of, telephone_of
from yiwang.residents.reads.golden import Trust, fresh_days, standings_of
from yiwang.residents.reads.known import column_value, due_on
from yiwang.residents.rules.deriving import Standing
from yiwang.residents.rules.dictionary import CORE, shipped_fields

A = TypeVar("A", bound=Arrival)
RENEWED: Final = ("phone", "home_address")
"""Core fields that grow old; the earliest of their days makes a record due."""
COLUMNS: Final = (
    "name", "name_pinyin", "name_initials", "name_tokens", "sex", "born_on", "birth_year",
    "identity", "identity_hash", "identity_tail", "phone", "phone_hash", "phone_tail",
    "dwelling", "fresh_until", "disputed",
)  # fmt: skip
"""Columns of a resident that are derived from the records and nothing else."""
_FOUND_BY: Final = frozenset({"name", "identity_number", "phone", "born_on"})
"""Fields with columns beside them that people are found by."""


def source_of(kind: str, label: str, by: Actor, **more: Any) -> Source:
    """What comes through the hands of an actor: the unit of the post answers for it.

    Raises Refused: invalid (no such door), future.
    """
    if kind not in SourceKind.values:
        sentence = _("没有“%(kind)s”这种来源。") % {"kind": kind[:20]}
        raise Refused("invalid", sentence, {"source": sentence, "source_kind": sentence})
    if (on := more.get("on")) is not None and on > timezone.localdate(moment()):
        sentence = _("日期还没有到。")
        raise Refused("future", sentence, {"collected_on": sentence})
    return Source(
        kind,
        label,
        by.label,
        owner=by.unit_id,
        owner_code=by.unit_code,
        user_id=by.user_id,
        post_id=by.post_id,
        **more,
    )


def keep(
    resident: Resident,
    values: Mapping[str, str],
    source: Source,
    *,
    nature: str = Nature.COLLECTED,
    about: SourceRecord | None = None,
    reason: str = "",
) -> SourceRecord:
    """Keep an arrival and settle the resident after it. Raises Refused already_collected."""
    # What is taken back is taken back where it lies, also in a record merged into this one.
    owner = about.resident if about and nature == Nature.UNDONE else resident
    record = SourceRecord.objects.put(
        owner, values, source, nature=nature, about=about, reason=reason
    )
    settle(resident)
    return record


def settle(resident: Resident) -> dict[str, Standing]:
    """Derive the columns of one resident anew and save them; gives what stands of each field."""
    records = list(SourceRecord.objects.of([resident]))
    found = standings_of(records, resident.division_id)
    derive_columns(resident, found)
    save_person(resident)
    return found


def derive_columns(
    resident: Resident, found: Mapping[str, Standing], *, thoroughly: bool = False
) -> None:
    """Put what stands into the columns; what is right already is left alone unless `thoroughly`,
    which also makes anew what people are found by."""
    for code in CORE:
        value = found[code].value if code in found else ""
        differs = value != _column(resident, code)
        if (differs or (thoroughly and code in _FOUND_BY)) and (value or code != "name"):
            resident.put(code, value)
    if resident.born_on is None:
        year = found[BIRTH_YEAR].value if BIRTH_YEAR in found else ""
        resident.birth_year = int(year) if year else None
    resident.fresh_until = _fresh_until(found)
    resident.disputed = sorted(code for code, one in found.items() if one.disputed)


def _column(resident: Resident, code: str) -> str | None:
    """The value a core column holds; None for an address of another place, which never holds."""
    place = resident.dwelling if code == "home_address" else None
    if place is not None:
        return place.address if place.division_id == resident.division_id else None
    return column_value(resident, code)


def _fresh_until(found: Mapping[str, Standing]) -> date:
    """Nothing held that grows old: the record itself is looked at after the longest time."""
    held = {code: found[code] for code in RENEWED if code in found and found[code].value}
    days = [due for code, one in held.items() if (due := due_on(code, one)) is not None]
    if days:
        return min(days)
    longest = fresh_days(shipped_fields()["home_address"]) or 0
    seen = max((one.since for one in found.values()), default=timezone.localdate(moment()))
    return seen + timedelta(days=longest)


def save_person(resident: Resident) -> None:
    """Two clerks may enter one person at once; the database lets only one of them."""
    try:
        with transaction.atomic():
            resident.save()
    except IntegrityError as fault:
        holder = holder_of(resident.identity or "")
        if holder is None:
            raise
        raise already_collected(holder) from fault


def already_collected(holder: Resident) -> Refused:
    """INF-03: no second record; says which community holds it and whom to call."""
    phone = telephone_of(holder.division_id)
    sentence = _("已采集：%(name)s的档案在%(community)s，不用再登记。") % {
        "name": holder.masked_name,
        "community": holder.division.name,
    }
    if phone:
        sentence += _("要转到本社区，请联系%(community)s：%(phone)s。") % {
            "community": holder.division.name,
            "phone": phone,
        }
    else:
        sentence += _("要转到本社区，请联系%(community)s的工作人员办理迁移。") % {
            "community": holder.division.name
        }
    return Refused("already_collected", sentence, {"identity_number": sentence})


def settle_people(people: Iterable[Resident], *, thoroughly: bool = True) -> tuple[int, list[int]]:
    """Settle many residents with few statements; `thoroughly`: whatever they hold now.

    Gives how many changed, and the residents left as they were because another live record holds
    the number their records name.
    """
    rows = list(people)
    records: dict[int, list[SourceRecord]] = {}
    for record in SourceRecord.objects.of(rows):
        records.setdefault(record.person, []).append(record)
    trust, changed = Trust(), []
    for person in rows:
        before = _columns(person)
        found = standings_of(records.get(person.pk, []), person.division_id, trust=trust)
        derive_columns(person, found, thoroughly=thoroughly)
        if _columns(person) != before:
            changed.append(person)
    return _write(changed)


def _columns(person: Resident) -> tuple[Any, ...]:
    """The derived columns in a form that can be compared."""
    held = (getattr(person, "dwelling_id" if one == "dwelling" else one) for one in COLUMNS)
    return tuple(bytes(one) if isinstance(one, memoryview) else one or None for one in held)


def _write(changed: list[Resident]) -> tuple[int, list[int]]:
    try:
        with transaction.atomic():
            Resident.objects.bulk_update(changed, COLUMNS, batch_size=500)
    except IntegrityError:
        held_back = [person.pk for person in changed if not _written(person)]
        return len(changed) - len(held_back), held_back
    return len(changed), []


def _written(person: Resident) -> bool:
    try:
        with transaction.atomic():
            person.save(update_fields=[*COLUMNS, "updated_at"])
    except IntegrityError:
        return False
    return True


@dataclass(frozen=True)
class Word:
    """What one record says of a field, and the source it has when a person decides for it."""

    record: Any
    value: str
    source: Source


def word_chosen(
    records: Sequence[Arrival], record: int, field: str, reason: str, by: Actor
) -> Word:
    """The word somebody decides for. Raises Refused: reason_needed, no_such_word."""
    if not reason.strip():
        sentence = _("请写明核定的理由。")
        raise Refused("reason_needed", sentence, {"reason": sentence})
    chosen = next((one for one in records if one.pk == record), None)
    value = chosen.says(field) if chosen and field else None
    if chosen is None or value is None:
        raise Refused("no_such_word", _("这条来源记录没有说到这一项，或者已经撤回。"))
    told = source_of(chosen.source_kind, chosen.source_label, by, verified=True)
    return Word(chosen, value, replace(told, owner=chosen.owner_id, owner_code=chosen.owner_code))


def own_last_word(records: Sequence[A], record: int, by: Actor) -> A:
    """The record somebody takes back: the last of those that count, her own, and not too old.

    Raises Refused: not_the_last, not_own, first_record, too_late.
    """
    last = records[-1] if records else None
    if last is None or last.pk != record:
        raise Refused("not_the_last", _("之后又有新的记录，不能撤回，请直接更正。"))
    if by.user_id is None or last.by_user_id != by.user_id:
        raise Refused("not_own", _("只能撤回本人录入的内容。"))
    if len(records) == 1:
        raise Refused("first_record", _("这是登记时的记录，不能撤回；登记错了的请更正。"))
    days = int(parameter("residents.correction_undo_days"))
    if last.created_at < moment() - timedelta(days=days):
        sentence = _("录入已超过 %(days)s 天，不能撤回，请直接更正。") % {"days": days}
        raise Refused("too_late", sentence)
    note(fields=sorted(last.codes), record=record)
    return last
